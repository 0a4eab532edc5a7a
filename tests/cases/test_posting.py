"""Notices on their way: where they go, who sends them, and that none goes twice by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.examples import Desk
from cases.test_notices import BEFORE, approved
from ringfence.cases.address import display_name, mail_address
from ringfence.cases.outbox import TRIES, Waiting
from ringfence.core.errors import InputError, RefusedError


def the(desk: Desk) -> Waiting:
    (item,) = desk.cases.outbox()
    return item


def posted(desk: Desk) -> Waiting:
    """An active order with a notice to an address."""
    order = desk.active()
    (notice,) = desk.cases.notices(order.id)
    desk.cases.address(notice.id, "li", "legal@huobi.pro")
    return the(desk)


@pytest.mark.parametrize(
    ("written", "address", "name"),
    [
        ("legal@huobi.pro", "legal@huobi.pro", ""),
        ("Huobi <legal@huobi.pro>", "legal@huobi.pro", "Huobi"),
        ('"火币 Global, Ltd" <a.b+c@x-y.example>', "a.b+c@x-y.example", "火币 Global, Ltd"),
        ("operator of huobi.pro", None, ""), ("a@b", None, ""), ("a@b.c\r\nBcc: d@e.f", None, ""),
        ("<a@b.example> and <c@d.example>", None, ""), ("a..b@c.example", None, ""), ("@b.example", None, ""),
        ("a@-b.example", None, ""), (f"{'a' * 65}@b.example", None, ""), ("a b@c.example", None, ""),
        ("Evil\r\nBcc: x@y.example <a@b.example>", "a@b.example", "EvilBcc: x@y.example"),
    ],
)  # fmt: skip
def test_an_address_is_read_where_there_is_exactly_one(written: str, address: str | None, name: str) -> None:
    assert mail_address(written) == address and display_name(written) == name


def test_a_notice_waits_for_people_until_an_address_is_known(desk: Desk) -> None:
    order = desk.active()
    item = the(desk)
    assert (item.order, item.by, item.address) == (order.id, "people", None) and "address" in item.why
    assert item.due_at == item.notice.due_at and not item.overdue(desk.clock.at)
    assert item.overdue(desk.clock.at + timedelta(days=4))
    with pytest.raises(InputError, match="no e-mail address"):
        desk.cases.address(item.notice.id, "li", "huobi")
    with pytest.raises(RefusedError, match="role"):
        desk.cases.address(item.notice.id, "audit", "legal@huobi.pro")
    desk.cases.address(item.notice.id, "li", "Legal <legal@huobi.pro>")
    assert (the(desk).by, the(desk).address) == ("mail", "legal@huobi.pro")
    desk.cases.deliver(item.notice.id, "li", "sent", channel="letter")
    assert desk.cases.outbox() == []
    with pytest.raises(RefusedError, match="sent or tried"):
        desk.cases.address(item.notice.id, "li", "legal@huobi.pro")


def test_a_recipient_with_an_address_needs_no_other(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    desk.cases.notify(order.id, "li", recipient="Huobi <legal@huobi.pro>")
    item = the(desk)
    assert (item.by, item.address) == ("mail", "legal@huobi.pro")
    assert item.overdue(desk.clock.at + timedelta(days=1, minutes=1))  # the time to reply runs


def test_nobody_begins_what_another_has_begun(desk: Desk) -> None:
    item = posted(desk)
    begun = desk.cases.begin_sending(item.notice.id, "<1@x>")
    assert begun is not None and desk.cases.begin_sending(item.notice.id, "<1@x>") is None
    assert the(desk).by == "under_way"
    assert desk.cases.sending_came(begun, "sent", "250 queued") == "sent"
    (delivery,) = desk.cases.deliveries(item.order)
    assert (delivery.fate, delivery.by) == ("sent", "ringfence")
    assert (delivery.channel, delivery.why) == ("e-mail to legal@huobi.pro", "250 queued")
    assert desk.cases.begin_sending(item.notice.id, "<1@x>") is None


def test_what_nobody_can_know_is_for_people_and_is_not_sent_again(desk: Desk) -> None:
    item = posted(desk)
    assert desk.cases.begin_sending(item.notice.id, "<1@x>")
    desk.clock.pass_(minutes=16)
    left = the(desk)
    assert left.by == "people" and "<1@x>" in left.why
    assert desk.cases.begin_sending(item.notice.id, "<1@x>") is None
    desk.cases.address(item.notice.id, "li", "legal@huobi.pro")  # somebody looked, and decides
    assert desk.cases.begin_sending(item.notice.id, "<1@x>") is not None


def test_what_was_certainly_not_taken_is_tried_again_later_each_time_and_then_failed(desk: Desk) -> None:
    item = posted(desk)
    waits = []
    for number in range(1, TRIES + 1):
        begun = desk.cases.begin_sending(item.notice.id, "<1@x>")
        assert begun is not None, number
        came = desk.cases.sending_came(begun, "later", "451 greylisted")
        if number == TRIES:
            break
        assert came == "unsent" and desk.cases.begin_sending(item.notice.id, "<1@x>") is None
        waits.append(2 ** (number - 1))
        assert the(desk).tries == number
        desk.clock.pass_(minutes=waits[-1] + 1)
    assert came == "failed" and timedelta(days=1) < timedelta(minutes=sum(waits)) < timedelta(days=2)
    (delivery,) = desk.cases.deliveries(item.order)
    assert delivery.fate == "failed" and "451 greylisted (tried 12 times)" in delivery.why


def test_a_refusal_for_good_is_not_tried_again(desk: Desk) -> None:
    begun = desk.cases.begin_sending(posted(desk).notice.id, "<1@x>")
    assert begun is not None and desk.cases.sending_came(begun, "refused", "550 nobody here") == "failed"
    assert desk.cases.outbox() == []


def test_nothing_of_the_laboratory_is_mailed(desk: Desk) -> None:
    order = desk.active(laboratory=True)
    (notice,) = desk.cases.notices(order.id)
    desk.cases.address(notice.id, "li", "legal@huobi.pro")
    assert the(desk).by == "people" and desk.cases.begin_sending(notice.id, "<1@x>") is None


def test_the_notice_of_an_order_that_is_over_is_not_sent(desk: Desk) -> None:
    item = posted(desk)
    desk.cases.revoke(item.order, "li", "it left")
    assert desk.cases.outbox() == [] and desk.cases.begin_sending(item.notice.id, "<1@x>") is None


def test_who_was_told_late_has_the_whole_time_to_reply(desk: Desk) -> None:
    order = approved(desk, BEFORE)
    notice = desk.cases.notify(order.id, "li", recipient="legal@huobi.pro")
    desk.clock.pass_(days=5)
    desk.cases.deliver(notice.id, "li", "sent", channel="letter")
    desk.clock.pass_(days=3)  # the window that the notice names is over
    with pytest.raises(RefusedError, match="time to reply lasts until 2018-09-05"):
        desk.cases.activate(order.id, "chen")
    desk.clock.pass_(days=4, seconds=1)
    assert desk.cases.activate(order.id, "chen").state == "active"
