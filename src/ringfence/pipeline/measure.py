"""Measure: a URL looked at from inside and outside, each side testing the other's addresses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

import msgspec

from ringfence.desks.access.find import judge
from ringfence.desks.access.limiter import Limiter
from ringfence.desks.access.look import look, places_of
from ringfence.desks.access.session import Sealed, Session
from ringfence.desks.access.url import split
from ringfence.desks.access.verdict import Verdict
from ringfence.evidence import store, warc
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage

CONCURRENT = 32  # URLs under way at once


class Measured(msgspec.Struct, frozen=True):
    """``bodies`` holds decoded bodies and certificate chains by digest, of both sides."""

    url: str
    inside: Sealed
    outside: Sealed | None
    bodies: dict[str, bytes]
    verdict: Verdict


async def measure(
    urls: Iterable[str], inside: Vantage, outside: Vantage | None, *, house: Store | None = None
) -> AsyncIterator[Measured]:
    """Measure URLs, in their order. With a store every look is kept and sealed. Raises `OutsideError`
    where a vantage's proxy is not there."""
    limiter = Limiter()
    waiting = iter(urls)
    under_way: list[asyncio.Task[Measured]] = []
    try:
        while True:
            while len(under_way) < CONCURRENT and (url := next(waiting, None)) is not None:
                under_way.append(asyncio.create_task(_measure(url, inside, outside, limiter)))
            if not under_way:
                return
            measured = await under_way.pop(0)
            if house is not None:
                await asyncio.to_thread(_keep, house, measured)
            yield measured
    finally:
        for task in under_way:
            task.cancel()


async def _measure(url: str, inside: Vantage, outside: Vantage | None, limiter: Limiter) -> Measured:
    _, host, _ = split(url)
    theirs: Sealed | None = None
    async with Session(inside, f"site:{host}", limiter) as session:
        seen = await session.fetch(url)
        if outside is not None:
            # A blocked address is told from a dead one only by trying it from the other side as well.
            here = places_of((seen.exchange,))
            theirs = await look(outside, url, limiter, cross=here)
            for name, pairs in places_of(theirs.observation.exchanges).items():
                await session.cross(name, [pair for pair in pairs if pair not in here.get(name, ())])
        ours = session.seal()
    bodies = {
        kept.digest: kept.data
        for sealed in (ours, theirs)
        if sealed is not None
        for kept in warc.read(sealed.capture)
    }
    verdict = judge(ours.observation, theirs.observation if theirs is not None else None, bodies)
    return Measured(url, ours, theirs, bodies, verdict)


def _keep(house: Store, measured: Measured) -> None:
    sides = [sealed for sealed in (measured.inside, measured.outside) if sealed is not None]
    house.blobs.put_many(sealed.capture for sealed in sides)
    with house.database.begin() as connection:
        for sealed in sides:
            store.keep(connection, sealed.observation)
