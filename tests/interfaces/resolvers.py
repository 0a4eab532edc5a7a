"""Resolvers for `explain`: a real Unbound with a zone of ours, and one that says what it likes."""

from __future__ import annotations

import socket
import socketserver
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rdatatype
import dns.rrset
import pytest

from debian import require

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
  rpz-signal-nxdomain-ra: {signal}
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@{upstream}
"""

Answering = Callable[[dns.message.Message, dns.message.Message], None]


@contextmanager
def answering(fill: Answering) -> Iterator[str]:
    """A resolver on loopback UDP; ``fill(query, answer)`` writes each answer. Its address as text."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, reply = self.request
            query = dns.message.from_wire(data)
            answer = dns.message.make_response(query, recursion_available=True)
            fill(query, answer)
            if answer.id == query.id:
                reply.sendto(answer.to_wire(), self.client_address)

    server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def world(query: dns.message.Message, answer: dns.message.Message) -> None:
    """Everybody else's name server: every name exists and has one address and one text."""
    question = query.question[0]
    if question.rdtype == dns.rdatatype.A:
        answer.answer.append(dns.rrset.from_text(question.name, 5, "IN", "A", GENUINE))
    if question.rdtype == dns.rdatatype.TXT:
        answer.answer.append(dns.rrset.from_text(question.name, 5, "IN", "TXT", '"genuine"'))


@contextmanager
def unbound(folder: Path, zone: bytes, upstream: str, *, signal: bool = False) -> Iterator[str]:
    """Debian's Unbound with a policy zone; its address as text."""
    program = require("unbound", "unbound")
    folder.mkdir(parents=True)
    (folder / "rpz.zone").write_bytes(zone)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (folder / "unbound.conf").write_text(
        CONFIGURATION.format(
            port=port, folder=folder, upstream=upstream.partition(":")[2], signal="yes" if signal else "no"
        )
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-d", "-p", "-c", folder / "unbound.conf"], stderr=log)
        try:
            _wait(port, process, folder / "log")
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            dns.query.udp(dns.message.make_query("example.org", "A"), "127.0.0.1", port=port, timeout=3)
            return
        except (dns.exception.Timeout, OSError):
            time.sleep(0.1)
    pytest.fail(f"Unbound does not answer: {log.read_text()[-800:]}")
