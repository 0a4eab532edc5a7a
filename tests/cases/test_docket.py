"""From an assessment to an active order and its end: what is asked, what is refused, what is sealed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.examples import HOST, SMALLER, Desk, assessment
from ringfence.cases.order import Order, Scope
from ringfence.core.canonical import digest
from ringfence.core.database import Database
from ringfence.core.errors import InputError, RefusedError
from ringfence.rulebook.assessment import Exclusion


def test_two_approvers_besides_the_proposer_make_an_order_active(desk: Desk) -> None:
    order = desk.propose()
    assert (order.state, order.needed) == ("proposed", 2)
    assert desk.cases.approve(order.id, "wang").state == "proposed"
    active = desk.cases.approve(order.id, "chen")
    assert active.state == "active" and active.activated_at is not None
    assert desk.cases.order(order.id) == active
    kinds = [event.kind for event in desk.cases.events(order=order.id)]
    assert kinds == ["proposed", "approved", "approved", "decided", "noticed", "activated"]


def test_opening_a_case_is_idempotent_while_it_is_open(desk: Desk) -> None:
    first = desk.cases.open(assessment())
    before = len(desk.sealed.leaves)
    assert desk.cases.open(assessment()) == first
    assert len(desk.sealed.leaves) == before
    again = desk.cases.open(assessment(reason="seen once more"))
    assert again.id == first.id and again.assessment == assessment(reason="seen once more").id
    assert desk.cases.assessment(first.assessment) == assessment()
    desk.cases.close(first.id, "li", "the site is gone")
    assert desk.cases.open(assessment()).id != first.id
    assert [case.state for case in desk.cases.cases()] == ["closed", "open"]


def test_a_case_with_a_live_order_cannot_be_closed(desk: Desk) -> None:
    order = desk.propose()
    with pytest.raises(RefusedError, match="an order that is proposed or in force"):
        desk.cases.close(order.case, "li", "enough")


def test_no_one_approves_their_own_proposal(desk: Desk) -> None:
    desk.people.grant("li", "approver")
    order = desk.propose(needed=1)
    with pytest.raises(RefusedError, match="own proposal") as refused:
        desk.cases.approve(order.id, "li")
    assert refused.value.hint
    assert desk.cases.approve(order.id, "wang").state == "active"


@pytest.mark.parametrize("person", ["guest", "nobody"])
def test_only_an_approver_approves(desk: Desk, person: str) -> None:
    order = desk.propose()
    with pytest.raises(RefusedError, match="role of approver"):
        desk.cases.approve(order.id, person)


def test_a_role_that_has_ended_counts_no_more(desk: Desk) -> None:
    order = desk.propose()
    desk.people.end("wang", "approver")
    with pytest.raises(RefusedError, match="role of approver"):
        desk.cases.approve(order.id, "wang")
    desk.people.grant("wang", "approver")
    desk.cases.approve(order.id, "wang")


def test_approving_twice_is_refused_and_changes_nothing(desk: Desk) -> None:
    order = desk.propose()
    desk.cases.approve(order.id, "wang")
    leaves = list(desk.sealed.leaves)
    with pytest.raises(RefusedError):
        desk.cases.approve(order.id, "wang")
    assert [a.approver for a in desk.cases.approvals(order.id)] == ["wang"]
    assert desk.cases.order(order.id).state == "proposed"
    # The fake log keeps what a real one would have rolled back; nothing more than that attempt.
    assert desk.sealed.leaves[: len(leaves)] == leaves


def test_a_withdrawn_approval_does_not_count(desk: Desk) -> None:
    order = desk.propose()
    desk.cases.approve(order.id, "wang")
    desk.cases.withdraw(order.id, "wang", "the pairs are gone")
    assert desk.cases.approve(order.id, "chen").state == "proposed"
    assert desk.cases.approve(order.id, "zhao").state == "active"
    with pytest.raises(RefusedError, match="no longer proposed"):
        desk.cases.withdraw(order.id, "chen")


def test_unclear_never_counts(desk: Desk) -> None:
    for state in ("unclear", "not_made_out"):
        found = assessment(state=state, reason="no page was seen")
        with pytest.raises(RefusedError, match=state):
            desk.cases.propose(
                desk.cases.open(found).id, found, "block_access", "li", Scope(HOST), "because",
                desk.clock.at + timedelta(days=9), why_not_smaller=SMALLER,
            )  # fmt: skip


@pytest.mark.parametrize(
    "exclusions",
    [
        (Exclusion("journalism", "house", "met", "reporting", "a news page"),),
        (Exclusion("journalism", "house", "unclear", "reporting", "no page"),),
        (Exclusion("consent", "law", "not_met", "consent", "none"),),
        (),
    ],
)
def test_journalism_must_be_ruled_out_by_the_house_exclusion(
    desk: Desk, exclusions: tuple[Exclusion, ...]
) -> None:
    found = assessment(exclusions=exclusions)
    with pytest.raises(RefusedError, match="exclusion"):
        desk.cases.propose(
            desk.cases.open(found).id, found, "block_access", "li", Scope(HOST), "because",
            desk.clock.at + timedelta(days=9), why_not_smaller=SMALLER,
        )  # fmt: skip


def test_a_measure_must_be_granted_and_the_smallest_that_works(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="no power in force grants ask_geoblock"):
        desk.propose(measure="ask_geoblock")
    with pytest.raises(InputError, match="unknown measure") as unknown:
        desk.propose(measure="seize")
    assert "limit_receiving" in unknown.value.hint, "every kind of subject has its measures"
    with pytest.raises(RefusedError, match="ask_host_registrar"):
        desk.propose(why_not_smaller=SMALLER | {"ask_host_registrar": " "})
    assert desk.propose(measure="warn_public", why_not_smaller={}).measure == "warn_public"


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"reasons": "  "}, InputError, "reasons"),
        ({"days": -1}, InputError, "expiry"),
        ({"days": 800}, InputError, "expiry"),
        ({"needed": 0}, RefusedError, "at least one approver"),
        ({"scope": Scope("okex.com")}, RefusedError, "not a name of"),
        ({"scope": Scope("")}, InputError, "no host"),
        ({"proposer": "guest"}, RefusedError, "neither analyst nor approver"),
    ],
)
def test_an_incomplete_proposal_is_refused_with_words(
    desk: Desk, changes: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        desk.propose(**changes)
    assert desk.cases.orders() == []


def test_a_measure_without_an_appeal_cannot_be_ordered(desk: Desk) -> None:
    import msgspec

    measures = tuple(msgspec.structs.replace(m, appeal=()) for m in assessment().measures)
    found = assessment(measures=measures)
    with pytest.raises(RefusedError, match="appeal"):
        desk.cases.propose(
            desk.cases.open(found).id, found, "warn_public", "li", Scope(HOST), "because",
            desk.clock.at + timedelta(days=9),
        )  # fmt: skip


def test_the_same_order_is_not_proposed_twice(desk: Desk) -> None:
    first = desk.propose()
    with pytest.raises(RefusedError, match=first.id):
        desk.propose()
    desk.cases.revoke(first.id, "li", "a mistake in the scope")
    assert desk.propose().id != first.id


def test_an_order_past_its_time_is_expired_for_every_reader_before_its_row_moves(desk: Desk) -> None:
    order = desk.active(days=1)
    desk.clock.pass_(days=2)
    assert desk.cases.orders("active") == []
    assert [found.id for found in desk.cases.orders("expired")] == [order.id]
    assert desk.cases.order(order.id).state == "active"
    assert [found.state for found in desk.cases.expire_due()] == ["expired"]
    assert desk.cases.expire_due() == []
    with pytest.raises(RefusedError, match="expired already"):
        desk.cases.revoke(order.id, "wang", "late")


def test_a_proposal_past_its_time_cannot_become_active(desk: Desk) -> None:
    order = desk.propose(days=1, needed=1)
    desk.clock.pass_(days=2)
    with pytest.raises(RefusedError):
        desk.cases.approve(order.id, "wang")


def test_a_revoked_order_stays_revoked(desk: Desk) -> None:
    order = desk.active()
    ended = desk.cases.revoke(order.id, "wang", "the operator left the market")
    assert (ended.state, ended.ended_because) == ("revoked", "the operator left the market")
    with pytest.raises(RefusedError):
        desk.cases.revoke(order.id, "chen", "again")
    with pytest.raises(InputError, match="no such order"):
        desk.cases.revoke("RF-0", "chen", "what")


def test_every_row_is_sealed_with_the_bytes_that_it_keeps(desk: Desk) -> None:
    order = desk.active()
    assert desk.sealed.kinds().count("order") == 3  # as proposed, as approved, as activated
    latest = [record for _, named, record in desk.sealed.leaves if named == order.id][-1]
    assert Order.from_record(latest) == order
    with desk.database.begin() as connection:
        rows = connection.exec_driver_sql("select record, digest from orders").all()
        rows += connection.exec_driver_sql("select record, digest from approvals").all()
        events = connection.exec_driver_sql("select record, digest from case_events").all()
    sealed = {record for _, _, record in desk.sealed.leaves}
    for record, named in rows + events:
        assert digest(record) == named and record in sealed
    assert len(events) == desk.sealed.kinds().count("event")


def test_an_approval_names_the_text_that_was_approved_and_is_salted(desk: Desk) -> None:
    order = desk.propose()
    desk.cases.approve(order.id, "wang", "read in full")
    (approval,) = desk.cases.approvals(order.id)
    assert approval.order_digest == digest(order.record)
    assert len(bytes.fromhex(approval.salt)) == 16
    assert "wang" not in approval.id


def test_a_seal_that_fails_undoes_the_act(desk: Desk) -> None:
    order = desk.propose(needed=1)

    def broken(*_: object) -> None:
        raise RuntimeError("the log is full")

    desk.cases.seal = broken
    with pytest.raises(RuntimeError):
        desk.cases.approve(order.id, "wang")
    assert desk.cases.approvals(order.id) == []
    assert desk.cases.order(order.id).state == "proposed"


def test_laboratory_assessments_give_laboratory_orders_in_cases_of_their_own(desk: Desk) -> None:
    real, invented = desk.propose(), desk.propose(laboratory=True)
    assert (real.laboratory, invented.laboratory) == (False, True)
    assert real.case != invented.case


def test_everything_is_still_there_for_the_next_process(desk: Desk) -> None:
    order = desk.active()
    desk.database.close()
    reopened = Database(desk.path)
    desk.cases.database = reopened
    assert desk.cases.order(order.id) == order
    reopened.close()
