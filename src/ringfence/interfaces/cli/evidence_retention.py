"""`ringfence evidence retention`: periods of a pack, and the standing orders to erase by them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.interfaces.cli.common import DATE, emit, json_option, note, opened, store_option, table, today

if TYPE_CHECKING:
    from ringfence.evidence.retention_order import RetentionOrder

by_option = click.option("--by", "person", required=True, help="The id of the administrator who orders it.")
reasons_option = click.option("--reasons", required=True, help="Why, in words.")
pack_option = click.option("--pack", default="cn", show_default=True, help="The pack whose periods count.")


@click.group()
def retention() -> None:
    """How long bodies are kept; and the orders under which they expire. Without one nothing does."""


@retention.command()
@pack_option
@click.option("--on", "day", type=DATE, help="The periods in force on this day (default: today).")
@json_option
def periods(pack: str, day: date | None, as_json: bool) -> None:
    """List the periods of a pack that are in force, with the source of each."""
    from ringfence.cases.keeping import words
    from ringfence.rulebook.retention import load_retention

    found = load_retention(pack).on(day or today())
    if as_json:
        for one in found:
            emit({**msgspec.to_builtins(one), "bound": one.bound, "duration": one.duration})
        return
    rows = [(one.id, one.kind, one.whose, one.mark or "house", words(one)) for one in found]
    table(f"{len(rows)} periods of {pack}", ("id", "kind", "whose", "mark", "how long"), rows)


@retention.command(name="list")
@store_option
@json_option
def list_(store: Path | None, as_json: bool) -> None:
    """List the retention orders in force."""
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        found = Keeping(house).orders()
    if as_json:
        for one in found:
            emit(order_json(one))
        return
    rows = [(one.id, str(one.period["id"]), one.person, one.until[:10], one.reasons) for one in found]
    table(f"{len(rows)} retention orders", ("id", "period", "by", "until", "reasons"), rows)


@retention.command()
@click.argument("period")
@by_option
@reasons_option
@click.option("--until", type=DATE, required=True, help="The order ends at 00:00 UTC of this day.")
@pack_option
@store_option
@json_option
def order(
    period: str, person: str, reasons: str, until: date, pack: str, store: Path | None, as_json: bool
) -> None:
    """Order that bodies are erased when PERIOD of a pack is over; `ringfence work` carries it out."""
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        _said(Keeping(house).order(pack, period, person, reasons, until), as_json)


@retention.command()
@click.argument("order")
@by_option
@reasons_option
@store_option
@json_option
def end(order: str, person: str, reasons: str, store: Path | None, as_json: bool) -> None:
    """End a retention ORDER now."""
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        _said(Keeping(house).end(order, person, reasons), as_json)


def order_json(made: RetentionOrder) -> dict[str, Any]:
    """A retention order without its salt, with its id."""
    return {"id": made.id, **{k: v for k, v in msgspec.to_builtins(made).items() if k != "salt"}}


def _said(made: RetentionOrder, as_json: bool) -> None:
    if as_json:
        emit(order_json(made))
    elif made.act == "end":
        note(f"{made.about} ended by {made.person}: {made.id}")
    else:
        note(f"{made.period['id']} ordered by {made.person} until {made.until[:10]}: {made.id}")
