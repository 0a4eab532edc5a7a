"""Sites that behave badly on purpose: what an instrument must survive. They are in no register.

All are under ``hostile.example`` at one address; the laboratory's resolvers know them.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import cast

import msgspec

from ringfence.lab import addresses, mark
from ringfence.lab.dns import Name

ADDRESS = "127.30.0.66"
SUFFIX = "hostile.example"
BOMB_BYTES = 200_000_000
BIG_BYTES = 10_000_000
_LINE = mark.marked(b"<html><body><h1>Hostile</h1></body></html>")
_STALL_SECONDS = 60.0

Behaviour = Callable[[asyncio.Transport, str], Awaitable[None]]


class HostileSite(msgspec.Struct, frozen=True):
    """A bad site: what it does once it has read a request, and its certificate's fault (see Authority)."""

    behaviour: Behaviour
    fault: str = ""


def sites() -> dict[str, HostileSite]:
    """Every bad site by host name."""
    plain = {
        "gzip-bomb": _gzip_bomb,
        "endless-redirects": _endless_redirects,
        "redirect-loop": _redirect_loop,
        "big-page": _big_page,
        "stall": _stall,
        "closes-mid-body": _closes_mid_body,
        "closes-at-once": _closes_at_once,
        "to-private": _redirect_to("http://10.0.0.1/"),
        "to-metadata": _redirect_to("http://169.254.169.254/latest/meta-data/"),
        "to-file": _redirect_to("file:///etc/passwd"),
        "huge-headers": _huge_headers,
        "endless-headers": _endless_headers,
        "not-http": _not_http,
        "misdeclared-gbk": _page("交易 行情 公告".encode("gb18030"), "text/html; charset=utf-8"),
        "misdeclared-big5": _page("交易所 新聞".encode("big5"), "text/html; charset=gb2312"),
        "mixed-encodings": _page(
            "交易".encode("gb18030") + "行情".encode() + "新聞".encode("big5"), "text/html"
        ),
        "unknown-charset": _page(b"hello", "text/html; charset=x-no-such-thing"),
        "bad-gzip": _bad_gzip,
        "wrong-length": _wrong_length,
        "two-lengths": _two_lengths,
        "bad-chunks": _bad_chunks,
    }
    found = {f"{label}.{SUFFIX}": HostileSite(behaviour) for label, behaviour in plain.items()}
    ordinary = _page(b"an ordinary page", "text/html")
    for label, fault in (
        ("lying-certificate", "other-name"),
        ("expired-certificate", "expired"),
        ("self-signed", "self-signed"),
    ):
        found[f"{label}.{SUFFIX}"] = HostileSite(ordinary, fault)
    return found


def names() -> dict[str, Name]:
    """What the resolvers know of them; ``large`` answers TXT with more than a datagram holds."""
    known = {host: Name(addresses=(ADDRESS,)) for host in sites()}
    known[f"large.{SUFFIX}"] = Name(
        addresses=(ADDRESS,), texts=tuple(f"{index:03d} " + "x" * 200 for index in range(40))
    )
    known[f"private.{SUFFIX}"] = Name(addresses=("10.0.0.1",))
    known[f"bogon.{SUFFIX}"] = Name(addresses=(addresses.BOGON,))
    known[f"loop.{SUFFIX}"] = Name(alias=f"loop.{SUFFIX}")
    return known


class HostileProtocol(asyncio.Protocol):
    """Reads one request head and lets the site named in it do its worst."""

    def __init__(self, known: dict[str, HostileSite], *, secure: bool) -> None:
        self._known = known
        self._secure = secure
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, _: Exception | None) -> None:
        """The client left, wisely."""
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Some of the request."""
        self._buffer += data
        if self._task is not None or b"\r\n\r\n" not in self._buffer or self._transport is None:
            return
        lines = self._buffer.decode("latin-1").split("\r\n")
        host = next((line[5:].strip() for line in lines if line.lower().startswith("host:")), "")
        site = self._known.get(host.rsplit(":", 1)[0].lower())
        if site is None:
            self._transport.close()
            return
        path = lines[0].split(" ")[1] if " " in lines[0] else "/"
        self._task = asyncio.ensure_future(_run(site.behaviour, self._transport, path))


async def _run(behaviour: Behaviour, transport: asyncio.Transport, path: str) -> None:
    await behaviour(transport, path)
    transport.close()


def _head(status: str, *fields: str) -> bytes:
    always = (f"{mark.HEADER[0]}: {mark.HEADER[1]}", "Connection: close")
    return "\r\n".join((f"HTTP/1.1 {status}", *always, *fields, "", "")).encode("latin-1")


def _page(text: bytes, content_type: str) -> Behaviour:
    async def behave(transport: asyncio.Transport, _: str) -> None:
        body = mark.marked(b"<html><body><p>" + text + b"</p></body></html>")
        transport.write(
            _head("200 OK", f"Content-Type: {content_type}", f"Content-Length: {len(body)}") + body
        )

    return behave


def _redirect_to(location: str) -> Behaviour:
    async def behave(transport: asyncio.Transport, _: str) -> None:
        transport.write(_head("302 Found", f"Location: {location}", "Content-Length: 0"))

    return behave


async def _endless_redirects(transport: asyncio.Transport, path: str) -> None:
    number = int(path[1:]) if path[1:].isdigit() else 0
    transport.write(_head("302 Found", f"Location: /{number + 1}", "Content-Length: 0"))


async def _redirect_loop(transport: asyncio.Transport, path: str) -> None:
    transport.write(_head("301 Moved", f"Location: {'/a' if path == '/b' else '/b'}", "Content-Length: 0"))


async def _gzip_bomb(transport: asyncio.Transport, _: str) -> None:
    # Built by repeating one member: gzip allows several, so 200 MB cost the server 200 KB.
    member = gzip.compress(_LINE + bytes(1_000_000), 9, mtime=0)
    count = BOMB_BYTES // 1_000_000
    transport.write(
        _head(
            "200 OK",
            "Content-Type: text/html",
            "Content-Encoding: gzip",
            f"Content-Length: {len(member) * count}",
        )
    )
    for _index in range(count):
        transport.write(member)


async def _big_page(transport: asyncio.Transport, _: str) -> None:
    transport.write(_head("200 OK", "Content-Type: text/html", f"Content-Length: {BIG_BYTES}") + _LINE)
    left = BIG_BYTES - len(_LINE)
    while left > 0 and not transport.is_closing():
        piece = min(left, 65_536)
        transport.write(b"<p>" + b"x" * (piece - 3) if piece > 3 else b"x" * piece)
        left -= piece
        await asyncio.sleep(0)


async def _stall(transport: asyncio.Transport, _: str) -> None:
    transport.write(_head("200 OK", "Content-Type: text/html", "Content-Length: 5000") + b"<")
    await asyncio.sleep(_STALL_SECONDS)


async def _closes_mid_body(transport: asyncio.Transport, _: str) -> None:
    transport.write(_head("200 OK", "Content-Type: text/html", "Content-Length: 5000") + _LINE)


async def _closes_at_once(transport: asyncio.Transport, _: str) -> None:
    transport.close()


async def _huge_headers(transport: asyncio.Transport, _: str) -> None:
    fields = [f"X-Filler-{index}: {'y' * 1000}" for index in range(2000)]
    transport.write(_head("200 OK", "Content-Type: text/html", *fields, "Content-Length: 0"))


async def _endless_headers(transport: asyncio.Transport, _: str) -> None:
    transport.write(b"HTTP/1.1 200 OK\r\n")
    while not transport.is_closing():
        transport.write(b"X-More: more\r\n" * 100)
        await asyncio.sleep(0.01)


async def _not_http(transport: asyncio.Transport, _: str) -> None:
    transport.write(b"220 mail.hostile.example ESMTP\r\n")


async def _bad_gzip(transport: asyncio.Transport, _: str) -> None:
    body = gzip.compress(_LINE * 50)[:-20] + b"garbage garbage garbage"
    transport.write(
        _head("200 OK", "Content-Type: text/html", "Content-Encoding: gzip", f"Content-Length: {len(body)}")
        + body
    )


async def _wrong_length(transport: asyncio.Transport, _: str) -> None:
    transport.write(_head("200 OK", "Content-Type: text/html", "Content-Length: minus-five") + _LINE)


async def _two_lengths(transport: asyncio.Transport, _: str) -> None:
    transport.write(
        _head("200 OK", "Content-Type: text/html", "Content-Length: 10", f"Content-Length: {len(_LINE)}")
        + _LINE
    )


async def _bad_chunks(transport: asyncio.Transport, _: str) -> None:
    transport.write(
        _head("200 OK", "Content-Type: text/html", "Transfer-Encoding: chunked") + b"zz\r\n" + _LINE
    )
