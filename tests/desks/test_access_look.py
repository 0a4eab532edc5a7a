"""One look, the other side's addresses, and whether a vantage is alive at all."""

import asyncio
import socket

import msgspec
import pytest

from desks.encrypted_world import HERE, Authority, serving
from desks.small_world import Names, Proxy, Web, page, redirect, vantage
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.desks.access.look import look, places
from ringfence.desks.access.observe import Limiter, health
from ringfence.evidence import warc
from ringfence.evidence.vantage import DIRECT
from ringfence.evidence.warc import CHAIN_TYPE


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def test_a_look_is_one_url_with_its_redirects_sealed():
    async def run():
        web = Web(lambda line: redirect("http://b.example/two") if line.startswith("GET / ") else page())
        names = Names({"a.example": [HERE], "b.example": [HERE]})
        async with names.serving() as resolver, web.serving(HERE) as port:
            return await look(vantage(resolver, port), "http://a.example/", Limiter())

    sealed = asyncio.run(run())
    (exchange,) = sealed.observation.exchanges
    assert (exchange.role, exchange.outcome) == ("landing", "ok")
    assert [hop.host for hop in exchange.hops] == ["a.example", "b.example"]
    assert sealed.observation.subject == "site:a.example"
    assert sealed.observation.capture == digest(sealed.capture)
    assert len([one for one in warc.read(sealed.capture) if one.kind == "response"]) == 2


@pytest.mark.parametrize("url", ["nonsense", "ftp://a.example/", "http://127.0.0.1/", "http://"])
def test_what_is_no_url_of_a_site_is_refused(url):
    with pytest.raises(InputError):
        asyncio.run(look(DIRECT, url, Limiter()))


def test_the_other_sides_addresses_are_tried_from_here(authority):
    async def run():
        names, web = Names({"venue.example": [HERE]}), Web(lambda _: page())
        context = authority.context("venue.example")
        async with (
            names.serving() as resolver,
            serving(web.serve, context) as port,
            serving(web.serve, authority.context("somebody.example"), "127.0.0.3") as other,
        ):
            there = vantage(resolver, port, ca_file=authority.file, allow=("127.0.0.0/8",))
            there = msgspec.structs.replace(there, ports={"443": port, "8443": other})
            pairs = ((HERE, 443), ("127.0.0.2", 443), ("10.0.0.1", 443), ("127.0.0.3", 8443), (HERE, 443))
            sealed = await look(
                there, "https://venue.example/", Limiter(1, 1), cross={"venue.example": pairs}
            )
            assert len(web.requests) == 1, "nothing is asked for over them"
            return sealed

    sealed = asyncio.run(run())
    good, refused, forbidden, lying = sealed.observation.cross
    assert (good.host, good.tcp.outcome, good.tls.outcome, good.tls.verified) == (
        "venue.example",
        "ok",
        "ok",
        True,
    )
    assert (refused.tcp.outcome, refused.tls) == ("tcp.refused", None)
    assert (forbidden.tcp.address, forbidden.tcp.outcome, forbidden.tls) == (
        "10.0.0.1",
        "tcp.forbidden",
        None,
    )
    assert (lying.tcp.outcome, lying.tls.outcome, lying.tls.verified) == ("ok", "tls.cert", False)
    kept = [one.digest for one in warc.read(sealed.capture) if one.content_type == CHAIN_TYPE]
    assert good.tls.chain[0] in kept


def test_the_places_of_a_look_are_what_it_tried_and_what_it_was_told():
    async def run():
        web = Web(lambda line: redirect("http://b.example:8080/") if line.startswith("GET / ") else page())
        names = Names({"a.example": ["127.0.0.9", HERE], "b.example": []})
        async with names.serving() as resolver, web.serving(HERE) as port:
            there = vantage(resolver, port, allow=("127.0.0.0/8",))
            return await look(there, "http://a.example/", Limiter())

    found = places(asyncio.run(run()).observation)
    assert set(found["a.example"]) == {("127.0.0.9", 80), (HERE, 80)}
    assert found["b.example"] == ()


# --- health ------------------------------------------------------------------------------------


def healthy(**options):
    async def run():
        names = Names({})
        async with names.serving() as resolver:
            return await health(vantage(resolver, 9, laboratory=True, **options)), names

    return asyncio.run(run())


def test_a_vantage_whose_resolver_says_anything_is_alive():
    found, names = healthy()
    assert found.alive and found.resolver and found.why == ""
    assert (found.ipv4, found.proxy) == (True, None)
    assert names.asked == [(".", "NS", "udp")], "a question about nobody's site"


def test_a_resolver_that_never_answers_is_a_dead_vantage():
    with socket.socket(type=socket.SOCK_DGRAM) as silent:
        silent.bind((HERE, 0))
        found = asyncio.run(health(vantage(f"{HERE}:{silent.getsockname()[1]}", 9)))
    assert not found.alive and not found.resolver and "does not answer" in found.why


def test_a_source_address_that_this_machine_does_not_have_is_a_dead_vantage():
    found, _ = healthy(source="192.0.2.200")
    assert not found.alive and found.why


def test_a_vantage_behind_a_proxy():
    async def run():
        names, proxy = Names({}), Proxy()
        async with names.serving() as resolver:
            async with proxy.serving() as port:
                there = vantage(resolver, 9, proxy=f"socks5://{HERE}:{port}")
                alive = await health(there)
            return alive, await health(there)

    alive, dead = asyncio.run(run())
    assert alive.alive and alive.proxy is True and (alive.ipv4, alive.ipv6) == (None, None)
    assert not dead.alive and dead.proxy is False and "proxy" in dead.why


def test_the_laboratorys_vantages_are_alive(sides):
    for side in sides.values():
        found = asyncio.run(health(side))
        assert found.alive, found.why
