"""A resolver that is named is told of a change at once, whatever the primary waits for."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import dns.message
import dns.opcode
import dns.rdatatype
import pytest

from enforce.primary.conftest import Site
from ringfence.enforce.primary.notify import tell
from ringfence.enforce.primary.place import Place


@pytest.fixture
def ear() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(10)
        yield made


@pytest.mark.debian
def test_a_confirmed_change_is_told_and_an_idle_run_is_not(site: Site, ear: socket.socket) -> None:
    publisher = site.publisher(notify=[ear.getsockname()])
    publisher.run()
    site.desk.active("huobi.pro")
    publisher.run()
    message = dns.message.from_wire(ear.recv(512))
    assert message.opcode() == dns.opcode.NOTIFY
    question = message.question[0]
    assert (question.name.to_text(), question.rdtype) == ("rpz.ringfence.", dns.rdatatype.SOA)
    publisher.run()
    ear.setblocking(False)
    with pytest.raises(BlockingIOError):
        ear.recv(512)


def test_a_resolver_that_is_not_there_is_no_failure() -> None:
    tell(Place("127.0.0.1", 53, "rpz.ringfence."), [("127.0.0.1", 9), ("203.0.113.1", 9), ("::1", 9)])
