"""Exercised: whether a power was ever used on a chain, by what its own use writes to the log.

The run that shows a power tells which events it writes. Where no other function of the contract writes such
an event, an entry in the log is a use; where others do, the transaction behind an entry has to have called
the function. What a constructor wrote is no use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from ringfence.desks.tokens.effects import APPROVAL, TRANSFER
from ringfence.desks.tokens.logs import Entry, Logs, Topics, born, logs, sent, word
from ringfence.desks.tokens.search import Event, Power, Searched, events
from ringfence.desks.tokens.state import State

MAX_LOOKS: Final = 40  # transactions looked at for one power
# What every holder's own calls write (EIP-20): no sign of anybody's power.
ORDINARY: Final = frozenset(
    {
        (int.from_bytes(TRANSFER, "big"), (True, True)),
        (int.from_bytes(APPROVAL, "big"), (True, True)),
        (int.from_bytes(TRANSFER, "big"), ()),
        (int.from_bytes(APPROVAL, "big"), ()),
    }
)


@dataclass(frozen=True)
class Use:
    """``exercised`` None where it cannot be told; ``details`` says where and by what, or why not."""

    exercised: bool | None
    details: dict[str, Any]


def exercised(state: State, address: int, found: Searched, same: Sequence[Power]) -> Use:
    """Whether any of some powers of one kind was used."""
    powers = [one for one in same if one.function is not None]
    if not powers:
        return Use(None, {"why": "it stands in the code and is used by every transfer"})
    selectors = {one.reached.call.data[:4] for one in powers}
    written = [(one, events(one.reached.trace)) for one in powers]
    own = {event for _, some in written for event in some if _own(event, selectors, found)}
    shared = {event for _, some in written for event in some} - own
    if not own and not shared:
        return Use(None, {"why": "the function writes no event"})
    since = born(state, address)
    looks: list[Logs] = []
    for event in sorted(own):
        looks.append(look := _entries(state, address, event, since))
        for entry in look.found[:MAX_LOOKS]:
            if _after_birth(state, address, entry, since):
                return Use(True, _at(entry, "event"))
    for event in sorted(shared):
        look = _entries(state, address, event, since)
        names = dict.fromkeys(entry.transaction for entry in look.found)
        for name in list(names)[:MAX_LOOKS]:
            made = sent(state, name)
            if made is not None and made.to == address and made.data[:4] in selectors:
                entry = next(one for one in look.found if one.transaction == name)
                return Use(True, _at(entry, "call"))
    silent = [one for one, some in written if not some & own]
    short = next((one.why for one in looks if one.why), "")
    if short:
        return Use(None, {"why": short, "since": next(one.since for one in looks if one.why)})
    if silent or not looks:
        return Use(None, {"why": "what it writes to the log, other functions write too"})
    return Use(False, {"since": since or 0})


def _own(event: Event, selectors: set[bytes], found: Searched) -> bool:
    return event not in ORDINARY and found.emitted.get(event, set()) <= selectors


def _entries(state: State, address: int, event: Event, since: int | None) -> Logs:
    first, rest = event
    # A topic that was zero is part of what tells this use from others, as in a Transfer from nobody.
    topics: Topics = [[word(first)], *(None if one else [word(0)] for one in rest)]
    return logs(state, address, topics, since or 0)


def _after_birth(state: State, address: int, entry: Entry, since: int | None) -> bool:
    """Whether an entry is not the constructor's."""
    if since is not None and entry.block > since:
        return True
    made = sent(state, entry.transaction)
    # Where nobody tells when it was made, only a call of its own is surely later.
    return made is not None and made.to == address


def _at(entry: Entry, by: str) -> dict[str, Any]:
    return {"by": by, "block": entry.block, "transaction": entry.transaction, "event": word(entry.topics[0])}


def replaced(state: State, address: int, topics: Sequence[str]) -> Use:
    """Whether code behind a proxy was replaced since it was made, by the events of the standards."""
    since = born(state, address)
    look = logs(state, address, [sorted(topics)], since or 0)
    for entry in look.found[:MAX_LOOKS]:
        if _after_birth(state, address, entry, since):
            return Use(True, _at(entry, "event"))
    return Use(None, {"why": look.why or "a proxy may replace its code without an event of the standards"})
