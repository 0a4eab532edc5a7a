"""The block page over real sockets: what it says, what it never says, and what it puts up with."""

from __future__ import annotations

import base64
import gc
import hashlib
import json
import re
import socket
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from types import SimpleNamespace

import msgspec
import pytest

from interfaces.blockpage.serving import REASON, Known, connect, exchange, get, read, read_all, serving
from ringfence.interfaces.blockpage import server as limits

HOST = "large-venue.com"


@pytest.fixture
def page() -> Iterator[SimpleNamespace]:
    with serving() as found:
        yield found


class Reader(HTMLParser):
    """Tags, attributes and texts as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("host", [HOST, f"www.{HOST}", f"A.B.{HOST.upper()}", f"{HOST}:80", f"{HOST}."])
def test_what_a_visitor_is_told(page: SimpleNamespace, host: str) -> None:
    reply = get(page.port, host, target="/trade?x=1")
    assert reply.status == 451
    assert reply.headers["link"] == '<https://provider.example/>; rel="blocked-by"'
    seen = Reader(reply.text)
    for words in ("RF-AAAA-BBBB-CCCC", REASON.authority, REASON.basis, "24 August 2018, 09:00 UTC",
                  "20 February 2019", "people's court; 6 months", "Arts 45-46)", "Example Net"):  # fmt: skip
        assert words in seen.text
    assert "S*" not in seen.text
    assert int(reply.headers["content-length"]) == len(reply.body)


def test_it_learns_nothing_and_loads_nothing(page: SimpleNamespace) -> None:
    reply = get(page.port, HOST)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert not {"set-cookie", "server", "etag"} & set(reply.headers)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
    style = re.search(r"<style>(.*?)</style>", reply.text, re.S)
    assert style is not None and "url(" not in style[1] and "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    for tag, attributes in Reader(reply.text).tags:
        assert tag not in ("script", "img", "iframe", "form", "link", "object")
        assert not {"src", "style", "onclick", "srcset"} & set(attributes)
        if tag == "a":
            assert attributes["href"] in ("?lang=zh", "https://provider.example/")


def test_texts_are_escaped_and_headings_are_in_order(page: SimpleNamespace) -> None:
    reply = get(page.port, HOST)
    assert "<script>" not in reply.text and "&lt;script&gt;" in reply.text
    tags = Reader(reply.text).tags
    assert [tag for tag, _ in tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h2", "h2", "h2"]
    assert ("html", {"lang": "en"}) in tags and sum(tag == "main" for tag, _ in tags) == 1
    labelled = {at["aria-labelledby"] for tag, at in tags if tag == "section"}
    assert labelled == {at["id"] for tag, at in tags if tag == "h2"}


def test_the_language_is_the_visitor_s(page: SimpleNamespace) -> None:
    chinese = get(page.port, HOST, "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8")
    assert chinese.headers["content-language"] == "zh-Hans" and 'lang="zh-Hans"' in chinese.text
    assert chinese.headers["vary"] == "Accept, Accept-Language"
    assert "2018年8月24日 09:00" in chinese.text and "决定编号" in chinese.text
    turned = get(page.port, HOST, "Accept-Language: zh-CN", target="/a?x=1&lang=en")
    assert turned.headers["content-language"] == "en"
    assert get(page.port, HOST, target="/?lang=fr").headers["content-language"] == "en"


def test_both_languages_say_everything() -> None:
    folder = files("ringfence.interfaces.blockpage") / "templates"
    texts = [tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in ("en", "zh")]
    assert texts[0].keys() == texts[1].keys()
    assert all(text.strip() for words in texts for text in words.values())


def test_a_program_gets_a_problem(page: SimpleNamespace) -> None:
    reply = get(page.port, HOST, "Accept: application/json")
    assert reply.headers["content-type"] == "application/problem+json"
    said = json.loads(reply.body)
    assert (said["status"], said["order"], said["name"]) == (451, "RF-AAAA-BBBB-CCCC", HOST)
    assert said["authority"] == REASON.authority and said["appeal"] == list(REASON.appeal)
    assert said["until"] == REASON.until and said["laboratory"] is False
    none = json.loads(get(page.port, "other.com", "Accept: application/problem+json").body)
    assert none["status"] == 421 and "order" not in none


@pytest.mark.parametrize(
    "host",
    [
        "other.com", "com", "notlarge-venue.com", "large-venue.com.evil.com", "192.0.2.1", "[::1]:80", "",
        "*.large-venue.com", "user@large-venue.com", "<script>alert(1)</script>", "a" * 300, "..", "\xff\xfe",
        'x"onload="1', "xn--\u00e9", "large-venue.com/path", "large-venue.com:99999999",
    ],
)  # fmt: skip
def test_a_host_without_an_order_is_told_nothing_of_itself(page: SimpleNamespace, host: str) -> None:
    reply = get(page.port, host)
    assert reply.status in (400, 421)
    assert "link" not in reply.headers and REASON.order not in reply.text
    if len(host) > 4:
        assert host not in reply.text and host.encode("latin-1") not in reply.body


def test_head_other_methods_and_odd_targets(page: SimpleNamespace) -> None:
    head = get(page.port, HOST, method="HEAD")
    assert head.status == 451 and head.body == b"" and int(head.headers["content-length"]) > 1000
    for method in ("POST", "DELETE", "OPTIONS", "BREW"):
        assert get(page.port, HOST, method=method).status == 451
    assert get(page.port, HOST, method="OPTIONS", target="*").status == 451
    trace = get(page.port, HOST, "X-Secret: hidden", method="TRACE")
    assert trace.status == 405 and trace.headers["allow"] == "GET, HEAD" and "hidden" not in trace.text
    assert get(page.port, f"{HOST}:443", method="CONNECT", target=f"{HOST}:443").status == 405
    assert get(page.port, "other.com", target=f"http://{HOST}/x").status == 451
    assert get(page.port, HOST, target="http://other.com/x").status == 421
    assert get(page.port, HOST, target="HTTP://user@other.com/").status == 421


def test_a_body_is_answered_and_not_waited_for(page: SimpleNamespace) -> None:
    lines = f"POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000000\r\n\r\n".encode()
    with connect(page.port) as there:
        there.sendall(lines + b"x" * 1000)
        there.shutdown(socket.SHUT_WR)
        reply = read(read_all(there))
    assert (reply.status, reply.headers["connection"]) == (451, "close")


BROKEN = {
    "two hosts": b"GET / HTTP/1.1\r\nHost: large-venue.com\r\nHost: other.com\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n",
    "a folded line": b"GET / HTTP/1.1\r\nHost: a\r\n b: c\r\nX Y: 1\r\n\r\n",
    "many headers": b"GET / HTTP/1.1\r\nHost: large-venue.com\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n",
    "a long line": b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: large-venue.com\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: a.com\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n",
    "nulls": b"GET /\x00 HTTP/1.1\r\nHost: large\x00venue.com\r\n\r\n",
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_request(page: SimpleNamespace, data: bytes) -> None:
    with connect(page.port) as there:
        try:
            there.sendall(data)
            there.shutdown(socket.SHUT_WR)
            answer = read_all(there)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    if answer:
        assert read(answer).status == 400 and read(answer).headers["connection"] == "close"
    assert get(page.port, HOST).status == 451


def test_an_old_client_without_a_host(page: SimpleNamespace) -> None:
    assert read(exchange(page.port, b"GET / HTTP/1.0\r\n\r\n")).status == 421
    assert read(exchange(page.port, b"GET / HTTP/1.0\r\nHost: large-venue.com\r\n\r\n")).status == 451


def test_many_requests_on_one_connection(page: SimpleNamespace) -> None:
    one = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    answer = exchange(page.port, one * 150)
    assert answer.count(b"HTTP/1.1 451") == limits.MAX_REQUESTS


def test_slow_openers_do_not_keep_others_out() -> None:
    with serving(limit=8) as page:
        slow = [connect(page.port) for _ in range(20)]
        for there in slow:
            try:
                there.sendall(b"GET / HTTP/1.1\r\nHo")
            except (ConnectionResetError, BrokenPipeError):
                continue
        began = time.monotonic()
        assert get(page.port, HOST).status == 451
        # Sooner than the slow ones are ended, on a busy machine too.
        assert time.monotonic() - began < limits.HEAD_SECONDS and page.server.connections <= 8
        for there in slow:
            there.close()


def test_a_head_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEAD_SECONDS", 0.3)
    with serving() as page, connect(page.port) as there:
        began = time.monotonic()
        for _ in range(20):
            try:
                there.sendall(b"G")
                time.sleep(0.05)
            except OSError:
                break
        assert read_all_or_reset(there) == b"" and time.monotonic() - began < 3
        until = time.monotonic() + 3
        while page.server.connections and time.monotonic() < until:
            time.sleep(0.02)
        assert page.server.connections == 0


def read_all_or_reset(there: socket.socket) -> bytes:
    try:
        return read_all(there)
    except OSError:
        return b""


def test_a_reader_that_never_reads_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRITE_SECONDS", 0.3)
    monkeypatch.setattr(limits, "MAX_REQUESTS", 100_000)
    with serving() as page, connect(page.port) as there:
        there.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        there.settimeout(0.5)
        one = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
        try:
            for _ in range(400):
                there.sendall(one * 100)
        except OSError:
            pass
        until = time.monotonic() + 5
        while page.server.connections and time.monotonic() < until:
            time.sleep(0.05)
        assert page.server.connections == 0 and get(page.port, HOST).status == 451


def test_what_changes_is_seen(page: SimpleNamespace) -> None:
    assert get(page.port, "new-venue.com").status == 421
    page.known.reasons.append(msgspec.structs.replace(REASON, name="new-venue.com"))
    assert get(page.port, "new-venue.com").status == 421  # remembered until somebody says otherwise
    page.known.stand = "2"
    assert get(page.port, "new-venue.com").status == 451
    assert get(page.port, "new-venue.com").status == 451
    assert page.known.asked.count("new-venue.com") == 2
    page.at = datetime(2019, 2, 20, 9, tzinfo=UTC)
    assert get(page.port, "new-venue.com").status == 421  # its time is over, and nobody had to say so


def test_a_store_that_cannot_be_read(page: SimpleNamespace) -> None:
    page.known.broken = True
    reply = get(page.port, HOST)
    assert reply.status == 503 and reply.headers["retry-after"] == "5" and "locked" not in reply.text
    page.known.broken = False
    assert get(page.port, HOST).status == 451


def test_unknown_is_said_and_the_laboratory_is_marked() -> None:
    bare = msgspec.structs.replace(REASON, authority="", basis="", appeal=(), laboratory=True)
    with serving(Known(bare), laboratory=True) as page:
        seen = Reader(get(page.port, HOST).text).text
        assert seen.count("not known") == 2 and "No route of appeal is known" in seen
        assert "Laboratory" in seen and "invented" in seen
        said = json.loads(get(page.port, HOST, "Accept: application/json").body)
        assert (said["authority"], said["appeal"], said["laboratory"]) == (None, None, True)
    with serving(Known(bare)) as page:  # a real page tells of real orders alone
        assert get(page.port, HOST).status == 421


def test_invented_names_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence.interfaces.blockpage.answer.REMEMBERED", 10)
    with serving() as page:
        for number in range(30):
            assert get(page.port, f"n{number}.example.com").status == 421
        gc.collect()
        holders = [found for found in gc.get_objects() if type(found).__name__ == "Answers"]
        assert holders and all(len(found._known) <= 10 for found in holders)
