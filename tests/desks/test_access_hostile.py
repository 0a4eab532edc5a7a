"""The instrument against sites that behave badly on purpose: it survives, says so, and keeps what it saw."""

import ssl
import time

import pytest

from desks.conftest import look
from ringfence.evidence.message import MAX_BODY, MAX_WIRE
from ringfence.evidence.observation import OUTCOMES
from ringfence.lab import hostile


def url(label, scheme="https"):
    return f"{scheme}://{label}.{hostile.SUFFIX}/"


@pytest.fixture(scope="module")
def outside(sides):
    return sides["outside"]


@pytest.mark.parametrize("host", hostile.sites())
def test_no_bad_site_raises_and_each_has_an_outcome_word(outside, host):
    began = time.monotonic()
    for scheme in ("https", "http"):
        exchange = look(outside, f"{scheme}://{host}/").exchange
        assert exchange.outcome in OUTCOMES
        assert (exchange.outcome == "ok") == (exchange.stage is None)
        assert exchange.hops
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("label", "outcome", "truncated"),
    [
        ("gzip-bomb", "ok", "length"),
        ("big-page", "ok", "length"),
        ("stall", "http.timeout", "time"),
        ("closes-mid-body", "http.eof", "disconnect"),
        ("closes-at-once", "http.eof", ""),
        ("huge-headers", "http.protocol", ""),
        ("endless-headers", "http.protocol", ""),
        ("not-http", "http.protocol", ""),
        ("wrong-length", "http.protocol", ""),
        ("two-lengths", "http.protocol", ""),
        ("bad-chunks", "http.protocol", "disconnect"),
        ("bad-gzip", "ok", "decode"),
        ("misdeclared-gbk", "ok", ""),
        ("misdeclared-big5", "ok", ""),
        ("mixed-encodings", "ok", ""),
        ("unknown-charset", "ok", ""),
    ],
)
def test_the_outcome_and_why_a_body_is_not_whole(outside, label, outcome, truncated):
    step = look(outside, url(label)).exchange.hops[-1].http
    assert (step.outcome, step.truncated) == (outcome, truncated)


def test_a_bomb_and_a_big_page_are_kept_only_to_the_limit(outside):
    for label in ("gzip-bomb", "big-page"):
        looked = look(outside, url(label))
        step = looked.exchange.hops[-1].http
        assert step.body_bytes == len(looked.bodies[step.body]) <= MAX_BODY
        assert step.wire_bytes <= MAX_WIRE + 65_536
        assert len(looked.sealed.capture) < MAX_WIRE + 200_000


def test_a_stall_after_one_byte_ends_in_time_and_the_byte_is_kept(outside):
    began = time.monotonic()
    looked = look(outside, url("stall"))
    assert time.monotonic() - began < 3
    assert looked.bodies[looked.exchange.hops[-1].http.body] == b"<"


def test_redirects_without_end_are_followed_ten_times(outside):
    exchange = look(outside, url("endless-redirects")).exchange
    assert (exchange.outcome, exchange.stage) == ("http.redirect", "http")
    assert [hop.url.rpartition("/")[2] for hop in exchange.hops] == ["", *map(str, range(1, 11))]
    assert all(hop.http.status == 302 for hop in exchange.hops)


def test_a_circle_of_redirects_is_seen(outside):
    exchange = look(outside, url("redirect-loop")).exchange
    assert exchange.outcome == "http.redirect"
    assert [hop.url.rpartition("/")[2] for hop in exchange.hops] == ["", "b", "a"]


@pytest.mark.parametrize("label", ["to-private", "to-metadata", "to-file"])
def test_a_redirect_to_an_address_or_a_file_is_recorded_and_not_followed(outside, label):
    exchange = look(outside, url(label)).exchange
    assert exchange.outcome == "http.redirect"
    assert len(exchange.hops) == 1 and exchange.hops[0].http.status == 302
    assert any(name == "location" for name, _ in exchange.hops[0].http.headers)


@pytest.mark.parametrize("label", ["private", "bogon"])
def test_a_name_of_a_private_address_is_never_connected_to(outside, label):
    hop = look(outside, url(label)).exchange.hops[0]
    assert hop.dns.outcome == "dns.bogon" and hop.dns.addresses
    assert hop.tcp == () and hop.tls is None and hop.http is None


def test_an_alias_of_itself_ends(outside):
    assert look(outside, url("loop")).exchange.outcome in ("dns.servfail", "dns.nodata")


@pytest.mark.parametrize(
    ("label", "why"),
    [("lying-certificate", "mismatch"), ("expired-certificate", "expired"), ("self-signed", "issuer")],
)
def test_a_certificate_that_does_not_hold_is_itself_the_evidence(outside, label, why):
    looked = look(outside, url(label))
    exchange = looked.exchange
    step = exchange.hops[0].tls
    assert (exchange.outcome, exchange.stage) == ("tls.cert", "tls")
    assert not step.verified and why in step.why.lower()
    (chain,) = step.chain
    (kept,) = [one for one in looked.kept if one.digest == chain]
    assert ssl.PEM_cert_to_DER_cert(kept.data.decode().split("-----END")[0] + "-----END CERTIFICATE-----\n")
    # The page behind it is kept too, but does not make the exchange good.
    assert exchange.hops[0].http.status == 200
    assert [one.outcome for one in exchange.hops[0].tcp] == ["ok", "ok"]


def test_a_certificate_that_holds_is_kept_as_well(outside):
    looked = look(outside, url("unknown-charset"))
    step = looked.exchange.hops[0].tls
    assert step.verified and step.version.startswith("TLS")
    assert any(one.digest == step.chain[0] for one in looked.kept)
