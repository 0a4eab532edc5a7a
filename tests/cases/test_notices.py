"""Nobody is measured unheard: what notice a measure needs, what stands in for it, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.examples import Desk
from ringfence.cases.order import Order
from ringfence.core.errors import InputError, RefusedError

BEFORE = {"notice": "before", "reply_days": 7}
URGENT = BEFORE | {"urgency": "Regulation X, Art 9: imminent harm"}
DEFERRED = {"notice": "deferred", "notice_basis": "Act Y, s. 3: no telling that a report was made"}


def approved(desk: Desk, grant: dict[str, object], **changes: object) -> Order:
    order = desk.propose(grant=grant, needed=1, **changes)
    return desk.cases.approve(order.id, "wang")


def test_a_notice_that_follows_is_ready_when_the_measure_begins(desk: Desk) -> None:
    order = desk.active()
    (notice,) = desk.cases.notices(order.id)
    assert (notice.when, notice.by, notice.at) == ("after", "ringfence", order.activated_at)
    assert notice.due_at and notice.due_at > notice.at and order.id in notice.text
    assert len(bytes.fromhex(notice.salt)) == 16


def test_a_notice_before_keeps_the_order_out_of_force_until_the_window_is_over(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    assert order.state == "approved" and desk.cases.orders("active") == []
    with pytest.raises(RefusedError, match="given and sent before"):
        desk.cases.activate(order.id, "wang")
    notice = desk.cases.notify(order.id, "li", language="zh", recipient="Huobi Ltd")
    assert (notice.when, notice.recipient, notice.language) == ("before", "Huobi Ltd", "zh")
    with pytest.raises(RefusedError, match="given and sent before"):  # written is not sent
        desk.cases.activate(order.id, "wang")
    desk.cases.deliver(notice.id, "li", "sent", channel="letter")
    with pytest.raises(RefusedError, match="time to reply lasts until 2018-08-31"):
        desk.cases.activate(order.id, "wang")
    desk.clock.pass_(days=8)
    with pytest.raises(RefusedError, match="own proposal"):
        desk.cases.activate(order.id, "li")
    assert desk.cases.activate(order.id, "chen").state == "active"
    assert desk.cases.case(order.case).stage == "decided"


def test_a_reply_is_considered_first(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    notice = desk.cases.notify(order.id, "li")
    desk.cases.deliver(notice.id, "li", "failed", channel="letter", why="came back unopened")
    reply = desk.cases.reply(order.id, "li", "Huobi", "we left in May")
    desk.clock.pass_(days=8)
    assert desk.cases.needs(order.id) == "a reply waits to be considered"
    with pytest.raises(RefusedError, match="waits to be considered"):
        desk.cases.activate(order.id, "chen")
    with pytest.raises(RefusedError, match="role"):
        desk.cases.consider(order.id, "li", reply.id, "no")  # an analyst does not decide
    desk.cases.consider(order.id, "chen", reply.id, "the order book is still open to residents")
    assert desk.cases.needs(order.id) == ""
    assert desk.cases.activate(order.id, "chen").state == "active"
    with pytest.raises(InputError, match="no reply"):
        desk.cases.consider(order.id, "chen", reply.id, "again")


def test_what_could_not_be_delivered_says_why(desk: Desk) -> None:
    (notice,) = desk.cases.notices(desk.active().id)
    with pytest.raises(InputError, match="why"):
        desk.cases.deliver(notice.id, "li", "failed", channel="letter")
    made = desk.cases.deliver(notice.id, "li", "failed", channel="letter", why="no address is known")
    assert desk.cases.deliveries(notice.order) == [made]
    with pytest.raises(InputError, match="no such notice"):
        desk.cases.deliver("notice:0", "li", "sent", channel="letter")


def test_urgency_needs_a_rule_of_the_power_and_reasons(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="no rule by which block_access may come before"):
        approved(desk, BEFORE, urgency="losses every hour")
    order = approved(desk, URGENT, urgency="losses every hour")
    assert order.state == "active"
    (notice,) = desk.cases.notices(order.id)
    assert notice.when == "after" and "losses every hour" in notice.text and "imminent harm" in notice.text
    waits = approved(desk, URGENT, scope=desk.cases.order(order.id).scope, measure="warn_public")
    assert waits.state == "approved"  # the rule is there, and nobody relied on it


def test_notice_is_deferred_by_law_by_name_and_for_a_time(desk: Desk) -> None:
    order = approved(desk, DEFERRED)
    assert order.state == "approved"
    with pytest.raises(RefusedError, match="the law has this notice put off"):
        desk.cases.notify(order.id, "li")
    soon = desk.clock.at + timedelta(days=30)
    for person in ("li", "sun", "guest"):
        with pytest.raises(RefusedError):
            desk.cases.defer(order.id, person, "Act Y, s. 3", "a report is open", soon)
    with pytest.raises(InputError, match="within 90 days"):
        desk.cases.defer(order.id, "wang", "Act Y, s. 3", "a report is open", soon + timedelta(days=90))
    made = desk.cases.defer(order.id, "wang", "Act Y, s. 3", "a report is open", soon)
    assert (made.decider, desk.cases.needs(order.id)) == ("wang", "")
    desk.clock.pass_(days=31)
    with pytest.raises(RefusedError, match="deferred by name"):  # its review is due
        desk.cases.activate(order.id, "chen")
    desk.cases.defer(order.id, "wang", "Act Y, s. 3", "still open", desk.clock.at + timedelta(days=30))
    assert desk.cases.activate(order.id, "chen").state == "active"


def test_no_other_measure_is_deferred(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    with pytest.raises(RefusedError, match="no law puts off"):
        desk.cases.defer(order.id, "wang", "because", "because", desk.clock.at + timedelta(days=9))


@pytest.mark.parametrize("grant", [{"notice": "none"}, {"notice": "deferred"}, {"notice": "never"}])
def test_a_measure_without_notice_needs_a_text_that_says_so(desk: Desk, grant: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match="notice"):
        desk.propose(grant=grant)
    if grant["notice"] == "none":
        allowed = approved(desk, grant | {"notice_basis": "Statute Z, s. 1: a public warning needs none"})
        assert allowed.state == "active" and desk.cases.notices(allowed.id) == []


def test_a_renewal_is_a_new_decision_that_refers_to_the_old_one(desk: Desk) -> None:
    old = desk.active(days=10)
    with pytest.raises(RefusedError, match=old.id):
        desk.propose()
    new = desk.propose(renews=old.id, days=200)
    assert (new.state, new.renews) == ("proposed", old.id)
    with pytest.raises(InputError, match="no such order"):
        desk.propose(renews="RF-0")
    other = desk.active("okex.com")
    with pytest.raises(RefusedError, match="somebody else"):
        desk.propose(renews=other.id)


def test_stages_follow_from_what_happened(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    assert desk.cases.case(order.case).stage == "assessed"
    desk.cases.notify(order.id, "li")
    assert desk.cases.case(order.case).stage == "noticed"
    desk.cases.revoke(order.id, "li", "it left")
    assert desk.cases.close(order.case, "li", "it left").stage == "closed"
