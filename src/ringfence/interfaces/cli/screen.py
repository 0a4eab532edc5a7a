"""`ringfence screen`: look at hosts from outside and inside, and say what the law makes of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import click

from ringfence.core.errors import InputError, RingfenceError
from ringfence.evidence.store import Store
from ringfence.interfaces.cli.common import (
    DATE,
    FILE,
    choose,
    emit,
    json_option,
    note,
    opened,
    progress,
    store_option,
    table,
    today,
    vantage_options,
)
from ringfence.pipeline import FEW, Plan, Screened, Target, screen


@click.command(name="screen")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option(
    "--register",
    "register_file",
    type=FILE,
    help="CSV with at least name,host.",
)
@click.option("--encoding", help="Of the register, where it is not UTF-8 (for example gb18030).")
@click.option("--jurisdiction", default="cn", show_default=True, help="The rulebook pack to assess under.")
@click.option("--as-of", type=DATE, help="Date of conduct and of decision (default: today).")
@click.option("--conduct", type=DATE, help="Date of the conduct, where it differs from the decision's.")
@click.option("--decision", type=DATE, help="Date of the decision.")
@vantage_options
@click.option(
    "--countries",
    type=FILE,
    help="CSV start,end,country (default: the bundled ranges).",
)
@click.option("--authorised", type=FILE, help="Sealed register of authorised providers (JSON).")
@store_option
@json_option
def command(
    targets: tuple[str, ...],
    register_file: Path | None,
    encoding: str | None,
    jurisdiction: str,
    as_of: date | None,
    conduct: date | None,
    decision: date | None,
    vantage_names: tuple[str, ...],
    vantage_file: Path | None,
    countries: Path | None,
    authorised: Path | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Screen TARGETs (host names or URLs), or all hosts of a register.

    Each is looked at from every vantage named, with evidence kept in the store; findings and an
    assessment say what was seen and what the law of the jurisdiction makes of it. A case is opened
    where a provision is made out. Interrupted, the same command goes on where it was cut.

    \b
    Examples:
      ringfence screen exchange.example
      ringfence screen --register platforms.csv --vantages vantages.toml --vantage home --vantage abroad
    """
    if bool(targets) == bool(register_file):
        raise click.UsageError("name TARGETs or a --register FILE, one of the two")
    if as_of and (conduct or decision):
        raise click.UsageError("--as-of sets both dates: leave out --conduct and --decision")
    on = as_of or today()
    outside, inside = choose(vantage_names, vantage_file)
    plan = Plan(
        jurisdiction=jurisdiction,
        conduct=conduct or as_of or decision or on,
        decision=decision or as_of or today(),
        outside=outside,
        inside=inside,
        countries=countries.resolve() if countries else None,
        authorised=authorised.resolve() if authorised else None,
    )
    wanted, bad = read_targets(targets, register_file, encoding)
    if not wanted:
        raise InputError(
            "no target could be read", hint="write host names or URLs, one per argument or CSV row"
        )
    with opened(store) as house:
        results = asyncio.run(_run(house, wanted, plan, as_json))
    if not as_json:
        table(
            f"{len(results)} screened under {jurisdiction}, conduct {plan.conduct}, decision {plan.decision}",
            ("host", "kind", "inside", "outside", "assessment", "why", "case"),
            results,
        )
    if bad:
        note(f"{bad} of the rows could not be read (see above); the others were done")


async def _run(house: Store, targets: list[Target], plan: Plan, as_json: bool) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    with progress("screening", len(targets)) as advance:
        async for screened in screen(house, targets, plan, few=len(targets) <= FEW):
            advance(1)
            if as_json:
                emit(output(screened))
            else:
                rows.append(row(screened))  # a row is small: 10,000 of them are no burden
    return rows


def output(screened: Screened) -> dict[str, Any]:
    """The JSON of one subject: what others rely on, and more."""
    return {
        "subject": screened.subject,
        "host": screened.host,
        "kind": screened.kind,
        "inside": screened.inside,
        "outside": screened.outside,
        "stage": screened.stage,
        "outcome": screened.outcome,
        "rules": screened.rules,
        "already_unreachable": screened.already_unreachable,
        "findings": [
            {
                "id": finding.id,
                "element": finding.element,
                "state": finding.state,
                "reason": finding.reason,
                "score": finding.score,
                "evidence": finding.evidence,
                "features": finding.features,
            }
            for finding in screened.findings
        ],
        "assessment": screened.assessment,
        "provision": screened.provision,
        "why": screened.reason,
        "case": screened.case,
        "laboratory": screened.laboratory,
    }


def row(screened: Screened) -> tuple[str, ...]:
    """The line of one subject in the table."""
    inside = screened.inside or "–"
    if screened.already_unreachable:
        inside = f"already unreachable ({screened.outcome})"
    return (
        screened.host,
        screened.kind,
        inside,
        screened.outside or "–",
        screened.assessment.replace("_", " "),
        screened.reason,
        screened.case or "–",
    )


def read_targets(
    texts: Iterable[str], file: Path | None, encoding: str | None = None
) -> tuple[list[Target], int]:
    """Targets from arguments or a CSV; bad ones are reported on standard error and counted."""
    from ringfence.register.csvfile import read_csv
    from ringfence.register.csvtext import Problem
    from ringfence.register.host import canonical_host, site_host

    targets: list[Target] = []
    bad = 0
    if file is not None:
        for item in read_csv(file, encoding=encoding):
            if isinstance(item, Problem):
                bad += 1
                note(f"{file}:{item.line}: {item.problem} ({item.hint})")
            elif item.id.startswith("site:"):
                targets.append(Target(item.id, item.id.removeprefix("site:"), item.name))
    for text in texts:
        try:
            host = site_host(canonical_host(text))
        except RingfenceError as error:
            bad += 1
            note(f"{text[:120]!r}: {error.message} ({error.hint})")
        else:
            targets.append(Target(f"site:{host}", host, text))
    return targets, bad
