"""Watch: expectations measured again until each is met or overdue.

Between two full looks the resolvers are only asked whether their answer has changed: that costs one
small question, and tells the moment of a block to some tens of milliseconds. What counts is the sealed
look made then, never the question.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Final

import msgspec

from ringfence.cases.order import Order
from ringfence.core.time import now
from ringfence.desks.access.dns import lookup
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.pipeline.verify import Verified, verify
from ringfence.verify.check import LIMIT, Check, overdue
from ringfence.verify.collateral import EACH
from ringfence.verify.expectation import Expectation

EVERY: Final = 5.0  # seconds after which everything waiting is looked at again, changed or not
POLL: Final = 0.05  # seconds between two questions to a resolver about one name
AT_ONCE: Final = 64  # questions under way

Sign = tuple[str, tuple[str, ...]]  # outcome and addresses: what a block changes
Told = Callable[[Verified], None]


async def watch(
    house: Store,
    orders: Callable[[], Iterable[Order]],
    vantages: tuple[Vantage, ...],
    *,
    limit: float = LIMIT,
    each: int = EACH,
    popular: Iterable[str] = (),
    told: Told = lambda _: None,
) -> Verified:
    """Look until every expectation of ``orders`` (asked for anew each round) is met, or one is ``limit``
    seconds overdue. An order that is only proposed is waited for as long. ``told`` is called after each
    round with how things stand."""
    latest: dict[str, Check] = {}
    waiting: list[Expectation] | None = None
    begun = time.monotonic()
    while True:
        asked = {(e.vantage, e.host): e for e in waiting or () if e.purpose in ("name", "below", "lifted")}
        # Taken before the look: a block that comes in between is then seen as a change.
        signs = await _signs(asked, vantages)
        only = None if waiting is None else {expectation.host for expectation in waiting}
        wanted = tuple(orders())
        verified = await verify(house, wanted, vantages, each=each, popular=popular, only=only)
        latest.update({check.expectation: check for check in verified.checks})
        checks = tuple(latest[e.id] for e in verified.expectations if e.id in latest)
        standing = msgspec.structs.replace(verified, checks=checks)
        told(standing)
        met = {check.expectation for check in checks if check.met is True}
        waiting = [expectation for expectation in verified.expectations if expectation.id not in met]
        undecided = any(order.state == "proposed" for order in wanted)
        if undecided and time.monotonic() - begun < limit:
            await asyncio.sleep(POLL)
        elif not waiting or overdue(verified.expectations, checks, now(), limit):
            return standing
        if only is None or not asked:
            continue  # no signs were taken before this look
        await _changed(signs, asked, vantages)


async def _changed(
    signs: dict[tuple[str, str], Sign],
    asked: dict[tuple[str, str], Expectation],
    vantages: tuple[Vantage, ...],
) -> None:
    """Return when a resolver's answer differs from before, after `EVERY` at the latest."""
    until = time.monotonic() + EVERY
    while time.monotonic() < until:
        begun = time.monotonic()
        if await _signs(asked, vantages) != signs:
            return
        await asyncio.sleep(max(POLL - (time.monotonic() - begun), 0.01))


async def _signs(
    asked: dict[tuple[str, str], Expectation], vantages: tuple[Vantage, ...]
) -> dict[tuple[str, str], Sign]:
    """What each resolver answers now. A name below a wildcard is a fresh one each time."""
    by_name = {vantage.name: vantage for vantage in vantages}
    gate = asyncio.Semaphore(AT_ONCE)

    async def ask(place: tuple[str, str], expectation: Expectation) -> tuple[tuple[str, str], Sign]:
        async with gate:
            found = await lookup(by_name[place[0]], expectation.probe(), time.perf_counter_ns())
        return place, (found.step.outcome, tuple(sorted(found.step.addresses)))

    return dict(await asyncio.gather(*(ask(place, one) for place, one in asked.items())))
