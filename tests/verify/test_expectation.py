"""What an order makes us expect: blocked inside, reachable outside, and reachable again afterwards."""

from __future__ import annotations

import msgspec

from cases.examples import Desk
from ringfence.cases.order import Scope
from ringfence.evidence.vantage import Vantage
from ringfence.verify.collateral import collateral_expectations, neighbours
from ringfence.verify.expectation import expectations

INSIDE, OUTSIDE = Vantage("home", "inside"), Vantage("abroad", "outside")
BOTH = (INSIDE, OUTSIDE)


def test_an_active_order_is_blocked_inside_and_reachable_outside(desk: Desk) -> None:
    order = desk.active()
    planned = expectations(order, BOTH, at=desk.clock.at)
    assert [(e.vantage, e.host, e.expect, e.purpose) for e in planned] == [
        ("abroad", "huobi.pro", "accessible", "outside"),
        ("home", "huobi.pro", "blocked", "name"),
        ("home", "*.huobi.pro", "blocked", "below"),
    ]
    assert {e.since for e in planned} == {order.activated_at}
    assert expectations(order, BOTH, at=desk.clock.at) == planned


def test_time_can_be_counted_from_publication(desk: Desk) -> None:
    planned = expectations(desk.active(), BOTH, at=desk.clock.at, since="2018-08-24T12:00:00.000000Z")
    assert {e.since for e in planned} == {"2018-08-24T12:00:00.000000Z"}


def test_an_order_that_was_lifted_or_is_past_its_time_must_be_reachable_again(desk: Desk) -> None:
    revoked = desk.active()
    revoked = desk.cases.revoke(revoked.id, "wang", "it left")
    expired = desk.active("okex.com", days=1)
    desk.clock.pass_(days=2)
    for order, since in ((revoked, revoked.ended_at), (expired, expired.expires_at)):
        (expected,) = expectations(order, BOTH, at=desk.clock.at)
        assert (expected.vantage, expected.expect, expected.since) == ("home", "accessible", since)


def test_nothing_is_expected_of_what_blocks_nothing(desk: Desk) -> None:
    proposed = desk.propose()
    warned = desk.active("okex.com", measure="warn_public")
    withdrawn = desk.cases.revoke(desk.propose("bitmex.com").id, "li", "a mistake")
    for order in (proposed, warned, withdrawn):
        assert expectations(order, BOTH, at=desk.clock.at) == []


def test_a_name_without_its_subdomains(desk: Desk) -> None:
    order = desk.active(scope=Scope("huobi.pro", False))
    assert [e.purpose for e in expectations(order, (INSIDE,), at=desk.clock.at)] == ["name"]


def test_below_a_wildcard_every_look_takes_a_fresh_name(desk: Desk) -> None:
    below = expectations(desk.active(), (INSIDE,), at=desk.clock.at)[1]
    one, other = below.probe(), below.probe()
    assert one != other and one.endswith(".huobi.pro")
    assert below.covers(one) and not below.covers("huobi.pro") and not below.covers("xhuobi.pro")


ADDRESSES = {
    "trade.site.xyz": {"192.0.2.1"},
    "a.trade.site.xyz": {"192.0.2.1"},
    "site.xyz": {"192.0.2.9"},
    "blog.site.xyz": {"192.0.2.9"},
    "bakery.org": {"192.0.2.1", "192.0.2.2"},
    "garden.org": {"192.0.2.3"},
    "okex.com": {"192.0.2.1"},
    "www.okex.com": {"192.0.2.1"},
}


def test_neighbours_are_those_that_a_block_could_hit(desk: Desk) -> None:
    order = desk.active("trade.site.xyz")
    found = neighbours(order, ADDRESSES, {"trade.site.xyz", "okex.com"}, ["wikipedia.org"])
    assert found == [
        ("bakery.org", "shared_address"),
        ("blog.site.xyz", "sibling"),
        ("site.xyz", "parent"),
        ("wikipedia.org", "popular"),
    ]
    expected = collateral_expectations(order, found, BOTH)
    assert {(e.vantage, e.expect, e.collateral) for e in expected} == {("home", "accessible", True)}


def test_only_so_many_of_a_kind_and_always_the_same(desk: Desk) -> None:
    order = desk.active("trade.site.xyz")
    many = {f"n{at}.org": {"192.0.2.1"} for at in range(50)} | {"trade.site.xyz": {"192.0.2.1"}}
    found = neighbours(order, many, {"trade.site.xyz"}, each=3)
    assert [host for host, _ in found] == ["n0.org", "n1.org", "n10.org"]


def test_a_tenant_of_a_shared_platform_has_no_siblings_there(desk: Desk) -> None:
    order = desk.active("fake.github.io")
    seen = {"fake.github.io": {"192.0.2.1"}, "other.github.io": {"192.0.2.8"}}
    assert neighbours(order, seen, {"fake.github.io"}) == []


def test_laboratory_orders_expect_in_the_laboratory(desk: Desk) -> None:
    order = desk.active(laboratory=True)
    assert all(e.laboratory for e in expectations(order, BOTH, at=desk.clock.at))
    assert msgspec.structs.asdict(order)["laboratory"]
