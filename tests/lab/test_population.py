"""Who lives in the laboratory's world."""

import re
from collections import Counter

import pytest

from lab.world import rows
from ringfence.core.errors import InputError
from ringfence.lab import addresses
from ringfence.lab.population import ALREADY_UNREACHABLE, build

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module", params=SEEDS)
def world(request):
    return build(rows(), request.param, "development")


def test_more_than_a_hundred_venues_and_four_hundred_innocents(world):
    truth = world.truth()
    registered = {row.host for row in rows()}
    assert len(world.sites) == len({site.host for site in world.sites}) == 126 + 420
    assert 100 < sum(item.positive for item in truth) < 126
    assert not any(item.positive for item in truth if item.host not in registered)
    kinds = Counter(item.kind for item in truth)
    assert kinds["news"] >= 60
    for kind in "explorer wallet technology price fan merchant phishing parked other".split():
        assert kinds[kind] >= 15, kind
    for kind in "geoblocked_exchange local_exchange global_exchange".split():
        assert kinds[kind] >= 2, kind


def test_three_venues_were_unreachable_before_each_in_another_way(world):
    ways = [world.interference.modes(host) for host in ALREADY_UNREACHABLE]
    assert len(set(ways)) == 3
    truth = {item.host: item for item in world.truth()}
    assert all(truth[host].positive and truth[host].already_unreachable for host in ALREADY_UNREACHABLE)
    assert any(item.already_unreachable for item in truth.values() if not item.positive)


def test_a_name_below_a_venue_shares_its_fate(world):
    truth = {item.host: item for item in world.truth()}
    assert truth["pro.upper-venue.com"].positive == truth["upper-venue.com"].positive
    positives = {item.host for item in truth.values() if item.positive}
    for item in truth.values():
        if not item.positive:
            assert not any(item.host.endswith("." + host) for host in positives), item.host


def test_addresses_are_few_within_the_plan_and_partly_shared_with_venues(world):
    used = {site.address for site in world.sites}
    assert len(used) <= 200
    assert all(addresses.country_of(address) for address in used)
    shared = [item for item in world.truth() if item.positive and item.shared_with]
    assert len(shared) >= 10
    assert any(host.endswith((".github.io", ".netlify.app", ".blogspot.com")) for host in world.by_host)


def test_a_price_publisher_is_no_venue(world):
    assert world.by_host["coinmarketcap.com"].brief.kind == "price"


def test_the_same_seed_draws_the_same_world_and_pages():
    first, second, other = (build(rows(), seed, "development") for seed in (5, 5, 6))
    assert first == second
    assert first.sites != other.sites
    for site in first.sites[::25]:
        assert first.pages(site) == second.pages(site)


def test_the_listing_holds_every_host_and_tells_nothing(world):
    assert {row.host for row in world.listing} == set(world.by_host)
    place = {row.host: index for index, row in enumerate(world.listing)}
    registered = [place[row.host] for row in rows()]
    assert registered != sorted(registered)
    innocents = [row for row in world.listing if row.host not in {row.host for row in rows()}]
    assert any(row.countries for row in innocents)


def test_unknown_designs_are_refused():
    with pytest.raises(InputError):
        build(rows(), 1, "imaginary").pages(build(rows(), 1, "imaginary").sites[0])


HOME = {
    "language": re.compile(r'lang="?zh-Hans'),
    "currency": re.compile(r"\bCNY\b"),
    "rails": re.compile(r"支付宝|微信支付|银联|银行卡|Alipay|WeChat Pay|UnionPay|Bank of the city"),
    "codes": re.compile(r"\+86"),
    "app": re.compile(r"\bAPK\b"),
    "groups": re.compile(r"<p>(QQ|微信): \d+"),
}


def test_who_serves_residents_shows_it_twice_and_who_does_not_never(world):
    for site in world.sites:
        kind = site.brief.kind
        if not kind.endswith("exchange"):
            continue
        text = "".join(page.body for page in world.pages(site).values() if "html" in page.content_type)
        shown = {name for name, pattern in HOME.items() if pattern.search(text)}
        if site.brief.languages[0] == "zh-Hans":
            shown.add("language")
        assert len(shown) >= 2 if site.brief.residents else not shown, (site.host, kind, shown)


def test_pages_come_in_many_sizes_and_encodings(world):
    sizes, charsets = [], Counter()
    for site in world.sites:
        for page in world.pages(site).values():
            if "html" in page.content_type:
                sizes.append(len(page.body))
                charsets[page.content_type.rpartition("=")[2]] += 1
    assert min(sizes) < 1_000 and max(sizes) > 30_000
    assert {"utf-8", "gbk", "big5"} <= set(charsets)
