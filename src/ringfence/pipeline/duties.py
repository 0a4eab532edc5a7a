"""Duties: what a running house does by itself: ends what has expired, looks again, checks, gives notice,
erases what a person ordered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec
from sqlalchemy import func, select

from ringfence.cases.docket import Cases
from ringfence.cases.holding import Holding
from ringfence.cases.keeping import Keeping
from ringfence.cases.order import Order
from ringfence.cases.tables import case_events
from ringfence.core.canonical import canonical, digest
from ringfence.core.due import Doer, Due, do
from ringfence.core.time import now, parse_stamp
from ringfence.core.work import alone
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.pipeline.screen import screen
from ringfence.pipeline.target import Plan, Target
from ringfence.pipeline.verify import Verified, verify
from ringfence.verify.verification import Verification

EXPIRY = timedelta(minutes=1)
VERIFICATION = timedelta(hours=1)
MEASUREMENT = timedelta(days=1)
RETENTION = timedelta(days=1)
PLAN = timedelta(minutes=10)  # where nothing has happened
AGAIN = timedelta(seconds=10)  # to the second look at an order that has just turned; doubled each time
SETTLING = timedelta(hours=1)  # how long it counts as just turned
LOOK = 1.0  # seconds between looks at what is due, where one process loops


class Duties:
    """The duties of one house. ``inside`` vantages verify orders; with a first inside or an ``outside``
    one, sites with a case are looked at again. ``notices`` delivers what `cases` has to say, if given:
    it is asked every minute with the one target ``all``."""

    def __init__(
        self,
        house: Store,
        jurisdiction: str,
        inside: tuple[Vantage, ...] = (),
        outside: Vantage | None = None,
        notices: Doer | None = None,
    ) -> None:
        self.house = house
        self.jurisdiction = jurisdiction
        self.inside = inside
        self.outside = outside
        self.due = Due(house.database)
        self._planned: tuple[int, datetime] | None = None
        self._again: dict[str, tuple[datetime, timedelta]] = {}
        self.doers: dict[str, Doer] = {"expire": self._expire, "retention": self._retention}
        if inside:
            self.doers["verify"] = self._verify
        if inside or outside:
            self.doers["measure"] = self._measure
        if notices is not None:
            self.doers["notice"] = notices

    def plan(self) -> None:
        """Put on the list what the store has to be looked after now. What is there keeps its turn; only
        duties that can be done here are planned, and nothing is read where nothing has happened."""
        self._hasten_again()
        with self.house.database.read() as connection:
            head = connection.execute(select(func.coalesce(func.max(case_events.c.seq), 0))).scalar_one()
        if self._planned is not None and self._planned[0] == head and now() < self._planned[1]:
            return
        self._planned = head, now() + PLAN
        cases = Cases(self.house.database, log.seal)
        wanted: dict[str, tuple[list[str], timedelta]] = {
            "expire": (["all"], EXPIRY),
            "notice": (["all"], EXPIRY),
        }
        if Keeping(self.house).ordered():
            wanted["retention"] = (["all"], RETENTION)
        orders = cases.orders()
        lifted = Verification(self.house.database, log.seal).lifted()
        watched = [one.id for one in orders if one.activated_at is not None and one.id not in lifted]
        wanted["verify"] = (watched, VERIFICATION)
        sites = [case.subject for case in cases.cases("open") if case.subject.startswith("site:")]
        wanted["measure"] = (sites, MEASUREMENT)
        for kind, (targets, every) in wanted.items():
            if kind in self.doers:
                self.due.plan(kind, targets, every)

    def turned(self, orders: frozenset[str]) -> None:
        """Have orders verified now: what they ask for has just been published, or withdrawn."""
        if "verify" in self.doers:
            self._planned = None
            self.plan()
            self.due.hasten("verify", orders)

    async def loop(self, *, once: bool = False) -> int:
        """Do what is due in this process, the only one at work on the store; with ``once`` until nothing
        is due. Returns how many results are new. Raises `StoreError` where another is at work."""
        new = 0
        with alone(self.house.folder, "work"):
            while True:
                self.plan()
                while (batch := self.due.claim(kinds=self.doers)) is not None:
                    new += await do(self.due, batch, self.doers)
                if once:
                    return new
                await asyncio.sleep(LOOK)

    # --- what is done ----------------------------------------------------------------------------
    async def _expire(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        cases = Cases(self.house.database, log.seal)
        over = [order.id for order in (*cases.expire_due(), *cases.lapse_due())]
        over += [one.hold.id for one in Holding(self.house.database, log.seal).end_due()]
        return dict.fromkeys(targets, digest(canonical(over)))

    async def _retention(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        done = Keeping(self.house).expire()
        erased = [*done.finished, *(one.id for one in done.erased)]
        return dict.fromkeys(targets, digest(canonical(erased)))

    async def _verify(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        cases = Cases(self.house.database, log.seal)
        vantages = (*((self.outside,) if self.outside else ()), *self.inside)
        orders = [cases.order(target) for target in targets]
        found = await verify(self.house, orders, vantages)
        ids: dict[str, list[str]] = {target: [] for target in targets}
        for check in found.checks:
            ids[check.order].append(check.id)
        self._look_again(orders, found)
        return {target: digest(canonical(sorted(made))) for target, made in ids.items()}

    def _look_again(self, orders: Iterable[Order], found: Verified) -> None:
        """An order that has just turned, and is not seen everywhere yet as it should be, is looked at again
        soon: caches and enforcement points have their own time."""
        own = {one.id for one in found.expectations if not one.collateral}
        unmet = {one.order for one in found.checks if one.met is not True and one.expectation in own}
        at = now()
        for order in orders:
            wait = 2 * self._again.pop(order.id, (at, AGAIN / 2))[1]
            if order.id in unmet and parse_stamp(order.moved_at or order.proposed_at) > at - SETTLING:
                self._again[order.id] = at + wait, wait

    def _hasten_again(self) -> None:
        at = now()
        self.due.hasten("verify", [name for name, (when, _) in self._again.items() if when <= at])

    async def _measure(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        today: date = now().date()
        plan = Plan(self.jurisdiction, today, today, self.outside, next(iter(self.inside), None))
        hosts = [target.removeprefix("site:") for target in targets]
        asked = [Target(f"site:{host}", host, host) for host in hosts]
        return {
            found.subject: digest(canonical(msgspec.to_builtins(found)))
            async for found in screen(self.house, asked, plan)
        }
