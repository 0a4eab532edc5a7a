"""What only a whole country shows: two families, a border that forges names, resolvers that disagree."""

import asyncio
import json

import msgspec
import pytest

from desks.conftest import Looked
from ringfence.desks.access.look import look, places
from ringfence.desks.access.observe import Limiter
from ringfence.desks.access.tls import handshake
from ringfence.lab import addresses, families, http2


def seen(vantage, url, **options):
    return Looked(asyncio.run(look(vantage, url, Limiter(), **options)))


@pytest.mark.skipif(not families.available(), reason="no IPv6 loopback on this machine")
@pytest.mark.parametrize("side", ["inside", "outside"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_country_is_reached_by_both_families(sides, side, scheme):
    dual = seen(sides[side], f"{scheme}://{families.DUAL}/").exchange
    assert dual.outcome == "ok"
    assert [step.address for step in dual.hops[0].tcp] == [families.ADDRESS6, families.ADDRESS]
    six = seen(sides[side], f"{scheme}://{families.SIX}/").exchange
    assert six.outcome == "ok"
    assert [step.address for step in six.hops[0].tcp] == [families.ADDRESS6]


@pytest.mark.skipif(not families.available(), reason="no IPv6 loopback on this machine")
def test_the_border_interferes_with_ipv6_as_well(country, sides):
    country.interfere(families.SIX, "tls.reset")
    try:
        exchange = seen(sides["inside"], f"https://{families.SIX}/").exchange
    finally:
        country.interfere(families.SIX)
    assert exchange.outcome == "tls.reset"
    assert seen(sides["outside"], f"https://{families.SIX}/").exchange.outcome == "ok"


def test_a_forged_name_stands_beside_what_other_resolvers_say(country, sides, venues):
    host, port = venues[9]["host"], json.loads(country.files.status.read_bytes())["resolver_port"]
    abroad = f"{addresses.OUTSIDE_RESOLVER}:{port}"
    there = msgspec.structs.replace(sides["inside"], resolvers=(abroad, f"tcp://{abroad}"))
    country.interfere(host, "dns.forged")
    try:
        hop = seen(there, f"https://{host}/").exchange.hops[0]
    finally:
        country.interfere(host)
    assert hop.dns.addresses == (addresses.BLOCK_PAGE,)
    assert [step.transport for step in hop.other_dns] == ["udp", "tcp"]
    assert {step.addresses for step in hop.other_dns} == {(venues[9]["address"],)}


def test_an_address_blocked_inside_is_reached_from_outside(country, sides, venues):
    host = venues[10]["host"]
    country.interfere(host, "tcp.refused")
    try:
        inside = seen(sides["inside"], f"https://{host}/")
        outside = seen(sides["outside"], f"https://{host}/", cross=places(inside.observation))
    finally:
        country.interfere(host)
    assert inside.exchange.outcome == "tcp.refused"
    (cross,) = outside.observation.cross
    assert cross.tcp.address == inside.exchange.hops[0].tcp[0].address
    assert (cross.tcp.outcome, cross.tls.outcome, cross.tls.verified) == ("ok", "ok", True)


# --- sites that speak HTTP/2 -------------------------------------------------------------------


@pytest.fixture(scope="module")
def modern(venues):
    """A venue that speaks HTTP/2."""
    return next(site["host"] for site in venues[11:] if "h2" in http2.alpn(site["host"]))


def test_some_sites_speak_http2_and_a_client_that_does_not_gets_the_same_page(sides, modern, monkeypatch):
    new = seen(sides["outside"], f"https://{modern}/")
    monkeypatch.setitem(handshake.__kwdefaults__, "alpn", ("http/1.1",))
    old = seen(sides["outside"], f"https://{modern}/")
    (one, other) = (looked.exchange.hops[-1] for looked in (new, old))
    assert (one.http.protocol, other.http.protocol) == ("h2", "http/1.1")
    assert one.http.status == other.http.status == 200
    assert one.http.body == other.http.body


@pytest.mark.parametrize(
    ("mode", "outcomes"),
    [
        ("http.reset", {"http.reset", "http.eof"}),
        ("http.eof", {"http.eof"}),
        ("http.timeout", {"http.timeout"}),
        ("http.throttled", {"http.throttled"}),
        ("tls.reset", {"tls.reset"}),
    ],
)
def test_the_border_interferes_with_http2_as_well(country, sides, modern, mode, outcomes):
    country.interfere(modern, mode)
    try:
        exchange = seen(sides["inside"], f"https://{modern}/").exchange
    finally:
        country.interfere(modern)
    assert exchange.outcome in outcomes
