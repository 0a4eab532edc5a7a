"""A deferral that has run out: the house suspends the order, until somebody is told or says why not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cases.examples import Desk
from cases.test_notices import DEFERRED, approved
from ringfence.cases.order import Order
from ringfence.core.errors import RefusedError


@pytest.fixture
def order(desk: Desk) -> Order:
    """In force, its notice put off for thirty days."""
    found = approved(desk, DEFERRED)
    desk.cases.defer(found.id, "wang", "Act Y, s. 3", "a report is open", desk.clock.at + timedelta(days=30))
    return desk.cases.activate(found.id, "chen")


def test_while_it_lasts_nothing_happens(desk: Desk, order: Order) -> None:
    desk.clock.pass_(days=29)
    assert desk.cases.lapse_due() == []
    with pytest.raises(RefusedError, match="put off"):
        desk.cases.notify(order.id, "li")
    desk.cases.defer(order.id, "wang", "Act Y, s. 3", "still open", desk.clock.at + timedelta(days=30))
    desk.clock.pass_(days=2)
    assert desk.cases.lapse_due() == []


def test_once_it_is_over_the_house_suspends_and_says_why(desk: Desk, order: Order) -> None:
    desk.clock.pass_(days=31)
    (suspended,) = desk.cases.lapse_due()
    assert suspended.id == order.id and desk.cases.order(order.id).state == "suspended"
    event = desk.cases.events(order=order.id)[-1]
    assert (event.kind, event.actor) == ("suspended", "ringfence")
    assert "put off until 2018-09-23" in event.body["reasons"]
    assert desk.cases.lapse_due() == []
    with pytest.raises(RefusedError, match="notice is not given"):
        desk.cases.resume(order.id, "chen", "nothing has changed")


def test_put_off_again_it_may_be_resumed(desk: Desk, order: Order) -> None:
    desk.clock.pass_(days=31)
    desk.cases.lapse_due()
    desk.cases.defer(order.id, "wang", "Act Y, s. 3", "still open", desk.clock.at + timedelta(days=30))
    assert desk.cases.resume(order.id, "chen", "put off again").state == "active"
    assert desk.cases.lapse_due() == []


def test_with_notice_given_it_may_be_resumed_for_good(desk: Desk, order: Order) -> None:
    desk.clock.pass_(days=31)
    desk.cases.lapse_due()
    notice = desk.cases.notify(order.id, "li")
    assert notice.when == "after" and notice.due_at
    assert desk.cases.resume(order.id, "chen", "those concerned are told").state == "active"
    desk.clock.pass_(days=60)
    assert desk.cases.lapse_due() == []


def test_told_in_time_it_is_never_suspended(desk: Desk, order: Order) -> None:
    desk.clock.pass_(days=31)
    desk.cases.notify(order.id, "li")
    assert desk.cases.lapse_due() == [] and desk.cases.order(order.id).state == "active"
