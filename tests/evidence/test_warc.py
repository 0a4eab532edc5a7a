"""Captures: the bytes as they crossed the wire, in a file that others' tools read and check."""

import gzip
import hashlib
import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from ringfence.core.canonical import digest
from ringfence.core.errors import StoreError
from ringfence.evidence.message import parse_response
from ringfence.evidence.warc import BLOCK_HEADER, BODY_HEADER, CHAIN_TYPE, DNS_TYPE, Capture, read

AT = datetime(2018, 8, 24, 9, 30, tzinfo=UTC)
PAGE = "<html><body>行情</body></html>".encode()
REQUEST = b"GET / HTTP/1.1\r\nHost: venue.example\r\n\r\n"
RESPONSES = {
    "plain": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
    "gzip in chunks": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n" + b"%x\r\n" % len(gzip.compress(PAGE, mtime=0))
        + gzip.compress(PAGE, mtime=0) + b"\r\n0\r\n\r\n"
    ),
    "ended too soon": b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + PAGE,
    "as many servers write": (
        b"HTTP/1.1 200 \r\nServer:nginx\r\nX:  \xe8\xa1\x8c \r\nContent-Length: 2\r\n\r\nhi"
    ),
    "folded": b"HTTP/1.1 200\r\nX-Long: one\r\n two\r\nContent-Length: 2\r\n\r\nhi",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nhi",
    "interim": (
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
    ),
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: https://www.venue.example/\r\nContent-Length: 0\r\n\r\n",
}  # fmt: skip


@pytest.fixture
def capture():
    made = Capture({"software": "ringfence/test", "laboratory": "true"})
    made.resource("dns:venue.example?type=A", DNS_TYPE, b"\x12\x34answer", AT)
    made.resource("tls://venue.example:443?address=192.0.2.7", CHAIN_TYPE, b"-----BEGIN CERTIFICATE-----", AT)
    for name, raw in RESPONSES.items():
        message = parse_response(raw)
        url = f"https://venue.example/{name}"
        made.http(url, REQUEST, raw, message.body, at=AT, address="192.0.2.7", cut=message.cut)
    return made.to_bytes()


def check(file: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", "-v", file], capture_output=True, text=True
    )


def test_everything_comes_back_as_it_went_in(capture):
    kept = list(read(capture))
    assert [one.kind for one in kept] == ["resource", "resource", *["response"] * len(RESPONSES)]
    assert kept[0].data == b"\x12\x34answer" and kept[0].content_type == DNS_TYPE
    for one, raw in zip(kept[2:], RESPONSES.values(), strict=True):
        assert one.message == parse_response(raw)
        assert one.digest == digest(one.data) == digest(one.message.body)


def test_another_tool_finds_nothing_to_object_to(capture, tmp_path):
    file = tmp_path / "capture.warc.gz"
    file.write_bytes(capture)
    done = check(file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("digest pass") >= len(RESPONSES) * 2


def test_what_was_sent_is_what_is_kept_to_the_byte(capture):
    blocks = [
        record.raw_stream.read()
        for record in ArchiveIterator(io.BytesIO(capture), no_record_parse=True)
        if record.rec_type == "response"
    ]
    assert blocks == list(RESPONSES.values())


def test_no_url_writes_a_line_of_its_own_into_a_record():
    made = Capture({"software": "ringfence/test"})
    made.resource("dns:a.example\r\nWARC-Truncated: length?type=A", DNS_TYPE, b"answer", AT)
    (one,) = read(made.to_bytes())
    assert one.url == "dns:a.example%0D%0AWARC-Truncated:%20length?type=A"


def test_a_changed_payload_is_noticed_by_them_and_by_us(capture, tmp_path):
    plain = gzip.decompress(capture)
    changed = plain.replace("行情".encode(), "币价".encode(), 1)
    assert changed != plain
    file = tmp_path / "capture.warc"
    file.write_bytes(changed)
    assert check(file).returncode == 1
    with pytest.raises(StoreError, match=r"venue\.example/plain") as refusal:
        list(read(changed))
    assert refusal.value.hint


@pytest.mark.parametrize("kind", ["resource", "response"])
def test_every_kind_of_record_is_covered(capture, kind):
    needle, other = {"resource": (b"answer", b"forged"), "response": (b"Location: ", b"Lokation: ")}[kind]
    with pytest.raises(StoreError, match="changed"):
        list(read(gzip.decompress(capture).replace(needle, other, 1)))


def test_our_digests_are_those_of_the_block_and_of_the_decoded_body(capture):
    seen = 0
    for record in ArchiveIterator(io.BytesIO(capture), no_record_parse=True):
        block = record.raw_stream.read()
        if record.rec_type == "warcinfo":
            assert b"laboratory: true" in block
            continue
        assert record.rec_headers.get_header(BLOCK_HEADER) == "sha256:" + hashlib.sha256(block).hexdigest()
        if record.rec_type == "response":
            body = parse_response(block).body
            assert record.rec_headers.get_header(BODY_HEADER) == digest(body)
            assert record.rec_headers.get_header("WARC-IP-Address") == "192.0.2.7"
            assert record.rec_headers.get_header("WARC-Date") == "2018-08-24T09:30:00.000000Z"
            seen += 1
    assert seen == len(RESPONSES)


def test_a_cut_response_says_so_and_a_whole_one_does_not(capture):
    said = {
        record.rec_headers.get_header("WARC-Target-URI").rpartition("/")[2]: record.rec_headers.get_header(
            "WARC-Truncated"
        )
        for record in ArchiveIterator(io.BytesIO(capture), no_record_parse=True)
        if record.rec_type == "response"
    }
    assert said == {
        "plain": None,
        "gzip%20in%20chunks": None,
        "ended%20too%20soon": "disconnect",
        "as%20many%20servers%20write": None,
        "folded": None,
        "bare%20line%20feeds": None,
        "interim": None,
        "redirect": None,
    }


def test_the_request_stands_beside_its_response(capture):
    records = [
        (record.rec_type, record.rec_headers, record.raw_stream.read())
        for record in ArchiveIterator(io.BytesIO(capture), no_record_parse=True)
    ]
    responses = [headers for kind, headers, _ in records if kind == "response"]
    requests = [(headers, block) for kind, headers, block in records if kind == "request"]
    assert all(block == REQUEST for _, block in requests)
    assert [headers.get_header("WARC-Concurrent-To") for headers, _ in requests] == [
        headers.get_header("WARC-Record-ID") for headers in responses
    ]


def test_an_address_that_is_no_plain_uri_does_no_harm():
    made = Capture({"software": "ringfence/test"})
    raw = RESPONSES["plain"]
    made.http("https://venue.example/a b?q=行 情", REQUEST, raw, PAGE, at=AT, address="::1", cut="")
    (one,) = read(made.to_bytes())
    assert one.data == PAGE
