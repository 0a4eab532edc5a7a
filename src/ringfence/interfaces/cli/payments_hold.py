"""`ringfence payments hold`: payments kept back for hours, by rules that people approved beforehand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import (
    DATE,
    emit,
    emit_all,
    json_option,
    note,
    opened,
    store_option,
    table,
)

if TYPE_CHECKING:
    from ringfence.cases.hold import RuleDeed
    from ringfence.cases.hold_read import Rule
    from ringfence.cases.holding import Held, Holding
    from ringfence.evidence.store import Store

by_option = click.option("--by", "person", required=True, help="The id of the person who acts.")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
reasons_option = click.option("--reasons", "words", required=True, help="Why, in words.")


@click.group()
def hold() -> None:
    """Holds: only where the pack's law gives the payment firm one, by an approved rule, for hours.

    A hold ends by itself; a person confirms or releases it. In China none was seen, so none is made.
    """


@hold.command(name="propose")
@click.option("--jurisdiction", default="cn", show_default=True, help="The pack whose law gives the hold.")
@click.option("--pack", type=_FOLDER, help="A pack's folder, instead of a bundled one.")
@click.option("--provision", required=True, help="The breach that the rule is against.")
@click.option("--typology", "typologies", multiple=True, required=True, help="One of these must be there.")
@click.option("--least-score", type=click.IntRange(1, 1000), required=True, help="In thousandths.")
@click.option("--least-indicators", type=click.IntRange(2, 11), default=2, show_default=True)
@click.option("--hours", type=click.IntRange(1), help="How long (default: as long as the law allows).")
@click.option("--expires", type=DATE, required=True, help="The rule ends at 00:00 UTC of this day.")
@click.option("--laboratory", is_flag=True, help="A rule inside the laboratory.")
@by_option
@reasons_option
@store_option
@json_option
def propose(
    jurisdiction: str, pack: Path | None, provision: str, typologies: tuple[str, ...], least_score: int,
    least_indicators: int, hours: int | None, expires: date, laboratory: bool, person: str, words: str,
    store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Propose a rule: which payments of which accounts are held, and for how long. Four eyes, as an order."""
    from ringfence.desks.payments.parameters import near
    from ringfence.desks.payments.rules import TYPOLOGIES
    from ringfence.rulebook.pack import load_pack

    for name in typologies:
        if name not in TYPOLOGIES:  # such a rule would be approved, and hold nothing
            raise InputError(f"unknown typology: {name}", hint=near(name, TYPOLOGIES))
    with opened(store) as house:
        holding = _holding(house)
        made = holding.propose_rule(
            load_pack(pack or jurisdiction), provision, person, words,
            datetime.combine(expires, time(), UTC), typologies=typologies, least_score=least_score,
            least_indicators=least_indicators, hours=hours, laboratory=laboratory,
        )  # fmt: skip
        found = next(rule for rule in holding.rules() if rule.rule.id == made.id)
    _said(_rule_json(found), as_json)


def _rule_command(name: str, act: str, help_: str) -> None:
    @hold.command(name=name, help=help_)
    @click.argument("rule")
    @by_option
    @click.option("--note", "words", default="", help="In the person's own words; needed to end a rule.")
    @store_option
    @json_option
    def done(rule: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
        with opened(store, make=False) as house:
            found = _holding(house).rule_act(rule, cast("RuleDeed", act), person, words)
        _said(_rule_json(found), as_json)


_rule_command("approve", "approve", "Approve RULE; with the last approval needed it is in force.")
_rule_command("withdraw", "withdraw", "Take back one's approval of RULE; it may fall out of force by that.")
_rule_command("end", "end", "End RULE for good. One person is enough.")


@hold.command()
@store_option
@json_option
def rules(store: Path | None, as_json: bool) -> None:
    """List rules: how they stand and until when; with --json what they hold, on what basis, by whom."""
    with opened(store, make=False) as house:
        found = [_rule_json(rule) for rule in _holding(house).rules()]
    if as_json:
        emit_all(found)
        return
    columns = ("id", "provision", "hours", "state", "expires_at")
    table("hold rules", columns, [[_cell(one[name]) for name in columns] for one in found])


@hold.command()
@click.argument("rule")
@click.argument("case")
@click.argument("payment")
@store_option
@json_option
def place(rule: str, case: str, payment: str, store: Path | None, as_json: bool) -> None:
    """Hold PAYMENT ("payment:" and 32 hexadecimal digits) of the account of CASE, where an approved RULE
    covers what monitoring said of that account. The case's latest assessment must be one to act on."""
    from ringfence.cases.hold import Grounds
    from ringfence.core.errors import RefusedError
    from ringfence.interfaces.cli.known import docket
    from ringfence.pipeline.account import kept_result

    with opened(store, make=False) as house:
        account = docket(house).case(case).subject
        result = kept_result(house, account)
        if result is None:
            raise RefusedError(f"nothing is kept of {account}", hint="ringfence payments assess")
        holding = _holding(house)
        grounds = Grounds(result.score, result.typologies, result.transactions)
        made = holding.hold(rule, case, payment, grounds)
        found = _one(holding, made.id)
    _said(_held_json(found), as_json)


@hold.command()
@click.argument("held")
@by_option
@reasons_option
@store_option
@json_option
def confirm(held: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """Say that a person has looked at HELD: it stands until its time is over, and no longer."""
    with opened(store, make=False) as house:
        found = _holding(house).confirm(held, person, words)
    _said(_held_json(found), as_json)


@hold.command()
@click.argument("held")
@by_option
@reasons_option
@store_option
@json_option
def release(held: str, person: str, words: str, store: Path | None, as_json: bool) -> None:
    """Let HELD go. One person is enough."""
    with opened(store, make=False) as house:
        found = _holding(house).release(held, person, words)
    _said(_held_json(found), as_json)


@hold.command()
@store_option
@json_option
def expire(store: Path | None, as_json: bool) -> None:
    """Write down the end of every hold whose time is up (none counts after it anyway; `work` does it too)."""
    with opened(store, make=False) as house:
        found = _holding(house).end_due()
    _listed(found, as_json)


@hold.command(name="list")
@click.option("--case", help="Holds of one case.")
@store_option
@json_option
def list_(case: str | None, store: Path | None, as_json: bool) -> None:
    """List holds by the time they began, each as it stands now."""
    from ringfence.cases.hold_tables import holds

    with opened(store, make=False) as house:
        found = _holding(house).held(*([holds.c.case_id == case] if case else []))
    _listed(found, as_json)


def _holding(house: Store) -> Holding:
    from ringfence.cases.holding import Holding
    from ringfence.evidence import log

    return Holding(house.database, log.seal)


def _one(holding: Holding, name: str) -> Held:
    from ringfence.cases.hold_tables import holds

    return holding.held(holds.c.id == name)[0]


def _rule_json(found: Rule) -> dict[str, Any]:
    rule = found.rule
    names = (
        "jurisdiction", "provision", "power", "legal_basis", "mark", "condition", "appeal", "hours",
        "law_hours", "typologies", "least_score", "least_indicators", "reasons", "proposer", "needed",
        "proposed_at", "expires_at", "laboratory",
    )  # fmt: skip
    return {
        "id": rule.id,
        **{name: getattr(rule, name) for name in names},
        "approvers": found.approvers,
        "ended": found.ended,
        "in_force": found.in_force,
        "state": found.state,
    }


def _held_json(found: Held) -> dict[str, Any]:
    one = found.hold
    names = ("rule", "case", "account", "payment", "assessment", "began_at", "until_at", "laboratory")
    acts = [{"act": act.act, "actor": act.actor, "at": act.at, "reasons": act.reasons} for act in found.acts]
    return {
        "id": one.id,
        **{name: getattr(one, name) for name in names},
        "state": found.standing,
        "acts": acts,
    }


def _said(plain: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(plain)
        return
    until = plain.get("until_at") or plain["expires_at"]
    ends = "ends by itself" if plain.get("until_at") else "the rule ends"
    open_ = plain["state"] in ("held", "confirmed") or "force" in plain["state"]
    note(f"{plain['id']}: {plain['state']}" + (f"; {ends} {_minute(until)}" if open_ else ""))


def _listed(found: list[Held], as_json: bool) -> None:
    rows = [_held_json(one) for one in found]
    if as_json:
        emit_all(rows)
        return
    columns = ("id", "state", "account", "payment", "until_at")
    table("holds", columns, [[_cell(one[name]) for name in columns] for one in rows])


def _cell(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return _minute(value) if isinstance(value, str) and _STAMP.fullmatch(value) else str(value)


def _minute(text: str) -> str:
    """A stamp to the minute, for people."""
    return f"{text[:16]}Z"
