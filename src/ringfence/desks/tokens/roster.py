"""Roster: who stands in a list by account that gives a power.

Storage holds a mapping's entries but not its keys. Accounts that the contract's events, its storage and its
makers name are each looked up: the entry is read where it would stand, and the power's own run is made again
with it. Who is found stands there; that nobody else does is said only where the contract counts its members.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from ringfence.desks.tokens.effects import APPROVAL, TRANSFER, topic
from ringfence.desks.tokens.functions import OWNERS
from ringfence.desks.tokens.logs import born, logs, sent, word
from ringfence.desks.tokens.mapped import keys, rekeyed
from ringfence.desks.tokens.run import view
from ringfence.desks.tokens.search import Power, Searched
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Slot, trace

MAX_CANDIDATES: Final = 1_000
MAX_SENDERS: Final = 20
MAX_MEMBERS: Final = 200
SCALARS: Final = 32  # words of storage at the beginning, where a contract keeps addresses of its own
COUNT: Final = bytes.fromhex("ca15c873")  # getRoleMemberCount(bytes32), of AccessControlEnumerable
MEMBER: Final = bytes.fromhex("9010d07c")  # getRoleMember(bytes32,uint256)
# What contracts write when somebody is given a role, also from a constructor.
GRANTS: Final = tuple(
    int.from_bytes(topic(signature), "big")
    for signature in (
        "RoleGranted(bytes32,address,address)",
        "OwnershipTransferred(address,address)",
        "MinterAdded(address)",
        "PauserAdded(address)",
        "MinterConfigured(address,uint256)",
        "Rely(address)",
    )
)
_EVERYBODY: Final = frozenset(int.from_bytes(one, "big") for one in (TRANSFER, APPROVAL))
_ADDRESS: Final = (1 << 160) - 1


def candidates(state: State, address: int, found: Searched) -> tuple[int, ...]:
    """Accounts that may stand in a list of the contract's, the likeliest first."""
    named: dict[int, None] = {}
    since = born(state, address)
    mine = {first for first, _ in found.emitted} - _EVERYBODY
    look = logs(state, address, [[word(one) for one in sorted(mine | set(GRANTS))]], since or 0)
    for entry in look.found:
        data = [int.from_bytes(entry.data[at : at + 32], "big") for at in range(0, len(entry.data) - 31, 32)]
        named |= dict.fromkeys(one for one in (*entry.topics[1:], *data[:8]) if _somebody(one))
    for name in list(dict.fromkeys(one.transaction for one in look.found))[:MAX_SENDERS]:
        named |= dict.fromkeys(_sender(state, name))
    named |= dict.fromkeys(_maker(state, address, since))
    state.fetch((), ((address, slot) for slot in range(SCALARS)))
    for slot in range(SCALARS):
        value = state.slot(address, slot)
        named |= dict.fromkeys(one for one in (value & _ADDRESS, value >> 8 & _ADDRESS) if _somebody(one))
    for selector in OWNERS:
        owner = view(state, address, selector).word()
        named |= dict.fromkeys([owner] if owner and _somebody(owner) else ())
    return tuple(named)[:MAX_CANDIDATES]


def _somebody(value: int) -> bool:
    return 1 << 64 < value <= _ADDRESS


def _sender(state: State, transaction: str) -> list[int]:
    made = sent(state, transaction)
    return [made.sender] if made is not None else []


def _maker(state: State, address: int, since: int | None) -> list[int]:
    """Who sent the transaction that made it, where it wrote anything to the log."""
    if since is None:
        return []
    look = logs(state, address, [], since, last=since)
    return _sender(state, look.found[-1].transaction) if look.found else []


def members(
    state: State, address: int, power: Power, slot: Slot, among: Iterable[int]
) -> tuple[tuple[int, ...], bool]:
    """(who stands in the list, whether these are all)."""
    run = power.reached
    who = run.call.caller
    counted = _counted(state, address, power, slot)
    places = {
        one: there
        for one in dict.fromkeys((*(counted or ()), *among))
        if (there := rekeyed(run.trace.hashes, slot[1], who, one)) is not None
    }
    state.fetch((), ((address, there) for there in places.values()))
    good: dict[int, bool] = {}
    listed = []
    for one, there in places.items():
        value = state.slot(address, there)
        if value not in good:
            good[value] = bool(value) and _enough(power, slot, value)
        if good[value]:
            listed.append(one)
    return tuple(listed), counted is not None and set(counted) == set(listed)


def _enough(power: Power, slot: Slot, value: int) -> bool:
    """Whether the power's own call goes through with this entry in the place of the caller's."""
    run = power.reached
    if run.setting.storage.get(slot) == value:
        return True
    there = replace(run.setting, storage={**run.setting.storage, slot: value})
    made = trace(there, run.call)
    return made.ok and set(made.writes) == set(run.trace.writes)


def _counted(state: State, address: int, power: Power, slot: Slot) -> tuple[int, ...] | None:
    """The members that the contract itself lists, where it keeps roles in the known form."""
    words = keys(power.reached.trace.hashes, slot[1])
    for role in words[2:3]:  # account, hash of (role, base), role, base
        count = view(state, address, COUNT + role.to_bytes(32, "big")).word()
        if count is None or count > MAX_MEMBERS:
            continue
        got = [
            view(state, address, MEMBER + role.to_bytes(32, "big") + at.to_bytes(32, "big")).word()
            for at in range(count)
        ]
        return tuple(one for one in got if one is not None) if None not in got else None
    return None


def standing(state: State, address: int, power: Power, slot: Slot, among: Iterable[int]) -> dict[str, Any]:
    """Who stands in the list, in the form of a holder without their kinds."""
    listed, complete = members(state, address, power, slot, among)
    made: dict[str, Any] = {"kind": "list", "addresses": sorted(listed), "complete": complete}
    if not complete:
        made["why"] = "others may stand in it: a mapping does not tell its keys"
    return made
