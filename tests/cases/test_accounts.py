"""Orders against accounts: pseudonyms only, a ladder of their own, a cap a day, and buyers protected."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from cases.accounts import ACCOUNT, LADDER, account, assessed, opened, proposed
from cases.examples import Desk, assessment
from ringfence.cases.account_guards import MOST_A_DAY
from ringfence.cases.ladder import ACCOUNT_LADDER, milder
from ringfence.cases.order import Scope
from ringfence.cases.tables import orders
from ringfence.core.canonical import digest
from ringfence.core.errors import RefusedError
from ringfence.core.time import parse_stamp, stamp


def test_every_restriction_is_an_order_with_four_eyes_an_end_an_appeal_and_a_notice(desk: Desk) -> None:
    for number, measure in enumerate(ACCOUNT_LADDER):
        order = proposed(desk, measure, account(number))
        assert (order.state, order.measure, order.form) == ("proposed", measure, "voluntary_request")
        assert order.expires_at > order.proposed_at and any("15 days" in route for route in order.appeal)
        with pytest.raises(RefusedError):
            desk.cases.approve(order.id, "li")
        desk.cases.approve(order.id, "wang")
        assert desk.cases.order(order.id).state == "proposed"
        assert desk.cases.approve(order.id, "chen").state == "active"
        *_, notice = [record for kind, _, record in desk.sealed.leaves if kind == "notice"]
        assert order.id.encode() in notice and b"report" not in notice


def test_what_binds_a_holder_says_why_nothing_milder_does(desk: Desk) -> None:
    assert milder("refuse_transactions") == ("warn_payers", "limit_receiving")
    assert proposed(desk, "warn_payers", why_not_smaller={}).measure == "warn_payers"
    with pytest.raises(RefusedError, match="warn_payers"):
        proposed(desk, "limit_receiving", why_not_smaller={})
    with pytest.raises(RefusedError, match="refuse_transactions"):
        proposed(desk, "exit_relationship", why_not_smaller={**LADDER, "refuse_transactions": " "})


def _written(desk: Desk, name: str, **changes: object) -> None:
    """An order like the one that is there, by hand in the database."""
    (like,) = desk.cases.orders()
    made = msgspec.structs.replace(like, id=name, **changes)
    with desk.database.begin() as connection:
        row = made.to_row() | {"record": made.record, "digest": digest(made.record)}
        connection.execute(insert(orders).values(**row))


def test_the_database_asks_for_the_milder_rungs_and_an_end_too(desk: Desk) -> None:
    proposed(desk, "limit_receiving")
    year = stamp(desk.clock.at + timedelta(days=367))
    soon = stamp(desk.clock.at + timedelta(days=9))
    wrong: list[dict[str, object]] = [
        {"measure": "exit_relationship", "why_not_smaller": {"warn_payers": "x", "limit_receiving": "y"}},
        {"measure": "exit_relationship", "why_not_smaller": {**LADDER, "refuse_transactions": " "}},
        {"why_not_smaller": {}}, {"measure": "block_access"}, {"expires_at": year}, {"review_at": year},
        {"review_at": "2018-01-01T00:00:00.000000Z"},
    ]  # fmt: skip
    for number, changes in enumerate(wrong):
        with pytest.raises(IntegrityError, match=r"smaller measure does|within a year"):
            _written(desk, f"RF-{number}", **changes)
    _written(desk, "RF-A", measure="exit_relationship", why_not_smaller=LADDER, review_at=soon)
    with desk.database.begin() as connection:
        assert len(connection.execute(select(orders.c.id)).all()) == 2


def test_measures_on_accounts_are_for_accounts_and_the_others_are_not(desk: Desk) -> None:
    granted = {"measure": "refuse_transactions"}
    site = assessment(grant=granted)
    with pytest.raises(RefusedError, match="no measure against site"):
        desk.cases.propose(
            desk.cases.open(site).id, site, "refuse_transactions", "li", Scope("huobi.pro"), "x",
            desk.clock.at + timedelta(days=9), why_not_smaller=LADDER,
        )  # fmt: skip
    with pytest.raises(RefusedError, match="no power in force grants block_access"):
        proposed(desk, "block_access")


def test_nothing_is_proposed_before_a_buyer_is_ruled_out(desk: Desk) -> None:
    for state in ("met", "unclear"):
        _refused(desk, state)


def _refused(desk: Desk, state: str) -> None:
    found = assessed(own_account_customer=state)
    with pytest.raises(RefusedError):
        desk.cases.propose(
            desk.cases.open(found).id, found, "limit_receiving", "li", Scope(), "x",
            desk.clock.at + timedelta(days=9), why_not_smaller=LADDER,
        )  # fmt: skip


def test_an_assessment_without_the_exclusion_for_buyers_carries_nothing(desk: Desk) -> None:
    found = assessed()
    without = msgspec.structs.replace(
        found, exclusions=tuple(one for one in found.exclusions if one.id != "own_account_customer")
    )
    with pytest.raises(RefusedError, match="own_account_customer"):
        desk.cases.propose(
            desk.cases.open(without).id, without, "limit_receiving", "li", Scope(), "x",
            desk.clock.at + timedelta(days=9), why_not_smaller=LADDER,
        )  # fmt: skip


def test_found_to_be_a_buyer_later_the_order_is_out_of_force_at_once(desk: Desk) -> None:
    order = proposed(desk, "limit_receiving")
    for person in ("wang", "chen"):
        desk.cases.approve(order.id, person)
    desk.cases.open(assessed(jurisdiction="cn", own_account_customer="met"))
    assert desk.cases.order(order.id).state == "suspended"
    with pytest.raises(RefusedError):
        desk.cases.resume(order.id, "zhao", "a mistake")


NAMES = (
    "account:6222020200112233445", "account:zhang", "account:" + "A" * 32, "account:" + "0" * 33,
    "account:" + "0" * 31, "account:",
)  # fmt: skip


def test_a_raw_identifier_gets_into_no_case_and_no_order(desk: Desk) -> None:
    opened(desk)
    for name in NAMES:
        with pytest.raises(RefusedError, match="pseudonym"):
            opened(desk, name)
        # An order belongs to an open case of its subject, so that none can be made without the case either.
        with pytest.raises(IntegrityError, match="pseudonym"), desk.database.begin() as connection:
            connection.exec_driver_sql(f"""insert into cases select 'CA-1', '{name}', jurisdiction, provision,
                'open', opened_at, null, laboratory from cases""")


def test_a_person_approves_so_many_a_day_and_no_more(desk: Desk) -> None:
    desk.cases.most = 3
    made = [proposed(desk, "warn_payers", account(number), needed=1) for number in range(5)]
    for order in made[:3]:
        assert desk.cases.approve(order.id, "wang").state == "active"
    with pytest.raises(RefusedError, match="3 orders on accounts today"):
        desk.cases.approve(made[3].id, "wang")
    assert desk.cases.order(made[3].id).state == "proposed"
    assert desk.cases.approve(made[3].id, "chen").state == "active"
    desk.clock.pass_(days=1)
    assert desk.cases.approve(made[4].id, "wang").state == "active"


def test_sites_do_not_count_and_are_not_capped(desk: Desk) -> None:
    desk.cases.most = 0
    assert desk.active("huobi.pro").state == "active"


def test_the_database_has_a_ceiling_that_no_setting_lifts(desk: Desk) -> None:
    desk.cases.most = 10_000
    for number in range(MOST_A_DAY):
        desk.cases.approve(proposed(desk, "warn_payers", account(number), needed=1).id, "wang")
    one_more = proposed(desk, "warn_payers", account(MOST_A_DAY), needed=1)
    with pytest.raises(RefusedError, match="as many orders on accounts"):
        desk.cases.approve(one_more.id, "wang")


def test_an_objection_has_its_time_and_the_agenda_says_when_it_is_over(desk: Desk) -> None:
    desk.clock.at = parse_stamp("2026-03-20T09:00:00.000000Z")
    order = proposed(desk, "limit_receiving")
    for person in ("wang", "chen"):
        desk.cases.approve(order.id, person)
    desk.cases.appeal(order.id, "the holder", "it was my rent", "li")
    (item,) = [one for one in desk.cases.agenda() if one.kind == "appeal"]
    assert item.by == "2026-04-05T00:00:00.000000Z" and not item.overdue
    desk.clock.pass_(days=17)
    (item,) = [one for one in desk.cases.agenda() if one.kind == "appeal"]
    assert item.overdue


def test_notice_is_put_off_only_where_the_pack_says_so_by_whom_and_until_when(desk: Desk) -> None:
    order = proposed(desk, "limit_receiving", jurisdiction="xh", why_not_smaller=LADDER)
    for person in ("wang", "chen"):
        desk.cases.approve(order.id, person)
    assert desk.cases.order(order.id).state == "approved" and "deferred" in desk.cases.order(order.id).notice
    desk.cases.defer(
        order.id, "wang", ground=order.notice_basis, reasons="a report is examined",
        review=desk.clock.at + timedelta(days=20),
    )  # fmt: skip
    assert desk.cases.activate(order.id, "wang").state == "active"
    desk.clock.pass_(days=21)
    assert [one.id for one in desk.cases.lapse_due()] == [order.id]
    here = proposed(desk, "limit_receiving", account(7))
    with pytest.raises(RefusedError):
        desk.cases.defer(
            here.id, "wang", ground="tipping-off", reasons="a report is examined",
            review=desk.clock.at + timedelta(days=9),
        )  # fmt: skip


def test_the_notice_is_to_the_holder_and_names_the_pseudonym_alone(desk: Desk) -> None:
    order = proposed(desk, "limit_receiving")
    for person in ("wang", "chen"):
        desk.cases.approve(order.id, person)
    (notice,) = desk.cases.notices(order.id)
    pseudonym = ACCOUNT.removeprefix("account:")
    assert notice.recipient == f"holder of the account {pseudonym}"
    assert f"账户 {pseudonym} 的持有人" in notice.text and "限制账户收款" in notice.text
