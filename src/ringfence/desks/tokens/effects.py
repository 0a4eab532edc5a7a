"""Effects: what events say that moved and what was allowed. What they say is a claim; balances check it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.world import Log


def topic(signature: str) -> bytes:
    """The first topic of an event."""
    return keccak(signature.encode())


TRANSFER: Final = topic("Transfer(address,address,uint256)")  # ERC-20; ERC-721 with a fourth topic
SINGLE: Final = topic("TransferSingle(address,address,address,uint256,uint256)")  # ERC-1155
BATCH: Final = topic("TransferBatch(address,address,address,uint256[],uint256[])")
APPROVAL: Final = topic("Approval(address,address,uint256)")
FOR_ALL: Final = topic("ApprovalForAll(address,address,bool)")
# Permit2 keeps allowances of its own: https://github.com/Uniswap/permit2
PERMIT2: Final = topic("Permit(address,address,address,uint160,uint48,uint48)")
APPROVAL2: Final = topic("Approval(address,address,address,uint160,uint48)")
DEPOSIT: Final = topic("Deposit(address,uint256)")  # wrapped coin has no Transfer for these
WITHDRAWAL: Final = topic("Withdrawal(address,uint256)")
# What a contract says of a change in itself, and the capability that is used by it.
USED: Final = {
    topic("Upgraded(address)"): "upgrade",
    topic("BeaconUpgraded(address)"): "upgrade",
    topic("AdminChanged(address,address)"): "upgrade",
    topic("DiamondCut((address,uint8,bytes4[])[],address,bytes)"): "upgrade",
    topic("Paused(address)"): "pause_transfers",
}

Kind = Literal["erc20", "erc721", "erc1155"]


@dataclass(frozen=True)
class Moved:
    """Units of an asset from one to another; zero stands for nobody (made or destroyed). ``weak``: an event
    that others than tokens write too, which only a balance makes a move."""

    kind: Kind
    token: int
    giver: int
    taker: int
    amount: int
    id: int = 0
    weak: bool = False


@dataclass(frozen=True)
class Allowed:
    """Leave given: for an ``amount``, for one thing (``id``), or for everything (``all``; amount 0 takes it
    back). ``by`` is the contract that keeps it, where it is not the token."""

    token: int
    owner: int
    spender: int
    amount: int
    id: int | None = None
    all: bool = False
    by: int | None = None


def transfers(logs: Iterable[Log]) -> list[Moved]:
    """What events say that moved, in order; events that cannot be read are left out."""
    made: list[Moved] = []
    for log in logs:
        first = log.topics[0] if log.topics else b""
        if first == TRANSFER and len(log.topics) == 3 and len(log.data) >= 32:
            made.append(Moved("erc20", log.address, _who(log, 1), _who(log, 2), _word(log.data, 0)))
        elif first == TRANSFER and len(log.topics) == 4:
            thing = int.from_bytes(log.topics[3], "big")
            made.append(Moved("erc721", log.address, _who(log, 1), _who(log, 2), 1, thing))
        elif first == TRANSFER and len(log.topics) == 1 and len(log.data) == 96:  # nothing indexed
            who = [_word(log.data, at) & _ADDRESS for at in (0, 1)]
            made.append(Moved("erc20", log.address, who[0], who[1], _word(log.data, 2)))
        elif first == DEPOSIT and len(log.topics) == 2 and len(log.data) == 32:
            made.append(Moved("erc20", log.address, 0, _who(log, 1), _word(log.data, 0), weak=True))
        elif first == WITHDRAWAL and len(log.topics) == 2 and len(log.data) == 32:
            made.append(Moved("erc20", log.address, _who(log, 1), 0, _word(log.data, 0), weak=True))
        elif first == SINGLE and len(log.topics) == 4 and len(log.data) >= 64:
            thing, amount = _word(log.data, 0), _word(log.data, 1)
            made.append(Moved("erc1155", log.address, _who(log, 2), _who(log, 3), amount, thing))
        elif first == BATCH and len(log.topics) == 4:
            things, amounts = _list(log.data, 0), _list(log.data, 1)
            for thing, amount in zip(things, amounts, strict=False):
                made.append(Moved("erc1155", log.address, _who(log, 2), _who(log, 3), amount, thing))
    strong = {replace(one, weak=True) for one in made if not one.weak}
    return [one for one in made if not one.weak or one not in strong]


def approvals(logs: Iterable[Log]) -> list[Allowed]:
    """What events say that was allowed, in order."""
    made: list[Allowed] = []
    for log in logs:
        first = log.topics[0] if log.topics else b""
        if first == APPROVAL and len(log.topics) == 3 and len(log.data) >= 32:
            made.append(Allowed(log.address, _who(log, 1), _who(log, 2), _word(log.data, 0)))
        elif first == APPROVAL and len(log.topics) == 4:
            thing, spender = int.from_bytes(log.topics[3], "big"), _who(log, 2)
            made.append(Allowed(log.address, _who(log, 1), spender, int(spender != 0), thing))
        elif first == FOR_ALL and len(log.topics) == 3 and len(log.data) >= 32:
            yes = int(_word(log.data, 0) != 0)
            made.append(Allowed(log.address, _who(log, 1), _who(log, 2), yes, all=True))
        elif first in (PERMIT2, APPROVAL2) and len(log.topics) == 4 and len(log.data) >= 32:
            amount = _word(log.data, 0)
            made.append(Allowed(_who(log, 2), _who(log, 1), _who(log, 3), amount, by=log.address))
    return made


def used(logs: Iterable[Log]) -> set[str]:
    """Capabilities that events say were used."""
    return {USED[log.topics[0]] for log in logs if log.topics and log.topics[0] in USED}


_ADDRESS: Final = (1 << 160) - 1


def _who(log: Log, at: int) -> int:
    return int.from_bytes(log.topics[at][12:], "big")


def _word(data: bytes, at: int) -> int:
    return int.from_bytes(data[32 * at : 32 * at + 32], "big")


def _list(data: bytes, at: int, limit: int = 256) -> list[int]:
    start = _word(data, at)
    if start + 32 > len(data):
        return []
    size = int.from_bytes(data[start : start + 32], "big")
    body = data[start + 32 : start + 32 + 32 * min(size, limit)]
    return [int.from_bytes(body[k : k + 32], "big") for k in range(0, len(body) - 31, 32)]
