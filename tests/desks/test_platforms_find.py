"""The platforms desk's mechanics: what a finding rests on, and that the same bytes say the same."""

import asyncio
import subprocess
import sys

import msgspec
import pytest

from desks.conftest import Looked
from ringfence.core.canonical import canonical
from ringfence.core.country import Countries
from ringfence.desks.access.observe import Limiter, Session
from ringfence.desks.platforms.find import find
from ringfence.desks.platforms.look import Look
from ringfence.desks.platforms.observe import observe, observe_landing
from ringfence.evidence.store import observation_id

KINDS = 10


@pytest.fixture(scope="module")
def captured(truth, sides):
    """Sites of different kinds, looked at from both sides as a screening does."""
    chosen = {}
    for site in truth:
        if not site["down"] and not site["already_unreachable"]:
            chosen.setdefault((site["kind"], len(chosen) % 2), site["host"])
    hosts = list(dict.fromkeys(chosen.values()))[:KINDS]

    async def side(vantage, host, whole, limiter):
        async with Session(vantage, f"site:{host}", limiter) as session:
            await (observe if whole else observe_landing)(session.fetch, host)
            return Looked(session.seal())

    async def every():
        limiter = Limiter()
        return await asyncio.gather(
            *(
                asyncio.gather(
                    side(sides["outside"], host, True, limiter), side(sides["inside"], host, False, limiter)
                )
                for host in hosts
            )
        )

    return dict(zip(hosts, asyncio.run(every()), strict=True))


def looked_at(host, outside, inside):
    return Look(
        subject=f"site:{host}", host=host,
        outside=outside.observation, outside_id=observation_id(outside.observation),
        inside=inside.observation, inside_id=observation_id(inside.observation),
        bodies=outside.bodies | inside.bodies,
    )  # fmt: skip


@pytest.fixture(scope="module")
def countries(country):
    return Countries.load(country.files.countries)


def test_every_feature_names_bytes_that_were_captured(captured, countries):
    named = 0
    for host, (outside, inside) in captured.items():
        kept = {one.digest for looked in (outside, inside) for one in looked.kept}
        for finding in find(looked_at(host, outside, inside), countries).findings:
            assert set(finding.evidence) <= kept, (host, finding.element)
            assert finding.observations == tuple(observation_id(one.observation) for one in (outside, inside))
            assert finding.laboratory and finding.references
            named += len(finding.evidence)
    assert named > 5 * len(captured)


def test_a_feature_is_an_excerpt_of_the_page_that_it_names(captured, countries):
    """Where the excerpt is quoted text, it stands in the bytes named."""
    quoted = 0
    for host, (outside, inside) in captured.items():
        look = looked_at(host, outside, inside)
        for finding in find(look, countries).findings:
            for feature in finding.features:
                assert len(feature.value) <= 160
                if feature.id == "residents.pairs":
                    body = look.bodies[feature.evidence].decode("utf-8", "replace")
                    assert feature.value.split("/")[0].lower() in body.lower()
                    quoted += 1
    assert quoted


def test_every_element_is_found_on_once_in_a_fixed_order(captured, countries):
    orders = {
        tuple(finding.element for finding in find(looked_at(host, *pair), countries).findings)
        for host, pair in captured.items()
    }
    (order,) = orders
    assert len(set(order)) == len(order)


def test_the_same_input_gives_the_same_bytes(captured, countries):
    for host, pair in captured.items():
        look = looked_at(host, *pair)
        assert canonical(find(look, countries)) == canonical(find(look, countries))


def test_the_order_in_which_bodies_are_handed_over_changes_nothing(captured, countries):
    for host, pair in captured.items():
        look = looked_at(host, *pair)
        turned = msgspec.structs.replace(look, bodies=dict(reversed(look.bodies.items())))
        assert canonical(find(turned, countries)) == canonical(find(look, countries))


AGAIN = """
import sys
from pathlib import Path
import msgspec
from ringfence.core.canonical import canonical, digest
from ringfence.core.country import Countries
from ringfence.core.offline import close_network
from ringfence.desks.platforms.find import find
from ringfence.desks.platforms.look import Look
from ringfence.evidence.observation import Observation
close_network()
countries = Countries.load(Path(sys.argv[1]))
for look in msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Look]):
    print(digest(canonical(find(look, countries))))
"""


def test_another_process_with_another_hash_seed_gives_the_same_bytes(captured, countries, country):
    looks = [looked_at(host, *pair) for host, pair in captured.items()]
    said = {
        subprocess.run(
            [sys.executable, "-c", AGAIN, str(country.files.countries)], input=msgspec.msgpack.encode(looks),
            env={"PYTHONHASHSEED": seed}, capture_output=True, check=True,
        ).stdout
        for seed in ("1", "4242")
    }  # fmt: skip
    assert len(said) == 1
    assert len(said.pop().split()) == len(looks)


def test_without_a_page_nothing_is_claimed(captured, countries):
    host, (outside, inside) = next(iter(captured.items()))
    blind = msgspec.structs.replace(looked_at(host, outside, inside), bodies={})
    found = find(blind, countries)
    assert found.kind == "other"
    assert {finding.state for finding in found.findings if finding.element != "hosted_overseas"} == {
        "unclear"
    }


HOSTILE_PAGES = [
    b'<html><link rel="icon" href="http://[x"><a href="http://[y">BTC/USDT</a>',
    b'<html><script src="http://[x"></script><link rel=stylesheet href="//[">',
    "<html><link rel=icon href='https://a\u2100b/'>".encode(),
    b'<html><form action="http://[::1"><input name=price><input name=amount><button>Buy</button></form>',
    b'<html><link rel=canonical href="https://[z/">',
    "<html><a href='https://\u2100.example/'>BTC/USDT</a>".encode(),
]


@pytest.mark.parametrize("body", HOSTILE_PAGES, ids=range(len(HOSTILE_PAGES)))
def test_a_page_with_links_that_are_none_stops_nobody(body):
    from desks.small_world import Names, Web, page, vantage

    async def run():
        names, web = Names({"venue.example": ["127.0.0.1"]}), Web(lambda _: page(body))
        async with names.serving() as resolver, web.serving("127.0.0.1") as port:
            there = vantage(resolver, port)
            async with Session(there, "site:venue.example", Limiter()) as session:

                async def plainly(url, role):
                    return await session.fetch(url.replace("https:", "http:"), role)

                await observe(plainly, "venue.example")
                return Looked(session.seal())

    looked = asyncio.run(run())
    assert looked.observation.exchanges[0].outcome == "ok"
    look = Look(
        "site:venue.example", "venue.example", looked.observation, "observation:1", None, None, looked.bodies
    )
    assert find(look, Countries.load(None)).findings
