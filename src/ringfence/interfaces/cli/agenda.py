"""`ringfence orders due`: everything that waits for a person, the most urgent first."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option
from ringfence.interfaces.cli.known import docket

if TYPE_CHECKING:
    from ringfence.cases.agenda import Item
    from ringfence.evidence.store import Store


@click.command()
@click.option(
    "--days", default=14, show_default=True, type=click.IntRange(0, 366), help="How far ahead dates count."
)
@store_option
@json_option
def due(days: int, store: Path | None, as_json: bool) -> None:
    """List what waits for a person: notices, replies, deferrals, appeals, orders to be activated, looked at
    again or renewed, and lists that lag behind. What is overdue comes first."""
    with opened(store, make=False) as house:
        found = agenda(house, days)
        at = docket(house).clock()
    if as_json:
        for item in found:
            emit(msgspec.to_builtins(item))
        return
    for item in found:
        when = f"{'overdue since' if item.overdue else 'by'} {item.by[:10]}" if item.by else "now"
        click.echo(f"{item.kind}, {when}, waiting {_days(item.since, at)}: {item.order}: {item.what}")
        click.echo(f"    {item.do}")
    note(f"{len(found)} {'thing waits' if len(found) == 1 else 'things wait'} for a person")


def agenda(house: Store, days: int) -> list[Item]:
    """The agenda of the docket and of the published lists together."""
    from ringfence.cases.agenda import Item
    from ringfence.core.settings import Settings
    from ringfence.enforce.behind import behind

    cases = docket(house)
    found = cases.agenda(days, mailed=Settings.read().smtp is not None)
    with house.database.read() as connection:
        lists = behind(connection, cases.clock())
    for one in lists:
        what = f"{one.place} {'still has it' if one.holds else 'does not have it yet'}"
        publish = "ringfence publish live" if one.place.startswith("live ") else "ringfence publish --target "
        do = publish if publish.endswith("live") else publish + one.place.partition(" ")[0]
        # A list that blocks without an order is late from the first moment; so is an order without effect.
        kind = "withdraw" if one.holds else "publish"
        found.append(Item(kind, one.order, one.case, one.since, one.since, True, what, do))  # type: ignore[arg-type]
    return sorted(found, key=lambda item: item.urgency)


def _days(since: str, at: datetime) -> str:
    from ringfence.core.time import parse_stamp

    days = max(0, (at - parse_stamp(since)).days)
    return f"{days} day{'' if days == 1 else 's'}"
