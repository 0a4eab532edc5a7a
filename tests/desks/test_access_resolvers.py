"""Names asked over every transport, compared with each other, and through a proxy."""

import asyncio
import contextlib

import dns.edns
import dns.message
import dns.rcode
import pytest

from desks.conftest import session
from desks.encrypted_world import HERE, Authority, H2Site, doh, doh_answer, dot, serving
from desks.small_world import Names, Proxy, Web, page, vantage
from ringfence.core.errors import InputError
from ringfence.evidence.warc import DNS_TYPE

VENUE = {"venue.example": [HERE]}
URL = "http://venue.example/"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


class World:
    """A web server, its names, and whatever resolvers a test opens on the stack."""

    def __init__(self, authority, stack):
        self.authority, self.stack = authority, stack
        self.names, self.web = Names(VENUE), Web(lambda _: page())

    async def start(self):
        self.port = await self.stack.enter_async_context(self.web.serving(HERE))
        return self

    async def resolver(self, transport, names=None, **options):
        """Opens a resolver; gives the form of a vantage."""
        names, enter = names or self.names, self.stack.enter_async_context
        if transport in ("udp", "tcp"):
            return f"{transport}://{await enter(names.serving())}"
        if transport == "dot":
            context = self.authority.context("dns.example")
            return f"tls://dns.example:{await enter(serving(dot(names, **options), context))}#{HERE}"
        if transport == "doh1":
            context = self.authority.context("dns.example", alpn=["http/1.1"])
            port = await enter(serving(doh(names, **options), context))
        else:
            site = H2Site(lambda path: (
                [(":status", "200"), ("content-type", "application/dns-message")], doh_answer(names, path)
            ))  # fmt: skip
            context = self.authority.context("dns.example", alpn=["h2"])
            port = await enter(serving(site.serve, context))
        return f"https://dns.example:{port}/dns-query#{HERE}"

    async def look(self, resolver, *urls, **options):
        there = vantage(resolver, self.port, ca_file=self.authority.file, **options)
        return await session(there, *(urls or (URL,)))


def world(authority, act):
    async def run():
        async with contextlib.AsyncExitStack() as stack:
            return await act(await World(authority, stack).start())

    return asyncio.run(run())


@pytest.mark.parametrize("transport", ["udp", "tcp", "dot", "doh1", "doh2"])
def test_a_name_is_asked_for_over(authority, transport):
    async def act(there):
        return await there.look(await there.resolver(transport)), there.names

    looked, names = world(authority, act)
    (hop,) = looked.exchange.hops
    assert looked.exchange.outcome == "ok"
    assert (hop.dns.transport, hop.dns.addresses, hop.dns.why) == (transport.rstrip("12"), (HERE,), "")
    assert {(name, kind) for name, kind, _ in names.asked} == {
        ("venue.example", "A"),
        ("venue.example", "AAAA"),
    }
    kept = [one for one in looked.kept if one.content_type == DNS_TYPE]
    assert len(kept) == 2 and kept[0].digest == hop.dns.message
    assert dns.message.from_wire(kept[0].data).question[0].name.to_text() == "venue.example."


@pytest.mark.parametrize("transport", ["dot", "doh1", "doh2"])
def test_a_resolver_whose_certificate_is_not_its_own_is_not_believed(authority, transport):
    async def act(there):
        form = await there.resolver(transport)
        return await there.look(form.replace("dns.example", "other.example"))

    exchange = world(authority, act).exchange
    assert (exchange.outcome, exchange.stage) == ("dns.servfail", "dns")
    assert "certificate" in exchange.hops[0].dns.why and exchange.hops[0].dns.message is None


def test_a_resolver_that_ends_the_connection_after_each_answer_is_asked_again(authority):
    async def act(there):
        return await there.look(await there.resolver("dot", each=1))

    assert world(authority, act).exchange.outcome == "ok"


@pytest.mark.parametrize("transport", ["tcp", "dot", "doh1"])
def test_a_resolver_that_hangs_up_is_asked_no_further(authority, transport):
    async def act(there):
        async def gone(reader, writer):
            await reader.read(100)
            writer.close()

        scheme = {"tcp": "tcp", "dot": "tls", "doh1": "https"}[transport]
        context = None if transport == "tcp" else there.authority.context(HERE)
        port = await there.stack.enter_async_context(serving(gone, context))
        return await there.look(f"{scheme}://{HERE}:{port}")

    exchange = world(authority, act).exchange
    assert exchange.outcome == "dns.servfail" and exchange.hops[0].dns.why


@pytest.mark.parametrize(
    "options", [{"status": "403 Forbidden"}, {"media": "text/html"}, {"status": "500 Oh"}], ids=str
)
def test_a_doh_server_that_answers_something_else(authority, options):
    async def act(there):
        return await there.look(await there.resolver("doh1", **options))

    exchange = world(authority, act).exchange
    assert exchange.outcome == "dns.servfail" and "HTTP status" in exchange.hops[0].dns.why


@pytest.mark.parametrize("transport", ["tcp", "dot", "doh1"])
def test_a_resolver_that_says_nothing(authority, transport):
    async def act(there):
        async def silent(reader, _writer):
            await reader.read()

        scheme = {"tcp": "tcp", "dot": "tls", "doh1": "https"}[transport]
        port = await there.stack.enter_async_context(serving(silent))
        return await there.look(f"{scheme}://{HERE}:{port}")

    assert world(authority, act).exchange.outcome == "dns.timeout"


def test_answers_that_answer_nothing_asked_are_passed_over(authority):
    class Liar(Names):
        def respond(self, wire, peer, udp):
            good = super().respond(wire, peer, udp)
            self.sent = getattr(self, "sent", 0) + 1
            return bytes((good[0] ^ 1,)) + good[1:] if self.sent <= 2 else good  # the first try: a wrong id

    async def act(there):
        return await there.look(await there.resolver("udp", Liar(VENUE)))

    assert world(authority, act).exchange.outcome == "ok", "the second try is answered well"


# --- several resolvers -------------------------------------------------------------------------


def test_further_resolvers_are_asked_once_for_each_host_and_never_used(authority):
    async def act(there):
        lying = Names({"venue.example": ["127.0.0.99"]})
        refusing = Names({}, code=dns.rcode.REFUSED)
        resolvers = (
            await there.resolver("doh2", lying),
            await there.resolver("dot", refusing),
            await there.resolver("udp"),
        )
        looked = await there.look(await there.resolver("udp"), URL, URL + "two", resolvers=resolvers)
        assert there.web.peers == [HERE], "only where the first resolver leads"
        assert len(lying.asked) == len(refusing.asked) == 2
        return looked

    looked = world(authority, act)
    first, second = (exchange.hops[0] for exchange in looked.observation.exchanges)
    said = [(step.transport, step.outcome, step.addresses) for step in first.other_dns]
    assert said == [("doh", "dns.bogon", ("127.0.0.99",)), ("dot", "dns.refused", ()), ("udp", "ok", (HERE,))]
    assert second.dns is None and second.other_dns == ()
    kept = {one.digest: one.url for one in looked.kept if one.content_type == DNS_TYPE}
    for step in first.other_dns:
        assert step.message in kept
    assert sum(url.startswith("dns://dns.example:") for url in kept.values()) == 4


def test_a_further_resolver_that_is_down_spoils_nothing(authority):
    async def act(there):
        return await there.look(await there.resolver("udp"), resolvers=(f"tcp://{HERE}:9",))

    (hop,) = world(authority, act).exchange.hops
    assert hop.http.status == 200
    assert hop.other_dns[0].outcome == "dns.servfail" and "reached" in hop.other_dns[0].why


# --- what else an answer says ------------------------------------------------------------------


def test_extended_errors_are_kept_with_their_texts(authority):
    class Censored(Names):
        def respond(self, wire, peer, udp):
            query = dns.message.from_wire(wire)
            answer = dns.message.make_response(query)
            answer.set_rcode(dns.rcode.NXDOMAIN)
            texts = ("order=RF-1", None, "x" * 900)
            answer.use_edns(0, options=[dns.edns.EDEOption(16, text) for text in texts])
            return answer.to_wire()

    async def act(there):
        return await there.look(await there.resolver("udp", Censored({})))

    step = world(authority, act).exchange.hops[0].dns
    assert step.outcome == "dns.nxdomain"
    assert step.ede == ((16, "order=RF-1"), (16, ""), (16, "x" * 500))


def test_a_resolver_older_than_edns_is_asked_again_in_its_way(authority):
    class Old(Names):
        def respond(self, wire, peer, udp):
            query = dns.message.from_wire(wire)
            if query.edns < 0:
                return super().respond(wire, peer, udp)
            answer = dns.message.make_response(query)
            answer.use_edns(False)
            answer.set_rcode(dns.rcode.FORMERR)
            return answer.to_wire()

    async def act(there):
        return await there.look(await there.resolver("udp", Old(VENUE)))

    assert world(authority, act).exchange.outcome == "ok"


# --- through a proxy ---------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["plain", "tcp", "dot", "doh1", "doh2"])
@pytest.mark.parametrize("scheme", ["socks5", "http"])
def test_nothing_is_asked_past_a_proxy(authority, scheme, transport):
    async def act(there):
        proxy = Proxy()
        port = await there.stack.enter_async_context(proxy.serving())
        form = await there.resolver("udp" if transport == "plain" else transport)
        form = form.removeprefix("udp://")
        looked = await there.look(form, proxy=f"{scheme}://{HERE}:{port}")
        assert looked.exchange.outcome == "ok"
        step = looked.exchange.hops[0].dns
        assert step.transport == ("tcp" if transport == "plain" else transport.rstrip("12"))
        assert {how for _, _, how in there.names.asked} == {"tcp"}
        assert len(proxy.asked) == len(there.web.peers) + (2 if transport in ("plain", "tcp") else 1)

    world(authority, act)


@pytest.mark.parametrize("options", [{"resolver": None}, {"resolver": "udp://127.0.0.1:53"}], ids=str)
def test_what_a_proxy_cannot_carry_is_refused_and_nobody_is_asked(authority, options):
    async def act(there):
        proxy = Proxy()
        port = await there.stack.enter_async_context(proxy.serving())
        with pytest.raises(InputError) as refusal:
            await there.look(options["resolver"], proxy=f"socks5://{HERE}:{port}")
        assert refusal.value.hint and not proxy.asked and not there.web.peers

    world(authority, act)
