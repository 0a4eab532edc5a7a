"""IPv4 and IPv6: both are connected to and recorded, one carries the page, and a machine without IPv6
says nothing about a site."""

import asyncio
import socket

import pytest

from desks.conftest import session
from desks.small_world import Names, Web, page, vantage
from ringfence.desks.access.addresses import MAX_ADDRESSES, plan
from ringfence.desks.access.observe import Limiter, outcome_of
from ringfence.evidence.observation import DNSStep, Hop, TCPStep
from ringfence.evidence.vantage import Vantage

FOUR, SIX = "127.0.0.1", "::1"
NOWHERE = "fe80::1"  # a link-local address without its link: no kernel knows a way there
ALLOW = ("127.0.0.0/8", "::1/128", "fe80::/10")
URL = "http://venue.example/"


def _has_ipv6():
    try:
        socket.create_server((SIX, 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not _has_ipv6(), reason="no IPv6 loopback on this machine")


def look(known, *places, urls=(URL,), limiter=None, **options):
    """What a session sees, and the peers of the web server that listens at the places."""

    async def run():
        names, web = Names({"venue.example": known}), Web(lambda _: page())
        async with names.serving() as resolver, web.serving(*places) as port:
            there = vantage(resolver, port, allow=ALLOW, **options)
            return await session(there, *urls, limiter=limiter), web

    return asyncio.run(run())


def steps(looked):
    return [(step.address, step.outcome) for step in looked.exchange.hops[0].tcp]


@needs_ipv6
@pytest.mark.parametrize(("prefer", "carried", "probed"), [("ipv4", FOUR, SIX), ("ipv6", SIX, FOUR)])
def test_both_families_are_connected_to_and_the_preferred_one_carries_the_page(prefer, carried, probed):
    looked, web = look([FOUR, SIX], FOUR, SIX, prefer=prefer)
    assert looked.exchange.outcome == "ok"
    assert steps(looked) == [(probed, "ok"), (carried, "ok")]
    assert web.peers == [probed, carried] and len(web.requests) == 1
    assert {answer.type for answer in looked.exchange.hops[0].dns.answers} == {"A", "AAAA"}


@needs_ipv6
def test_the_other_family_carries_the_page_where_the_preferred_one_does_not_answer():
    looked, web = look([FOUR, SIX], SIX)
    assert looked.exchange.outcome == "ok"
    assert steps(looked) == [(SIX, "ok"), (FOUR, "tcp.refused"), (SIX, "ok")]
    assert web.peers == [SIX, SIX] and len(web.requests) == 1


def test_where_there_is_no_way_by_ipv6_the_record_says_so_and_the_page_comes():
    looked, _ = look([FOUR, NOWHERE], FOUR)
    assert looked.exchange.outcome == "ok"
    assert steps(looked) == [(NOWHERE, "tcp.unreachable"), (FOUR, "ok")]


def test_a_dead_family_is_tried_once_a_session():
    looked, _ = look([FOUR, NOWHERE], FOUR, urls=(URL, "http://venue.example:80/two", URL + "three"))
    tried = [step for e in looked.observation.exchanges for step in e.hops[0].tcp if ":" in step.address]
    assert looked.outcomes == ["ok"] * 3 and len(tried) == 1


def test_a_site_that_refuses_by_ipv4_is_not_called_unreachable_for_want_of_ipv6():
    with socket.socket() as closed:
        closed.bind((FOUR, 0))
        port = closed.getsockname()[1]

        async def run():
            async with Names({"venue.example": [FOUR, NOWHERE]}).serving() as resolver:
                return await session(vantage(resolver, port, allow=ALLOW), URL)

        looked = asyncio.run(run())
    assert (looked.exchange.outcome, looked.exchange.stage) == ("tcp.refused", "tcp")
    assert ("fe80::1", "tcp.unreachable") in steps(looked)


def test_a_site_of_ipv6_alone_that_cannot_be_reached_is_unreachable_and_the_address_shows_why():
    looked, _ = look([NOWHERE], FOUR)
    assert (looked.exchange.outcome, looked.exchange.stage) == ("tcp.unreachable", "tcp")
    assert steps(looked) == [(NOWHERE, "tcp.unreachable")]


@needs_ipv6
def test_a_limit_of_one_connection_holds_for_both_families_together():
    looked, web = look([FOUR, SIX], FOUR, SIX, urls=(URL, URL + "two"), limiter=Limiter(1, 1))
    assert looked.outcomes == ["ok", "ok"] and web.most == 1


# --- the order, and the word -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answered", "prefer", "tried", "probe"),
    [
        (("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"), "ipv4", "192.0.2.1 192.0.2.2 192.0.2.3", None),
        (("192.0.2.1", "2001:db8::1"), "ipv4", "192.0.2.1 2001:db8::1", "2001:db8::1"),
        (("192.0.2.1", "2001:db8::1"), "ipv6", "2001:db8::1 192.0.2.1", "192.0.2.1"),
        (("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"), "ipv4",
         "192.0.2.1 2001:db8::1 192.0.2.2", "2001:db8::1"),
        (("2001:db8::1", "2001:db8::2"), "ipv4", "2001:db8::1 2001:db8::2", None),
        (("10.0.0.1", "2001:db8::1"), "ipv4", "2001:db8::1", None),
        (("10.0.0.1",), "ipv4", "", None),
    ],
)  # fmt: skip
def test_the_families_take_turns(answered, prefer, tried, probe):
    there = Vantage("there", "outside", allow=("192.0.2.0/24", "2001:db8::/32"), prefer=prefer)
    found = plan(there, answered)
    assert (list(found.tried), found.probe) == (tried.split(), probe)
    assert len(found.tried) <= MAX_ADDRESSES


@pytest.mark.parametrize(
    ("tried", "word"),
    [
        ([("2001:db8::1", "tcp.unreachable"), ("192.0.2.1", "tcp.timeout")], "tcp.timeout"),
        ([("192.0.2.1", "tcp.timeout"), ("2001:db8::1", "tcp.unreachable")], "tcp.timeout"),
        ([("2001:db8::1", "tcp.refused"), ("192.0.2.1", "tcp.timeout")], "tcp.timeout"),
        ([("192.0.2.1", "tcp.timeout"), ("2001:db8::1", "tcp.refused")], "tcp.refused"),
        ([("2001:db8::1", "tcp.unreachable")], "tcp.unreachable"),
        ([("2001:db8::1", "ok"), ("192.0.2.1", "tcp.reset")], "tcp.reset"),
        ([], "tcp.unreachable"),
    ],
)
def test_the_word_for_a_hop_that_no_address_carried(tried, word):
    answered = DNSStep("ok", "192.0.2.53:53", (), tuple(address for address, _ in tried), 0, 0)
    taken = tuple(TCPStep(outcome, address, 80, 0, 0) for address, outcome in tried)
    assert outcome_of(Hop(URL, "venue.example", 80, answered, taken, None, None)) == (word, "tcp")
