"""Screen: observe, find, assess, keep, and open a case where a provision is made out."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any, Final

import msgspec

from ringfence.cases.docket import Cases
from ringfence.core.bulk import workers
from ringfence.core.canonical import canonical, digest
from ringfence.core.country import Countries
from ringfence.core.errors import InputError
from ringfence.core.work import Run, alone
from ringfence.desks.access.observe import Limiter, Sealed, Session
from ringfence.desks.platforms.observe import observe, observe_landing
from ringfence.evidence import log, store
from ringfence.evidence.observation import Observation
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.pipeline.analyse import Analysed, analyse_batch, prepare
from ringfence.pipeline.target import BATCH, Captured, Plan, Screened, Target
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.records import (
    keep_assessments,
    keep_findings,
    load_assessment,
)

_logger = logging.getLogger(__name__)

CONCURRENT: Final = 32  # subjects looked at together
WINDOW: Final = 512  # subjects begun and not yet handed on, so that one slow site holds up no other
FEW: Final = 4  # up to so many subjects, starting processes costs more than they save


async def look(target: Target, plan: Plan, limiter: Limiter) -> Captured:
    """Look at a target from both sides at once: the whole site outside, its landing page inside."""

    async def side(vantage: Vantage | None, whole: bool) -> tuple[bytes, bytes] | None:
        if vantage is None:
            return None
        async with Session(vantage, target.subject, limiter) as session:
            try:
                await (observe if whole else observe_landing)(session.fetch, target.host)
            except ValueError:
                # Which page to ask for next is chosen from a page that anybody may have written. If that
                # goes wrong, this site is seen less well; it must not end the screening of all others.
                _logger.warning("%s: not looked at to the end", target.subject, exc_info=True)
            sealed: Sealed = session.seal()
        return canonical(sealed.observation), sealed.capture

    outside, inside = await asyncio.gather(
        side(plan.outside, whole=True), side(plan.inside, whole=plan.outside is None)
    )
    return Captured(target, outside, inside)


async def screen(
    house: Store, targets: Iterable[Target], plan: Plan, *, few: bool = False
) -> AsyncIterator[Screened]:
    """Screen targets; results in the order of the input, each after its records are committed.

    Memory is bounded by `WINDOW` subjects, however many there are (and the list of their names). Cut
    short, the same call goes on where it was cut and keeps nothing twice; a call for other targets is
    another run, and leaves the one that was cut to be gone on with.
    """
    cases = Cases(house.database, log.seal)
    wanted = tuple(_once(targets))
    plan = _with_sealed_references(house, plan)
    parameters = (plan.jurisdiction, plan.countries, plan.conduct, plan.decision, plan.authorised)
    with alone(house.folder, "screen"):
        run = Run.begin(house.database, "screen", _parameters(plan, wanted))
        if few:
            prepare(*parameters)
            async for screened in _screen(house, cases, run, wanted, plan, None):
                yield screened
        else:
            with workers(prepare, parameters) as pool:
                async for screened in _screen(house, cases, run, wanted, plan, pool):
                    yield screened
        run.end()


async def _screen(
    house: Store, cases: Cases, run: Run, targets: Iterable[Target], plan: Plan, pool: Executor | None
) -> AsyncIterator[Screened]:
    keeper = _Keeper(house, cases, run, pool)
    limiter = Limiter()
    gate = asyncio.Semaphore(CONCURRENT)
    window: deque[asyncio.Task[Screened]] = deque()

    async def one(position: int, target: Target) -> Screened:
        done = run.result(target.subject) if run.resumed else None
        if done is not None:
            return keeper.again(msgspec.json.decode(done, type=Screened))
        async with gate:
            captured = await look(target, plan, limiter)
        return await keeper.keep(position, captured)

    try:
        for position, target in enumerate(targets):
            window.append(asyncio.create_task(one(position, target)))
            while len(window) >= WINDOW or (window and window[0].done()):
                yield await window.popleft()
        while window:
            yield await window.popleft()
    finally:
        for task in window:
            task.cancel()
        await asyncio.gather(*window, keeper.close(), return_exceptions=True)


class _Keeper:
    """Analyses and commits captured subjects in batches; a subject is kept whole or not at all."""

    def __init__(self, house: Store, cases: Cases, run: Run, pool: Executor | None) -> None:
        self._house, self._cases, self._run, self._pool = house, cases, run, pool
        self._queue: asyncio.Queue[tuple[int, Captured, asyncio.Future[Screened]]] = asyncio.Queue()
        self._tasks = [asyncio.create_task(self._work()) for _ in range(2 if pool else 1)]

    async def keep(self, position: int, captured: Captured) -> Screened:
        """Hand over what was captured; returns when it is committed."""
        future: asyncio.Future[Screened] = asyncio.get_running_loop().create_future()
        await self._queue.put((position, captured, future))
        return await future

    def again(self, screened: Screened) -> Screened:
        """A subject done before the run was cut. Its case may not have been opened then: open it now."""
        if screened.assessment != "made_out" or screened.assessment_id is None:
            return screened
        return self._with_case(screened, self._assessment(screened.assessment_id))

    async def close(self) -> None:
        """Stop taking work."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(0.02)  # others are about to finish: one commit for all of them
            while len(batch) < BATCH and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            captured = [item[1] for item in batch]
            try:
                results = await loop.run_in_executor(self._pool, analyse_batch, captured)
                screened = await asyncio.to_thread(self._commit, batch, results)
            except Exception as error:
                for _, _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, _, future), result in zip(batch, screened, strict=True):
                if not future.done():
                    future.set_result(result)

    def _commit(
        self, batch: list[tuple[int, Captured, asyncio.Future[Screened]]], results: list[Analysed]
    ) -> list[Screened]:
        sides = [side for _, captured, _ in batch for side in (captured.outside, captured.inside) if side]
        self._house.blobs.put_many(capture for _, capture in sides)
        ordered = {order.scope.host for order in self._cases.orders("active")}
        said: list[Screened] = []
        with self._house.database.begin() as connection:
            for (position, captured, _), analysed in zip(batch, results, strict=True):
                for side in (captured.outside, captured.inside):
                    if side is not None:
                        store.keep(connection, msgspec.json.decode(side[0], type=Observation))
                keep_findings(connection, analysed.findings)
                keep_assessments(connection, analysed.assessments)
                # Blocked by an order of ours is not *already* unreachable.
                mine = analysed.screened.host in ordered
                screened = msgspec.structs.replace(
                    analysed.screened, already_unreachable=analysed.screened.inside == "blocked" and not mine
                )
                self._run.done(connection, captured.target.subject, position, canonical(screened))
                said.append(screened)
        return [self._opened(*pair) for pair in zip(said, results, strict=True)]

    def _opened(self, screened: Screened, analysed: Analysed) -> Screened:
        if screened.assessment != "made_out":
            return screened
        chosen = next(a for a in analysed.assessments if a.id == screened.assessment_id)
        return self._with_case(screened, chosen)

    def _with_case(self, screened: Screened, assessment: Assessment) -> Screened:
        return msgspec.structs.replace(screened, case=self._cases.open(assessment).id)

    def _assessment(self, name: str) -> Assessment:
        with self._house.database.read() as connection:
            return load_assessment(connection, name)


def _once(targets: Iterable[Target]) -> Iterator[Target]:
    seen: set[str] = set()
    for target in targets:
        if target.subject not in seen:
            seen.add(target.subject)
            yield target


def _with_sealed_references(house: Store, plan: Plan) -> Plan:
    """Files of reference data are sealed in the store, so that a replay does not depend on where they lay.
    Raises `InputError` for a file that cannot be read."""

    if plan.countries is not None:
        Countries.load(plan.countries)  # before it is sealed, so that an error names the file given

    def sealed(file: Path | None) -> Path | None:
        if file is None:
            return None
        try:
            return house.blobs.path(house.blobs.put(file.read_bytes()))
        except OSError as error:
            raise InputError(f"cannot read {file}: {error.strerror}", hint="check the path") from error

    return msgspec.structs.replace(plan, countries=sealed(plan.countries), authorised=sealed(plan.authorised))


def _parameters(plan: Plan, targets: Sequence[Target]) -> dict[str, Any]:
    return {
        "targets": digest(canonical([target.subject for target in targets])),
        "jurisdiction": plan.jurisdiction,
        "countries": f"sha256:{plan.countries.name}" if plan.countries else None,
        "authorised": f"sha256:{plan.authorised.name}" if plan.authorised else None,
        "conduct": plan.conduct.isoformat(),
        "decision": plan.decision.isoformat(),
        "vantages": [msgspec.to_builtins(v, str_keys=True) for v in (plan.outside, plan.inside)],
    }
