"""HTTP/2 by agreement, kept in a form that replays, and servers that abuse it."""

import asyncio
import contextlib
import gzip
import os
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import hpack
import pytest
from warcio.archiveiterator import ArchiveIterator

from desks.conftest import Looked, session
from desks.encrypted_world import HERE, Authority, H2Site, frame, serving
from desks.small_world import Names, Web, page, vantage
from ringfence.desks.access.observe import Limiter, Session
from ringfence.evidence.message import MAX_BODY, MAX_WIRE
from ringfence.evidence.observation import OUTCOMES

HOST = "venue.example"
URL = f"https://{HOST}/"
PAGE = b"<html><body>a page</body></html>"
HTML = [(":status", "200"), ("content-type", "text/html")]

DATA, HEADERS, RST, SETTINGS, PUSH, PING, GOAWAY, WINDOW, CONTINUATION = 0, 1, 3, 4, 5, 6, 7, 8, 9
END_STREAM, END_HEADERS = 1, 4
HELLO = frame(SETTINGS, 0, 0)


def head(*fields, first=(":status", "200"), flags=END_HEADERS):
    return frame(HEADERS, flags, 1, hpack.Encoder().encode([first, *fields]))


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


def look(authority, serve, *urls, alpn=("h2",), **options):
    """What a session sees of a stream server at every URL."""

    async def run():
        names = Names({HOST: [HERE]})
        context = authority.context(HOST, alpn=alpn)
        async with names.serving() as resolver, serving(serve, context) as port:
            there = vantage(resolver, port, ca_file=authority.file, **options)
            return await session(there, *(urls or (URL,)))

    return asyncio.run(run())


def site(answer):
    return H2Site(answer if callable(answer) else lambda _: answer)


def raw(*pieces, then="wait"):
    """A server that sends frames of its own making once it has been asked."""

    async def serve(reader, writer):
        await reader.read(4096)
        for piece in pieces:
            writer.write(piece)
        await writer.drain()
        if then == "wait":
            while await reader.read(65536):
                pass
        elif then == "repeat":
            while True:
                writer.write(pieces[-1])
                await writer.drain()

    return serve


# --- agreed on, kept, used again ---------------------------------------------------------------


def test_a_page_over_http2(authority):
    looked = look(authority, site((HTML, PAGE)).serve)
    (hop,) = looked.exchange.hops
    assert (looked.exchange.outcome, hop.tls.alpn, hop.http.protocol) == ("ok", "h2", "h2")
    assert (hop.http.status, hop.http.headers) == (200, (("content-type", "text/html"),))
    assert looked.bodies[hop.http.body] == PAGE
    assert hop.http.progress[-1][1] == len(PAGE)


@pytest.mark.parametrize(("alpn", "protocol"), [(("http/1.1",), "http/1.1"), ((), "")])
def test_where_http2_is_not_agreed_on_it_is_http1(authority, alpn, protocol):
    looked = look(authority, Web(lambda _: page()).serve, alpn=alpn)
    (hop,) = looked.exchange.hops
    assert (looked.exchange.outcome, hop.http.protocol, hop.tls.alpn) == ("ok", "http/1.1", protocol)


def test_one_connection_carries_one_page_after_the_other(authority):
    there = site(lambda path: (HTML, PAGE + path.encode()))
    looked = look(authority, there.serve, URL, URL + "two?x=1", URL + "three")
    assert looked.outcomes == ["ok"] * 3
    assert (there.peers, there.asked) == (1, ["/", "/two?x=1", "/three"])
    assert [looked.bodies[e.hops[0].http.body] for e in looked.observation.exchanges][-1].endswith(b"/three")


def test_many_bytes_on_one_connection_never_run_out_of_window(authority):
    body = os.urandom(1 << 20)
    there = site((HTML, body))
    looked = look(authority, there.serve, *(f"{URL}{n}" for n in range(5)), timeout_ms=5000)
    assert looked.outcomes == ["ok"] * 5 and there.peers == 1
    assert all(e.hops[0].http.body_bytes == len(body) for e in looked.observation.exchanges)


def test_a_redirect_and_a_compressed_page(authority):
    packed = gzip.compress(PAGE * 50, mtime=0)

    def answer(path):
        if path == "/":
            return [(":status", "302"), ("location", "/home")], b""
        return [*HTML, ("content-encoding", "gzip"), ("content-length", str(len(packed)))], packed

    looked = look(authority, site(answer).serve)
    assert [hop.http.status for hop in looked.exchange.hops] == [302, 200]
    assert looked.bodies[looked.exchange.hops[-1].http.body] == PAGE * 50


def test_what_is_kept_replays_to_the_same_and_says_which_protocol_it_was(authority, tmp_path):
    packed = gzip.compress(PAGE, mtime=0)
    there = site(
        ([*HTML, ("content-encoding", "gzip"), ("set-cookie", "a=1"), ("set-cookie", "b=2")], packed)
    )
    looked = look(authority, there.serve)
    step = looked.exchange.hops[0].http
    (kept,) = [one for one in looked.kept if one.kind == "response"]
    assert (kept.digest, kept.data, kept.message.headers) == (step.body, PAGE, step.headers)
    file = tmp_path / "capture.warc.gz"
    file.write_bytes(looked.sealed.capture)
    with file.open("rb") as stream:
        records = [(r.rec_type, r.rec_headers.get_header("WARC-Protocol")) for r in ArchiveIterator(stream)]
    assert records.count(("response", "h2")) == records.count(("request", "h2")) == 1
    done = subprocess.run([Path(sys.executable).with_name("warcio"), "check", file], capture_output=True)
    assert done.returncode == 0, done.stdout


def test_a_connection_that_its_server_is_leaving_is_not_used_again(authority):
    async def leaving(reader, writer):
        await reader.read(4096)
        writer.write(
            HELLO
            + head()
            + frame(DATA, END_STREAM, 1, PAGE)
            + frame(GOAWAY, 0, 0, bytes(3) + b"\1" + bytes(4))
        )
        await reader.read()

    connections = []

    async def serve(reader, writer):
        connections.append(1)
        await leaving(reader, writer)

    looked = look(authority, serve, URL, URL + "two")
    assert looked.outcomes == ["ok", "ok"] and len(connections) == 2


def test_a_kept_connection_that_broke_meanwhile_is_opened_again(authority):
    async def run():
        names, there = Names({HOST: [HERE]}), site((HTML, PAGE))
        async with (
            names.serving() as resolver,
            serving(there.serve, authority.context(HOST, alpn=["h2"])) as port,
            Session(vantage(resolver, port, ca_file=authority.file), f"site:{HOST}", Limiter(1, 1)) as one,
        ):
            await one.fetch(URL)
            one._kept.line.stream[1].transport.abort()
            await asyncio.sleep(0.02)
            await one.fetch(URL + "two")
            return Looked(one.seal()), there.peers

    looked, peers = asyncio.run(run())
    assert looked.outcomes == ["ok", "ok"] and peers == 2


# --- limits ------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False])
def test_a_bomb_is_kept_only_to_the_limit(authority, packed):
    body = gzip.compress(bytes(30 << 20), 9, mtime=0) if packed else bytes(8 << 20)
    headers = [*HTML, *([("content-encoding", "gzip")] if packed else [])]
    step = look(authority, site((headers, body)).serve, timeout_ms=5000).exchange.hops[0].http
    assert (step.outcome, step.truncated) == ("ok", "length")
    assert step.body_bytes <= MAX_BODY and step.wire_bytes <= MAX_WIRE + 65_536


def test_a_body_that_trickles_is_throttled_and_one_that_stops_is_not(authority):
    def slow(pause):
        async def serve(reader, writer):
            await reader.read(4096)
            writer.write(HELLO + head() + frame(DATA, 0, 1, b"<html>"))
            while True:
                await asyncio.sleep(pause)
                writer.write(frame(DATA, 0, 1, b"drop"))
                await writer.drain()

        return serve

    steps = [look(authority, slow(pause)).exchange.hops[0].http for pause in (0.05, 60)]
    assert [step.outcome for step in steps] == ["http.throttled", "http.timeout"]
    assert all(step.status == 200 and step.truncated == "time" for step in steps)
    assert len(steps[0].progress) > 4 and len(steps[1].progress) <= 2


PAD = [("x-filler", "y" * 1000)]
HOSTILE = {
    # name: (what the server does, the outcome, or None for any)
    "not http2": (raw(b"HTTP/1.1 200 OK\r\n\r\nhello"), "http.protocol"),
    "nothing": (raw(), "http.timeout"),
    "settings and nothing": (raw(HELLO), "http.timeout"),
    "closes": (raw(then="close"), None),  # the kernel may say reset: our request was not all read
    "closes after settings": (raw(HELLO, then="close"), None),
    "goaway": (raw(HELLO + frame(GOAWAY, 0, 0, bytes(8))), "http.eof"),
    "reset": (raw(HELLO + frame(RST, 0, 1, bytes((0, 0, 0, 8)))), "http.reset"),
    "reset in the body": (
        raw(HELLO + head() + frame(DATA, 0, 1, b"ha"), frame(RST, 0, 1, bytes(4))), "http.reset",
    ),
    "closes in the body": (raw(HELLO + head() + frame(DATA, 0, 1, b"ha"), then="close"), "http.eof"),
    "wrong length": (
        raw(HELLO + head(("content-length", "9")) + frame(DATA, END_STREAM, 1, b"ha")), "http.protocol",
    ),
    "settings flood": (raw(HELLO + head(), frame(SETTINGS, 0, 0) * 1000, then="repeat"), "http.protocol"),
    "ping flood": (raw(HELLO + head(), frame(PING, 0, 0, bytes(8)) * 1000, then="repeat"), "http.protocol"),
    "empty data flood": (raw(HELLO + head(), frame(DATA, 0, 1) * 1000, then="repeat"), "http.protocol"),
    "one-byte data flood": (
        raw(HELLO + head(), frame(DATA, 0, 1, b"x") * 1000, then="repeat"), "http.protocol",
    ),
    "window flood": (
        raw(HELLO + head(), frame(WINDOW, 0, 0, bytes((0, 0, 0, 1))) * 1000, then="repeat"), "http.protocol",
    ),
    "unknown frames": (raw(HELLO + head(), frame(0xEE, 0, 0, b"?") * 1000, then="repeat"), "http.protocol"),
    "continuation flood": (
        raw(HELLO + head(flags=0), frame(CONTINUATION, 0, 1, b"") * 100, then="repeat"), "http.protocol",
    ),
    "headers without end": (
        raw(HELLO + head(flags=0), frame(CONTINUATION, 0, 1, hpack.Encoder().encode(PAD)) * 8, then="repeat"),
        "http.protocol",
    ),
    "hpack bomb": (
        raw(HELLO + frame(HEADERS, END_HEADERS, 1, hpack.Encoder().encode(PAD) + b"\xbe" * 4000)),
        "http.protocol",
    ),
    "huge headers": (
        raw(HELLO + frame(HEADERS, 0, 1, hpack.Encoder().encode(PAD * 15, huffman=False)[:16000]),
            frame(CONTINUATION, END_HEADERS, 1,
                  hpack.Encoder().encode([("y", "z" * 9000)], huffman=False)) * 9),
        "http.protocol",
    ),
    "interim responses without end": (
        raw(HELLO, head(first=(":status", "103")), then="repeat"), "http.protocol",
    ),
    "window of nothing": (raw(frame(SETTINGS, 0, 0, b"\0\4" + bytes(4))), "http.timeout"),
    "window that overflows": (
        raw(HELLO + head() + frame(WINDOW, 0, 1, b"\x7f\xff\xff\xff") * 2), "http.protocol",
    ),
    "more than the window": (raw(HELLO + head(), frame(DATA, 0, 1, bytes(16_384)), then="repeat"), "ok"),
    "frame too long": (raw(HELLO + head() + frame(DATA, 0, 1, bytes(16_385))), "http.protocol"),
    "push": (
        raw(HELLO + frame(PUSH, END_HEADERS, 1, b"\0\0\0\2" + hpack.Encoder().encode([(":path", "/")]))),
        "http.protocol",
    ),
    "line break in a header": (
        raw(HELLO + head(("x", "a\r\nset-cookie: b")) + frame(DATA, END_STREAM, 1, PAGE)), "http.protocol",
    ),
    "no status": (raw(HELLO + head(first=("x", "y"))), "http.protocol"),
    "status in words": (raw(HELLO + head(first=(":status", "fine"))), "http.protocol"),
    "upgrade field": (raw(HELLO + head(("transfer-encoding", "chunked"))), "http.protocol"),
    "data before headers": (raw(HELLO + frame(DATA, END_STREAM, 1, PAGE)), "http.protocol"),
    "another stream": (raw(HELLO + frame(DATA, END_STREAM, 7, PAGE)), "http.protocol"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_ends_with_a_word_and_in_bounded_memory(authority, name):
    serve, outcome = HOSTILE[name]
    tracemalloc.start()
    try:
        looked = look(authority, serve, timeout_ms=400 if outcome == "http.timeout" else 8000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    exchange = looked.exchange
    assert exchange.outcome in OUTCOMES
    if outcome:
        assert exchange.outcome == outcome
    assert exchange.hops[0].http.wire_bytes <= MAX_WIRE + 65_536
    assert peak < 40 << 20, "three copies of the limits, and the servers of the test"


def test_frames_of_chance_never_raise(authority):
    rng = random.Random(5)

    def pieces():
        for _ in range(rng.randrange(1, 30)):
            kind, stream = rng.randrange(0, 11), rng.choice((0, 1, 1, 1, 2, 3, 0x7FFFFFFF))
            yield frame(kind, rng.randrange(256), stream, rng.randbytes(rng.choice((0, 1, 4, 5, 8, 40))))

    async def run():
        names = Names({HOST: [HERE]})
        context = authority.context(HOST, alpn=["h2"])
        async with names.serving() as resolver, contextlib.AsyncExitStack() as stack:
            for _ in range(150):
                start = HELLO + (head() if rng.random() < 0.5 else b"")
                serve = raw(start, *pieces(), then="close")
                port = await stack.enter_async_context(serving(serve, context))
                there = vantage(resolver, port, ca_file=authority.file, timeout_ms=2000)
                looked = await session(there, URL)
                assert looked.exchange.outcome in OUTCOMES

    asyncio.run(run())
