"""`ringfence verify`: check that active orders work and hit nothing else."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click

from ringfence.cases.docket import Cases
from ringfence.cases.order import Order
from ringfence.core.errors import InputError
from ringfence.core.time import now
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage
from ringfence.interfaces.cli.common import (
    choose,
    emit,
    json_option,
    note,
    opened,
    store_option,
    table,
    vantage_options,
)
from ringfence.pipeline import Verified, verify
from ringfence.verify.check import LIMIT, overdue

EVERY = 5.0  # seconds between looks of --watch


@click.command(name="verify")
@click.argument("orders", nargs=-1, metavar="[ORDER]...")
@click.option("--watch", is_flag=True, help="Look again until everything is met or overdue.")
@click.option("--limit", type=float, default=LIMIT, show_default=True, help="Seconds until overdue.")
@vantage_options
@store_option
@json_option
def command(
    orders: tuple[str, ...],
    watch: bool,
    limit: float,
    vantage_names: tuple[str, ...],
    vantage_file: Path | None,
    store: Path | None,
    as_json: bool,
) -> int:
    """Check ORDERs (default: all that are active) from the vantages named, and probe their neighbours.

    An order in force must be blocked inside, at its name and below it, and accessible outside; an
    order that has ended must be accessible inside again; neighbours must be accessible throughout.
    Exit 1 if something is overdue.
    """
    outside, inside = choose(vantage_names, vantage_file)
    if inside is None:
        raise InputError(
            "a block can only be verified from inside",
            hint="name a vantage with role = 'inside' and one outside: see docs/guide/vantages.md",
        )
    vantages = tuple(vantage for vantage in (outside, inside) if vantage is not None)
    with opened(store) as house:
        wanted = _orders(house, orders)
        verified = asyncio.run(verify(house, wanted, vantages))
        late = overdue(verified.expectations, verified.checks, now(), limit)
        while watch and not late and any(check.met is not True for check in verified.checks):
            met = sum(check.met is True for check in verified.checks)
            note(f"{met} of {len(verified.checks)} met; looking again")
            time.sleep(EVERY)
            verified = asyncio.run(verify(house, wanted, vantages))
            late = overdue(verified.expectations, verified.checks, now(), limit)
    _show(verified, vantages, as_json)
    return 1 if late else 0


def _orders(house: Store, names: tuple[str, ...]) -> list[Order]:
    cases = Cases(house.database, log.seal)
    if names:
        return [cases.order(name) for name in names]
    return [order for order in cases.orders("active") if order.in_force(now())]


def _show(verified: Verified, vantages: tuple[Vantage, ...], as_json: bool) -> None:
    if as_json:
        for expectation, check in zip(verified.expectations, verified.checks, strict=True):
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
        for expectation, check in zip(verified.expectations, verified.checks, strict=True)
    ]
    title = f"{len(rows)} expectations from {', '.join(vantage.name for vantage in vantages)}"
    table(title, ("order", "host", "expected", "vantage", "is", "seconds", "why"), rows)
