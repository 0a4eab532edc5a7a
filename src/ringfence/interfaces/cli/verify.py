"""`ringfence verify`: check that active orders work and hit nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from ringfence.cases.docket import Cases
from ringfence.cases.order import Order
from ringfence.core.errors import InputError, OutsideError
from ringfence.core.time import now
from ringfence.desks.access.health import health
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.interfaces.cli.common import (
    choose_sides,
    emit,
    json_option,
    note,
    opened,
    store_option,
    table,
    vantage_options,
)
from ringfence.interfaces.cli.compliance_table import show_compliance
from ringfence.pipeline import Verified, verify
from ringfence.pipeline.watch import watch as watching
from ringfence.verify.check import LIMIT, Check, overdue
from ringfence.verify.expectation import Expectation
from ringfence.verify.history import histories, timeline
from ringfence.verify.verification import Verification


@click.command(name="verify")
@click.argument("orders", nargs=-1, metavar="[ORDER]...")
@click.option("--watch", is_flag=True, help="Look again until everything is met or overdue.")
@click.option("--limit", type=float, default=LIMIT, show_default=True, help="Seconds until overdue.")
@click.option("--popular", multiple=True, metavar="NAME", help="A name everybody uses, to be probed too.")
@click.option("--compliance", is_flag=True, help="Look at nothing: compliance over time, from the record.")
@click.option("--picture", type=click.Path(path_type=Path), help="Draw compliance over time (.svg, .png).")
@vantage_options
@store_option
@json_option
def command(
    orders: tuple[str, ...],
    watch: bool,
    limit: float,
    popular: tuple[str, ...],
    compliance: bool,
    picture: Path | None,
    vantage_names: tuple[str, ...],
    vantage_file: Path | None,
    store: Path | None,
    as_json: bool,
) -> int:
    """Check ORDERs (default: all in force, and those that ended and are not yet seen lifted) from the
    vantages named, and probe their neighbours.

    An order in force must be blocked inside, at its name and below it, and accessible outside; an
    order that has ended must be accessible inside again; neighbours must be accessible throughout.
    Name as many vantages inside as there are resolvers to check. Exit 1 if something is overdue, 3 if
    a vantage itself does not work.

    \b
    Examples:
      ringfence verify --vantage home --vantage abroad --watch
      ringfence verify --compliance --picture compliance.svg
    """
    if picture is not None and picture.suffix not in (".svg", ".png"):
        raise InputError(f"no picture of the kind {picture.suffix!r}", hint="name it .svg or .png")
    if compliance:
        with opened(store, make=False) as house:
            _record(house, orders, picture, as_json)
        return 0
    outside, inside = choose_sides(vantage_names, vantage_file)
    if not inside:
        raise InputError(
            "a block can only be verified from inside",
            hint="name a vantage with role = 'inside' and one outside: see docs/guide/vantages.md",
        )
    if len(outside) > 1:
        raise InputError("two vantages outside", hint="one is the control; name as many inside as you like")
    vantages = (*outside, *inside)
    with opened(store) as house:
        verified = asyncio.run(_look(house, orders, vantages, popular, limit if watch else None))
        _show(verified, vantages, as_json)
        if not as_json:
            _record(house, orders, picture, as_json=False)
        elif picture is not None:
            _draw(house, orders, picture)
    return 1 if overdue(verified.expectations, verified.checks, now(), limit) else 0


async def _look(
    house: Store,
    names: tuple[str, ...],
    vantages: tuple[Vantage, ...],
    popular: tuple[str, ...],
    limit: float | None,
) -> Verified:
    for vantage in vantages:
        state = await health(vantage)
        if not state.alive:
            raise OutsideError(
                f"nothing can be verified from {vantage.name}: {state.why}",
                hint="what a dead vantage fails to reach would look blocked; mend it, or name another",
            )
    wanted = _orders(house, names)
    if limit is None:
        return await verify(house, wanted(), vantages, popular=popular)
    return await watching(house, wanted, vantages, limit=limit, popular=popular, told=_told)


def _told(verified: Verified) -> None:
    met = sum(check.met is True for check in verified.checks)
    note(f"{met} of {len(verified.expectations)} met")


def _orders(house: Store, names: tuple[str, ...]) -> Callable[[], Iterable[Order]]:
    cases = Cases(house.database, log.seal)
    room = Verification(house.database, log.seal)

    def named() -> list[Order]:
        return [cases.order(name) for name in names]

    def due() -> list[Order]:
        at, lifted = now(), room.lifted()
        return [
            order
            for order in cases.orders()
            if order.in_force(at) or (order.activated_at is not None and order.id not in lifted)
        ]

    return named if names else due


def _record(house: Store, orders: tuple[str, ...], picture: Path | None, as_json: bool) -> None:
    room = Verification(house.database, log.seal)
    show_compliance(histories(room.expectations(*orders), room.checks(*orders)), as_json)
    if picture is not None:
        _draw(house, orders, picture)


def _draw(house: Store, orders: tuple[str, ...], picture: Path) -> None:
    from ringfence.interfaces.report.compliance import draw

    room = Verification(house.database, log.seal)
    expected, checks = room.expectations(*orders), room.checks(*orders)
    laboratory = any(expectation.laboratory for expectation in expected)
    draw(histories(expected, checks), timeline(expected, checks), picture, laboratory=laboratory)
    note(f"drawn: {picture}")


def _show(verified: Verified, vantages: tuple[Vantage, ...], as_json: bool) -> None:
    if as_json:
        for expectation, check in _pairs(verified):
            emit(check.to_json() | {"expect": expectation.expect, "purpose": expectation.purpose})
        return
    words = {True: "met", False: "NOT MET", None: "unknown"}
    rows = [
        (
            check.order,
            expectation.host,
            f"{expectation.expect} ({expectation.purpose.replace('_', ' ')})",
            check.vantage,
            words[check.met],
            "–" if check.seconds is None else f"{check.seconds:.1f}",
            check.why,
        )
        for expectation, check in _pairs(verified)
    ]
    title = f"{len(rows)} expectations from {', '.join(vantage.name for vantage in vantages)}"
    table(title, ("order", "host", "expected", "vantage", "is", "seconds", "why"), rows)


def _pairs(verified: Verified) -> list[tuple[Expectation, Check]]:
    checks = {check.expectation: check for check in verified.checks}
    return [(one, checks[one.id]) for one in verified.expectations if one.id in checks]
