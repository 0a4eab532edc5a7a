"""`ringfence work`: run what is due, here or on several machines."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import (
    choose_sides,
    emit,
    json_option,
    note,
    opened,
    store_option,
    vantage_options,
)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--jurisdiction", default="cn", show_default=True, help="The pack for looking again.")
@vantage_options
@store_option
@json_option
def command(
    once: bool,
    jurisdiction: str,
    vantage_names: tuple[str, ...],
    vantage_file: Path | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Run what is due until interrupted: end orders whose time is up, look again at sites with an open
    case (daily), verify orders (hourly), erase what retention orders say (daily).

    On SQLite one process does it. With RINGFENCE_DATABASE any number of machines do, all with the same
    folder of blobs: what a dead one had begun is taken over. Looks are spread over their interval, and
    what cannot be done is tried again later each time. Without a vantage inside, nothing is verified.

    \b
    Example:
      ringfence work --vantage home --vantage abroad
    """
    from ringfence.pipeline.duties import Duties

    outside, inside = choose_sides(vantage_names, vantage_file) if vantage_names else ([], [])
    if len(outside) > 1:
        raise InputError("two vantages outside", hint="one is the control; name as many inside as you like")
    with opened(store, make=False) as house:
        duties = Duties(house, jurisdiction, tuple(inside), next(iter(outside), None))
        if house.database.kind == "postgresql":
            from ringfence.core import workers

            new = asyncio.run(workers.run(duties.due, duties.doers, plan=duties.plan, until_idle=once))
        else:
            new = asyncio.run(duties.loop(once=once))
    if as_json:
        emit({"done": new})
    else:
        note(f"{new} done")
