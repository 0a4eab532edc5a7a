"""The duty that sends notices: a real mail server, both engines, and a death at every point in between."""

import asyncio
from datetime import timedelta

import pytest

from crash import _propose
from mail import mail_server
from ringfence.cases.docket import Cases
from ringfence.cases.people import People
from ringfence.core.relay import Relay, Session
from ringfence.core.time import now
from ringfence.evidence import log
from ringfence.evidence.store import Store
from ringfence.pipeline.duties import Duties
from ringfence.pipeline.letter import letter, message_id
from ringfence.pipeline.post import Post

TO = "法务部 <legal@venue.test>"


@pytest.fixture
def house(tmp_path, place):
    made = Store(tmp_path / "house", place if isinstance(place, str) else None)
    people = People(made.database, log.seal)
    people.add("li", "Li", "analyst")
    for person in ("wang", "chen"):
        people.add(person, person, "approver")
    yield made
    made.close()


def given(house, host="venue-a.com", to=TO):
    """An active order with a notice to an address; the first one, to nobody in particular, is on paper."""
    cases = Cases(house.database, log.seal)
    order = _propose(cases, host)
    for person in ("wang", "chen"):
        cases.approve(order.id, person)
    (first,) = cases.notices(order.id)
    cases.deliver(first.id, "li", "failed", channel="letter", why="no address")
    return cases, cases.notify(order.id, "li", recipient=to, language="zh")


def post(house, server, **more):
    return Post(house, Relay("127.0.0.1", server.port, "desk@authority.test"), timeout=5, **more)


def test_a_notice_is_sent_once_and_its_delivery_recorded(house):
    cases, notice = given(house)
    with mail_server() as server:
        sender = post(house, server)
        assert sender.send() == [(notice.id, "sent")] and sender.send() == []
        (got,) = server.messages
    assert got["To"].addresses[0].addr_spec == "legal@venue.test"
    assert got["To"].addresses[0].display_name == "法务部"
    assert (
        got["Message-ID"] == message_id(notice.id, "desk@authority.test") and notice.order in got["Subject"]
    )
    assert (
        got.get_content().replace("\r\n", "\n") == notice.text and got["Auto-Submitted"] == "auto-generated"
    )
    delivery = cases.deliveries(notice.order)[-1]
    assert (delivery.fate, delivery.by, delivery.why) == ("sent", "ringfence", "250 2.0.0 queued as 4711")
    assert server.sessions == 1 and cases.outbox() == []


def test_the_same_notice_is_the_same_mail_to_the_octet(house):
    _, notice = given(house)
    made = {letter(notice, "legal@venue.test", "desk@authority.test").as_bytes() for _ in range(3)}
    assert len(made) == 1


def test_a_job_that_is_handed_out_twice_sends_one_mail(house):
    _, notice = given(house)
    with mail_server() as server:
        senders = [post(house, server), post(house, server)]

        async def both():
            return await asyncio.gather(*(sender(("all",)) for sender in senders))

        assert all(set(done) == {"all"} for done in asyncio.run(both()))
        assert len(server.mails) == 1, notice.id


@pytest.mark.parametrize("where", ["before the mail", "before the record"])
def test_who_dies_in_between_leaves_it_to_people_and_never_sends_it_twice(house, monkeypatch, where):
    cases, notice = given(house)

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with mail_server() as server:
        with monkeypatch.context() as dying, pytest.raises(Killed):
            if where == "before the mail":
                dying.setattr(Session, "send", die)
            else:
                dying.setattr(Cases, "sending_came", die)
            post(house, server).send()
        assert len(server.mails) == (where == "before the record")
        later = post(house, server)
        assert later.send() == []
        later.cases.clock = lambda: now() + timedelta(hours=1)
        assert later.send() == []
        (left,) = later.cases.outbox()
        assert left.by == "people" and message_id(notice.id, "desk@authority.test") in left.why
        # Somebody has looked into the server's log, and says what there is to be done.
        if where == "before the mail":
            cases.address(notice.id, "li", "legal@venue.test")
            assert post(house, server).send() == [(notice.id, "sent")]
        else:
            cases.deliver(notice.id, "li", "sent", channel="e-mail")
            assert post(house, server).send() == []
        assert len(server.mails) == 1


def test_what_the_server_says_decides(house):
    told = []
    cases, notice = given(house)
    with mail_server(RCPT=["451 4.7.1 later", "550 5.1.1 nobody"]) as server:
        sender = post(house, server, told=told.append)
        assert sender.send() == [(notice.id, "unsent")] and sender.send() == []
        sender.cases.clock = lambda: now() + timedelta(minutes=2)
        assert sender.send() == [(notice.id, "failed")]
    assert cases.deliveries(notice.order)[-1].why == "550 5.1.1 nobody" and len(told) == 2
    kinds = [event.kind for event in cases.events(order=notice.order)]
    assert kinds[-4:] == ["sending", "unsent", "sending", "delivered"]


def test_an_answer_that_never_comes_is_unknown_and_not_asked_for_again(house):
    cases, notice = given(house)
    with mail_server(TEXT=["drop"]) as server:
        sender = post(house, server)
        assert sender.send() == [(notice.id, "unknown")] and sender.send() == []
        assert len(server.mails) == 1
    assert cases.outbox()[0].by == "under_way"


def test_without_a_server_nothing_counts_as_tried_and_the_work_goes_on(house):
    cases, notice = given(house)
    told = []
    with mail_server() as server:
        gone = server.port
    sender = Post(house, Relay("127.0.0.1", gone, "desk@authority.test"), told.append, timeout=2)
    duties = Duties(house, "cn", notices=sender)
    duties.plan()
    duties.due.hasten("notice", ["all"])
    asyncio.run(duties.loop(once=True))
    assert told and "no mail can be given" in told[0]
    (item,) = cases.outbox()
    assert (item.notice.id, item.tries, item.by) == (notice.id, 0, "mail")
    assert not [event for event in cases.events(order=notice.order) if event.kind == "sending"]


def test_as_a_duty(house):
    cases, notice = given(house)
    with mail_server() as server:
        duties = Duties(house, "cn", notices=post(house, server))
        duties.plan()
        duties.due.hasten("notice", ["all"])
        asyncio.run(duties.loop(once=True))
        assert len(server.mails) == 1
    assert cases.deliveries(notice.order)[-1].fate == "sent"


def test_a_worker_without_a_server_leaves_the_duty_to_one_that_has_it(house):
    given(house)
    with mail_server() as server:
        able = Duties(house, "cn", notices=post(house, server))
        able.plan()
        able.due.hasten("notice", ["all"])
        asyncio.run(Duties(house, "cn").loop(once=True))
        assert server.mails == []
        asyncio.run(able.loop(once=True))
        assert len(server.mails) == 1
