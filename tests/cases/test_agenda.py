"""The agenda: each thing that waits for a person is on it with its date, and gone once it is done."""

from __future__ import annotations

from datetime import timedelta

from cases.examples import Desk
from cases.test_notices import BEFORE, DEFERRED, approved
from ringfence.cases.agenda import Item


def of(desk: Desk, kind: str, **options: object) -> list[Item]:
    return [item for item in desk.cases.agenda(**options) if item.kind == kind]


def kinds(desk: Desk, **options: object) -> list[str]:
    return [item.kind for item in desk.cases.agenda(**options)]


def test_from_the_notice_to_taking_effect(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    (give,) = desk.cases.agenda()
    assert (give.kind, give.order, give.by) == ("give", order.id, None) and "notice give" in give.do
    notice = desk.cases.notify(order.id, "li", recipient="legal@huobi.pro")
    assert kinds(desk) == ["notice"] and kinds(desk, mailed=True) == []  # a worker sends it
    desk.clock.pass_(days=2)
    (late,) = desk.cases.agenda(mailed=True)
    assert late.kind == "notice" and late.overdue and notice.id in late.do
    desk.cases.deliver(notice.id, "li", "sent", channel="letter")
    assert kinds(desk) == []
    reply = desk.cases.reply(order.id, "li", "Huobi", "we left")
    (waiting,) = desk.cases.agenda()
    assert (waiting.kind, waiting.since) == ("reply", reply.at) and reply.id in waiting.do
    desk.cases.consider(order.id, "chen", reply.id, "it did not")
    desk.clock.pass_(days=8)
    (ready,) = desk.cases.agenda()
    assert ready.kind == "activate" and "time to reply is over" in ready.what
    desk.cases.activate(order.id, "chen")
    assert kinds(desk) == []


def test_a_proposal_waits_for_its_approvals(desk: Desk) -> None:
    order = desk.propose()
    desk.cases.approve(order.id, "wang")
    (item,) = desk.cases.agenda()
    assert (item.kind, item.what) == ("approve", "1 of 2 approvals are given")
    desk.cases.revoke(order.id, "li", "it left")
    assert kinds(desk) == []


def test_a_notice_without_an_address_says_so(desk: Desk) -> None:
    desk.active()
    (item,) = of(desk, "notice", mailed=True)
    assert "no e-mail address" in item.what and "notice address" in item.do


def test_deferrals(desk: Desk) -> None:
    order = approved(desk, DEFERRED)
    assert kinds(desk) == ["defer"]
    until = desk.clock.at + timedelta(days=30)
    desk.cases.defer(order.id, "wang", "Act Y, s. 3", "a report is open", until)
    desk.cases.activate(order.id, "chen")
    assert kinds(desk) == []
    desk.clock.pass_(days=20)
    (item,) = of(desk, "deferral")
    assert item.by is not None and item.by[:10] == "2018-09-23" and not item.overdue
    assert of(desk, "deferral", days=5) == []
    desk.clock.pass_(days=11)
    assert of(desk, "deferral")[0].overdue
    desk.cases.lapse_due()
    assert of(desk, "suspended")[0].order == order.id
    desk.cases.notify(order.id, "li")
    assert of(desk, "deferral") == []


def test_appeals_reviews_and_ends(desk: Desk) -> None:
    order = desk.active(days=20)
    (notice,) = desk.cases.notices(order.id)
    desk.cases.deliver(notice.id, "li", "sent", channel="letter")
    assert kinds(desk, days=3) == []
    appeal = desk.cases.appeal(order.id, "Huobi", "we left", "li")
    assert of(desk, "appeal")[0].since == appeal.filed_at and appeal.id in of(desk, "appeal")[0].do
    assert set(kinds(desk, days=30)) == {"appeal", "review", "expiry"}
    assert of(desk, "expiry", days=30)[0].by == order.expires_at
    desk.cases.rule(appeal.id, "sun", "partly", "the forum is news")
    assert of(desk, "appeal") == [] and of(desk, "suspended") == []  # only a new order may follow
    desk.clock.pass_(days=21)
    assert kinds(desk) == []


def test_the_overdue_come_first_and_then_by_date(desk: Desk) -> None:
    first, second = desk.active("a-venue.com", days=10), desk.active("b-venue.com", days=5)
    desk.clock.pass_(days=4)
    found = desk.cases.agenda()
    assert [item.overdue for item in found] == sorted((item.overdue for item in found), reverse=True)
    ends = [item.order for item in found if item.kind == "expiry"]
    assert ends == [second.id, first.id] and {item.kind for item in found if item.overdue} >= {"notice"}
