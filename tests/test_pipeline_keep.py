"""Keeping a place up to date: what makes it be written, what does not, and what if it cannot be."""

import pytest

from cases.examples import Desk
from ringfence.core.errors import InputError
from ringfence.pipeline.keep import FIRST, WHOLE, Keeper


class Place:
    """Counts how often it was written; ``broken`` refuses."""

    def __init__(self, desk):
        self.desk = desk
        self.written = 0
        self.broken = False

    def __call__(self):
        if self.broken:
            raise InputError("cannot write")
        self.written += 1
        return frozenset(order.id for order in self.desk.cases.orders("active"))


@pytest.fixture
def kept(place):
    desk = Desk(place)
    file = Place(desk)
    yield desk, file, Keeper(desk.database, "hosts=x", file, desk.clock)
    desk.database.close()


def test_it_is_written_first_and_then_once_for_each_change(kept):
    desk, file, keeper = kept
    assert keeper.look() == frozenset() and keeper.look() is None
    order = desk.active()
    assert keeper.look() == {order.id} and keeper.look() is None
    desk.cases.suspend(order.id, "wang", "while it is heard")
    assert keeper.look() == frozenset()
    desk.cases.resume(order.id, "chen", "it was heard")
    assert keeper.look() == {order.id}
    appeal = desk.cases.appeal(order.id, "Huobi", "we left", "li")
    assert keeper.look() is None  # it suspends nothing by itself
    desk.cases.rule(appeal.id, "sun", "upheld", "it left")
    assert keeper.look() == frozenset() and file.written == 5


def test_an_end_in_time_needs_no_event(kept):
    desk, _, keeper = kept
    desk.active(days=0.01)
    keeper.look()
    desk.clock.pass_(minutes=10)
    assert keeper.look() is None
    desk.clock.pass_(minutes=5)
    assert keeper.look() == frozenset()  # over, although nobody has moved its row
    assert keeper.look() is None


def test_now_and_then_it_is_looked_at_as_a_whole(kept):
    desk, file, keeper = kept
    keeper.look()
    desk.clock.pass_(seconds=WHOLE.total_seconds())
    assert keeper.look() is not None and file.written == 2


def test_what_cannot_be_written_is_tried_again_later_each_time_and_nothing_is_forgotten(kept):
    desk, file, keeper = kept
    keeper.look()
    file.broken = True
    order = desk.active()
    with pytest.raises(InputError):
        keeper.look()
    assert keeper.look() is None  # not at once again
    desk.clock.pass_(seconds=FIRST.total_seconds())
    with pytest.raises(InputError):
        keeper.look()
    desk.clock.pass_(seconds=FIRST.total_seconds() + 1)
    assert keeper.look() is None  # twice as long
    file.broken = False
    desk.clock.pass_(seconds=FIRST.total_seconds())
    assert keeper.look() == {order.id}
    assert keeper.look() is None
