"""Room: tables emptied of what no window reaches any more; where they are full even so, they grow, and over
their bound what was quiet for longest goes to files."""

from __future__ import annotations

from typing import Final

import numpy as np

from ringfence.desks.payments.online.forget import forget
from ringfence.desks.payments.online.plan import Plan
from ringfence.desks.payments.online.rows import spread
from ringfence.desks.payments.online.spill import Spill
from ringfence.desks.payments.online.state import (
    BOOK_KEY,
    BOOKED,
    COLD,
    FREE,
    LAST_KEY,
    LASTS,
    NODES,
    SLOT_KEY,
    SLOTS,
    SPAN,
    Sizes,
    State,
    empty,
    more_nodes,
    sizes,
)  # fmt: skip

_KEYS = {"slots": SLOT_KEY, "books": BOOK_KEY, "lasts": LAST_KEY, "cold": BOOK_KEY}
_ONE = Sizes(1, 1, 1, 1, 0)
NOTHING = Sizes(0, 0, 0, 0, 0)
_LEAST: Final = 512  # rows, in which there is room for an event


def make_room(
    state: State, plan: Plan, now: int, spill: Spill, memory: int = 0, more: Sizes = NOTHING
) -> State:
    """A state with the same memory of what matters, in which tables are at most half full, with ``more``.
    Over ``memory`` bytes (0: no bound) books go to files; but there is always room for the accounts of one
    event, and `cold` is always there, which is left a quarter at least. Raises `StoreError` as `Log` does."""
    blank = empty(len(plan.lengths), plan.books, _ONE)
    count = int(state.control[COLD] + state.control[BOOKED])  # each may come to be cold
    state = _grown(state, blank, sizes(state)._replace(cold=_enough(count, len(state.cold))))
    if not spill.books or now - spill.forgot > plan.lengths[0]:  # else there is hardly anything to forget
        forget(state, blank, plan.lengths, plan.reach, plan.rest, now)
        spill.forgot = now
    spill.tidy(state, now - plan.rest)
    wide = _wide(state, more)
    if memory:
        allowed = max(memory - state.cold.nbytes, memory // 4)
        room = sizes(state)
        if _need(state, room) > allowed:
            spill.put(state, plan, blank, NOTHING)
            state = _anew(state, plan, blank, allowed)
        elif wide != room and _need(state, wide) > allowed:
            half = Sizes(*(max(0, size // 2 - SPAN - need) for size, need in zip(room, more, strict=True)))
            spill.put(state, plan, blank, half)
        wide = _wide(state, more)
    return _grown(state, blank, wide)


def _enough(used: int, size: int) -> int:
    while 2 * (used + SPAN) > size:
        size *= 2
    return size


def _wide(state: State, more: Sizes) -> Sizes:
    """Sizes at which tables are at most half full."""
    c, room = state.control, sizes(state)
    return Sizes(
        _enough(int(c[SLOTS]) + more.slots, room.slots), _enough(int(c[BOOKED]) + more.books, room.books),
        _enough(int(c[LASTS]) + more.lasts, room.lasts), room.cold,
        _enough(int(c[NODES]) + more.nodes, room.nodes),
    )  # fmt: skip


def _need(state: State, wide: Sizes) -> int:
    """Bytes of tables of these sizes, without `cold`, and of those that are copied into larger ones."""
    room, need = sizes(state)._asdict(), 0
    for name, size in wide._asdict().items():
        if name != "cold":
            row = 8 * getattr(state, name).shape[1]
            need += row * (size + (room[name] if size > room[name] else 0))
    return need


def _grown(state: State, blank: State, wide: Sizes) -> State:
    """Tables of these sizes with the same rows."""
    room = sizes(state)
    for name, keys in _KEYS.items():
        size = getattr(wide, name)
        if size != getattr(room, name):
            old, row = getattr(state, name), getattr(blank, name)[0]
            new = np.empty((size, len(row)), np.int64)
            new[:] = row
            spread(old, new, keys)
            state = state._replace(**{name: new})
    return more_nodes(state, wide.nodes - room.nodes) if wide.nodes > room.nodes else state


def _anew(state: State, plan: Plan, blank: State, allowed: int) -> State:
    """Empty tables that are within the bound."""
    room = sizes(state)
    while _need(state, room) > allowed:
        smaller = Sizes(*(max(_LEAST, size // 2) for size in room))
        if smaller == room:
            break
        room = smaller
    new = empty(len(plan.lengths), plan.books, room._replace(cold=1))
    new.control[FREE + 1 :] = state.control[FREE + 1 :]
    return new._replace(cold=state.cold)
