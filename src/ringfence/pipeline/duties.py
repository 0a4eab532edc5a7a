"""Duties: what a running house does by itself: ends what has expired, looks again, checks, gives notice,
erases what a person ordered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from ringfence.cases.docket import Cases
from ringfence.cases.keeping import Keeping
from ringfence.core.canonical import canonical, digest
from ringfence.core.due import Doer, Due, do
from ringfence.core.time import now
from ringfence.core.work import alone
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.pipeline.screen import screen
from ringfence.pipeline.target import Plan, Target
from ringfence.pipeline.verify import verify
from ringfence.verify.verification import Verification

EXPIRY = timedelta(minutes=1)
VERIFICATION = timedelta(hours=1)
MEASUREMENT = timedelta(days=1)
RETENTION = timedelta(days=1)
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
        self.doers: dict[str, Doer] = {"expire": self._expire, "retention": self._retention}
        if inside:
            self.doers["verify"] = self._verify
        if inside or outside:
            self.doers["measure"] = self._measure
        if notices is not None:
            self.doers["notice"] = notices

    def plan(self) -> None:
        """Put on the list what the store has to be looked after now. What is there keeps its turn; only
        duties that can be done here are planned."""
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

    async def loop(self, *, once: bool = False) -> int:
        """Do what is due in this process, the only one at work on the store; with ``once`` until nothing
        is due. Returns how many results are new. Raises `StoreError` where another is at work."""
        new = 0
        with alone(self.house.folder, "work"):
            while True:
                self.plan()
                while (batch := self.due.claim()) is not None:
                    new += await do(self.due, batch, self.doers)
                if once:
                    return new
                await asyncio.sleep(LOOK)

    # --- what is done ----------------------------------------------------------------------------
    async def _expire(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        ended = Cases(self.house.database, log.seal).expire_due()
        return dict.fromkeys(targets, digest(canonical([order.id for order in ended])))

    async def _retention(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        done = Keeping(self.house).expire()
        erased = [*done.finished, *(one.id for one in done.erased)]
        return dict.fromkeys(targets, digest(canonical(erased)))

    async def _verify(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        cases = Cases(self.house.database, log.seal)
        vantages = (*((self.outside,) if self.outside else ()), *self.inside)
        found = await verify(self.house, [cases.order(target) for target in targets], vantages)
        ids: dict[str, list[str]] = {target: [] for target in targets}
        for check in found.checks:
            ids[check.order].append(check.id)
        return {target: digest(canonical(sorted(made))) for target, made in ids.items()}

    async def _measure(self, targets: tuple[str, ...]) -> Mapping[str, str]:
        today: date = now().date()
        plan = Plan(self.jurisdiction, today, today, self.outside, next(iter(self.inside), None))
        hosts = [target.removeprefix("site:") for target in targets]
        asked = [Target(f"site:{host}", host, host) for host in hosts]
        return {
            found.subject: digest(canonical(msgspec.to_builtins(found)))
            async for found in screen(self.house, asked, plan)
        }
