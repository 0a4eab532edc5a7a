"""Holds: by a rule that people approved, where law gives one, for hours, by itself over; not by plain SQL."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy.exc import IntegrityError

from cases.accounts import ACCOUNT, GROUNDS, PACK, PAYMENT, assessed, changed, holding, opened, rule
from cases.attacks import worded
from cases.examples import Desk
from ringfence.cases.hold_tables import hold_acts, holds, rule_acts, rules
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import parse_stamp
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.worked import failures, load_case

OTHER = "payment:" + "cd" * 16


def test_the_invented_country_gives_the_answers_of_its_case() -> None:
    from pathlib import Path

    folder = Path(__file__).parents[1] / "assets" / "good" / "packs" / "holdland" / "cases"
    assert failures(PACK, load_case(folder / "made-out.toml")) == ()


def test_by_an_approved_rule_for_its_hours_and_then_over_by_itself(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen", hours=6)
    (found,) = holding(desk).rules()
    assert (found.in_force, found.approvers, found.rule.law_hours) == (True, ("chen", "wang"), 24)
    one = holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    assert parse_stamp(one.until_at) - parse_stamp(one.began_at) == timedelta(hours=6)
    assert [held.standing for held in holding(desk).held()] == ["held"]
    desk.clock.pass_(hours=5)
    assert holding(desk).end_due() == []
    assert holding(desk).confirm(one.id, "wang", "I looked at it").standing == "confirmed"
    desk.clock.pass_(hours=1.1)
    # Over by its time, and nobody has written that down yet.
    assert [held.standing for held in holding(desk).held()] == ["expired"]
    assert [held.hold.id for held in holding(desk).end_due()] == [one.id]
    assert holding(desk).end_due() == []
    (held,) = holding(desk).held()
    assert [act.act for act in held.acts] == ["confirmed", "expired"]
    assert [kind for kind in desk.sealed.kinds() if kind == "event"].count("event") >= 6


def test_released_by_one_person_and_never_held_again(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen")
    one = holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    assert holding(desk).release(one.id, "sun", "a salary").standing == "released"
    with pytest.raises(RefusedError, match="released already"):
        holding(desk).confirm(one.id, "wang", "too late")
    with pytest.raises(RefusedError):
        holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    assert holding(desk).hold(made.id, case.id, OTHER, GROUNDS).payment == OTHER


def test_a_case_that_is_closed_lets_its_payments_go(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen")
    holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    with pytest.raises(IntegrityError, match="still held"), desk.database.begin() as connection:
        closed = """insert into case_events (id, case_id, order_id, kind, at, actor, about, outcome, record,
            digest) select 'e', id, null, 'closed', '{at}', 'wang', null, null, <object 'case', id, 'order',
            null, 'kind', 'closed', 'at', '{at}', 'actor', 'wang', 'about', null, 'outcome', null>, ''
            from cases"""
        connection.exec_driver_sql(worded(closed.replace("{at}", SOON), desk.database.kind))
        connection.exec_driver_sql(f"update cases set state = 'closed', closed_at = '{SOON}'")
    desk.cases.close(case.id, "wang", "a tea shop")
    (held,) = holding(desk).held()
    assert held.standing == "released" and held.acts[0].actor == "wang"
    with pytest.raises(RefusedError, match="is closed"):
        holding(desk).hold(made.id, case.id, OTHER, GROUNDS)


def test_what_is_refused_says_why_to_a_tired_person(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang")
    for match, act in (
        ("not in force: 1 of 2 approvals", lambda: holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)),
        ("wang has approved it already", lambda: holding(desk).rule_act(made.id, "approve", "wang")),
        ("their own proposal", lambda: holding(desk).rule_act(made.id, "approve", "li")),
    ):
        with pytest.raises(RefusedError, match=match):
            act()
    holding(desk).rule_act(made.id, "approve", "chen")
    with pytest.raises(InputError, match="by its pseudonym"):
        holding(desk).hold(made.id, case.id, "T-1", GROUNDS)
    one = holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    holding(desk).confirm(one.id, "wang", "seen")
    with pytest.raises(RefusedError, match="is confirmed already, by wang"):
        holding(desk).confirm(one.id, "chen", "seen")
    with pytest.raises(RefusedError, match=f"held once, and was: {one.id} is confirmed"):
        holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    holding(desk).rule_act(made.id, "end", "li", "it is over")
    with pytest.raises(RefusedError, match="over since"):
        holding(desk).hold(made.id, case.id, OTHER, GROUNDS)


def test_in_china_there_is_none_and_the_reason_is_said(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="48 hours is the central bank's own"):
        holding(desk).propose_rule(
            load_pack("cn"), "cn-2026-42-account", "li", "x", desk.clock.at + timedelta(days=9),
            typologies=["exchange_match"], least_score=800,
        )  # fmt: skip
    assert holding(desk).rules() == []


def test_a_rule_stays_within_the_law_and_asks_for_two_indicators(desk: Desk) -> None:
    for changes, error in (
        ({"hours": 25}, RefusedError), ({"hours": 0}, RefusedError), ({"typologies": []}, InputError),
        ({"least_indicators": 1}, InputError), ({"least_score": 0}, InputError),
    ):  # fmt: skip
        with pytest.raises(error):
            rule(desk, **changes)


def test_a_rule_has_four_eyes_and_an_end(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang")
    for person in ("li", "guest", "audit", "sun", "wang"):
        with pytest.raises(RefusedError):
            holding(desk).rule_act(made.id, "approve", person)
    with pytest.raises(RefusedError, match="not in force"):
        holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    holding(desk).rule_act(made.id, "approve", "chen")
    holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    holding(desk).rule_act(made.id, "withdraw", "chen")
    with pytest.raises(RefusedError, match="not in force"):
        holding(desk).hold(made.id, case.id, OTHER, GROUNDS)
    holding(desk).rule_act(made.id, "approve", "zhao")
    holding(desk).rule_act(made.id, "end", "li", "the pattern is gone")
    for act, person in (("approve", "chen"), ("end", "wang")):
        with pytest.raises(RefusedError):
            holding(desk).rule_act(made.id, act, person, "x")
    later = rule(desk, "wang", "chen", expires=desk.clock.at + timedelta(hours=2))
    desk.clock.pass_(hours=3)
    with pytest.raises(RefusedError, match="not in force"):
        holding(desk).hold(later.id, case.id, OTHER, GROUNDS)


def test_a_rule_covers_what_it_says_and_nothing_else(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen")
    for grounds in (
        changed(GROUNDS, score=799),
        changed(GROUNDS, typologies=("exchange_match", "exchange_match")),
        changed(GROUNDS, typologies=("night", "memo")),
        changed(GROUNDS, transactions=()),
    ):
        with pytest.raises(RefusedError, match="does not cover"):
            holding(desk).hold(made.id, case.id, PAYMENT, grounds)


def test_a_buyer_of_coins_is_not_held(desk: Desk) -> None:
    made = rule(desk, "wang", "chen")
    for state in ("unclear", "met"):
        case = opened(desk, own_account_customer=state)
        with pytest.raises(RefusedError, match="made out"):
            holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)


def test_found_to_be_a_buyer_later_the_payment_goes_at_once(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen")
    holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    desk.cases.open(assessed(own_account_customer="met"))
    (held,) = holding(desk).held()
    assert held.standing == "released" and held.acts[0].actor == "ringfence"


def test_what_the_laboratory_approved_holds_nothing_outside(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen", laboratory=True)
    with pytest.raises(RefusedError, match="a rule that people approved"):
        holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)


LATE = "2018-08-27T09:00:00.000000Z"
SOON = "2018-08-24T10:00:00.000000Z"


def hold_row(grounds: dict[str, object] | None = None, **changes: str) -> str:
    """A second hold written by hand, its record saying the same, for these ``grounds``."""
    changes = {"id": "h", "payment": OTHER} | changes
    names = [column.name for column in holds.columns if column.name not in ("record", "digest")]
    chosen = ", ".join(f"'{changes[name]}'" if name in changes else name for name in names)
    said: dict[str, object] = {
        {"case_id": "case"}.get(name, name): value for name, value in changes.items() if name != "id"
    }
    if grounds is not None:
        said["grounds"] = msgspec.to_builtins(GROUNDS) | grounds
    record = f"<record {json.dumps(said)}>"
    return f"insert into holds ({', '.join(names)}, record, digest) select {chosen}, {record}, '' from holds"


def act_row(act: str, who: str, at: str = SOON) -> str:
    return f"""insert into hold_acts (id, hold, act, actor, at, reasons, record, digest)
        select 'a', id, '{act}', '{who}', '{at}', 'x', <object 'hold', id, 'act', '{act}', 'actor', '{who}',
        'at', '{at}', 'reasons', 'x'>, '' from holds"""


def rule_act_row(act: str, who: str) -> str:
    return f"""insert into hold_rule_acts (id, rule, act, person, at, note, record, digest)
        select 'b', id, '{act}', '{who}', '{SOON}', '', <object 'rule', id, 'act', '{act}', 'person', '{who}',
        'at', '{SOON}', 'note', ''>, '' from hold_rules"""


ATTACKS = {
    "a hold for longer than its rule": hold_row(until_at=LATE),
    "a hold that ends before it begins": hold_row(until_at="2018-08-24T00:00:00.000000Z"),
    "a hold of the same payment again": hold_row(payment=PAYMENT, began_at=SOON),
    "a hold by a rule that is none": hold_row(rule="holdrule:none"),
    "a hold before its rule was approved": hold_row(began_at="2018-08-24T09:00:00.000000Z"),
    "a hold on no assessment": hold_row(assessment="assessment:none"),
    "a hold of another account": hold_row(account="account:" + "9" * 32),
    "a hold for a lower score": hold_row(grounds={"score": 799}),
    "a hold for one indicator": hold_row(grounds={"typologies": ["exchange_match"]}),
    "a hold for other typologies": hold_row(grounds={"typologies": ["night", "memo"]}),
    "a hold that nothing shows": hold_row(grounds={"transactions": []}),
    "a hold with a raw account": hold_row(account="6222020200112233445"),
    "a hold with a raw payment": hold_row(payment="T-1"),
    "a hold made longer": f"update holds set until_at = '{LATE}'",
    "a hold deleted": "delete from holds",
    "confirmed by the house": act_row("confirmed", "ringfence"),
    "confirmed by an officer of appeals": act_row("confirmed", "sun"),
    "confirmed after its time": act_row("confirmed", "wang", LATE),
    "released by a guest": act_row("released", "guest"),
    "released by an auditor": act_row("released", "audit"),
    "expired before its time": act_row("expired", "ringfence"),
    "expired by a person": act_row("expired", "wang", LATE),
    "frozen": act_row("frozen", "wang"),
    "approved by the proposer": rule_act_row("approve", "li"),
    "approved by a guest": rule_act_row("approve", "guest"),
    "withdrawn without approval": rule_act_row("withdraw", "zhao"),
    "ended by an auditor": rule_act_row("end", "audit"),
    "a rule made longer": "update hold_rules set hours = 24",
    "a rule with more approvals taken away": "delete from hold_rule_acts",
    "a rule of one indicator": """insert into hold_rules select 'r', jurisdiction, legal_basis, hours,
        law_hours, 1, reasons, proposer, needed, proposed_at, expires_at, laboratory,
        <record {"least_indicators": 1}>, '' from hold_rules""",
    "a rule that needs nobody": """insert into hold_rules select 'r', jurisdiction, legal_basis, hours,
        law_hours, least_indicators, reasons, proposer, 0, proposed_at, expires_at, laboratory,
        <record {"needed": 0}>, '' from hold_rules""",
    "a rule for ten years": """insert into hold_rules select 'r', jurisdiction, legal_basis, hours, law_hours,
        least_indicators, reasons, proposer, needed, proposed_at, '2028-08-24T00:00:00.000000Z', laboratory,
        <record {"expires_at": "2028-08-24T00:00:00.000000Z"}>, '' from hold_rules""",
    "a rule beyond the law": """insert into hold_rules select 'r', jurisdiction, legal_basis, 25, law_hours,
        least_indicators, reasons, proposer, needed, proposed_at, expires_at, laboratory,
        <record {"hours": 25}>, '' from hold_rules""",
}


def test_plain_sql_gets_round_no_rule(desk: Desk) -> None:
    case = opened(desk)
    made = rule(desk, "wang", "chen", hours=6)
    holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    tables = (holds, hold_acts, rules, rule_acts)

    def rows() -> list[object]:
        with desk.database.read() as connection:
            return [connection.execute(table.select()).all() for table in tables]

    before = rows()
    taken = []
    for name, attack in ATTACKS.items():
        try:
            with desk.database.begin() as connection:
                connection.exec_driver_sql(worded(attack, desk.database.kind))
        except IntegrityError:
            continue
        taken.append(name)
    assert taken == [] and rows() == before


def test_the_same_rows_said_rightly_are_taken(desk: Desk) -> None:
    """So that the attacks above are refused for what is wrong in them, and for nothing else."""
    case = opened(desk)
    made = rule(desk, "wang", "chen", hours=6)
    holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    for good in (
        hold_row(),
        rule_act_row("approve", "zhao"),
        act_row("released", "wang") + " where id = 'h'",
    ):
        with desk.database.begin() as connection:
            connection.exec_driver_sql(worded(good, desk.database.kind))
    assert holding(desk).held()[0].hold.account == ACCOUNT


def test_what_waits_for_a_person_is_on_the_agenda(desk: Desk) -> None:
    case = opened(desk)
    waiting = rule(desk, "wang")
    made = rule(desk, "wang", "chen")
    one = holding(desk).hold(made.id, case.id, PAYMENT, GROUNDS)
    found = {item.kind: item for item in desk.cases.agenda()}
    assert (found["rule"].order, found["hold"].order) == (waiting.id, one.id)
    assert (found["hold"].case, found["hold"].by) == (case.id, one.until_at)
    holding(desk).confirm(one.id, "wang", "seen")
    holding(desk).rule_act(waiting.id, "end", "li", "not needed")
    assert [item.kind for item in desk.cases.agenda()] == []
