"""`ringfence cases`: which comes first, why, and what the law makes of it on another date."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import DATE, emit, json_option, note, opened, store_option, table, today
from ringfence.interfaces.cli.known import docket

if TYPE_CHECKING:
    from ringfence.cases.triage import Priority
    from ringfence.evidence.store import Store
    from ringfence.rulebook.assessment import Assessment
    from ringfence.rulebook.finding import Finding, State


@click.group(name="cases")
def command() -> None:
    """Cases: one subject under one provision, from the first assessment until it is closed.

    \b
    Examples:
      ringfence cases list
      ringfence cases show CA-7K3M-Q2ZD-91AB
      ringfence cases assess exchange.example --as-of 2018-08-24
    """


@command.command(name="list")
@click.option("--state", type=click.Choice(["open", "closed"]), help="Cases of one state only.")
@store_option
@json_option
def list_(state: str | None, store: Path | None, as_json: bool) -> None:
    """List cases, the first to be taken up first, with the reasons for that order.

    Reach, volume rank, harm and the ease of the smallest measure make a priority between 0 and 1000.
    It orders the desk's work and decides nothing. A subject that is already unreachable comes last.
    """
    with opened(store, make=False) as house:
        from ringfence.interfaces.cli.priorities import in_order

        found = in_order(house, docket(house), state)
    if as_json:
        for rank, case in found:
            emit({**msgspec.to_builtins(case), "priority": _priority(rank)})
        return
    rows = [
        (case.id, case.subject, case.state, _score(rank), f"{case.provision}: {_because(rank)}")
        for rank, case in found
    ]
    columns = ("case", "subject", "state", "priority", "because")
    table(f"{len(rows)} cases, the first to be taken up first", columns, rows)


@command.command()
@click.argument("case")
@store_option
@json_option
def show(case: str, store: Path | None, as_json: bool) -> None:
    """Explain a case: the element tree with states and reasons, exclusions, measures, orders, events."""
    from ringfence.interfaces.cli import explain_case as words

    with opened(store, make=False) as house:
        from ringfence.core.time import now
        from ringfence.interfaces.cli.priorities import of_case
        from ringfence.interfaces.cli.view_orders import order_json, order_line

        cases = docket(house)
        found = cases.case(case)
        assessment = cases.assessment(found.assessment)
        rank = of_case(house, cases, found)
        orders, events = cases.orders(case=case), cases.events(case=case)
        if as_json:
            emit(
                {
                    **msgspec.to_builtins(found),
                    "assessment": words.assessment_json(assessment),
                    "priority": _priority(rank),
                    "orders": [order_json(cases, order) for order in orders],
                    "events": [words.event_json(event) for event in events],
                }
            )
            return
    words.say(f"Case {found.id}: {found.subject}, {found.stage} since {found.closed_at or found.opened_at}")
    words.say(f"Priority {_score(rank)}: {_because(rank)}")
    words.print_lines(words.assessment_lines(assessment))
    words.say(f"Orders: {len(orders) or 'none'}")
    for order in orders:
        words.say(order_line(order, now()), 1)
    words.print_lines(words.event_lines(events))


@command.command()
@click.argument("subject", metavar="SUBJECT|HOST")
@click.option("--jurisdiction", default="cn", show_default=True, help="The rulebook pack to assess under.")
@click.option("--as-of", type=DATE, help="Date of conduct and of decision (default: today).")
@click.option("--conduct", type=DATE, help="Date of the conduct, where it differs from the decision's.")
@click.option("--decision", type=DATE, help="Date of the decision.")
@click.option(
    "--file", "filed", is_flag=True, help="Keep the assessments, and file the one chosen in a case."
)
@store_option
@json_option
def assess(
    subject: str,
    jurisdiction: str,
    as_of: date | None,
    conduct: date | None,
    decision: date | None,
    filed: bool,
    store: Path | None,
    as_json: bool,
) -> None:
    """Assess SUBJECT again from its stored findings, on other dates or under another pack.

    The breach is judged by the law on the date of conduct, measures by that on the date of decision.
    Nothing is looked at again, and nothing is stored without --file.
    """
    if as_of and (conduct or decision):
        raise click.UsageError("--as-of sets both dates: leave out --conduct and --decision")
    from ringfence.rulebook.assess import assess as judge
    from ringfence.rulebook.choose import best
    from ringfence.rulebook.pack import load_pack

    pack = load_pack(jurisdiction)
    decided = decision or as_of or today()
    acted = conduct or as_of or decision or today()
    with opened(store, make=False) as house:
        found = _findings(house, subject)
        made = judge(pack, found, conduct=acted, decision=decided)
        choice = best(made)
        case = _file(house, made, choice.assessment) if filed and choice is not None else None
    from ringfence.interfaces.cli.explain_case import emit_assessed, print_assessed

    chosen = choice.assessment if choice is not None else None
    if as_json:
        emit_assessed(found[0].subject, acted, decided, made, chosen, case)
        return
    print_assessed(pack, acted, made, chosen, case)
    if filed and case is None:
        note("kept, but no case: nothing is made out, and no case of this subject is open")


@command.command()
@click.argument("case")
@click.option("--by", "person", required=True, help="The id of the person who closes it.")
@click.option("--reasons", required=True, help="Why, in words.")
@store_option
@json_option
def close(case: str, person: str, reasons: str, store: Path | None, as_json: bool) -> None:
    """Close a case. One with a proposed or active order cannot be closed."""
    if not reasons.strip():
        raise InputError("closing a case needs reasons", hint="say in words why nothing more is to be done")
    with opened(store, make=False) as house:
        closed = docket(house).close(case, person, reasons.strip())
    if as_json:
        emit(closed)
    else:
        note(f"{closed.id} ({closed.subject}) is closed")


@command.command()
@click.argument("case")
@click.argument("element")
@click.option("--state", type=click.Choice(["met", "not_met", "unclear"]), required=True)
@click.option("--reason", required=True, help="What was read, and what it shows.")
@click.option("--by", "person", required=True, help="The id of the person who found it.")
@click.option(
    "--evidence", multiple=True, metavar="DIGEST", help="sha256:… of what was read; may be repeated."
)
@store_option
@json_option
def find(
    case: str, element: str, state: str, reason: str, person: str, evidence: tuple[str, ...],
    store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Record what a person finds of ELEMENT (or an exclusion, such as journalism) in CASE.

    It goes before any instrument's finding. The case is assessed again at once; where journalism is not
    ruled out any more, its orders are taken out of force.
    """
    with opened(store, make=False) as house:
        for digest in evidence:
            if not house.blobs.path(digest).exists():
                raise InputError(
                    f"nothing in this store has the digest {digest}", hint="see ringfence cases show"
                )
        cases = docket(house)
        finding, made = cases.find(case, element, cast("State", state), reason, person, evidence)
        orders = [order for order in cases.orders(case=case) if order.state == "suspended"]
    if as_json:
        emit(
            {
                "finding": finding.id,
                "element": element,
                "state": state,
                "assessment": made.id,
                "outcome": made.state,
                "reason": made.reason,
                "suspended": [order.id for order in orders],
            }
        )
        return
    note(f"{finding.id}; the case is {made.state.replace('_', ' ')} now: {made.reason}")
    for order in orders:
        note(f"{order.id} is suspended; publish now: ringfence publish --target …")


def _findings(house: Store, text: str) -> list[Finding]:
    """The findings on a subject that count now. Raises `InputError` where there are none."""
    from ringfence.register.subject import site_id
    from ringfence.rulebook.records import counting, load_findings

    subject = text if text.startswith(("site:", "firm:")) else site_id(text)
    with house.database.begin() as connection:
        found = counting(connection, load_findings(connection, subject))
    if not found:
        raise InputError(
            f"no findings on {subject}",
            hint=f"look at it first: ringfence screen {subject.partition(':')[2]}",
        )
    return found


def _file(house: Store, made: tuple[Assessment, ...], chosen: Assessment) -> str | None:
    """Keep the assessments and file them; the id of the case of the chosen one, or None.

    A case is opened where the chosen one is made out. Cases that are open already get their
    provision's new assessment, so that no order rests on an answer that is no longer given.
    """
    from ringfence.rulebook.records import keep_assessments

    cases = docket(house)
    with house.database.begin() as connection:
        keep_assessments(connection, made)
    known = {(case.subject, case.provision, case.laboratory) for case in cases.cases("open")}
    filed = None
    for assessment in made:
        is_chosen = assessment.id == chosen.id
        there = (assessment.subject, assessment.provision, assessment.laboratory) in known
        if there or (is_chosen and assessment.state == "made_out"):
            case = cases.open(assessment)
            filed = case.id if is_chosen else filed
    return filed


def _score(rank: Priority) -> str:
    return "monitor" if rank.monitor else str(rank.score)


def _because(rank: Priority) -> str:
    return "; ".join(f"{reason.words} ({reason.weight:+d})" for reason in rank.reasons)


def _priority(rank: Priority) -> dict[str, Any]:
    return {"score": rank.score, "monitor": rank.monitor, "reasons": msgspec.to_builtins(rank.reasons)}
