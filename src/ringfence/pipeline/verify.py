"""Verify: expectations of orders against fresh observations, neighbours included."""

from __future__ import annotations

import asyncio
from collections.abc import Container, Iterable, Mapping

import msgspec

from ringfence.cases.order import Order
from ringfence.core.time import now
from ringfence.desks.access.find import judge, outside_word
from ringfence.desks.access.finding import ELEMENT
from ringfence.desks.access.observe import Limiter, Sealed, Session
from ringfence.desks.access.ours import landing
from ringfence.desks.platforms.observe import observe_landing
from ringfence.evidence import log, store, warc
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.pipeline.screen import CONCURRENT
from ringfence.rulebook.records import (
    subjects_found,
)
from ringfence.verify.check import Check, check
from ringfence.verify.collateral import EACH, collateral_expectations, neighbours
from ringfence.verify.expectation import Expectation, expectations
from ringfence.verify.seen import Seen
from ringfence.verify.verification import Verification


class Verified(msgspec.Struct, frozen=True):
    """What was expected and what was found, and the looks behind it."""

    expectations: tuple[Expectation, ...]
    checks: tuple[Check, ...]


async def verify(
    house: Store,
    orders: Iterable[Order],
    vantages: tuple[Vantage, ...],
    *,
    each: int = EACH,
    popular: Iterable[str] = (),
    only: Container[str] | None = None,
) -> Verified:
    """Check orders from every vantage, and probe the neighbours that a block could hit. ``popular`` are
    names that everybody uses and that can be reached; with ``only``, of what is expected only these
    hosts are looked at and checked.

    Every look is kept as an observation; checks are recorded and sealed. An order is looked at by
    its name, by a fresh label below its wildcard, and by the reference that the resolver gives.
    """
    orders = tuple(orders)
    room = Verification(house.database, log.seal)
    planned = _expected(house, orders, vantages, each, tuple(popular))
    room.plan(planned)
    looked = [expectation for expectation in planned if only is None or expectation.host in only]
    # One probe a host, whoever expects something of it; a wildcard gets a fresh label.
    probes = {expectation.host: expectation.probe() for expectation in looked}
    asked = {e.host for e in planned if e.purpose in ("name", "below")}
    seen = await looks(house, probes, vantages, asked)
    first = _first_met(room.checks(*(order.id for order in orders)))
    found = tuple(_since_first(check(expectation, seen), first) for expectation in looked)
    room.record(found)
    return Verified(tuple(planned), found)


def _first_met(checks: Iterable[Check]) -> dict[str, int]:
    """Milliseconds to the first look that met each expectation, over all checks so far."""
    first: dict[str, int] = {}
    for one in checks:
        if one.after_ms is not None:
            first[one.expectation] = min(one.after_ms, first.get(one.expectation, one.after_ms))
    return first


def _since_first(one: Check, first: dict[str, int]) -> Check:
    # A look made again tomorrow does not make the block a day slower.
    known = first.get(one.expectation)
    return one if known is None else msgspec.structs.replace(one, after_ms=known)


def _expected(
    house: Store,
    orders: tuple[Order, ...],
    vantages: tuple[Vantage, ...],
    each: int,
    popular: tuple[str, ...],
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
        under = min((host for host in addresses if host.endswith("." + order.scope.host)), default=None)
        planned += expectations(order, vantages, at=at, known_below=under)
        if order.in_force(at):
            near = neighbours(order, addresses, ordered, popular, each=each)
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
