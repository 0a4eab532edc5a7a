"""`ringfence orders appeal`: our own review, beside the statutory routes that an order names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option
from ringfence.interfaces.cli.known import docket
from ringfence.interfaces.cli.notices import hearing, lines, plain
from ringfence.interfaces.cli.view_orders import leaving, still_in

if TYPE_CHECKING:
    from ringfence.cases.appeal import Outcome
    from ringfence.cases.docket import Cases

_by = click.option("--by", "person", required=True, help="The id of the person who acts.")


@click.group()
def appeal() -> None:
    """Appeals: heard by an appeals officer who took no part in the order.

    They replace none of the statutory routes and time limits, which the order names.
    """


@appeal.command(name="file")
@click.argument("order")
@_by
@click.option("--appellant", required=True, help="Who appeals.")
@click.option("--grounds", required=True, help="What they say is wrong.")
@store_option
@json_option
def file_(order: str, person: str, appellant: str, grounds: str, store: Path | None, as_json: bool) -> None:
    """Enter an appeal against ORDER. It suspends nothing by itself (see orders suspend)."""
    with opened(store, make=False) as house:
        cases = docket(house)
        made = cases.appeal(order, appellant, grounds, person)
        routes = cases.order(order).appeal
    if as_json:
        emit({**plain(made), "statutory": list(routes)})
        return
    note(f"{made.id}: to be decided by an appeals officer who took no part in {order}")
    for route in routes:
        note(f"  beside it: {route}")


@appeal.command()
@click.argument("appeal_id", metavar="APPEAL")
@_by
@click.option("--outcome", type=click.Choice(["upheld", "dismissed", "partly"]), required=True)
@click.option("--reasons", required=True, help="Why, in words.")
@store_option
@json_option
def rule(appeal_id: str, person: str, outcome: str, reasons: str, store: Path | None, as_json: bool) -> None:
    """Rule on APPEAL. Upheld: the order is revoked, and leaves every list with the next publication."""
    with opened(store, make=False) as house:
        cases = docket(house)
        made = cases.rule(appeal_id, person, cast("Outcome", outcome), reasons)
        state = cases.order(made.order).standing(cases.clock())
        still = still_in(house, made.order) if made.outcome != "dismissed" else []
    if as_json:
        emit({**plain(made), "state": state, "still_in": still})
        return
    note(f"{made.order} is {state}: appeal {made.outcome}")
    if made.outcome != "dismissed":
        note(leaving(still))


@appeal.command(name="list")
@click.argument("order", required=False)
@store_option
@json_option
def list_(order: str | None, store: Path | None, as_json: bool) -> None:
    """List appeals with their rulings: of ORDER, or all."""
    with opened(store, make=False) as house:
        cases = docket(house)
        wanted = [cases.order(order).id] if order else [item.id for item in cases.orders()]
        found = {name: hearing(cases, name)["appeals"] for name in wanted} if order else _all(cases)
    for name, items in found.items():
        for item in items:
            if as_json:
                emit(item)
                continue
            for line in lines({"notices": [], "deferrals": [], "appeals": [item]}):
                click.echo(f"{name} {line}")


def _all(cases: Cases) -> dict[str, list[dict[str, object]]]:
    about = {event.order for event in cases.events() if event.kind == "appealed" and event.order}
    return {name: hearing(cases, name)["appeals"] for name in sorted(about)}
