"""The instrument's own promises, against servers of the tests' own: where it connects to and from, how
many at once, through what, and what each step says."""

import asyncio
import socket
import ssl
import struct

import pytest
import trustme

from desks.conftest import Looked, session
from desks.small_world import Names, Proxy, Web, page, redirect, vantage
from ringfence.core.errors import OutsideError
from ringfence.desks.access.observe import Limiter, Session

HERE = "127.0.0.1"


def world(known, answer, *places, pause=0.0):
    """Runs a coroutine function in a world of one resolver and one web server."""

    def decorate(act):
        async def run():
            names, web = Names(known), Web(answer, pause)
            async with names.serving() as resolver, web.serving(*(places or (HERE,))) as port:
                return await act(names, web, resolver, port)

        return asyncio.run(run())

    return decorate


def sent_to(location):
    return lambda line: redirect(location) if line.startswith("GET / ") else page()


# --- where it may connect to -------------------------------------------------------------------


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2/", "http://[::1]/", "http://[::ffff:127.0.0.2]/", "http://2130706434/", "http://0x7f000002/",
        "http://0177.0.0.2/", "http://127.0.0.2.:80/", "http://localhost/", "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/", "//127.0.0.2/", "http://user@127.0.0.2/", "http://inner.example/", "https://inner.example/",
        "http://mixed.example/", "http://mapped.example/", "ftp://inner.example/", "gopher://inner.example:80/x",
        "http://inner.example:99999/", "http://[half/", "javascript:alert(1)", "http:///", "http://",
    ],
)  # fmt: skip
def test_no_redirect_leads_into_a_private_network(location):
    known = {
        "venue.example": [HERE],
        "inner.example": ["127.0.0.2"],
        "mixed.example": ["127.0.0.2", "10.0.0.1", "::1"],
        "mapped.example": ["::ffff:127.0.0.2"],
    }

    @world(known, sent_to(location), HERE, "127.0.0.2")
    async def seen(_names, web, resolver, port):
        looked = await session(vantage(resolver, port), "http://venue.example/")
        # The server listens at the private address too, where an instrument led astray would arrive.
        assert web.peers == [HERE] and web.open <= 1
        assert web.requests == ["GET / HTTP/1.1"]
        return looked

    exchange = seen.exchange
    assert exchange.outcome in ("http.redirect", "dns.bogon", "dns.nxdomain")
    for hop in exchange.hops[1:]:
        assert hop.tcp == () and hop.http is None
        assert hop.dns.addresses, "what the name stood for is kept"


def test_a_name_with_a_public_and_a_private_address_is_asked_at_the_public_one_only():
    @world({"venue.example": ["127.0.0.2", HERE]}, lambda _: page(), HERE, "127.0.0.2")
    async def looked(_names, _web, resolver, port):
        return await session(vantage(resolver, port), "http://venue.example/")

    (hop,) = looked.exchange.hops
    assert [step.address for step in hop.tcp] == [HERE]
    assert set(hop.dns.addresses) == {"127.0.0.2", HERE}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://127.1/", "ftp://venue.example/", "nonsense"]
)
def test_what_is_no_name_is_an_outcome_and_asks_nobody(url):
    @world({}, lambda _: page())
    async def looked(names, web, resolver, port):
        looked = await session(vantage(resolver, port), url)
        assert not names.asked and not web.peers
        return looked

    assert (looked.exchange.outcome, looked.exchange.stage) == ("http.redirect", "http")


def test_a_name_of_ipv6_addresses_only_is_fetched_over_ipv6():
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"no IPv6 loopback here: {error}")

    @world({"six.example": ["::1"]}, lambda _: page(), "::1")
    async def looked(_names, web, resolver, port):
        settings = {"allow": ("::1/128",), "source": "127.0.0.1"}
        looked = await session(vantage(resolver, port, **settings), "http://six.example/")
        assert web.peers == ["::1"], "an IPv4 source address does not stand in the way"
        return looked

    assert looked.exchange.outcome == "ok"
    assert looked.exchange.hops[0].tcp[0].address == "::1"


# --- where it connects from, and through what --------------------------------------------------


def test_names_and_pages_are_asked_for_from_the_source_address_of_the_vantage():
    @world({"venue.example": [HERE]}, lambda _: page())
    async def _(names, web, resolver, port):
        await session(vantage(resolver, port, source="127.0.0.77"), "http://venue.example/")
        assert set(web.peers) == set(names.peers) == {"127.0.0.77"}


def test_a_source_address_of_the_other_family_does_not_break_the_resolver():
    @world({"venue.example": [HERE]}, lambda _: page())
    async def looked(_names, _web, resolver, port):
        return await session(vantage(resolver, port, source="::1"), "http://venue.example/")

    assert looked.exchange.outcome == "ok"


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_vantage_behind_a_proxy(scheme):
    @world({"venue.example": [HERE], "closed.example": [HERE]}, lambda _: page())
    async def _(names, web, resolver, port):
        proxy = Proxy()
        async with proxy.serving() as proxy_port:
            there = vantage(resolver, port, proxy=f"{scheme}://127.0.0.1:{proxy_port}")
            looked = await session(there, "http://venue.example/")
            assert looked.exchange.outcome == "ok"
            resolver_port = int(resolver.rpartition(":")[2])
            assert set(proxy.asked) == {(scheme, HERE, resolver_port), (scheme, HERE, port)}, (
                "the resolver through the proxy, then the address that it gave, not the name"
            )
            assert {transport for _, _, transport in names.asked} == {"tcp"}
            before = len(proxy.asked)
            with socket.socket() as closed:
                closed.bind((HERE, 0))
                there = vantage(resolver, closed.getsockname()[1], proxy=there.proxy)
                refused = await session(there, "http://closed.example/")
            assert refused.exchange.stage == "tcp" and len(proxy.asked) > before
            assert len(web.peers) == 1


def test_a_proxy_that_is_down_is_no_finding_on_the_site():
    @world({"venue.example": [HERE]}, lambda _: page())
    async def _(_names, _web, resolver, port):
        with socket.socket() as closed:
            closed.bind((HERE, 0))
            there = vantage(resolver, port, proxy=f"socks5://127.0.0.1:{closed.getsockname()[1]}")
            with pytest.raises(OutsideError, match="proxy") as refusal:
                await session(there, "http://venue.example/")
            assert refusal.value.exit_code == 3 and refusal.value.hint


def test_an_answer_too_long_for_a_datagram_is_asked_for_again_over_tcp():
    async def run():
        names, web = Names({"long.example": [HERE]}, long=("long.example",)), Web(lambda _: page())
        async with names.serving() as resolver, web.serving(HERE) as port:
            looked = await session(vantage(resolver, port), "http://long.example/")
        assert {("long.example", "A", "udp"), ("long.example", "A", "tcp")} <= set(names.asked)
        return looked

    assert asyncio.run(run()).exchange.outcome == "ok"


def test_a_resolver_that_is_not_there():
    async def run():
        with socket.socket(type=socket.SOCK_DGRAM) as silent:
            silent.bind((HERE, 0))
            return await session(vantage(f"{HERE}:{silent.getsockname()[1]}", 1), "http://venue.example/")

    looked = asyncio.run(run())
    assert (looked.exchange.outcome, looked.exchange.stage) == ("dns.timeout", "dns")


# --- how many at once --------------------------------------------------------------------------


@pytest.mark.parametrize("per_address", [1, 3])
def test_no_more_connections_to_one_address_than_the_limit_idle_ones_included(per_address):
    hosts = [f"venue{number}.example" for number in range(24)]

    @world({host: [HERE] for host in hosts}, lambda _: page(), pause=0.01)
    async def _(_names, web, resolver, port):
        limiter = Limiter(total=100, per_address=per_address)
        there = vantage(resolver, port, timeout_ms=5000)
        urls = ["/", "/two", "/three"]
        await asyncio.gather(
            *(session(there, *(f"http://{host}{path}" for path in urls), limiter=limiter) for host in hosts)
        )
        assert web.most <= per_address
        assert len(web.requests) == 3 * len(hosts)
        assert len(web.peers) == len(hosts), "a session keeps its connection for its next page"


def test_no_more_connections_in_all_than_the_limit():
    places = [f"127.0.0.{number}" for number in range(2, 18)]
    known = {f"venue{number}.example": [place] for number, place in enumerate(places)}

    @world(known, lambda _: page(), *places, pause=0.02)
    async def _(_names, web, resolver, port):
        limiter = Limiter(total=5, per_address=8)
        there = vantage(resolver, port, allow=("127.0.0.0/8",), timeout_ms=5000)
        await asyncio.gather(
            *(session(there, f"http://{host}/", f"http://{host}/b", limiter=limiter) for host in known)
        )
        assert web.most == 5, "the limit is reached, and never passed"


def test_sessions_that_cross_each_others_addresses_never_wait_for_each_other_for_ever():
    known = {"a.example": ["127.0.0.2"], "b.example": ["127.0.0.3"]}

    @world(known, lambda _: page(), "127.0.0.2", "127.0.0.3", pause=0.005)
    async def _(_names, web, resolver, port):
        limiter = Limiter(total=2, per_address=1)
        there = vantage(resolver, port, allow=("127.0.0.0/8",), timeout_ms=5000)
        ways = [["http://a.example/", "http://b.example/"], ["http://b.example/", "http://a.example/"]]
        async with asyncio.timeout(10):
            looked = await asyncio.gather(*(session(there, *ways[n % 2], limiter=limiter) for n in range(12)))
        assert all(one.outcomes == ["ok", "ok"] for one in looked)
        assert not limiter._addresses, "addresses nobody uses are forgotten"


def test_a_session_that_is_cancelled_gives_its_places_back_and_closes_what_it_opened():
    @world({"venue.example": [HERE]}, lambda _: None)
    async def _(_names, web, resolver, port):
        limiter = Limiter(total=1, per_address=1)
        task = asyncio.create_task(
            session(vantage(resolver, port, timeout_ms=9000), "http://venue.example/", limiter=limiter)
        )
        while not web.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        web.answer = lambda _: page()
        async with asyncio.timeout(2):
            assert (
                await session(vantage(resolver, port), "http://venue.example/", limiter=limiter)
            ).exchange.outcome == "ok"


# --- what each hop says ------------------------------------------------------------------------


def test_every_hop_of_a_redirect_has_its_own_layers():
    known = {"a.example": ["127.0.0.2"], "b.example": ["127.0.0.3"], "c.example": ["127.0.0.4"]}
    onward = {"GET / ": redirect("http://b.example/two"), "GET /two ": redirect("http://c.example/three?x=1")}

    def answer(line):
        return next((said for start, said in onward.items() if line.startswith(start)), page())

    @world(known, answer, "127.0.0.2", "127.0.0.3", "127.0.0.4")
    async def looked(_names, _web, resolver, port):
        return await session(vantage(resolver, port, allow=("127.0.0.0/8",)), "http://a.example/")

    hops = looked.exchange.hops
    assert [hop.host for hop in hops] == list(known)
    assert (
        [hop.dns.addresses[0] for hop in hops]
        == [hop.tcp[0].address for hop in hops]
        == [a for (a,) in known.values()]
    )
    assert [hop.http.status for hop in hops] == [302, 302, 200]
    moments = [step.at_us for hop in hops for step in (hop.dns, hop.tcp[0], hop.http)]
    assert moments == sorted(moments)
    assert [one.url for one in looked.kept if one.kind == "response"] == [hop.url for hop in hops]


def test_a_hop_that_fails_fails_the_exchange_at_its_own_stage():
    @world({"a.example": [HERE]}, sent_to("http://gone.example/"))
    async def looked(_names, _web, resolver, port):
        return await session(vantage(resolver, port), "http://a.example/")

    assert (looked.exchange.outcome, looked.exchange.stage) == ("dns.nxdomain", "dns")
    assert looked.exchange.hops[0].http.status == 302


def test_another_address_is_tried_where_one_refuses():
    @world({"venue.example": ["127.0.0.9", HERE]}, lambda _: page(), HERE)
    async def tried(_names, _web, resolver, port):
        there = vantage(resolver, port, allow=("127.0.0.0/8",))
        looked = [await session(there, "http://venue.example/") for _ in range(12)]
        assert {one.exchange.outcome for one in looked} == {"ok"}
        return {tuple(step.outcome for step in one.exchange.hops[0].tcp) for one in looked}

    assert tried == {("ok",), ("tcp.refused", "ok")}, "answers come in any order"


def test_a_connection_that_its_server_closed_meanwhile_is_opened_again():
    @world({"venue.example": [HERE]}, lambda _: page())
    async def _(_names, web, resolver, port):
        async with Session(vantage(resolver, port), "site:venue.example", Limiter(1, 1)) as one:
            await one.fetch("http://venue.example/")
            one._kept.line.stream[1].transport.abort()
            await asyncio.sleep(0.02)
            await one.fetch("http://venue.example/two")
            looked = Looked(one.seal())
        assert looked.outcomes == ["ok", "ok"]
        assert len(web.peers) == 2


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (b"", "http.eof"),
        (b"HTTP/1.1 20", "http.eof"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "http.eof"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "http.eof"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", "ok"),
        (b"220 mail.example ESMTP\r\n", "http.protocol"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "http.protocol"),
    ],
)  # fmt: skip
def test_how_a_response_ends(said, outcome):
    async def run():
        async def serve(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(said)
            await writer.drain()
            writer.close()

        names, server = Names({"venue.example": [HERE]}), await asyncio.start_server(serve, HERE, 0)
        async with names.serving() as resolver, server:
            port = server.sockets[0].getsockname()[1]
            return await session(vantage(resolver, port), "http://venue.example/")

    assert asyncio.run(run()).exchange.outcome == outcome


def test_bad_framing_on_a_connection_that_stays_open_is_not_called_throttling():
    @world(
        {"venue.example": [HERE]},
        lambda _: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
    )
    async def looked(_names, _web, resolver, port):
        return await session(vantage(resolver, port), "http://venue.example/")

    assert looked.exchange.outcome == "http.protocol"


@pytest.mark.parametrize(
    ("ending", "outcome"), [("fin", "tls.eof"), ("reset", "tls.reset"), ("nonsense", "tls.eof")]
)
def test_how_a_handshake_ends(ending, outcome):
    async def run():
        async def serve(reader, writer):
            await reader.read(4096)
            if ending == "nonsense":
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            if ending == "reset":
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
                writer.transport.abort()
            writer.close()

        names, server = Names({"venue.example": [HERE]}), await asyncio.start_server(serve, HERE, 0)
        async with names.serving() as resolver, server:
            port = server.sockets[0].getsockname()[1]
            return await session(vantage(resolver, port), "https://venue.example/")

    exchange = asyncio.run(run()).exchange
    assert (exchange.outcome, exchange.stage) == (outcome, "tls")


def test_a_verified_certificate_is_for_this_name_and_from_this_authority(tmp_path):
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("venue.example").configure_cert(context)

    async def run(host):
        web = Web(lambda _: page())
        names, server = Names({host: [HERE]}), await asyncio.start_server(web.serve, HERE, 0, ssl=context)
        async with names.serving() as resolver, server:
            port = server.sockets[0].getsockname()[1]
            return await session(vantage(resolver, port, ca_file=str(ca_file)), f"https://{host}/")

    good, other = asyncio.run(run("venue.example")), asyncio.run(run("other.example"))
    assert good.exchange.outcome == "ok" and good.exchange.hops[0].tls.verified
    assert other.exchange.outcome == "tls.cert" and not other.exchange.hops[0].tls.verified
    assert "other.example" in other.exchange.hops[0].tls.why
    assert good.exchange.hops[0].tls.chain == other.exchange.hops[0].tls.chain, (
        "the same chain, kept both times"
    )
