"""Holder: who stands in a place of storage that gives power, and what kind of account that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ringfence.desks.tokens.run import addresses, view
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Slot

Kind = Literal["renounced", "account", "contract", "multisig", "timelock", "unknown"]

# Where nobody has a key, as far as anybody knows.
BURNED: Final = frozenset(
    {0, 1, 0xDEAD, 0xDEAD << 144, int("dead" * 10, 16), int("f" * 40, 16)}
    | {0xDEAD000000000000000042069420694206942069}
)
OWNERS: Final = bytes.fromhex("a0e67e2b")  # getOwners()
THRESHOLD: Final = bytes.fromhex("e75235b8")  # getThreshold()
DELAY: Final = bytes.fromhex("f27a0c92")  # getMinDelay()
DELAY_OLD: Final = bytes.fromhex("6a42b8f8")  # delay(), of Compound's timelock
OWNER: Final = bytes.fromhex("8da5cb5b")  # owner()
MAX_DELAY: Final = 10 * 366 * 86_400
_ADDRESS: Final = (1 << 160) - 1


@dataclass(frozen=True)
class Holder:
    """Who holds a power now. ``address`` is None where it is not known, and ``why`` says why. A multisig has
    ``owners`` and how many of them must sign, a timelock its ``delay`` in seconds; both are what the contract
    says of itself. ``owner`` is who a contract names as its own owner."""

    kind: Kind
    address: int | None
    why: str = ""
    threshold: int | None = None
    owners: tuple[int, ...] = ()
    delay: int | None = None
    owner: int | None = None


def holder(state: State, place: Slot, *, shift: int | None = None, keyed: bool = False) -> Holder:
    """Who stands in (contract, slot) found by the search. ``shift`` is how many bits the address lies above
    the lowest, where other fields are packed below it (None: found out); ``keyed`` says that the place is a
    mapping's entry for one account, which says nothing of the others."""
    if keyed:
        return Holder("unknown", None, "a list by account: who stands in it is not told by storage")
    value = state.slot(*place)
    if shift is not None:
        return holds(state, value >> shift & _ADDRESS)
    if value < 1 << 160:
        return holds(state, value)
    lively = [who for who in _packed(value) if who in BURNED - {0, 1} or _lives(state, who)]
    if len(lively) == 1:
        return holds(state, lively[0])
    return Holder("unknown", None, "several fields are packed in the place, and none is clearly an account")


def holds(state: State, who: int) -> Holder:
    """What kind of account somebody is."""
    if who in BURNED:
        return Holder("renounced", who)
    code = state.code(who)
    if not code or (code[:3] == b"\xef\x01\x00" and len(code) == 23):  # a delegated account keeps its key
        return Holder("account", who)
    owners, threshold = view(state, who, OWNERS), view(state, who, THRESHOLD)
    listed = addresses(owners.data) if owners.ok else None
    needed = threshold.word()
    if listed and needed and needed <= len(listed):
        return Holder("multisig", who, threshold=needed, owners=listed)
    for selector in (DELAY, DELAY_OLD):
        delay = view(state, who, selector).word()
        if delay is not None and 0 < delay <= MAX_DELAY:
            return Holder("timelock", who, delay=delay)
    owner = view(state, who, OWNER).word()
    return Holder("contract", who, owner=owner if owner is not None and owner < 1 << 160 else None)


def _packed(value: int) -> list[int]:
    found = [value >> 8 * at & _ADDRESS for at in range(13)]
    return [one for one in dict.fromkeys(found) if one >> 64]


def _lives(state: State, who: int) -> bool:
    one = state.account(who)
    return bool(one.code or one.nonce or one.balance)
