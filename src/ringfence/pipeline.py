"""The way through, as one readable module: observe → find → assess → open a case; and back: replay.

    the world ──observe──▶ Observation ──find──▶ Finding ──assess──▶ Assessment ──▶ Case

Deciding, publishing and verifying go on from there in `cases`, `enforce` and `verify`; what of
them needs fresh observations is at the end of this module.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Container, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import select

from ringfence.cases.docket import Cases
from ringfence.cases.order import Order
from ringfence.core.bulk import map_batches, workers
from ringfence.core.canonical import canonical, digest
from ringfence.core.country import Countries
from ringfence.core.offline import close_network
from ringfence.core.time import now
from ringfence.core.work import Run, alone, run_items, runs
from ringfence.desks.access.find import Verdict, judge, landing, outside_word
from ringfence.desks.access.finding import ELEMENT, to_finding
from ringfence.desks.access.observe import Limiter, Sealed, Session
from ringfence.desks.platforms.find import find
from ringfence.desks.platforms.look import Look
from ringfence.desks.platforms.observe import observe, observe_landing
from ringfence.evidence import log, store, warc
from ringfence.evidence.observation import Observation
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.rulebook.assess import assess
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.choose import best
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.provision import Pack
from ringfence.rulebook.records import (
    assessments,
    findings,
    keep_assessments,
    keep_findings,
    load_assessment,
    subjects_found,
    unlike,
)
from ringfence.verify.check import Check, check
from ringfence.verify.collateral import EACH, collateral_expectations, neighbours
from ringfence.verify.expectation import Expectation, expectations
from ringfence.verify.seen import Seen
from ringfence.verify.verification import Verification

_logger = logging.getLogger(__name__)

CONCURRENT: Final = 32  # subjects looked at together
WINDOW: Final = 512  # subjects begun and not yet handed on, so that one slow site holds up no other
BATCH: Final = 16  # subjects analysed and committed together
FEW: Final = 4  # up to so many subjects, starting processes costs more than they save


class Target(msgspec.Struct, frozen=True):
    """A site to look at, and the name by which it was asked for."""

    subject: str
    host: str
    name: str


class Plan(msgspec.Struct, frozen=True):
    """What a screening is made with. ``conduct`` and ``decision`` are dates of law (see rulebook);
    ``countries`` is a file of address ranges, None for the bundled ones."""

    jurisdiction: str
    conduct: date
    decision: date
    outside: Vantage | None
    inside: Vantage | None
    countries: Path | None = None
    fresh: bool = False


class Captured(msgspec.Struct, frozen=True):
    """What was seen of one target: canonical observations and their captures, by side."""

    target: Target
    outside: tuple[bytes, bytes] | None
    inside: tuple[bytes, bytes] | None


class Screened(msgspec.Struct, frozen=True):
    """What a screening says of one target. ``inside`` and ``outside`` are verdict words (None: not
    looked at from there); ``already_unreachable``: blocked inside before any order of ours."""

    subject: str
    host: str
    kind: str
    inside: str | None
    outside: str | None
    stage: str | None
    outcome: str | None
    rules: tuple[str, ...]
    already_unreachable: bool
    findings: tuple[Finding, ...]
    assessment: str
    assessment_id: str | None
    provision: str | None
    reason: str
    laboratory: bool
    observations: tuple[str, ...] = ()
    case: str | None = None


class Analysed(msgspec.Struct, frozen=True):
    """The pure part's result: what is said, and the records it rests on."""

    screened: Screened
    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]


class Bench:
    """The reference data that the pure part reads, loaded once a process."""

    def __init__(self, jurisdiction: str, countries: Path | None, conduct: date, decision: date) -> None:
        self.pack: Pack = load_pack(jurisdiction)
        self.countries = Countries.load(countries)
        self.conduct = conduct
        self.decision = decision


# --- observe ------------------------------------------------------------------------------------


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


# --- find and assess: pure ------------------------------------------------------------------------


def analyse(captured: Captured, bench: Bench) -> Analysed:
    """From sealed bytes to findings and assessments. The same bytes and bench give the same result."""
    target = captured.target
    outside, outside_id, bodies = _open(captured.outside)
    inside, inside_id, more = _open(captured.inside)
    bodies |= more
    verdict = judge(inside, outside, bodies)
    names = tuple(name for name in (outside_id, inside_id) if name)
    lab = any(o.laboratory for o in (outside, inside) if o is not None)
    found = find(
        Look(
            subject=target.subject,
            host=target.host,
            outside=outside,
            outside_id=outside_id,
            inside=inside,
            inside_id=inside_id,
            bodies=bodies,
            geoblocked=verdict.outcome == "http.geoblock",
            geoblock_evidence=verdict.evidence[-1:],
        ),
        bench.countries,
    )
    made = (*found.findings, to_finding(verdict, target.subject, names, laboratory=lab))
    assessed = assess(bench.pack, made, conduct=bench.conduct, decision=bench.decision)
    screened = _screened(target, found.kind, verdict, inside, outside, made, assessed, names, lab)
    return Analysed(screened, made, assessed)


def _screened(
    target: Target,
    kind: str,
    verdict: Verdict,
    inside: Observation | None,
    outside: Observation | None,
    made: tuple[Finding, ...],
    assessed: tuple[Assessment, ...],
    observations: tuple[str, ...],
    laboratory: bool,
) -> Screened:
    choice = best(assessed)
    chosen = choice.assessment if choice is not None else None
    return Screened(
        subject=target.subject,
        host=target.host,
        kind=kind,
        inside=verdict.verdict if inside is not None else None,
        outside=outside_word(outside) if outside is not None else None,
        stage=verdict.stage if inside is not None else None,
        outcome=verdict.outcome if inside is not None else None,
        rules=verdict.rules,
        already_unreachable=False,  # said when it is kept: it depends on the orders in force
        findings=made,
        assessment=chosen.state if chosen is not None else "unclear",
        assessment_id=chosen.id if chosen is not None else None,
        provision=chosen.provision if chosen is not None else None,
        reason=chosen.reason if chosen is not None else "no provision was in force on that date",
        laboratory=laboratory,
        observations=observations,
    )


def _open(sealed: tuple[bytes, bytes] | None) -> tuple[Observation | None, str | None, dict[str, bytes]]:
    if sealed is None:
        return None, None, {}
    observation = msgspec.json.decode(sealed[0], type=Observation)
    bodies = {kept.digest: kept.data for kept in warc.read(sealed[1]) if kept.kind == "response"}
    return observation, store.observation_id(observation), bodies


_bench: Bench | None = None


def _prepare(*arguments: Any) -> None:  # noqa: ANN401 (what `Bench` takes)
    global _bench
    _bench = Bench(*arguments)


def _analyse_batch(batch: list[Captured]) -> list[Analysed]:
    if _bench is None:
        raise RuntimeError("the worker was not prepared")
    return [analyse(captured, _bench) for captured in batch]


# --- screen: observe, find, assess, keep, open cases -----------------------------------------------


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
    parameters = (plan.jurisdiction, plan.countries, plan.conduct, plan.decision)
    with alone(house.folder, "screen"):
        run = Run.begin(house.database, "screen", _parameters(plan, wanted))
        if few:
            _prepare(*parameters)
            async for screened in _screen(house, cases, run, wanted, plan, None):
                yield screened
        else:
            with workers(_prepare, parameters) as pool:
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
                results = await loop.run_in_executor(self._pool, _analyse_batch, captured)
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


def _parameters(plan: Plan, targets: Sequence[Target]) -> dict[str, Any]:
    return {
        "targets": digest(canonical([target.subject for target in targets])),
        "jurisdiction": plan.jurisdiction,
        "countries": str(plan.countries) if plan.countries else None,
        "conduct": plan.conduct.isoformat(),
        "decision": plan.decision.isoformat(),
        "vantages": [msgspec.to_builtins(v, str_keys=True) for v in (plan.outside, plan.inside)],
    }


# --- replay -------------------------------------------------------------------------------------


class Replayed(msgspec.Struct, frozen=True):
    """How many subjects, findings and assessments were made again; ids of those whose bytes differ."""

    subjects: int
    findings: int
    assessments: int
    different: tuple[str, ...]

    @property
    def identical(self) -> bool:
        """Whether every byte came out the same."""
        return not self.different


def replay(house: Store, progress: Callable[[int], None] = lambda _: None) -> Replayed:
    """Find and assess again over everything stored, and compare the bytes. Touches no network: the
    processes that do the work refuse to open a socket."""
    subjects = made_findings = made_assessments = 0
    different: list[str] = []
    with house.database.read() as connection:
        screenings = [
            (run, json)
            for run, json in connection.execute(
                select(runs.c.id, runs.c.parameters)
                .where(runs.c.kind == "screen")
                .order_by(runs.c.started, runs.c.id)
            )
        ]
    for run, json in screenings:
        plan = msgspec.json.decode(json)
        arguments = (
            plan["jurisdiction"],
            Path(plan["countries"]) if plan["countries"] else None,
            date.fromisoformat(plan["conduct"]),
            date.fromisoformat(plan["decision"]),
        )
        with workers(_prepare_offline, arguments) as pool:
            for batch in map_batches(pool, _analyse_batch, _stored(house, run)):
                with house.database.read() as connection:
                    for analysed in batch:
                        subjects += 1
                        made_findings += len(analysed.findings)
                        made_assessments += len(analysed.assessments)
                        different += unlike(connection, findings, analysed.findings)
                        different += unlike(connection, assessments, analysed.assessments)
                progress(len(batch))
    return Replayed(subjects, made_findings, made_assessments, tuple(different))


def _prepare_offline(*arguments: Any) -> None:  # noqa: ANN401 (what `Bench` takes)
    close_network()
    _prepare(*arguments)


def _stored(house: Store, run: str) -> Iterator[list[Captured]]:
    """What a run captured, read back from the store, in batches."""
    of_run = select(run_items.c.item, run_items.c.result).where(run_items.c.run == run)
    after = ""
    while True:
        with house.database.read() as connection:
            rows = connection.execute(
                of_run.where(run_items.c.item > after).order_by(run_items.c.item).limit(BATCH)
            ).all()
        if not rows:
            return
        after = rows[-1].item
        batch = []
        for row in rows:
            screened = msgspec.json.decode(row.result, type=Screened)
            sides: dict[str, tuple[bytes, bytes]] = {}
            for name in screened.observations:
                observation = house.observation(name)
                sides[observation.role] = (canonical(observation), house.blobs.get(observation.capture))
            target = Target(screened.subject, screened.host, screened.host)
            batch.append(Captured(target, sides.get("outside"), sides.get("inside")))
        yield batch


# --- verify: expectations against fresh observations ---------------------------------------------


class Verified(msgspec.Struct, frozen=True):
    """What was expected and what was found, and the looks behind it."""

    expectations: tuple[Expectation, ...]
    checks: tuple[Check, ...]


async def verify(
    house: Store, orders: Iterable[Order], vantages: tuple[Vantage, ...], *, each: int = EACH
) -> Verified:
    """Check orders from every vantage, and probe the neighbours that a block could hit.

    Every look is kept as an observation; checks are recorded and sealed. An order is looked at by
    its name, by a fresh label below its wildcard, and by the reference that the resolver gives.
    """
    orders = tuple(orders)
    room = Verification(house.database, log.seal)
    planned = _expected(house, orders, vantages, each)
    room.plan(planned)
    # One probe a host, whoever expects something of it; a wildcard gets a fresh label.
    probes = {expectation.host: expectation.probe() for expectation in planned}
    asked = {e.host for e in planned if e.purpose in ("name", "below")}
    seen = await looks(house, probes, vantages, asked)
    found = tuple(check(expectation, seen) for expectation in planned)
    room.record(found)
    return Verified(tuple(planned), found)


def _expected(
    house: Store, orders: tuple[Order, ...], vantages: tuple[Vantage, ...], each: int
) -> list[Expectation]:
    at = now()
    with house.database.read() as connection:
        # A neighbour that was blocked or down before any order of ours tells nothing about ours.
        answered = subjects_found(connection, ELEMENT, "met")
        placed = store.addresses(connection)
    of_orders = {order.scope.host for order in orders}
    addresses = {
        host: found for host, found in placed.items() if host in of_orders or f"site:{host}" in answered
    }
    ordered = {order.scope.host for order in orders if order.in_force(at)}
    planned: list[Expectation] = []
    for order in orders:
        planned += expectations(order, vantages, at=at)
        if order.in_force(at):
            near = neighbours(order, addresses, ordered, each=each)
            planned += collateral_expectations(order, near, vantages)
    return planned


async def looks(
    house: Store, probes: Mapping[str, str], vantages: tuple[Vantage, ...], asked: Container[str] = ()
) -> list[Seen]:
    """Look at hosts from every vantage and keep what was seen. ``probes`` maps what is wanted (a host, or
    ``*.name``) to the host to look at; of those in ``asked`` the resolver inside is asked for the order."""
    limiter = Limiter()
    gate = asyncio.Semaphore(CONCURRENT)

    async def probe(wanted: str, host: str) -> list[Seen]:
        async with gate:
            sealed: dict[str, Sealed] = {}
            references: dict[str, str | None] = {}
            for vantage in vantages:
                if wanted.startswith("*.") and vantage.role == "outside":
                    continue
                async with Session(vantage, f"site:{host}", limiter) as session:
                    await observe_landing(session.fetch, host)
                    if wanted in asked and vantage.role == "inside":
                        references[vantage.name] = _order_named(await session.texts(host))
                    sealed[vantage.name] = session.seal()
        return await asyncio.to_thread(_keep_looks, house, host, vantages, sealed, references)

    results = await asyncio.gather(*(probe(wanted, host) for wanted, host in sorted(probes.items())))
    return [look for result in results for look in result]


def _keep_looks(
    house: Store,
    host: str,
    vantages: tuple[Vantage, ...],
    sealed: dict[str, Sealed],
    references: dict[str, str | None],
) -> list[Seen]:
    house.blobs.put_many(one.capture for one in sealed.values())
    with house.database.begin() as connection:
        names = {vantage: store.keep(connection, one.observation) for vantage, one in sealed.items()}
    control = next((sealed[v.name] for v in vantages if v.role == "outside" and v.name in sealed), None)
    seen = []
    for vantage in vantages:
        if vantage.name not in sealed:
            continue
        one = sealed[vantage.name]
        bodies = _bodies(one) | (_bodies(control) if control is not None else {})
        if vantage.role == "inside":
            verdict = judge(one.observation, control.observation if control else None, bodies)
            word, stage, outcome = verdict.verdict, verdict.stage, verdict.outcome
        else:
            exchange = landing(one.observation)
            word = outside_word(one.observation)
            stage, outcome = (exchange.stage, exchange.outcome) if exchange else (None, "control.failed")
        seen.append(
            Seen(
                vantage=vantage.name,
                host=host,
                verdict=word,
                observed_at=one.observation.started,
                evidence=names[vantage.name],
                stage=stage,
                outcome=outcome,
                reference=references.get(vantage.name),
            )
        )
    return seen


def _bodies(sealed: Sealed) -> dict[str, bytes]:
    return {kept.digest: kept.data for kept in warc.read(sealed.capture) if kept.kind == "response"}


def _order_named(texts: tuple[str, ...]) -> str | None:
    return next((text.removeprefix("order=") for text in texts if text.startswith("order=")), None)
