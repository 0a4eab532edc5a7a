"""Appeals: heard by somebody else, with reasons, and with consequences that nobody has to remember."""

from __future__ import annotations

import msgspec
import pytest

from cases.examples import Desk, assessment
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.guard import Context
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import rpz
from ringfence.evidence.vantage import Vantage
from ringfence.rulebook.assessment import Exclusion
from ringfence.verify.expectation import expectations

INSIDE = Vantage("home", "inside")


def published(desk: Desk) -> int:
    publisher = Publisher(desk.database, desk.sealed, desk.clock)
    return publisher.publish(rpz.target(), Context(registered=frozenset({"huobi.pro"}))).artefact.entries


def test_an_appeal_that_succeeds_ends_the_order_and_clears_the_list(desk: Desk) -> None:
    order = desk.active()
    assert published(desk) == 2
    appeal = desk.cases.appeal(order.id, "Huobi", "we left in May", "li")
    assert desk.cases.order(order.id).state == "active"  # it suspends nothing by itself
    ruling = desk.cases.rule(appeal.id, "sun", "upheld", "the order book was gone on 20 August")
    ended = desk.cases.order(order.id)
    assert (ended.state, ended.ended_because) == ("revoked", f"appeal upheld: {ruling.reasons}")
    assert published(desk) == 0
    (expected,) = expectations(ended, (INSIDE,), at=desk.clock.at)
    assert (expected.expect, expected.purpose, expected.since) == ("accessible", "lifted", ended.ended_at)
    kinds = [kind for kind, _, _ in desk.sealed.leaves]
    assert kinds.count("appeal") == 2


def test_an_appeal_that_fails_leaves_it_and_one_in_part_takes_it_out_for_good(desk: Desk) -> None:
    order = desk.active()
    first = desk.cases.appeal(order.id, "Huobi", "wrong", "li")
    desk.cases.rule(first.id, "sun", "dismissed", "the order book is open")
    assert desk.cases.order(order.id).state == "active"
    with pytest.raises(RefusedError, match="has been ruled on"):
        desk.cases.rule(first.id, "wu", "upheld", "on second thoughts")
    second = desk.cases.appeal(order.id, "Huobi", "our blog is below it", "li")
    desk.cases.rule(second.id, "wu", "partly", "the blog is not part of the venue")
    assert desk.cases.order(order.id).state == "suspended"
    with pytest.raises(RefusedError, match="in part"):
        desk.cases.resume(order.id, "wang", "back")
    narrower = desk.propose(renews=order.id)
    assert narrower.renews == order.id


@pytest.mark.parametrize("person", ["wang", "chen", "li"])
def test_nobody_hears_an_appeal_against_an_order_they_took_part_in(desk: Desk, person: str) -> None:
    order = desk.active()
    appeal = desk.cases.appeal(order.id, "Huobi", "wrong", "li")
    desk.people.grant(person, "appeals_officer")
    with pytest.raises(RefusedError, match="took part in"):
        desk.cases.rule(appeal.id, person, "dismissed", "I was right")
    assert desk.cases.rulings(order.id) == []


def test_an_approval_taken_back_is_a_part_too(desk: Desk) -> None:
    order = desk.propose(needed=1)
    desk.cases.approve(desk.propose("okex.com").id, "zhao")
    desk.people.grant("zhao", "appeals_officer")
    desk.cases.approve(order.id, "wang")
    appeal = desk.cases.appeal(order.id, "Huobi", "wrong", "li")
    assert desk.cases.rule(appeal.id, "zhao", "dismissed", "no").decider == "zhao"  # of another order
    second = desk.propose("bitmex.com", needed=2)
    desk.cases.approve(second.id, "zhao")
    desk.cases.withdraw(second.id, "zhao")
    for person in ("wang", "chen"):
        desk.cases.approve(second.id, person)
    other = desk.cases.appeal(second.id, "Bitmex", "wrong", "li")
    with pytest.raises(RefusedError, match="took part in"):
        desk.cases.rule(other.id, "zhao", "dismissed", "no")


@pytest.mark.parametrize("person", ["guest", "audit", "nobody", "zhao"])
def test_only_an_appeals_officer_rules(desk: Desk, person: str) -> None:
    appeal = desk.cases.appeal(desk.active().id, "Huobi", "wrong", "li")
    with pytest.raises(RefusedError):
        desk.cases.rule(appeal.id, person, "dismissed", "no")


def test_an_appeal_says_something_about_something_decided(desk: Desk) -> None:
    proposed = desk.propose()
    with pytest.raises(RefusedError, match="nothing was decided"):
        desk.cases.appeal(proposed.id, "Huobi", "wrong", "li")
    order = desk.active("okex.com")
    with pytest.raises(InputError, match="grounds"):
        desk.cases.appeal(order.id, "OKEx", " ", "li")
    appeal = desk.cases.appeal(order.id, "OKEx", "wrong", "li")
    with pytest.raises(InputError, match="reasons"):
        desk.cases.rule(appeal.id, "sun", "dismissed", " ")


def test_an_order_is_suspended_and_resumed_by_decision(desk: Desk) -> None:
    order = desk.active()
    with pytest.raises(RefusedError):
        desk.cases.suspend(order.id, "li", "an analyst alone")
    suspended = desk.cases.suspend(order.id, "sun", "while the appeal is heard")
    assert published(desk) == 0
    (expected,) = expectations(suspended, (INSIDE,), at=desk.clock.at)
    assert (expected.expect, expected.since) == ("accessible", suspended.moved_at)
    with pytest.raises(RefusedError, match="own proposal"):
        desk.cases.resume(order.id, "li", "back")
    assert desk.cases.resume(order.id, "wang", "the appeal failed").state == "active"
    desk.cases.suspend(order.id, "wang", "again")
    desk.clock.pass_(days=200)
    assert desk.cases.order(order.id).standing(desk.clock.at) == "expired"
    assert [ended.state for ended in desk.cases.expire_due()] == ["expired"]


def journalism(state: str) -> tuple[Exclusion, ...]:
    return (Exclusion("journalism", "house", state, "reporting", "a newsroom writes it"),)


def test_journalism_found_later_takes_the_order_out_of_force_at_once(desk: Desk) -> None:
    order = desk.active()
    found = assessment(exclusions=journalism("met"), state="not_made_out", reason="excluded by the house")
    desk.cases.open(found)
    assert desk.cases.order(order.id).state == "suspended"
    with pytest.raises(RefusedError, match="none to act on"):
        desk.cases.resume(order.id, "wang", "back")
    desk.cases.open(assessment(reason="the newsroom is another site"))
    assert desk.cases.resume(order.id, "wang", "it was another site").state == "active"


@pytest.mark.parametrize(("actor", "state"), [("ringfence", "active"), ("li", "suspended")])
def test_a_dark_site_lifts_no_order_and_a_persons_doubt_does(desk: Desk, actor: str, state: str) -> None:
    order = desk.active()
    desk.cases.open(assessment(exclusions=journalism("unclear"), state="unclear", reason="no page"), actor)
    assert desk.cases.order(order.id).state == state


def test_nothing_becomes_active_once_the_latest_assessment_says_otherwise(desk: Desk) -> None:
    order = desk.propose(needed=1)
    desk.cases.open(assessment(state="unclear", reason="no page was seen"))
    with pytest.raises(RefusedError, match="none to act on"):
        desk.cases.approve(order.id, "wang")
    assert desk.cases.approvals(order.id) == []


def test_roles_that_are_held_alone(desk: Desk) -> None:
    for person, role in (("audit", "approver"), ("wang", "auditor"), ("wang", "administrator")):
        with pytest.raises(RefusedError, match="holds no other role"):
            desk.people.grant(person, role)
    desk.people.end("wang", "approver")
    assert desk.people.grant("wang", "auditor").holds("auditor", msgspec.to_builtins("9999"))


def test_an_auditor_does_nothing(desk: Desk) -> None:
    order = desk.active()
    acts = (
        lambda: desk.cases.revoke(order.id, "audit", "no"),
        lambda: desk.cases.suspend(order.id, "audit", "no"),
        lambda: desk.cases.notify(order.id, "audit"),
        lambda: desk.cases.appeal(order.id, "me", "no", "audit"),
        lambda: desk.cases.reply(order.id, "audit", "me", "no"),
        lambda: desk.propose("okex.com", proposer="audit"),
    )
    for act in acts:
        with pytest.raises(RefusedError):
            act()


def test_only_an_administrator_changes_the_list_once_there_is_one(desk: Desk) -> None:
    desk.people.add("root", "Root", "administrator")
    for actor in ("administrator", "wang", "nobody"):
        with pytest.raises(RefusedError, match="only an administrator"):
            desk.people.add("eve", "Eve", "approver", actor=actor)
        with pytest.raises(RefusedError, match="only an administrator"):
            desk.people.end("wang", "approver", actor=actor)
    assert desk.people.add("eve", "Eve", "approver", actor="root").roles
    with pytest.raises(RefusedError, match="last administrator"):
        desk.people.end("root", "administrator", actor="root")
    desk.people.add("ring", "Ring", "administrator", actor="root")
    desk.people.end("root", "administrator", actor="ring")
