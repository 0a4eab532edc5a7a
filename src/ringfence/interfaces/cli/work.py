"""`ringfence work`: run what is due, here or on several machines."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.core.errors import InputError, RingfenceError
from ringfence.core.settings import Settings
from ringfence.interfaces.cli.common import (
    FILE,
    choose_sides,
    emit,
    json_option,
    note,
    opened,
    store_option,
    vantage_options,
)

if TYPE_CHECKING:
    from ringfence.pipeline.duties import Duties
    from ringfence.pipeline.keep import Keeper


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and end.")
@click.option("--jurisdiction", default="cn", show_default=True, help="The pack for looking again.")
@click.option(
    "--keep", "wanted", multiple=True, metavar="TARGET=PATH", help="Keep a published file up to date."
)
@click.option("--then", multiple=True, metavar="TARGET=COMMAND", help="Run this when that file has changed.")
@click.option("--redirect", multiple=True, metavar="ADDRESS", help="The block page's address (rpz, dnsmasq).")
@click.option("--key", "keys", multiple=True, type=FILE, help="The key that signs (feed).")
@click.option("--days", default=7, type=click.IntRange(1, 90), help="How long a feed's head is good.")
@click.option("--cohosts", type=FILE, help="Co-hosting export (nftables).")
@click.option("--laboratory", is_flag=True, help="What is kept is inside the laboratory; its orders only.")
@vantage_options
@store_option
@json_option
def command(
    once: bool,
    jurisdiction: str,
    wanted: tuple[str, ...],
    then: tuple[str, ...],
    redirect: tuple[str, ...],
    keys: tuple[Path, ...],
    days: int,
    cohosts: Path | None,
    laboratory: bool,
    vantage_names: tuple[str, ...],
    vantage_file: Path | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Run what is due until interrupted: end orders whose time is up and suspend those whose deferral of
    notice has lapsed, send notices by mail (RINGFENCE_SMTP), keep published files up to date (--keep), look
    again at sites with an open case (daily), verify orders (hourly, and at once where a list changed), erase
    what retention orders say (daily).

    On SQLite one process does it. With RINGFENCE_DATABASE any number of machines do, all with the same
    folder of blobs: what a dead one had begun is taken over. Looks are spread over their interval, and
    what cannot be done is tried again later each time. Without a vantage inside, nothing is verified.

    \b
    Example:
      ringfence work --vantage home --vantage abroad --keep rpz=/srv/rpz.zone
    """
    from ringfence.core.relay import Relay
    from ringfence.interfaces.cli.keep import keepers
    from ringfence.pipeline.duties import Duties
    from ringfence.pipeline.post import Post

    outside, inside = choose_sides(vantage_names, vantage_file) if vantage_names else ([], [])
    if len(outside) > 1:
        raise InputError("two vantages outside", hint="one is the control; name as many inside as you like")
    relay = Relay.from_settings(Settings.read())
    with opened(store, make=False) as house:
        if relay is not None:
            relay.login()  # a file that cannot be used is found now, and not at the first notice
        post = Post(house, relay, said) if relay is not None else None
        duties = Duties(house, jurisdiction, tuple(inside), next(iter(outside), None), post)
        kept = keepers(
            house, wanted, then,
            redirect=redirect, keys=keys, days=days, cohosts=cohosts, laboratory=laboratory,
        )  # fmt: skip
        new = asyncio.run(_once(duties, kept) if once else _on(duties, kept))
    if as_json:
        emit({"done": new})
    else:
        note(f"{new} done")


def said(text: str) -> None:
    """A failure that is tried again, for whoever reads the log of this process."""
    note(f"ringfence: {text}; it is tried again")


async def _due(duties: Duties, *, once: bool) -> int:
    if duties.house.database.kind == "postgresql":
        from ringfence.core import workers

        return await workers.run(duties.due, duties.doers, plan=duties.plan, until_idle=once)
    return await duties.loop(once=once)


async def _once(duties: Duties, kept: list[Keeper]) -> int:
    """Files before and after what is due: orders may end by it, and what was published is verified."""
    from ringfence.pipeline.keep import keep

    failed, changes = None, 0
    try:
        changes = await keep(kept, said, duties.turned, once=True)
    except RingfenceError as error:
        failed = error  # an order ends, and a notice leaves, whatever a file's matter is
    new = await _due(duties, once=True)
    if failed is not None:
        raise failed
    return new + changes + await keep(kept, said, duties.turned, once=True)


async def _on(duties: Duties, kept: list[Keeper]) -> int:
    """Both at the same time: a file never waits for a look at a thousand sites."""
    from ringfence.pipeline.keep import keep

    try:
        async with asyncio.TaskGroup() as tasks:
            done = tasks.create_task(_due(duties, once=False))
            if kept:
                tasks.create_task(keep(kept, said, duties.turned))
    except* RingfenceError as several:
        raise several.exceptions[0] from None
    return done.result()
