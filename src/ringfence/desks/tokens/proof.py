"""Proof: that what was read is what the block's hash commits to, without trusting the node.

The header hashes to the block's hash and holds the state root; a Merkle-Patricia path (EIP-1186) leads from
the root to each account and each word of storage. What nobody proves is that the block is in the chain: its
hash is compared with a source that one trusts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ringfence.core.errors import InputError
from ringfence.desks.tokens import rlp
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.node import JSON, NodeError, Refused, octets, quantity
from ringfence.desks.tokens.pinned import HERE
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.world import address as text

EMPTY_ROOT: Final = keccak(b"\x80")
_BATCH: Final = 256  # words of storage in one request
# In the order of the header; those from the base fee on came with later rules and may be missing.
_FIELDS: Final = (
    ("parentHash", False), ("sha3Uncles", False), ("miner", False), ("stateRoot", False),
    ("transactionsRoot", False), ("receiptsRoot", False), ("logsBloom", False), ("difficulty", True),
    ("number", True), ("gasLimit", True), ("gasUsed", True), ("timestamp", True), ("extraData", False),
    ("mixHash", False), ("nonce", False), ("baseFeePerGas", True), ("withdrawalsRoot", False),
    ("blobGasUsed", True), ("excessBlobGas", True), ("parentBeaconBlockRoot", False), ("requestsHash", False),
)  # fmt: skip
_OLD: Final = 15


class UnprovenError(InputError):
    """A proof that does not lead from the block to what was read."""

    def __init__(self, what: str) -> None:
        super().__init__(f"not proven: {what}", hint="the node lies or fails; name another")


@dataclass(frozen=True)
class Proven:
    """How many accounts and words of storage were proven, and whether the header is that of the block's
    hash."""

    accounts: int
    slots: int
    header: bool


def gather(state: State) -> bool:
    """Ask the node for the proofs of everything that was read; they are kept with the state (and its bundle).
    False where the node gives none."""
    try:
        state.ask("eth_getBlockByHash", state.block.hash, False)
        for who, keys in _asked(state):
            state.ask("eth_getProof", text(who), keys, HERE)
    except Refused:
        return False
    return True


def verify(state: State) -> Proven | None:
    """Check the proofs that `gather` kept; None where there are none. Pure: nothing is asked for.

    Raises `UnprovenError` where one does not hold, `NodeError` where it cannot be read.
    """
    state = state.frozen()
    try:
        header = state.ask("eth_getBlockByHash", state.block.hash, False)
        proofs = [
            (who, keys, state.ask("eth_getProof", text(who), keys, HERE)) for who, keys in _asked(state)
        ]
    except (MissingError, Refused):
        return None
    root = octets(state.block.state_root, 32)
    known = _header(header, state)
    words = 0
    for who, keys, proof in proofs:
        words += _account(state, who, keys, proof, root)
    return Proven(len({who for who, _, _ in proofs}), words, known)


def _asked(state: State) -> list[tuple[int, list[str]]]:
    """Every account that was read, with its storage in parts of bounded size."""
    keys: dict[int, list[str]] = {who: [] for who in sorted(state.accounts)}
    for who, slot in sorted(state.slots):
        keys.setdefault(who, []).append(f"0x{slot:064x}")
    made = []
    for who, mine in keys.items():
        for at in range(0, max(1, len(mine)), _BATCH):
            made.append((who, mine[at : at + _BATCH]))
    return made


def _header(header: JSON, state: State) -> bool:
    """Whether the header is known in full and hashes to the block's hash. A chain with fields of its own
    cannot be checked so; a header that says another state root than the block is refused."""
    if not isinstance(header, dict) or header.get("stateRoot") != state.block.state_root:
        raise UnprovenError("the header says another state root")
    fields: list[rlp.Item] = []
    for at, (name, is_number) in enumerate(_FIELDS):
        value = header.get(name)
        if value is None and at >= _OLD:
            continue
        fields.append(rlp.number(quantity(value)) if is_number else octets(value))
    return keccak(rlp.encode(fields)) == octets(state.block.hash, 32)


def _account(state: State, who: int, keys: list[str], proof: JSON, root: bytes) -> int:
    name = text(who)
    if not isinstance(proof, dict):
        raise NodeError("the node's proof cannot be read", hint="name another node")
    found = walk(root, keccak(who.to_bytes(20, "big")), _nodes(proof.get("accountProof")), name)
    nonce, balance, storage, code = 0, 0, EMPTY_ROOT, keccak(b"")
    if found is not None:
        item = rlp.decode(found)
        if not isinstance(item, list) or len(item) != 4 or not all(isinstance(one, bytes) for one in item):
            raise UnprovenError(f"the account {name} has another form")
        parts = [one for one in item if isinstance(one, bytes)]
        nonce, balance = int.from_bytes(parts[0], "big"), int.from_bytes(parts[1], "big")
        storage, code = parts[2], parts[3]
    read = state.accounts.get(who)
    if read is not None and (read.nonce, read.balance, keccak(read.code)) != (nonce, balance, code):
        raise UnprovenError(f"the account {name} was read otherwise")
    words = proof.get("storageProof") or []
    if not isinstance(words, list):
        raise NodeError("the node's proof cannot be read", hint="name another node")
    seen = set()
    for one in words:
        slot = quantity(one.get("key") if isinstance(one, dict) else None)
        path = _nodes(one.get("proof"))
        value = walk(storage, keccak(slot.to_bytes(32, "big")), path, f"storage of {name}")
        word = b"" if value is None else rlp.decode(value)
        if not isinstance(word, bytes) or int.from_bytes(word, "big") != state.slots.get((who, slot)):
            raise UnprovenError(f"storage {slot:#x} of {name} was read otherwise")
        seen.add(f"0x{slot:064x}")
    if seen != set(keys):
        raise UnprovenError(f"storage of {name} was left out")
    return len(seen)


def _nodes(made: JSON) -> list[bytes]:
    if not isinstance(made, list) or len(made) > 128:
        raise NodeError("the node's proof cannot be read", hint="name another node")
    return [octets(one) for one in made]


def walk(root: bytes, key: bytes, proof: list[bytes], what: str) -> bytes | None:
    """The value that a Merkle-Patricia trie holds for a hashed key, or None where the proof shows that it
    holds none. Raises `UnprovenError` where the proof does not lead there."""
    nodes = {keccak(one): one for one in proof}
    path = [nibble for byte in key for nibble in (byte >> 4, byte & 15)]
    if root == EMPTY_ROOT:
        return None
    at: rlp.Item = root
    while True:
        if isinstance(at, bytes):
            if not at:
                return None
            if len(at) != 32 or at not in nodes:
                raise UnprovenError(f"the path to {what} breaks off")
            at = rlp.decode(nodes[at])
        if not isinstance(at, list):
            raise UnprovenError(f"the path to {what} has another form")
        if len(at) == 17:
            if not path:
                value = at[16]
                return value if isinstance(value, bytes) and value else None
            at, path = at[path[0]], path[1:]
        elif len(at) == 2 and isinstance(at[0], bytes) and at[0]:
            flag = at[0][0] >> 4
            part = [nibble for byte in at[0] for nibble in (byte >> 4, byte & 15)][1 if flag & 1 else 2 :]
            if path[: len(part)] != part:
                return None  # something else stands where it would be
            path = path[len(part) :]
            if flag & 2:
                value = at[1]
                if path or not isinstance(value, bytes):
                    raise UnprovenError(f"the path to {what} has another form")
                return value
            at = at[1]
        else:
            raise UnprovenError(f"the path to {what} has another form")
