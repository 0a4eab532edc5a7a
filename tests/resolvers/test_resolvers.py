"""Orders on real resolvers: what a visitor sees while one is in force, and once it is lifted."""

from __future__ import annotations

import itertools

import dns.flags
import dns.rcode
import pytest

from cases.examples import Desk
from resolvers.daemons import EXAMPLES, GENUINE, Daemon, answers, extended
from ringfence.cases.order import Order, Policy
from ringfence.enforce.primary.publisher import LivePublisher

pytestmark = pytest.mark.debian

_numbers = itertools.count(1)


class Court:
    """Orders names blocked and lifts them again, through the whole way, and waits for the resolver."""

    def __init__(self, desk: Desk, publisher: LivePublisher, resolver: Daemon) -> None:
        self.desk, self.publisher, self.resolver = desk, publisher, resolver

    def name(self) -> str:
        """A name that nobody has asked for."""
        return f"venue-{next(_numbers)}.com"

    def block(self, host: str, policy: Policy = "nodata") -> Order:
        order = self.desk.active(host, policy=policy)
        assert [made.order for made in self.publisher.run().confirmed] == [order.id]
        # A fresh label each time: no cache can answer it (docs/guide/internet-provider.md).
        self.resolver.until(lambda d: answers(d.ask(self.fresh(host))) != {GENUINE}, f"blocks {host}")
        return order

    def lift(self, order: Order) -> None:
        self.desk.cases.revoke(order.id, "wang", "it left")
        assert [made.kind for made in self.publisher.run().confirmed] == ["withdrawal"]
        host = order.scope.host
        self.resolver.until(lambda d: answers(d.ask(self.fresh(host))) == {GENUINE}, f"lifts {host}")

    def fresh(self, host: str) -> str:
        return f"probe-{next(_numbers)}.{host}"


@pytest.fixture
def court(desk: Desk, publisher: LivePublisher, resolver: Daemon) -> Court:
    return Court(desk, publisher, resolver)


def test_an_order_without_more_is_no_address_and_its_reference(court: Court) -> None:
    host = court.name()
    order = court.block(host)
    for name in (host, f"www.{host}", f"deep.below.{host}"):
        for kind in ("A", "AAAA"):
            answer = court.resolver.ask(name, kind)
            assert (answer.rcode(), answers(answer)) == (dns.rcode.NOERROR, set())
        assert answers(court.resolver.ask(name, "TXT")) == {f'"order={order.id}"'}


def test_nxdomain_says_that_there_is_no_such_name(court: Court) -> None:
    host = court.name()
    court.block(host, "nxdomain")
    for name in (host, f"www.{host}"):
        answer = court.resolver.ask(name)
        assert (answer.rcode(), answers(answer)) == (dns.rcode.NXDOMAIN, set())


def test_a_redirect_leads_to_the_block_page_and_keeps_its_reference(court: Court) -> None:
    host = court.name()
    order = court.block(host, "redirect")
    for name in (host, f"www.{host}"):
        assert answers(court.resolver.ask(name)) == {"192.0.2.80"}
        assert answers(court.resolver.ask(name, "AAAA")) == {"2001:db8::80"}
        assert answers(court.resolver.ask(name, "TXT")) == {f'"order={order.id}"'}


def test_neighbours_are_untouched(court: Court) -> None:
    host = court.name()
    court.block(host)
    for name in (f"not{host}", host.replace(".com", ".net"), f"{host}.example.org", "com", "ordinary.org"):
        assert answers(court.resolver.ask(name)) == {GENUINE}, name


@pytest.mark.parametrize("policy", ["nodata", "nxdomain", "redirect"])
def test_a_lifted_order_leaves_nothing(court: Court, policy: Policy) -> None:
    host = court.name()
    court.lift(court.block(host, policy))
    fresh = court.fresh(host)
    assert answers(court.resolver.ask(fresh)) == {GENUINE}
    assert answers(court.resolver.ask(fresh, "TXT")) == {'"genuine"'}


def test_a_name_that_is_cached_is_blocked_too(court: Court) -> None:
    host = court.name()
    # The genuine answer may be kept for a day, and is asked for twice, so that every cache has it.
    for _ in range(2):
        assert answers(court.resolver.ask(host)) == {GENUINE}
    court.block(host)
    court.resolver.until(lambda d: answers(d.ask(host)) == set(), f"blocks {host}, which it had cached")


def test_a_blocked_name_that_is_lifted_comes_back_itself(court: Court) -> None:
    host = court.name()
    order = court.block(host)
    assert answers(court.resolver.ask(host)) == set()
    court.lift(order)
    court.resolver.until(lambda d: answers(d.ask(host)) == {GENUINE}, f"forgets the block of {host}")


TEXT = "Blocked by order. Ask for this name's TXT record to see the reference."
# Seen on the versions in Debian 12; docs/guide/internet-provider.md has the same table.
EXTENDED: dict[str, tuple[list[tuple[int, str]], list[tuple[int, str]]]] = {
    "unbound": ([], []),
    "named (resolver)": ([], []),
    "pdns_recursor": ([(16, TEXT)], [(16, TEXT)]),
    "kresd": ([(4, "5DO5")], [(16, "CR36")]),
}


def test_the_extended_error_is_what_the_guide_says(court: Court) -> None:
    nodata, nxdomain = court.name(), court.name()
    court.block(nodata)
    court.block(nxdomain, "nxdomain")
    found = (extended(court.resolver.ask(nodata)), extended(court.resolver.ask(nxdomain)))
    assert found == EXTENDED[court.resolver.name]
    assert extended(court.resolver.ask("ordinary.org")) == []


def test_unbound_alone_marks_an_nxdomain_by_policy_by_a_missing_bit(court: Court) -> None:
    host = court.name()
    court.block(host, "nxdomain")
    unmarked = bool(court.resolver.ask(host).flags & dns.flags.RA)
    assert unmarked == (court.resolver.name != "unbound")
    assert court.resolver.ask("ordinary.org").flags & dns.flags.RA


def test_the_guide_shows_the_text_that_is_configured() -> None:
    assert TEXT in (EXAMPLES / "pdns-recursor.lua").read_text("utf-8")
