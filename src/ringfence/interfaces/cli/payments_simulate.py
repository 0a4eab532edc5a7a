"""`ringfence payments simulate`: a labelled world of payments."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.interfaces.cli.common import DATE, emit, json_option, progress, table

if TYPE_CHECKING:
    from ringfence.desks.payments.world.evasion import Level
    from ringfence.desks.payments.world.table import Format


@click.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option("--seed", required=True, type=int, help="1-99 for development, 1001 and above for reporting.")
@click.option("--accounts", default=5000, show_default=True, help="Accounts in all.")
@click.option("--days", default=14, show_default=True, help="Local days.")
@click.option("--guilty", default=0.01, show_default=True, help="Share of the accounts, or their number.")
@click.option("--format", "kind", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--currency", default="CNY", show_default=True, help="CNY, USD, EUR, HKD or SGD.")
@click.option("--start", type=DATE, default="2026-03-02", show_default=True, help="The first day.")
@click.option(
    "--evasion", type=click.Choice(["none", "some", "hard"]), default="some", show_default=True,
    help="How well the guilty hide.",
)  # fmt: skip
@click.option("--tz", default="Asia/Shanghai", show_default=True, help="The time zone people live in.")
@json_option
def simulate(
    out: Path, seed: int, accounts: int, days: int, guilty: float, kind: Format, currency: str, start: date,
    evasion: Level, tz: str, as_json: bool,
) -> int:  # fmt: skip
    """Write a labelled world of payments: dealers, scan-code pools, layered hops, and honest trade that
    looks like them. The same seed gives the same bytes; the README beside them lists every parameter drawn.

    \b
    Example:
      ringfence payments simulate --out world --seed 1 --accounts 5000 --days 14
    """
    from ringfence.desks.payments.world.simulate import Asked
    from ringfence.desks.payments.world.simulate import simulate as made

    asked = Asked(seed, accounts, days, guilty, kind, currency, start, evasion, tz)
    began = time.monotonic()
    with progress("days", days) as tick:
        found = asdict(made(asked, out, tick))
    found |= {"seconds": round(time.monotonic() - began, 2), "out": str(out)}
    if as_json:
        emit(found)
    else:
        table("A world of payments", ("what", "value"), [(name, str(value)) for name, value in found.items()])
    return 0
