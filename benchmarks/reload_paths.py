"""The baseline: each resolver with the zone as a file, written anew and read again for every change."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.bulk_orders import name
from debian import require
from resolvers.daemons import GENUINE, Daemon, answers, folder, free_port, running, world

LOOK = 0.01
Reload = Callable[[Daemon], object]
Made = tuple[list[str], dict[str, str], Reload]


def measure(kind: str, content: bytes, times: int, many: int) -> Iterator[float]:
    """Seconds from the beginning of writing a zone with one more name until that name is blocked."""
    with world() as upstream, folder("reload") as where:
        path, port = where / "rpz.zone", free_port()
        path.write_bytes(content)
        command, files, reload = _SETUPS[kind](where, path, port, upstream)
        for file, text in files.items():
            (where / file).write_text(text)
        daemon = Daemon(kind, port, where, command)
        with running(daemon, lambda d: GENUINE in answers(d.ask("ready.example.org", timeout=0.2))):
            daemon.until(lambda d: GENUINE not in answers(d.ask(name(many - 1))), "loads")
            for number in range(times):
                host = f"reload-{number}.com"
                content = _next(content) + f'{host} IN TXT "order=RF-RELOAD"\n'.encode()
                began = time.monotonic()
                beside = path.with_suffix(".new")
                beside.write_bytes(content)
                beside.replace(path)
                reload(daemon)
                while answers(daemon.ask_patiently(host)) == {GENUINE}:
                    time.sleep(LOOK)
                yield time.monotonic() - began


def _next(content: bytes) -> bytes:
    """The zone with the next serial."""
    head, _, rest = content.partition(b"hostmaster.localhost. ")
    serial, _, tail = rest.partition(b" ")
    return head + b"hostmaster.localhost. " + str(int(serial) + 1).encode() + b" " + tail


def _unbound(where: Path, path: Path, port: int, upstream: int) -> Made:
    text = f"""server:
    interface: 127.0.0.1@{port}
    port: {port}
    module-config: "respip validator iterator"
    do-daemonize: no
    username: ""
    chroot: ""
    directory: "{where}"
    pidfile: ""
    use-syslog: no
    do-not-query-localhost: no
remote-control:
    control-enable: yes
    control-interface: "{where}/control"
    control-use-cert: no
rpz:
    name: rpz.ringfence.
    zonefile: "{path}"
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@{upstream}
"""
    control = [require("unbound", "unbound-control"), "-c", str(where / "unbound.conf")]

    def reload(_: Daemon) -> None:
        subprocess.run([*control, "auth_zone_reload", "rpz.ringfence."], check=True, capture_output=True)

    command = [require("unbound", "unbound"), "-d", "-p", "-c", str(where / "unbound.conf")]
    return command, {"unbound.conf": text}, reload


def _bind(where: Path, path: Path, port: int, upstream: int) -> Made:
    text = f"""controls {{ }};
options {{
    directory "{where}"; pid-file "{where}/pid"; session-keyfile "{where}/session.key";
    listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};
    recursion yes; forward only; dnssec-validation no; forwarders {{ 127.0.0.1 port {upstream}; }};
    response-policy {{ zone "rpz.ringfence" min-update-interval 0; }} qname-wait-recurse no;
}};
zone "rpz.ringfence" {{ type primary; file "{path}"; }};
"""
    command = [require("bind9", "named"), "-g", "-n", "1", "-c", str(where / "named.conf")]
    return command, {"named.conf": text}, _hang_up


def _pdns(where: Path, path: Path, port: int, upstream: int) -> Made:
    text = f"""local-address=127.0.0.1
local-port={port}
allow-from=127.0.0.0/8
socket-dir={where}
forward-zones-recurse=.=127.0.0.1:{upstream}
dnssec=off
dont-query=
threads=1
security-poll-suffix=
packetcache-ttl=1
lua-config-file={where}/rpz.lua
"""
    control = [
        require("pdns-recursor", "rec_control"),
        f"--socket-dir={where}",
        "--timeout=120",
        "reload-lua-config",
    ]

    def reload(_: Daemon) -> None:
        subprocess.run(control, check=True, capture_output=True)

    command = [
        require("pdns-recursor", "pdns_recursor"), f"--config-dir={where}", "--daemon=no", "--write-pid=no",
        "--disable-syslog",
    ]  # fmt: skip
    return command, {"recursor.conf": text, "rpz.lua": f'rpzFile("{path}", {{policyName="rpz"}})\n'}, reload


def _kresd(where: Path, path: Path, port: int, upstream: int) -> Made:
    text = f"""net.listen('127.0.0.1', {port}, {{ kind = 'dns' }})
policy.add(policy.rpz(policy.DENY, '{path}', true))
policy.add(policy.all(policy.FORWARD('127.0.0.1@{upstream}')))
trust_anchors.remove('.')
cache.size = 10 * MB
"""
    command = [require("knot-resolver", "kresd"), "-n", "-q", "-c", str(where / "kresd.conf"), str(where)]
    return command, {"kresd.conf": text}, lambda _: None  # it watches the file


def _hang_up(daemon: Daemon) -> None:
    os.kill(daemon.process.pid, signal.SIGHUP)


_SETUPS = {"unbound": _unbound, "bind": _bind, "pdns": _pdns, "kresd": _kresd}
