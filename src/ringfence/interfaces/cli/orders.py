"""`ringfence orders`: proposed by one person, approved by others, ended by any of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ringfence.core.errors import InputError, RefusedError
from ringfence.interfaces.cli.agenda import due
from ringfence.interfaces.cli.appeals import appeal
from ringfence.interfaces.cli.common import DATE, emit, json_option, opened, store_option
from ringfence.interfaces.cli.known import docket
from ringfence.interfaces.cli.notices import hearing, lines, notice
from ringfence.interfaces.cli.people import people
from ringfence.interfaces.cli.reasons import export, reasons
from ringfence.interfaces.cli.view_orders import facts, listing, order_json, order_line, said, still_in

if TYPE_CHECKING:
    from ringfence.cases.order import Policy, Scope, State
    from ringfence.cases.override import Override
    from ringfence.evidence.store import Store

by_option = click.option("--by", "person", required=True, help="The id of the person who acts.")


@click.group(name="orders")
def command() -> None:
    """Orders: propose, approve, notice, appeal, suspend, revoke, list, show; and the people who may.

    No order is active without its proposer and the approvals of others; the database itself refuses.

    \b
    Examples:
      ringfence orders people add li "Li Na" analyst
      ringfence orders propose CA-… --measure block_access --by li --reasons "…" --expires 2027-03-01
      ringfence orders approve RF-… --by wang
    """


for part in (people, notice, appeal, reasons, export, due):
    command.add_command(part)


@command.command()
@click.argument("case")
@click.option("--measure", required=True, help="A measure that the assessment grants, such as block_access.")
@by_option
@click.option("--reasons", "words", required=True, help="Which elements are met, and how.")
@click.option("--expires", type=DATE, required=True, help="Ends at 00:00 UTC of this day, at most 366 ahead.")
@click.option("--host", help="The host name to act on (default: the subject's own).")
@click.option(
    "--policy",
    type=click.Choice(["nodata", "nxdomain", "redirect"]),
    default="nodata",
    show_default=True,
    help="What a resolver answers.",
)
@click.option("--no-subdomains", is_flag=True, help="The host name alone, not the names below it.")
@click.option("--address", "addresses", multiple=True, help="A single IP address that serves the host alone.")
@click.option(
    "--override",
    "overrides",
    multiple=True,
    metavar="REASON",
    help="A reason of the guard that this order sets aside; followed by its --ground.",
)
@click.option("--ground", "grounds", multiple=True, metavar="TEXT", help="Why, for each --override in turn.")
@click.option(
    "--why-not-smaller",
    "smaller",
    multiple=True,
    metavar="RUNG=TEXT",
    help="Why a milder measure does not do; a block needs one for each milder rung.",
)
@click.option(
    "--urgency", default="", help="Why it may not wait for an answer; only where the power has a rule."
)
@click.option("--renews", metavar="ORDER", help="The order that this one follows; it is a new decision.")
@store_option
@json_option
def propose(
    case: str,
    measure: str,
    person: str,
    words: str,
    expires: date,
    host: str | None,
    policy: str,
    no_subdomains: bool,
    addresses: tuple[str, ...],
    overrides: tuple[str, ...],
    grounds: tuple[str, ...],
    smaller: tuple[str, ...],
    urgency: str,
    renews: str | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Propose an order in CASE, on its latest assessment.

    The guard judges the name first: what could not be published is not proposed, unless the order
    overrides each reason with a ground. The approvals cover the override, the artefact names it, and
    most reasons can never be overridden (docs/decisions/0009-overrides.md).
    """
    from ringfence.cases.order import Scope
    from ringfence.rulebook.pack import load_pack

    milder = _smaller(smaller)
    with opened(store, make=False) as house:
        cases = docket(house)
        found = cases.case(case)
        scope = Scope(_host(host, found.subject), not no_subdomains, tuple(sorted(set(addresses))))
        set_aside = _overrides(overrides, grounds)
        if measure == "block_access" and scope.host:
            _guard(house, scope, found.subject, {item.reason for item in set_aside})
        order = cases.propose(
            case,
            cases.assessment(found.assessment),
            measure,
            person,
            scope,
            words,
            datetime.combine(expires, time(), UTC),
            why_not_smaller=milder,
            needed=load_pack(found.jurisdiction).head.approvals,
            policy=cast("Policy", policy),
            overrides=set_aside,
            urgency=urgency,
            renews=renews,
        )
        said(cases, order, as_json)


@command.command()
@click.argument("order")
@by_option
@click.option("--note", "words", default="", help="In the approver's own words.")
@store_option
@json_option
def approve(order: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """Approve ORDER. With the last approval needed it becomes active, or waits for its notice to be heard."""
    with opened(store, make=False) as house:
        cases = docket(house)
        said(cases, cases.approve(order, person, words), as_json)


@command.command()
@click.argument("order")
@by_option
@click.option("--note", "words", default="", help="In the approver's own words.")
@store_option
@json_option
def withdraw(order: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """Take back one's approval while ORDER is still proposed."""
    with opened(store, make=False) as house:
        cases = docket(house)
        said(cases, cases.withdraw(order, person, words), as_json)


@command.command()
@click.argument("order")
@by_option
@store_option
@json_option
def activate(order: str, person: str, store: Path | None, as_json: bool) -> None:
    """Put an approved ORDER into force, once its notice is given and the time to reply is over."""
    with opened(store, make=False) as house:
        cases = docket(house)
        said(cases, cases.activate(order, person), as_json)


@command.command()
@click.argument("order")
@by_option
@click.option("--reasons", "words", required=True, help="Why, in words.")
@store_option
@json_option
def suspend(order: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """Take an active ORDER out of force for the time being, for example while an appeal is heard."""
    with opened(store, make=False) as house:
        cases = docket(house)
        said(cases, cases.suspend(order, person, words), as_json, still_in(house, order))


@command.command()
@click.argument("order")
@by_option
@click.option("--reasons", "words", required=True, help="Why, in words.")
@store_option
@json_option
def resume(order: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """Put a suspended ORDER back into force."""
    with opened(store, make=False) as house:
        cases = docket(house)
        said(cases, cases.resume(order, person, words), as_json)


@command.command()
@click.argument("order")
@by_option
@click.option("--reasons", "words", required=True, help="Why, in words.")
@store_option
@json_option
def revoke(order: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """End ORDER: refuse a proposal, or lift an active measure. One person is enough."""
    with opened(store, make=False) as house:
        cases = docket(house)
        said(cases, cases.revoke(order, person, words), as_json, still_in(house, order))


@command.command()
@store_option
@json_option
def expire(store: Path | None, as_json: bool) -> None:
    """Move every active order whose time is up to expired (none is applied after its time anyway)."""
    with opened(store, make=False) as house:
        cases = docket(house)
        listing(cases, cases.expire_due(), "orders expired", as_json)


@command.command(name="list")
@click.option(
    "--state",
    type=click.Choice(["proposed", "approved", "active", "suspended", "expired", "revoked"]),
    help="The state that counts now.",
)
@click.option("--case", help="Orders of one case.")
@store_option
@json_option
def list_(state: str | None, case: str | None, store: Path | None, as_json: bool) -> None:
    """List orders by the time of their proposal."""
    with opened(store, make=False) as house:
        cases = docket(house)
        if case is not None:
            cases.case(case)  # an unknown case is an error, not an empty list
        listing(cases, cases.orders(cast("State | None", state), case=case), "orders", as_json)


@command.command()
@click.argument("order")
@store_option
@json_option
def show(order: str, store: Path | None, as_json: bool) -> None:
    """Show ORDER: what, against whom, on what basis, until when, approved by whom, appealed where."""
    from ringfence.interfaces.cli import explain_case as words

    with opened(store, make=False) as house:
        cases = docket(house)
        found = cases.order(order)
        plain = order_json(cases, found)
        heard, needs = hearing(cases, order), cases.needs(order)
        events = cases.events(order=order)
    if as_json:
        emit(
            {
                **plain,
                **heard,
                "needs": needs or None,
                "events": [words.event_json(event) for event in events],
            }
        )
        return
    words.say(order_line(found, datetime.now(UTC)))
    if found.laboratory:
        words.say("laboratory: invented, not for use outside the laboratory", 1)
    for label, text in facts(found):
        words.say(f"{label}: {text}", 1)
    for approval in plain["approvals"]:
        words.say(f"{approval['act']} by {approval['approver']} at {approval['at']} {approval['note']}", 1)
    for line in lines(heard):
        words.say(line, 1)
    if needs:
        words.say(f"still needed: {needs}", 1)
    words.print_lines(words.event_lines(events))


def _smaller(pairs: tuple[str, ...]) -> dict[str, str]:
    from ringfence.cases.ladder import rung

    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not text.strip():
            raise InputError(f"not RUNG=TEXT: {pair!r}", hint='write contact="two letters came back"')
        rung(name.strip())
        given[name.strip()] = text.strip()
    return given


def _host(written: str | None, subject: str) -> str:
    from ringfence.register.host import canonical_host

    if written is not None:
        return canonical_host(written)
    return subject.removeprefix("site:") if subject.startswith("site:") else ""


def _overrides(reasons: tuple[str, ...], grounds: tuple[str, ...]) -> tuple[Override, ...]:
    from ringfence.cases.override import Override, checked_overrides

    if len(reasons) != len(grounds):
        raise click.UsageError("each --override needs its --ground, in the same order")
    return checked_overrides(Override(*pair) for pair in zip(reasons, grounds, strict=True))


def _guard(house: Store, scope: Scope, subject: str, set_aside: set[str]) -> None:
    from ringfence.enforce.guard import judge
    from ringfence.interfaces.cli.known import guard_context

    context = guard_context(house)
    rules = (scope.host, f"*.{scope.host}") if scope.subdomains else (scope.host,)
    verdicts = [judge(rule, context, subject=subject) for rule in rules]
    unused = set_aside - {reason for verdict in verdicts for reason in verdict.reasons}
    if unused:
        raise RefusedError(
            f"the guard has no such reason here: {', '.join(sorted(unused))}",
            hint="an override that overrides nothing would still be there when the guard learns more",
        )
    refused = [
        f"{verdict.rule} ({', '.join(verdict.reasons)})"
        for verdict in verdicts
        if not set(verdict.reasons) <= set_aside
    ]
    if refused:
        raise RefusedError(
            f"the guard refuses {'; '.join(refused)}",
            hint="such a block would hit others: take a narrower host, --no-subdomains or a milder measure",
        )
