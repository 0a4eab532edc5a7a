"""Keep: published files that follow what is decided, looked after while a house is at work.

Whatever takes an order into force or out of it is an event, and its end in time is known before; so a look
at both costs the same for a hundred orders and for a million, and only a change makes a list anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select

from ringfence.cases.tables import case_events, orders
from ringfence.core.database import Database
from ringfence.core.errors import RingfenceError
from ringfence.core.time import now, parse_stamp, stamp

LOOK = 1.0  # seconds between looks for a change
WHOLE = timedelta(hours=1)  # without one: the guard may have learnt something, or somebody changed the file
FIRST, LONGEST = timedelta(seconds=2), timedelta(minutes=5)  # after a failure: doubled each time
_TURNS = ("activated", "resumed", "suspended", "revoked", "expired")


class Keeper:
    """One published place. ``write`` makes it what it should be now; it gives the orders that came into it or
    left it, or None where it was right already."""

    def __init__(
        self, database: Database, name: str, write: Callable[[], frozenset[str] | None],
        clock: Callable[[], datetime] = now,
    ) -> None:  # fmt: skip
        self.database = database
        self.name = name
        self.write = write
        self.clock = clock
        self._through = 0  # the last event that was looked at
        self._due: datetime | None = None  # None: never written here
        self._wait = FIRST  # more than that after a failure

    def look(self) -> frozenset[str] | None:
        """Write if there may be something to write; what ``write`` gave. Raises what it raises, and is then
        tried again, later each time."""
        at = self.clock()
        head, turned = self._events()
        if self._due is not None and at < self._due and not (turned and self._wait == FIRST):
            self._through = self._through if turned else head
            return None
        try:
            came_or_left = self.write()
        except RingfenceError:
            self._due = at + self._wait
            self._wait = min(2 * self._wait, LONGEST)
            raise
        self._through, self._wait = head, FIRST
        self._due = min(at + WHOLE, self._next_end(at))
        return came_or_left

    def _events(self) -> tuple[int, bool]:
        """The last event, and whether an order came into force or out of it since the last look."""
        turns = case_events.c.seq > self._through, case_events.c.kind.in_(_TURNS)
        with self.database.read() as connection:
            head: int = connection.execute(select(func.coalesce(func.max(case_events.c.seq), 0))).scalar_one()
            found = connection.execute(select(case_events.c.seq).where(*turns).limit(1)).first()
        return head, found is not None

    def _next_end(self, at: datetime) -> datetime:
        found = select(func.min(orders.c.expires_at)).where(
            orders.c.state == "active", orders.c.expires_at > stamp(at)
        )
        with self.database.read() as connection:
            end = connection.execute(found).scalar()
        return parse_stamp(end) if end else at + WHOLE


async def keep(
    keepers: Iterable[Keeper],
    told: Callable[[str], None],
    turned: Callable[[frozenset[str]], None] = lambda orders: None,
    *,
    once: bool = False,
) -> int:
    """Look after places until cancelled, or with ``once`` one time each; how many were changed. ``told``
    hears of each failure (with ``once`` it is raised), ``turned`` of the orders that came or left."""
    every, changes = list(keepers), 0
    while True:
        for keeper in every:
            try:
                came_or_left = await asyncio.to_thread(keeper.look)
            except RingfenceError as error:
                if once:
                    raise
                told(f"{keeper.name}: {error.message}")
                continue
            if came_or_left is not None:
                changes += 1
                turned(came_or_left)
        if once:
            return changes
        await asyncio.sleep(LOOK)
