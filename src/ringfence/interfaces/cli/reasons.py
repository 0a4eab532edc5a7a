"""`ringfence orders reasons` and `export`: statements of reasons, and orders for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option
from ringfence.interfaces.cli.known import docket
from ringfence.interfaces.cli.output import written


@click.command()
@click.argument("order")
@click.option(
    "--form",
    type=click.Choice(["authority", "platform"]),
    default="authority",
    show_default=True,
    help="An authority's order (DSA Art 9), or a platform's own decision (Art 17).",
)
@click.option("--language", help="en or zh (default: the pack's).")
@store_option
@json_option
def reasons(order: str, form: str, language: str | None, store: Path | None, as_json: bool) -> None:
    """The statement of reasons of ORDER, made from its findings: in plain language, or --json in full."""
    with opened(store, make=False) as house:
        from ringfence.cases.reasons.authority import authority_statement
        from ringfence.cases.reasons.facts import facts
        from ringfence.cases.reasons.plain import LANGUAGES, notice_text
        from ringfence.cases.reasons.platform import platform_statement
        from ringfence.evidence import log
        from ringfence.verify.verification import Verification

        cases = docket(house)
        found = cases.order(order)
        undone = order in Verification(house.database, log.seal).lifted() if found.ended_at else None
        gathered = facts(cases, found, undone=undone or None)
    tongue = language or found.language
    if tongue not in LANGUAGES:
        raise InputError(f"no statement is written in {tongue!r}", hint="one of " + ", ".join(LANGUAGES))
    make = authority_statement if form == "authority" else platform_statement
    statement = make(gathered, tongue)
    if as_json:
        emit(statement)
    elif form == "authority":
        click.echo(notice_text(found, gathered.assessment, tongue, None), nl=False)
    else:
        for name, value in statement["statement"].items():
            click.echo(f"{name}: {', '.join(value) if isinstance(value, list) else value}")


@click.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="The file (default: standard output)."
)
@store_option
def export(out: Path | None, store: Path | None) -> None:
    """Orders as FollowTheMoney Sanction entities with their subjects, one JSON object a line."""
    with opened(store, make=False) as house:
        from ringfence.cases.sanction import write_sanctions
        from ringfence.register.store import Register

        cases = docket(house)
        orders = [order for order in cases.orders() if order.activated_at is not None]
        register = Register(house.database)
        subjects = {order.subject: register.get(order.subject) for order in orders}
        with written(out) as stream:
            stream.writelines(write_sanctions(orders, subjects, cases.clock()))
    note(f"{len(orders)} orders")
