"""Observations are hashed: what was recorded before a field existed reads and writes as it did then."""

from pathlib import Path

import msgspec
import pytest

from ringfence.core.canonical import canonical
from ringfence.evidence.observation import Cross, DNSStep, HTTPStep, Observation, TCPStep

OLD = (Path(__file__).parents[1] / "assets/good/records/observation-0.1.json").read_bytes()


def decoded(record):
    return msgspec.json.decode(record, type=Observation)


def test_a_record_of_the_first_version_is_written_again_to_the_same_bytes():
    assert canonical(decoded(OLD)) == OLD
    assert b'"message":null' in OLD, "also a null that was written then, and would be left out today"


def test_what_the_first_version_did_not_know_is_empty():
    seen = decoded(OLD)
    first, second = seen.exchanges[0].hops
    assert (first.dns.transport, first.dns.ede, first.other_dns) == ("", (), ())
    assert (first.http.protocol, first.http.progress, first.tls.alpn) == ("", (), "")
    assert second.dns.message is None and seen.cross == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda hop: {"other_dns": (msgspec.structs.replace(hop.dns, transport="doh"),)},
        lambda hop: {"dns": msgspec.structs.replace(hop.dns, ede=((16, "ordered"), (16, "")), why="x")},
        lambda hop: {"http": msgspec.structs.replace(hop.http, protocol="h2", progress=((1, 0), (2, 10)))},
        lambda hop: {"tls": msgspec.structs.replace(hop.tls, alpn="h2")},
    ],
)  # fmt: skip
def test_new_fields_come_back_as_they_went_in_and_a_second_writing_changes_nothing(change):
    seen = decoded(OLD)
    exchange = seen.exchanges[0]
    hop = msgspec.structs.replace(exchange.hops[0], **change(exchange.hops[0]))
    exchange = msgspec.structs.replace(exchange, hops=(hop, *exchange.hops[1:]))
    cross = (Cross("venue.example", TCPStep("tcp.timeout", "192.0.2.8", 443, 1, 2), None),)
    seen = msgspec.structs.replace(seen, exchanges=(exchange,), cross=cross)
    record = canonical(seen)
    assert record != OLD
    assert decoded(record) == seen
    assert canonical(decoded(record)) == record


def test_every_field_added_later_has_an_empty_default():
    for kind, first in ((DNSStep, 7), (HTTPStep, 11), (Observation, 11)):
        added = msgspec.structs.fields(kind)[first:]
        assert added
        assert all(field.default in ("", ()) for field in added), kind
