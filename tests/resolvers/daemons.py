"""Real name servers from Debian on loopback high ports, started with the configurations that are shipped.

The files in docs/guide/examples are taken as they are; only addresses, ports, folders and the user are
replaced, and each replacement must find something to replace.
"""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import dns.edns
import dns.exception
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.rrset
import pytest

from debian import require
from ringfence.enforce.primary.key import Key, read_key
from ringfence.enforce.primary.place import Place

EXAMPLES = Path(__file__).parents[2] / "docs" / "guide" / "examples"
GENUINE = "198.51.100.7"
PUBLISHER = "cHVibGlzaGVyLWV4YW1wbGUtcmVwbGFjZS1tZS0wMDE="
ZONE = "rpz.ringfence"
PATIENCE = 60.0  # seconds until a server that says nothing is taken for broken


def free_port() -> int:
    """A port that is free for UDP and TCP."""
    while True:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            tcp.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                udp.bind(tcp.getsockname())
                return int(tcp.getsockname()[1])


class _Names(socketserver.BaseRequestHandler):
    """Everybody else's name server: every name exists and has one address and one text."""

    TTL = 86400  # answers stay in caches, so that what hides a new rule there is seen

    def handle(self) -> None:
        data, reply_from = self.request
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query, recursion_available=True)
        answer.flags |= dns.flags.AA
        question = query.question[0]
        made = {"A": GENUINE, "TXT": '"genuine"'}.get(dns.rdatatype.to_text(question.rdtype))
        if made is not None:
            kind = dns.rdatatype.to_text(question.rdtype)
            answer.answer.append(dns.rrset.from_text(question.name, self.TTL, "IN", kind, made))
        reply_from.sendto(answer.to_wire(), self.client_address)


@contextlib.contextmanager
def world() -> Iterator[int]:
    """The rest of the name system on one port."""
    server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), _Names)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Daemon:
    """A running name server."""

    name: str
    port: int
    folder: Path
    command: list[str]
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, cwd=self.folder)

    def stop(self, *, kill: bool = False) -> None:
        if self.process.poll() is None:
            self.process.kill() if kill else self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(30)

    def ask(self, name: str, kind: str = "A", timeout: float = 3) -> dns.message.Message:
        """One question over UDP, with EDNS so that there is room for an extended error."""
        query = dns.message.make_query(name, kind, use_edns=0, payload=1232)
        return dns.query.udp(query, "127.0.0.1", port=self.port, timeout=timeout, ignore_unexpected=True)

    def ask_patiently(self, name: str, kind: str = "A") -> dns.message.Message:
        """`ask`, again and again while a server is too busy to answer."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.ask(name, kind)
            except dns.exception.Timeout:
                if time.monotonic() > end:
                    raise

    def until(self, what: Callable[[Daemon], bool], why: str) -> None:
        """Wait until something is so; fails the test, with the log, if it never is."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(dns.exception.Timeout, OSError):
                if what(self):
                    return
            time.sleep(0.05)
        pytest.fail(
            f"{self.name}: never {why}; its log ends {self.log.read_text('utf-8', 'replace')[-1500:]}"
        )


def answers(message: dns.message.Message) -> set[str]:
    """The data of the answer section."""
    return {str(data) for rrset in message.answer for data in rrset}


def extended(message: dns.message.Message) -> list[tuple[int, str]]:
    """The extended errors (RFC 8914): code and text."""
    return [(int(o.code), o.text or "") for o in message.options if isinstance(o, dns.edns.EDEOption)]


def shipped(name: str, changes: Mapping[str, str]) -> str:
    """A shipped configuration with its addresses and paths replaced."""
    text = (EXAMPLES / name).read_text("utf-8")
    for old, new in changes.items():
        assert old in text, f"docs/guide/examples/{name} has no {old!r}"
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def running(daemon: Daemon, ready: Callable[[Daemon], bool]) -> Iterator[Daemon]:
    """A server that runs until the block ends."""
    daemon.start()
    try:
        daemon.until(ready, "ready")
        yield daemon
    finally:
        daemon.stop()


@contextlib.contextmanager
def folder(name: str) -> Iterator[Path]:
    """A folder with a short path (control sockets have room for 108 bytes) that every user may write."""
    with tempfile.TemporaryDirectory(prefix=f"rf-{name}-", ignore_cleanup_errors=True) as made:
        os.chmod(made, 0o777)
        yield Path(made)


@dataclass(frozen=True)
class Ports:
    """Where everything listens, chosen before anything starts, as each must know the others."""

    primary: int = field(default_factory=free_port)
    unbound: int = field(default_factory=free_port)
    bind: int = field(default_factory=free_port)
    pdns: int = field(default_factory=free_port)
    kresd: int = field(default_factory=free_port)
    mirror: int = field(default_factory=free_port)


def key_file(place: Path, *, name: str = "ringfence", secret: str = PUBLISHER) -> Path:
    """The publisher's key as `tsig-keygen` writes it."""
    path = place / f"{name}.key"
    path.write_text(f'key "{name}" {{\n\talgorithm hmac-sha256;\n\tsecret "{secret}";\n}};\n')
    path.chmod(0o600)
    return path


def publisher_key(place: Path) -> Key:
    return read_key(key_file(place))


def _zone_file(where: Path, zone: str, content: bytes | None, laboratory: bool) -> None:
    text = (EXAMPLES / "rpz.zone").read_text("utf-8") if content is None else content.decode()
    text = text.replace(f"{ZONE}.", f"{zone}.")
    mark = '@ IN TXT "laboratory=true"\n' if laboratory and content is None else ""
    (where / "rpz.zone").write_text(text + mark)


def serves_zone(port: int, zone: str) -> Callable[[Daemon], bool]:
    """Whether the primary has its zone. (It answers nobody without a key, which shows that it is up.)"""

    def ready(_: Daemon) -> bool:
        query = dns.message.make_query(zone, "SOA", flags=0)
        key = dns.tsig.Key("ringfence", PUBLISHER, dns.tsig.HMAC_SHA256)
        query.use_tsig(key)
        answer = dns.query.tcp(query, "127.0.0.1", port=port, timeout=5)
        return bool(answer.answer)

    return ready


def primary_place(ports: Ports, zone: str = ZONE, *, laboratory: bool = False) -> Place:
    return Place.from_text(f"127.0.0.1:{ports.primary}", zone, laboratory=laboratory)


@contextlib.contextmanager
def knot_primary(
    ports: Ports, *, zone: str = ZONE, content: bytes | None = None, laboratory: bool = False
) -> Iterator[Daemon]:
    """Knot DNS with the shipped configuration."""
    knotd = require("knot", "knotd")
    with folder("knot") as where:
        _zone_file(where, zone, content, laboratory)
        text = shipped(
            "knot-primary.conf",
            {
                "192.0.2.53@53": f"127.0.0.1@{ports.primary}",
                "192.0.2.11@53": f"127.0.0.1@{ports.unbound}",
                "192.0.2.12@53": f"127.0.0.1@{ports.bind}",
                "192.0.2.14@53": f"127.0.0.1@{ports.mirror}",
                "address: 192.0.2.11": "address: 127.0.0.1",
                "/run/knot": str(where),
                "/var/lib/knot": str(where),
                "    user: knot:knot\n": "    user: root:root\n" if os.geteuid() == 0 else "",
                "target: syslog": "target: stderr",
                f"domain: {ZONE}": f"domain: {zone}",
            },
        )
        (where / "knot.conf").write_text(text)
        daemon = Daemon("knotd", ports.primary, where, [knotd, "-c", str(where / "knot.conf")])
        with running(daemon, serves_zone(ports.primary, zone)):
            yield daemon


@contextlib.contextmanager
def bind_primary(
    ports: Ports, *, zone: str = ZONE, content: bytes | None = None, laboratory: bool = False
) -> Iterator[Daemon]:
    """BIND with the shipped configuration."""
    named = require("bind9", "named")
    with folder("bindp") as where:
        _zone_file(where, zone, content, laboratory)
        text = shipped(
            "bind-primary.conf",
            {
                "listen-on port 53 { 192.0.2.53; }": f"listen-on port {ports.primary} {{ 127.0.0.1; }}",
                "/var/cache/bind": str(where),
                "/var/lib/bind": str(where),
                "192.0.2.11 port 53": f"127.0.0.1 port {ports.unbound}",
                "192.0.2.12 port 53": f"127.0.0.1 port {ports.bind}",
                "192.0.2.14 port 53": f"127.0.0.1 port {ports.mirror}",
                "192.0.2.11;": "127.0.0.1;",
                f'zone "{ZONE}"': f'zone "{zone}"',
            },
        )
        yield from _named(
            named, "named (primary)", ports.primary, where, text, serves_zone(ports.primary, zone)
        )


def _named(
    named: str, name: str, port: int, where: Path, text: str, ready: Callable[[Daemon], bool]
) -> Iterator[Daemon]:
    # What a test machine needs beside the shipped text: no shared run-time files, no fixed control port.
    text = text.replace("options {", f'controls {{ }};\noptions {{\n    pid-file "{where}/pid";', 1)
    text = text.replace("options {", f'options {{\n    session-keyfile "{where}/session.key";', 1)
    (where / "named.conf").write_text(text)
    command = [named, "-g", "-n", "1", "-c", str(where / "named.conf")]
    with running(Daemon(name, port, where, command), ready) as daemon:
        yield daemon


def _answers(daemon: Daemon) -> bool:
    # What is sent before anybody listens is lost without a word: no long wait for it.
    return answers(daemon.ask("ready.example.org", timeout=0.2)) == {GENUINE}


@contextlib.contextmanager
def unbound(ports: Ports, upstream: int, *, more: str = "") -> Iterator[Daemon]:
    """Unbound with the shipped configuration."""
    program = require("unbound", "unbound")
    with folder("unbound") as where:
        text = shipped(
            "unbound.conf",
            {
                "192.0.2.11@53": f"127.0.0.1@{ports.unbound}",
                "access-control: 192.0.2.0/24": "access-control: 127.0.0.0/8",
                "primary: 192.0.2.53@53": f"primary: 127.0.0.1@{ports.primary}",
                "allow-notify: 192.0.2.53": "allow-notify: 127.0.0.1",
            },
        )
        text += f"""{more}
server:
    port: {ports.unbound}
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{where}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    do-not-query-localhost: no
remote-control:
    control-enable: no
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@{upstream}
"""
        (where / "unbound.conf").write_text(text)
        command = [program, "-d", "-p", "-c", str(where / "unbound.conf")]
        with running(Daemon("unbound", ports.unbound, where, command), _answers) as daemon:
            yield daemon


@contextlib.contextmanager
def bind(ports: Ports, upstream: int) -> Iterator[Daemon]:
    """BIND as a resolver, with the shipped configuration."""
    named = require("bind9", "named")
    with folder("bind") as where:
        text = shipped(
            "bind.conf",
            {
                "listen-on port 53 { 192.0.2.12; }": f"listen-on port {ports.bind} {{ 127.0.0.1; }}",
                "/var/cache/bind": str(where),
                "192.0.2.0/24": "127.0.0.0/8",
                "192.0.2.53 port 53": f"127.0.0.1 port {ports.primary}",
            },
        )
        text = text.replace(
            "options {",
            "options {\n    forward only; dnssec-validation no;\n"
            f"    forwarders {{ 127.0.0.1 port {upstream}; }};",
            1,
        )
        yield from _named(named, "named (resolver)", ports.bind, where, text, _answers)


@contextlib.contextmanager
def pdns(ports: Ports, upstream: int) -> Iterator[Daemon]:
    """PowerDNS Recursor with the shipped configuration."""
    program = require("pdns-recursor", "pdns_recursor")
    with folder("pdns") as where:
        lua = shipped(
            "pdns-recursor.lua",
            {"192.0.2.53:53": f"127.0.0.1:{ports.primary}", "/var/lib/pdns-recursor": str(where)},
        )
        (where / "pdns-recursor.lua").write_text(lua)
        text = shipped(
            "pdns-recursor.conf",
            {
                "local-address=192.0.2.13": "local-address=127.0.0.1",
                "local-port=53": f"local-port={ports.pdns}",
                "allow-from=192.0.2.0/24": "allow-from=127.0.0.0/8",
                "/etc/powerdns": str(where),
            },
        )
        text += f"socket-dir={where}\nforward-zones-recurse=.=127.0.0.1:{upstream}\n"
        text += "dnssec=off\ndont-query=\nthreads=1\nsecurity-poll-suffix=\n"
        (where / "recursor.conf").write_text(text)
        command = [program, f"--config-dir={where}", "--daemon=no", "--write-pid=no", "--disable-syslog"]
        with running(Daemon("pdns_recursor", ports.pdns, where, command), _answers) as daemon:
            yield daemon


@contextlib.contextmanager
def kresd(ports: Ports, upstream: int) -> Iterator[Daemon]:
    """Knot Resolver beside its mirror (Knot DNS), both with the shipped configurations."""
    program = require("knot-resolver", "kresd")
    require("lua-cqueues", "kresd")  # a library: installed with the resolver where it is missing
    knotd = require("knot", "knotd")
    with folder("mirror") as where:
        text = shipped(
            "knot-mirror.conf",
            {
                "192.0.2.14@53": f"127.0.0.1@{ports.mirror}",
                "192.0.2.53@53": f"127.0.0.1@{ports.primary}",
                "/run/knot": str(where),
                "/var/lib/knot": str(where),
                "    user: knot:knot\n": "    user: root:root\n" if os.geteuid() == 0 else "",
                "target: syslog": "target: stderr",
            },
        )
        (where / "knot.conf").write_text(text)
        mirror = Daemon("knotd (mirror)", ports.mirror, where, [knotd, "-c", str(where / "knot.conf")])
        with running(mirror, lambda _: (where / "rpz.zone").exists()):
            text = shipped(
                "kresd.conf",
                {
                    "net.listen('192.0.2.14', 5353": f"net.listen('127.0.0.1', {ports.kresd}",
                    "/var/lib/knot/rpz.zone": str(where / "rpz.zone"),
                },
            )
            text += f"policy.add(policy.all(policy.FORWARD('127.0.0.1@{upstream}')))\n"
            text += "trust_anchors.remove('.')\nlog_target('stderr')\ncache.size = 10 * MB\n"
            (where / "kresd.conf").write_text(text)
            command = [program, "-n", "-q", "-c", str(where / "kresd.conf"), str(where)]
            with running(Daemon("kresd", ports.kresd, where, command), _answers) as daemon:
                yield daemon


RESOLVERS = {"unbound": unbound, "bind": bind, "pdns": pdns, "kresd": kresd}
