"""Room: tables emptied of what no window reaches any more, and made larger where they are full even so."""

from __future__ import annotations

from ringfence.core.errors import StoreError
from ringfence.desks.payments.online import move
from ringfence.desks.payments.online.plan import Plan
from ringfence.desks.payments.online.state import (
    BOOKED,
    COLD,
    LASTS,
    NODES,
    SLOTS,
    SPAN,
    Sizes,
    State,
    empty,
    more_nodes,
    sizes,
)  # fmt: skip


def make_room(state: State, plan: Plan, now: int, memory: int = 0) -> State:
    """A state with the same memory of what matters. Raises `StoreError` over ``memory`` bytes (0: no bound);
    the state then stays as it was."""
    room, c = sizes(state), state.control

    def enough(used: int, size: int) -> int:
        while 2 * (used + SPAN) > size:
            size *= 2
        return size

    state = _moved(state, plan, now, room._replace(cold=enough(int(c[COLD] + c[BOOKED]), room.cold)))
    c, room = state.control, sizes(state)
    nodes = room.nodes
    while 2 * (int(c[NODES]) + SPAN) > nodes:
        nodes *= 2
    wide = Sizes(
        enough(int(c[SLOTS]), room.slots), enough(int(c[BOOKED]), room.books),
        enough(int(c[LASTS]), room.lasts), room.cold, nodes,
    )  # fmt: skip
    if memory and (need := _bytes(wide, plan)) > memory and wide != room:
        raise StoreError(
            f"the windows hold {c[BOOKED]} accounts and {c[NODES]} legs: {need:,} bytes are needed",
            hint="allow more with --memory, or make the windows of the rules shorter",
        )
    if wide._replace(nodes=room.nodes) != room:
        state = _moved(state, plan, now, wide)
    return more_nodes(state, nodes - room.nodes) if nodes > room.nodes else state


def _bytes(room: Sizes, plan: Plan) -> int:
    blank = empty(len(plan.lengths), plan.books, Sizes(1, 1, 1, 1, 1))
    return sum(8 * getattr(blank, name).shape[1] * count for name, count in room._asdict().items())


def _moved(old: State, plan: Plan, now: int, room: Sizes) -> State:
    new = empty(len(plan.lengths), plan.books, room._replace(nodes=0))
    new = new._replace(nodes=old.nodes, control=old.control)
    old.control[[SLOTS, LASTS, BOOKED, COLD]] = 0
    move.move_cold(old, new)
    move.move_slots(old, new, plan.reach, now)
    move.move_books(old, new, plan.lengths, int(plan.lengths[-1]), plan.rest, now)
    move.move_lasts(old, new, plan.reach, now)
    return new
