"""A primary that refuses, fails, lies or is cut off: nothing is recorded that is not there."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import dns.rcode
import msgspec
import pytest

from cases.examples import Desk
from enforce.primary.conftest import Site
from enforce.primary.hostile import Liar, cutting, lying
from enforce.primary.test_publisher import counts, recorded, there
from ringfence.core.errors import OutsideError
from ringfence.enforce.guard import Context
from ringfence.enforce.primary import publisher as publishing
from ringfence.enforce.primary.change import Change
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.place import Place
from ringfence.enforce.primary.publisher import LivePublisher
from ringfence.enforce.primary.reconcile import compare
from ringfence.enforce.primary.session import Session
from ringfence.enforce.primary.transfer import transfer

ADD = (Change("huobi.pro", (), ('TXT "order=RF-AAAA"',)),)
TAKE = (Change("huobi.pro", ("CNAME .",), ()),)


@pytest.fixture
def liar(key: Key) -> Liar:
    return Liar(key)


@pytest.fixture
def primary(liar: Liar) -> Iterator[Place]:
    with lying(liar) as port:
        yield Place.from_text(f"127.0.0.1:{port}", "rpz.ringfence")


@pytest.fixture
def publisher(desk: Desk, key: Key, primary: Place) -> LivePublisher:
    return LivePublisher(desk.database, desk.sealed, primary, key, Context, clock=desk.clock, timeout=5.0)


def deliver(publisher: LivePublisher, primary: Place, key: Key, changes: tuple[Change, ...]) -> None:
    """One batch as a run would deliver it."""
    from ringfence.enforce.primary.change import Batch

    with Session(primary, key, 5.0) as session:
        publisher._deliver(session, Batch("RF-AAAA", not changes[0].now, changes), session.serial())


def test_noerror_without_a_new_serial_is_not_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar
) -> None:
    liar.held["huobi.pro.rpz.ringfence.", "TXT"] = '"order=RF-AAAA"'
    with pytest.raises(OutsideError, match="serial stays"):
        deliver(publisher, primary, key, ADD)
    assert liar.updates == 1


def test_a_serial_that_goes_backwards_is_not_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar
) -> None:
    liar.held["huobi.pro.rpz.ringfence.", "TXT"] = '"order=RF-AAAA"'
    liar.serials = itertools.count(100, -1)
    with pytest.raises(OutsideError, match="serial stays"):
        deliver(publisher, primary, key, ADD)


@pytest.mark.parametrize("served", [None, '"order=RF-BBBB"'])
def test_noerror_without_the_records_is_not_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar, served: str | None
) -> None:
    liar.serials = itertools.count(1)
    if served:
        liar.held["huobi.pro.rpz.ringfence.", "TXT"] = served
    with pytest.raises(OutsideError, match="does not serve"):
        deliver(publisher, primary, key, ADD)


def test_a_withdrawal_that_leaves_the_records_is_not_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar
) -> None:
    liar.serials = itertools.count(1)
    liar.held["huobi.pro.rpz.ringfence.", "CNAME"] = "."
    # The withdrawal itself is said to be done; asked whether the owner is empty, it says no.
    liar.update = lambda query: dns.rcode.NOERROR if query.sections[2] else dns.rcode.YXDOMAIN
    with pytest.raises(OutsideError, match="does not serve"):
        deliver(publisher, primary, key, TAKE)


def test_an_honest_answer_of_the_same_making_is_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar
) -> None:
    liar.serials = itertools.count(1)
    liar.held["huobi.pro.rpz.ringfence.", "TXT"] = '"order=RF-AAAA"'
    deliver(publisher, primary, key, ADD)


@pytest.mark.parametrize("code", ["REFUSED", "SERVFAIL", "NOTAUTH", "NOTIMP", "FORMERR", "NOTZONE"])
def test_a_refusal_is_said_with_its_code(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar, code: str
) -> None:
    liar.update = lambda _: dns.rcode.from_text(code)
    with pytest.raises(OutsideError, match=code) as caught:
        deliver(publisher, primary, key, ADD)
    assert caught.value.exit_code == 3 and caught.value.hint


@pytest.mark.parametrize("raw", [None, b"", b"\x00", b"\x00" * 12, b"no name server at all"])
def test_what_is_no_answer_is_said(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar, raw: bytes | None
) -> None:
    liar.update = lambda _: raw
    with pytest.raises(OutsideError, match=r"closed the connection|no answer|without a signature"):
        deliver(publisher, primary, key, ADD)


def test_an_answer_that_nobody_signed_is_not_believed(
    publisher: LivePublisher, primary: Place, liar: Liar, key: Key
) -> None:
    liar.signed = False
    with pytest.raises(OutsideError, match="signature"):
        deliver(publisher, primary, key, ADD)


def test_a_transfer_that_nobody_signed_is_not_believed(primary: Place, liar: Liar, key: Key) -> None:
    assert transfer(primary, key) == {}
    liar.signed = False
    with pytest.raises(OutsideError, match="TSIG"):
        transfer(primary, key)


def test_an_unsigned_refusal_is_said_with_its_code(primary: Place, liar: Liar, key: Key) -> None:
    liar.signed = False
    liar.update = lambda _: dns.rcode.REFUSED
    with Session(primary, key) as session, pytest.raises(OutsideError, match="REFUSED"):
        session.update(ADD)


def test_an_answer_signed_with_another_secret_is_not_believed(
    publisher: LivePublisher, primary: Place, liar: Liar
) -> None:
    other = Key("ringfence", "hmac-sha256", b"another secret of 32 octets here")
    with pytest.raises(OutsideError):
        deliver(publisher, primary, other, ADD)


def test_a_truncated_answer_is_not_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar
) -> None:
    liar.truncated = True
    with pytest.raises(OutsideError, match="truncated"):
        deliver(publisher, primary, key, ADD)


def test_a_server_without_authority_is_not_believed(
    publisher: LivePublisher, primary: Place, key: Key, liar: Liar
) -> None:
    liar.authoritative = False
    with pytest.raises(OutsideError, match="authority"):
        deliver(publisher, primary, key, ADD)


def test_silence_ends_at_the_time_limit(desk: Desk, key: Key) -> None:
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        silent = Place.from_text(f"127.0.0.1:{deaf.getsockname()[1]}", "rpz.ringfence")
        made = LivePublisher(desk.database, desk.sealed, silent, key, Context, clock=desk.clock, timeout=0.2)
        with pytest.raises(OutsideError, match=r"within 0\.2 s"):
            made.run()


HOSTS = [f"venue-{number}.com" for number in range(6)]


@pytest.mark.debian
@pytest.mark.parametrize("word", ["before", "after"])
def test_down_half_way_through_a_batch_the_next_run_converges(site: Site, word: str) -> None:
    with cutting(site.place.port, lambda number: word if number == 4 else "") as port:
        through = msgspec.structs.replace(site.place, port=port)
        publisher = site.publisher(place=through)
        publisher.run()
        before = recorded(site.desk)
        orders = [site.desk.active(host) for host in HOSTS]
        with pytest.raises(OutsideError, match="closed the connection"):
            publisher.run()
        arrived = {order for texts in there(site).values() for order in texts}
        assert len(arrived) == (3 if word == "before" else 4)
        assert recorded(site.desk) == before + 3
        report = publisher.run()
        assert publisher.run().confirmed == ()
    assert counts(report) == (6, 12)
    assert recorded(site.desk) == before + 6
    assert there(site) == {
        rule: (f'TXT "order={order.id}"',)
        for order in orders
        for rule in (order.scope.host, f"*.{order.scope.host}")
    }


@pytest.mark.debian
def test_a_withdrawal_whose_answer_was_lost_is_found_done(site: Site) -> None:
    order = site.desk.active(HOSTS[0])
    with cutting(site.place.port, lambda number: "after" if number == 2 else "") as port:
        publisher = site.publisher(place=msgspec.structs.replace(site.place, port=port))
        publisher.run()
        site.desk.cases.revoke(order.id, "wang", "it left")
        with pytest.raises(OutsideError):
            publisher.run()
        assert there(site) == {}
        report = publisher.run()
    assert [made.kind for made in report.confirmed] == ["withdrawal"]
    assert counts(report) == (0, 0)


@pytest.mark.debian
def test_a_comparison_that_outlasts_the_connection_is_finished_on_another(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*arguments: object) -> object:
        time.sleep(0.5)  # a million orders take minutes
        return compare(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(publishing, "compare", slow)
    site.desk.active(HOSTS[0])
    with cutting(site.place.port, lambda _: "", idle=0.2) as port:
        report = site.publisher(place=msgspec.structs.replace(site.place, port=port)).run()
    assert counts(report) == (1, 2)
