"""Each interference as a client meets it, and gone again when it is lifted."""

import ssl
import time

import dns.exception
import dns.rcode
import pytest

from ringfence.core.errors import InputError
from ringfence.lab import addresses


@pytest.fixture
def meddle(lab, plain):
    """Interferes with a venue that has its address to itself; lifts it afterwards."""
    site = plain[3]

    def set_modes(*modes):
        lab.interfere(site["host"], *modes)
        return site["host"], site["address"]

    yield set_modes
    lab.interfere(site["host"])


@pytest.mark.parametrize(
    ("mode", "code"),
    [
        ("dns.nxdomain", dns.rcode.NXDOMAIN),
        ("dns.refused", dns.rcode.REFUSED),
        ("dns.servfail", dns.rcode.SERVFAIL),
    ],
)
def test_names_denied(meddle, inside, outside, mode, code):
    host, address = meddle(mode)
    assert inside.dig(host).rcode() == inside.dig(f"www.{host}").rcode() == code
    assert outside.texts(host) == [address]


def test_names_forged(meddle, inside):
    host, _ = meddle("dns.forged")
    assert inside.texts(host) == [addresses.BLOCK_PAGE]
    assert inside.get(host, secure=False).status == 403
    with pytest.raises(ssl.SSLError):
        inside.get(host)
    meddle("dns.bogon")
    assert inside.texts(host) == [addresses.BOGON]


def test_names_unanswered(meddle, inside):
    host, _ = meddle("dns.timeout")
    with pytest.raises(dns.exception.Timeout):
        inside.dig(host)


def test_connections_refused(meddle, inside, outside):
    host, _ = meddle("tcp.refused")
    for secure in (True, False):
        with pytest.raises(ConnectionRefusedError):
            inside.get(host, secure=secure)
    assert outside.home(host).status == 200


def test_connections_that_time_out(meddle, inside, outside):
    host, _ = meddle("tcp.timeout")
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        inside.get(host, timeout=0.6)
    assert time.monotonic() - began >= 0.6
    assert outside.home(host).status == 200
    meddle()
    assert inside.home(host).status == 200


def test_reset_on_the_server_name_spares_the_neighbours(lab, truth, inside):
    site = next(
        site for site in truth
        if site["positive"] and not site["down"] and not site["already_unreachable"] and site["shared_with"]
    )  # fmt: skip
    lab.interfere(site["host"], "tls.reset")
    try:
        with pytest.raises(ConnectionResetError):
            inside.get(site["host"])
        labels = {other["host"]: other for other in truth}
        neighbour = next(labels[host] for host in site["shared_with"] if not labels[host]["down"])
        assert inside.home(neighbour["host"]).status in {200, 301, 403, 451}
    finally:
        lab.interfere(site["host"])
    assert inside.home(site["host"]).status == 200


def test_handshakes_that_end_or_hang(meddle, inside):
    host, _ = meddle("tls.eof")
    with pytest.raises((ssl.SSLEOFError, ConnectionResetError)):
        inside.get(host)
    meddle("tls.timeout")
    with pytest.raises(TimeoutError):
        inside.get(host, timeout=0.5)


def test_a_block_page_in_plain_http_only(meddle, inside):
    host, _ = meddle("http.blockpage")
    page = inside.get(host, secure=False)
    assert page.status == 403 and b"cannot be displayed" in page.body
    assert page.headers["x-ringfence-laboratory"] == "true"
    assert inside.home(host).status == 200


def test_a_throttled_body_drips(meddle, inside):
    host, _ = meddle("http.throttled")
    with inside.connection(host) as connection:
        connection.sendall(f"GET /robots.txt HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        began, got = time.monotonic(), b""
        while piece := connection.recv(4096):
            got += piece
    assert got.endswith(b"Allow: /\n")
    assert time.monotonic() - began > 0.25


@pytest.mark.parametrize(
    ("mode", "error"), [("http.reset", ConnectionResetError), ("http.timeout", TimeoutError)]
)
def test_failures_after_a_good_handshake(meddle, inside, mode, error):
    host, _ = meddle(mode)
    with pytest.raises(error):
        # In plain HTTP: Python's ssl module reports a reset within TLS as an end of file.
        inside.get(host, timeout=0.5, secure=False)
    with pytest.raises((error, IndexError)):
        inside.get(host, timeout=0.5)


def test_old_interference_is_there_from_the_start(truth, inside, outside, lab):
    reached = 0
    for site in truth:
        if not site["already_unreachable"]:
            continue
        assert outside.home(site["host"]).status == 200
        with pytest.raises((OSError, IndexError)):
            answer = inside.home(site["host"], timeout=0.4)
            raise OSError(answer.status)
        reached += 1
    assert reached >= 4


def test_an_unknown_mode_is_refused(lab, plain):
    with pytest.raises(InputError):
        lab.interfere(plain[0]["host"], "dns.magic")
