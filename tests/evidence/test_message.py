"""A response read under hard limits: the same message however the network cut it into pieces."""

import gzip
import subprocess
import sys
import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.evidence.message import MAX_BODY, MAX_HEAD, BadMessageError, ResponseReader, parse_response

PAGE = b"<html><body>" + "交易 BTC/USDT ".encode() * 40 + b"</body></html>"


def response(body=PAGE, *fields, status="200 OK", length=True):
    head = [f"HTTP/1.1 {status}", "Content-Type: text/html", *fields]
    if length:
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join((*head, "", "")).encode("latin-1") + body


def chunked(body, size=7):
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def bare_deflate(body):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


def in_pieces(raw, cuts):
    reader = ResponseReader()
    edges = [0, *sorted(cut % (len(raw) + 1) for cut in cuts), len(raw)]
    for start, end in pairwise(edges):
        if start < end and not (reader.complete or reader.full or reader.broken):
            reader.feed(raw[start:end])
    if not (reader.complete or reader.full or reader.broken):
        reader.feed(b"")
    return reader.message()


packed = gzip.compress(PAGE, mtime=0)
broken = packed[:60] + b"\0\0\0\0\xff\xff" + packed[66:]
RESPONSES = {
    "plain": response(),
    "until the server closes": response(length=False),
    "chunked": response(chunked(PAGE), "Transfer-Encoding: chunked", length=False),
    "gzip": response(packed, "Content-Encoding: gzip"),
    "x-gzip": response(packed, "Content-Encoding: X-GZIP"),
    "gzip in chunks": response(
        chunked(packed, 5), "Transfer-Encoding: chunked", "Content-Encoding: gzip", length=False
    ),
    "gzip in two members": response(
        gzip.compress(PAGE[:50], mtime=0) + gzip.compress(PAGE[50:], mtime=0), "Content-Encoding: gzip"
    ),
    "gzip with padding behind it": response(packed + b"\0" * 9, "Content-Encoding: gzip"),
    "deflate": response(zlib.compress(PAGE), "Content-Encoding: deflate"),
    "deflate without its header": response(bare_deflate(PAGE), "Content-Encoding: deflate"),
}
CUT = {
    "ends too soon": (response()[:-20], "disconnect"),
    "gzip that ends too soon": (response(packed[:-30], "Content-Encoding: gzip"), "decode"),
    "gzip broken in the middle": (response(broken, "Content-Encoding: gzip"), "decode"),
    "gzip that is none": (response(PAGE, "Content-Encoding: gzip"), "decode"),
    "one byte of gzip": (response(b"\x1f", "Content-Encoding: gzip"), "decode"),
    "bad chunks": (
        response(b"5\r\nhello\r\nzz\r\n" + PAGE, "Transfer-Encoding: chunked", length=False), "disconnect",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RESPONSES)
def test_every_framing_and_coding_gives_the_page_whole(name):
    message = parse_response(RESPONSES[name])
    assert (message.status, message.body, message.cut) == (200, PAGE, "")
    assert message.content_type == "text/html"


@pytest.mark.parametrize("name", CUT)
def test_what_is_not_whole_says_why_and_keeps_what_there_is(name):
    raw, why = CUT[name]
    message = parse_response(raw)
    assert message.cut == why
    assert message.status == 200


def test_what_was_decoded_before_a_fault_is_kept():
    noise = bytes(range(256)) * 40
    stored = gzip.compress(noise, 0, mtime=0)
    message = parse_response(response(stored[:5000] + b"\xff" * 8000, "Content-Encoding: gzip"))
    assert message.cut == "decode"
    assert message.body[:4000] == noise[:4000]


every_response = st.sampled_from([*RESPONSES.values(), *(raw for raw, _ in CUT.values())])


@settings(max_examples=300, deadline=None)
@given(every_response, st.lists(st.integers(0, 10_000), max_size=8))
def test_any_cutting_into_pieces_gives_the_same_message(raw, cuts):
    assert in_pieces(raw, cuts) == parse_response(raw)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=3000),
    st.sampled_from(["gzip", "deflate", "identity", "br", "GZIP ", ""]),
    st.integers(0, 9),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=3),
    st.lists(st.integers(0, 10_000), max_size=6),
)
def test_compressed_data_damaged_anywhere_give_the_same_message_too(body, encoding, level, faults, cuts):
    data = bytearray(
        gzip.compress(body, level, mtime=0) if "g" in encoding.lower() else zlib.compress(body, level)
    )
    for place, value in faults:
        if data:
            data[place % len(data)] = value
    raw = response(bytes(data), f"Content-Encoding: {encoding}")
    assert in_pieces(raw, cuts) == parse_response(raw)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_arbitrary_bytes_are_a_message_or_a_clear_refusal(raw):
    try:
        parse_response(raw)
    except BadMessageError as error:
        assert error.message.startswith("no HTTP response")


BOMB = """
import gzip, resource, sys
from ringfence.evidence.message import parse_response, MAX_BODY
member = gzip.compress(bytes(50_000_000), 9)
head = b"HTTP/1.1 200 OK\\r\\nContent-Encoding: gzip\\r\\nContent-Length: %d\\r\\n\\r\\n" % (len(member) * 20)
raw = head + member * 20
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
message = parse_response(raw)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(message.body) == MAX_BODY, message.cut, after - before)
"""


def test_a_gigabyte_in_a_megabyte_costs_no_more_than_the_limit():
    # The bomb itself is made within the child's first 60 MB; what counts is what reading it adds.
    done = subprocess.run([sys.executable, "-c", BOMB], capture_output=True, text=True, check=True)
    whole, cut, kilobytes = done.stdout.split()
    assert (whole, cut) == ("True", "length")
    assert int(kilobytes) < 40_000


def test_a_bomb_of_many_small_members_reaches_the_limit_as_well():
    raw = response(gzip.compress(bytes(1_000_000), 9, mtime=0) * 50, "Content-Encoding: gzip")
    message = parse_response(raw)
    assert (len(message.body), message.cut) == (MAX_BODY, "length")


def test_a_body_of_just_the_limit_is_whole_and_one_byte_more_is_cut():
    assert parse_response(response(bytes(MAX_BODY))).cut == ""
    longer = parse_response(response(bytes(MAX_BODY + 1)))
    assert (longer.cut, len(longer.body)) == ("length", MAX_BODY)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"220 mail.example ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * (2 * MAX_HEAD),
        b"HTTP/1.1 200 OK\r\n" + b"X-More: more\r\n" * (MAX_HEAD // 10),
        b"HTTP/1.1 200 OK\r\nContent-Length: minus-five\r\n\r\n<p>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n<p>",
        b"HTTP/1.1 99999 Very\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01",
    ],
    ids=["nothing", "mail", "one long field", "many fields", "no number", "two lengths", "status", "tls"],
)
def test_bombs_and_nonsense_in_place_of_a_head(raw):
    with pytest.raises(BadMessageError):
        parse_response(raw)


def test_a_reader_knows_when_nothing_readable_can_follow():
    reader = ResponseReader()
    reader.feed(CUT["bad chunks"][0])
    assert reader.broken and reader.started and not reader.complete


def test_repeated_headers_are_kept_in_order_and_the_first_counts():
    message = parse_response(response(b"", "Set-Cookie: a=1", "SET-COOKIE: b=2", "Location: /x"))
    assert [value for name, value in message.headers if name == "set-cookie"] == ["a=1", "b=2"]
    assert message.header("set-cookie") == "a=1" and message.header("absent") == ""
