"""Pinned: one or two nodes, asked at one block that must still be there after every answer.

A node that lags, a chain that was reorganised and two nodes that differ are told apart and reported; nothing
is averaged, and no answer is kept that was given while the block changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ringfence.core.errors import InputError
from ringfence.desks.tokens.block import Block, chain_id
from ringfence.desks.tokens.node import JSON, Ask, Node, NodeError, Refused, quantity

HERE: Final = object()  # stands for the block in parameters


class ReorgError(NodeError):
    """The block that everything is read at is no longer in the chain."""


class LagError(NodeError):
    """A node does not have the block (yet)."""


class DisagreementError(NodeError):
    """Two nodes answer differently at the same block."""


class Pinned:
    """A block of one node, and of a second one that is asked the same and must answer the same."""

    def __init__(
        self, node: Node, block: Block, second: Node | None = None, *, by_hash: bool = False
    ) -> None:
        self.node = node
        self.second = second
        self.block = block
        self._tag: Any = {"blockHash": block.hash} if by_hash else hex(block.number)

    @classmethod
    def at(cls, node: Node, chain: str, block: int | str = "latest", second: Node | None = None) -> Pinned:
        """Pin a block by number, hash (``0x`` and 64 digits) or name. Raises `InputError` where a node is of
        another chain or the block is none, `LagError`, `DisagreementError` and `NodeError`."""
        number = chain_id(chain)
        for one in (node, second):
            if one is not None:
                got = quantity(one.ask("eth_chainId"), 63)
                if got != number:
                    raise InputError(
                        f"the node {one.name} is of chain eip155:{got}, not {chain}",
                        hint="name the chain of the node, or a node of the chain",
                    )
        header = _header(node, block)
        if header is None:
            raise LagError(
                f"the node {node.name} has no block {block}", hint="name an earlier block or another node"
            )
        found = Block.from_rpc(number, header)
        if isinstance(block, int) and found.number != block:
            raise NodeError(
                f"the node {node.name} gave block {found.number} for block {block}", hint="name another node"
            )
        if second is not None:
            _check(second, _header(second, found.number), found, other=True)
        return cls(node, found, second, by_hash=_by_hash(node, second, found))

    def ask_many(self, asked: Sequence[Ask]) -> list[Any]:
        """Answers at the block, in order, a `Refused` in the place of what was refused. Raises `ReorgError`,
        `LagError`, `DisagreementError`, `NodeError`."""
        first = self._from(self.node, asked)
        if self.second is None:
            return first
        for (method, params), mine, theirs in zip(asked, first, self._from(self.second, asked), strict=True):
            if isinstance(mine, Refused) or isinstance(theirs, Refused):
                continue  # one that is refused is no disagreement on what is there
            if _meaning(mine) != _meaning(theirs):
                raise DisagreementError(
                    f"two nodes differ on {_named(method, params)} at block {self.block.number}: "
                    f"{self.node.name} says {_short(mine)}, {self.second.name} {_short(theirs)}",
                    hint="one of them is wrong; ask a third before anything is said about this contract",
                )
        return first

    def ask(self, method: str, *params: JSON) -> JSON:
        """One answer at the block. Raises `Refused` and what `ask_many` does."""
        (answer,) = self.ask_many([(method, list(params))])
        if isinstance(answer, Refused):
            raise answer
        return answer

    def _from(self, node: Node, asked: Sequence[Ask]) -> list[Any]:
        here = [(method, [self._tag if one is HERE else one for one in params]) for method, params in asked]
        *answers, header = node.ask_many([*here, _asked(self.block.number)])
        # Asked last, so that what came before it was read while the block still stood.
        if isinstance(header, Refused):
            raise header
        _check(node, header, self.block)
        return answers


def _header(node: Node, block: int | str) -> JSON:
    method, params = _asked(block)
    return node.ask(method, *params)


def _asked(block: int | str) -> Ask:
    if isinstance(block, str) and len(block) == 66:
        return "eth_getBlockByHash", [block, False]
    return "eth_getBlockByNumber", [hex(block) if isinstance(block, int) else block, False]


def _check(node: Node, header: JSON, block: Block, *, other: bool = False) -> None:
    if header is None:
        raise LagError(
            f"the node {node.name} does not have block {block.number}",
            hint="try again, or name an earlier block",
        )
    got = Block.from_rpc(block.chain, header)
    if got == block:
        return
    what = f"block {block.number} of the node {node.name} is {got.hash}, not {block.hash}"
    if other:
        raise DisagreementError(f"two nodes differ: {what}", hint="name an earlier block, or a third node")
    if got.hash != block.hash:
        raise ReorgError(f"the chain was reorganised: {what}", hint="run the command again, at a final block")
    raise NodeError(
        f"the node {node.name} gives block {block.number} another header", hint="name another node"
    )


def _by_hash(node: Node, second: Node | None, block: Block) -> bool:
    """Whether state can be asked for by the block's hash (EIP-1898), where no reorganisation can confuse."""
    zero = "0x" + "00" * 20
    for one in (node, second):
        if one is not None:
            (got,) = one.ask_many([("eth_getBalance", [zero, {"blockHash": block.hash}])])
            if isinstance(got, Refused):
                return False
    return True


def _meaning(answer: JSON) -> JSON:
    """An answer without what two honest nodes write differently: leading zeros, and more fields."""
    if isinstance(answer, str) and answer[:2] == "0x":
        return answer.lower() if len(answer) > 66 else answer[2:].lstrip("0").lower()
    if isinstance(answer, list):
        return [_meaning(one) for one in answer]
    if isinstance(answer, dict):
        for known in _FIELDS:
            if known[0] in answer:
                return {key: _meaning(answer[key]) for key in known if key in answer}
    return answer


# What two clients must agree on, by the first field that tells what an answer is.
_FIELDS: Final = (
    ("calls",),  # a simulation
    ("returnData", "status", "logs"),
    ("topics", "address", "data", "blockNumber", "logIndex", "transactionHash"),
    ("input", "hash", "from", "to", "blockNumber"),  # a transaction
    ("stateRoot", "hash"),  # a header
)


def _named(method: str, params: list[Any]) -> str:
    what = {
        "eth_getCode": "the code of",
        "eth_getBalance": "the balance of",
        "eth_getStorageAt": "the storage of",
        "eth_getTransactionCount": "the nonce of",
        "eth_getLogs": "the logs of",
    }.get(method, method)
    return " ".join([what, *(one for one in params if isinstance(one, str))])


def _short(answer: JSON) -> str:
    text = str(answer)
    return text if len(text) <= 80 else f"{text[:60]}… ({len(text)} characters)"
