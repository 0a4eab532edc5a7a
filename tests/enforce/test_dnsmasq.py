"""dnsmasq: golden file, what is read back, and the answers of the real program."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import given

from debian import require
from enforce.entries import ENTRIES, LABORATORY, UNTIL, entries
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets import dnsmasq

GOLDEN = Path(__file__).parent / "golden"
PAGE = ("192.0.2.1", "2001:db8::1")
FITS = [Entry("okx-only.com", False, "RF-FFFF-FFFF-FFFF", "redirect", UNTIL)]


def test_the_golden_file() -> None:
    content = dnsmasq.render(ENTRIES, serial=7, redirect=PAGE)
    assert content == (GOLDEN / "dnsmasq").read_bytes()
    assert dnsmasq.parse(content) == sorted(ENTRIES)
    marked = dnsmasq.render(LABORATORY, serial=1, laboratory=True)
    assert dnsmasq.parse(marked) == LABORATORY


@given(entries)
def test_what_fits_is_read_back_and_what_does_not_is_said(given_entries: list[Entry]) -> None:
    target = dnsmasq.target(PAGE)
    fits = [(entry, target.fit(entry)) for entry in sorted(given_entries)]
    written = [fit.entry for _, fit in fits if fit.entry is not None]
    assert dnsmasq.parse(target.render(written, 1, False)) == written
    assert all(fit.reason and entry.wildcard for entry, fit in fits if fit.entry is None)


def test_a_wildcard_without_its_name_or_of_another_order_does_not_fit() -> None:
    below = Entry("okex.com", True, "RF-BBBB-BBBB-BBBB", "nodata", UNTIL)
    assert dnsmasq.target().fit(below).reason == "dnsmasq.below_without_name"
    target = dnsmasq.target()
    assert target.fit(Entry("okex.com", False, "RF-CCCC-CCCC-CCCC", "nodata", UNTIL)).reason == ""
    assert target.fit(below).reason == "dnsmasq.two_orders"
    with pytest.raises(InputError, match="without"):
        dnsmasq.render([below], serial=1)


def test_a_redirect_without_a_page_is_nodata_and_said() -> None:
    fit = dnsmasq.target().fit(FITS[0])
    assert fit.reason == "redirect.no_page" and fit.entry is not None and fit.entry.policy == "nodata"
    with pytest.raises(InputError, match="no address"):
        dnsmasq.render(FITS, serial=1)


def test_laboratory_and_real_never_meet() -> None:
    for found, laboratory in ((LABORATORY, False), (ENTRIES, True)):
        with pytest.raises(RefusedError):
            dnsmasq.render(found, serial=1, laboratory=laboratory, redirect=PAGE)


@pytest.mark.parametrize(
    "line", ["server=8.8.8.8", "local=/a.com/", "address=/#/1.2.3.4", "conf-file=/etc/x"]
)
def test_another_file_is_not_read_as_ours(line: str) -> None:
    with pytest.raises(InputError, match="line 2"):
        dnsmasq.parse(f"# ours\n{line}\n".encode())


@pytest.fixture(scope="module")
def resolver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The real dnsmasq with our file; every other question goes to a port where nobody answers."""
    program = require("dnsmasq-base", "dnsmasq")
    folder = tmp_path_factory.mktemp("dnsmasq")
    (folder / "block.conf").write_bytes(dnsmasq.render(ENTRIES, serial=7, redirect=PAGE))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, socket.socket() as dead:
        probe.bind(("127.0.0.1", 0))
        dead.bind(("127.0.0.1", 0))
        port, nobody = probe.getsockname()[1], dead.getsockname()[1]
    process = subprocess.Popen(
        [program, "--keep-in-foreground", "--conf-file=" + str(folder / "block.conf"), "--no-resolv",
         "--no-hosts", f"--port={port}", "--listen-address=127.0.0.1", "--bind-interfaces", "--user=root",
         f"--server=127.0.0.1#{nobody}", f"--pid-file={folder / 'pid'}", "--log-facility=-"],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(100):
            try:
                ask(port, "huobi.pro", "A")
                break
            except (dns.exception.Timeout, OSError):
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def ask(port: int, name: str, kind: str) -> tuple[str, list[str]]:
    answer = dns.query.udp(dns.message.make_query(name, kind), "127.0.0.1", port=port, timeout=1)
    found = [item.to_text() for rrset in answer.answer for item in rrset]
    return dns.rcode.to_text(answer.rcode()), sorted(found)


@pytest.mark.debian
@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("huobi.pro", "A", ("NOERROR", [])),
        ("huobi.pro", "AAAA", ("NOERROR", [])),
        ("huobi.pro", "TXT", ("NOERROR", ['"order=RF-AAAA-AAAA-AAAA"'])),
        ("www.huobi.pro", "A", ("NXDOMAIN", [])),
        ("okex.com", "A", ("NXDOMAIN", [])),
        ("a.b.okex.com", "AAAA", ("NXDOMAIN", [])),
        ("bit-z.com", "A", ("NOERROR", ["192.0.2.1"])),
        ("bit-z.com", "AAAA", ("NOERROR", ["2001:db8::1"])),
        ("xn--hubi-6na.com", "A", ("NOERROR", ["0.0.0.0"])),
    ],
)
def test_the_real_program_answers_as_ordered(resolver: int, name: str, kind: str, said: object) -> None:
    assert ask(resolver, name, kind) == said


@pytest.mark.debian
@pytest.mark.parametrize("name", ["www.bit-z.com", "www.xn--hubi-6na.com", "pro", "nothuobi.pro", "com"])
def test_the_real_program_hits_nothing_else(resolver: int, name: str) -> None:
    """What is not blocked is asked of the upstream, which is nobody: no answer from the list."""
    try:
        rcode, found = ask(resolver, name, "A")
    except dns.exception.Timeout:
        return
    assert (rcode, found) in (("REFUSED", []), ("SERVFAIL", []))
