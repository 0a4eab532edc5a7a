"""A real resolver with the published zone: Unbound from Debian on a loopback high port."""

from __future__ import annotations

import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from debian import require
from enforce.entries import ENTRIES
from ringfence.enforce.targets import rpz

GENUINE = "198.51.100.7"
CONFIGURATION = """
server:
  interface: 127.0.0.1@{port}
  port: {port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: ""
  do-ip6: no
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  module-config: "respip validator iterator"
  num-threads: 1
remote-control:
  control-enable: no
rpz:
  name: rpz.ringfence.
  zonefile: "{folder}/rpz.zone"
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
"""


class World(socketserver.BaseRequestHandler):
    """Everybody else's name server: every name exists and has one address and one text."""

    def handle(self) -> None:
        data, reply_from = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        if question.rdtype == dns.rdatatype.A:
            answer.answer.append(dns.rrset.from_text(question.name, 5, "IN", "A", GENUINE))
        if question.rdtype == dns.rdatatype.TXT:
            answer.answer.append(dns.rrset.from_text(question.name, 5, "IN", "TXT", '"genuine"'))
        reply_from.sendto(answer.to_wire(), self.client_address)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


Ask = Callable[..., dns.message.Message]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Asks the resolver that applies the rendered zone."""
    unbound = require("unbound", "unbound")
    folder = tmp_path_factory.mktemp("unbound")
    (folder / "rpz.zone").write_bytes(rpz.render(ENTRIES, serial=1, redirect=("192.0.2.1", "2001:db8::1")))
    world = socketserver.ThreadingUDPServer(("127.0.0.1", 0), World)
    threading.Thread(target=world.serve_forever, daemon=True).start()
    port = free_port()
    settings = CONFIGURATION.format(port=port, folder=folder, upstream=world.server_address[1])
    (folder / "unbound.conf").write_text(settings)
    with (folder / "log").open("wb") as log:
        resolver = subprocess.Popen([unbound, "-d", "-p", "-c", folder / "unbound.conf"], stderr=log)

        def ask(name: str, kind: str = "A") -> dns.message.Message:
            return dns.query.udp(dns.message.make_query(name, kind), "127.0.0.1", port=port, timeout=3)

        try:
            _wait(ask, resolver, folder / "log")
            yield ask
        finally:
            resolver.terminate()
            resolver.wait(10)
            world.shutdown()
            world.server_close()


def _wait(ask: Ask, resolver: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and resolver.poll() is None:
        try:
            ask("example.org")
            return
        except (dns.exception.Timeout, OSError):
            time.sleep(0.1)
    pytest.fail(f"Unbound does not answer: {log.read_text()[-800:]}")


def answers(message: dns.message.Message) -> set[str]:
    return {str(data) for rrset in message.answer for data in rrset}


@pytest.mark.debian
@pytest.mark.parametrize("name", ["huobi.pro", "www.huobi.pro", "deep.below.huobi.pro"])
@pytest.mark.parametrize("kind", ["A", "AAAA"])
def test_an_ordered_name_and_what_is_below_it_has_no_address(ask: Ask, name: str, kind: str) -> None:
    answer = ask(name, kind)
    assert (answer.rcode(), answers(answer)) == (dns.rcode.NOERROR, set())


@pytest.mark.debian
@pytest.mark.parametrize("name", ["huobi.pro", "any.label.huobi.pro"])
def test_the_block_names_its_order(ask: Ask, name: str) -> None:
    assert answers(ask(name, "TXT")) == {'"order=RF-AAAA-AAAA-AAAA"'}


@pytest.mark.debian
@pytest.mark.parametrize("name", ["okex.com", "www.okex.com"])
def test_nxdomain_says_that_there_is_no_such_name(ask: Ask, name: str) -> None:
    answer = ask(name)
    assert (answer.rcode(), answers(answer)) == (dns.rcode.NXDOMAIN, set())


@pytest.mark.debian
def test_a_redirect_leads_to_the_block_page_and_keeps_its_reference(ask: Ask) -> None:
    assert answers(ask("bit-z.com")) == {"192.0.2.1"}
    assert answers(ask("bit-z.com", "AAAA")) == {"2001:db8::1"}
    assert answers(ask("bit-z.com", "TXT")) == {'"order=RF-CCCC-CCCC-CCCC"'}


@pytest.mark.debian
@pytest.mark.parametrize(
    "name", ["pro", "huobi.com", "nothuobi.pro", "huobi.pro.example.org", "com", "www.bit-z.com", "okx.com"]
)
def test_siblings_parents_and_lookalikes_are_untouched(ask: Ask, name: str) -> None:
    assert answers(ask(name)) == {GENUINE}
    assert answers(ask(name, "TXT")) == {'"genuine"'}
