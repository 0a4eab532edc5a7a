"""The response policy zone: same entries, same bytes; every record leads back to its order."""

from __future__ import annotations

import random
from pathlib import Path

import dns.zone
import pytest
from hypothesis import given

from enforce.entries import ENTRIES, LABORATORY, UNTIL, entries
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets import rpz

GOLDEN = Path(__file__).parent / "golden"
REDIRECT = ("192.0.2.1", "2001:db8::1")


def test_the_golden_zone() -> None:
    assert rpz.render(ENTRIES, serial=7, redirect=REDIRECT) == (GOLDEN / "rpz.zone").read_bytes()
    assert rpz.render(LABORATORY, serial=1, laboratory=True) == (GOLDEN / "rpz-laboratory.zone").read_bytes()


def test_the_order_of_entries_changes_nothing() -> None:
    shuffled = random.Random(1).sample(ENTRIES, len(ENTRIES))
    assert rpz.render(shuffled, serial=7, redirect=REDIRECT) == rpz.render(
        ENTRIES, serial=7, redirect=REDIRECT
    )


@given(entries)
def test_what_is_rendered_is_read_back(given_entries: list[Entry]) -> None:
    content = rpz.render(given_entries, serial=1, redirect=REDIRECT)
    assert rpz.parse(content) == sorted(given_entries)


@given(entries)
def test_an_independent_reader_sees_the_same(given_entries: list[Entry]) -> None:
    """dnspython reads the zone, and finds at each owner the policy that was asked for."""
    content = rpz.render(given_entries, serial=4_294_967_295, redirect=REDIRECT).decode()
    zone = dns.zone.from_text(content, relativize=True)
    assert zone.get_soa().serial == 4_294_967_295
    assert len(zone.nodes) == len(given_entries) + 1
    for entry in given_entries:
        node = zone[entry.rule]
        text = {str(data) for rdataset in node for data in rdataset}
        if entry.policy == "nxdomain":
            assert text == {"."}
        else:
            assert f'"order={entry.order}"' in text
            assert (set(REDIRECT) <= text) == (entry.policy == "redirect")


def test_a_laboratory_zone_says_so_twice() -> None:
    content = rpz.render(LABORATORY, serial=1, laboratory=True).decode()
    assert "; laboratory: true" in content
    zone = dns.zone.from_text(content)
    assert [str(data) for data in zone.get_rdataset("@", "TXT")] == ['"laboratory=true"']
    assert rpz.parse(content.encode()) == LABORATORY


def test_laboratory_and_real_never_meet() -> None:
    with pytest.raises(RefusedError, match="laboratory order"):
        rpz.render(LABORATORY, serial=1)
    with pytest.raises(RefusedError, match="real order"):
        rpz.render(ENTRIES, serial=1, laboratory=True)
    with pytest.raises(RefusedError):
        rpz.render(ENTRIES + LABORATORY, serial=1, laboratory=True)


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("a b.com", "RF-1"),
        ("a.com\nb.com", "RF-1"),
        ("a.com IN CNAME .;", "RF-1"),
        ("$INCLUDE.com", "RF-1"),
        ("@", "RF-1"),
        ("com", "RF-1"),
        ("", "RF-1"),
        ("*.a.com", "RF-1"),
        ("a" * 64 + ".com", "RF-1"),
        (".".join(["a" * 60] * 5), "RF-1"),
        ("HUOBI.PRO", "RF-1"),
        ("a.com", 'RF-1" "x'),
        ("a.com", "RF-1\n"),
    ],
)
def test_nothing_breaks_out_of_its_line(name: str, order: str) -> None:
    with pytest.raises(InputError):
        rpz.render([Entry(name, False, order, "nodata", UNTIL)], serial=1)


def test_the_same_name_twice_is_an_error() -> None:
    other = Entry("huobi.pro", False, "RF-ZZZZ", "nodata", UNTIL)
    with pytest.raises(InputError, match="twice"):
        rpz.render([ENTRIES[0], other], serial=1)


def test_an_owner_that_outgrows_the_zone_is_refused() -> None:
    name = ".".join(["a" * 60] * 4)  # 243 octets: a name by itself, too long under the origin
    with pytest.raises(InputError, match="too long"):
        rpz.render([Entry(name, True, "RF-1", "nodata", UNTIL)], serial=1)


def test_a_redirect_needs_somewhere_to_go() -> None:
    with pytest.raises(InputError, match="no address"):
        rpz.render([ENTRIES[4]], serial=1)


@pytest.mark.parametrize(
    "line",
    [
        b"huobi.pro IN TXT \"order=RF-1\"",
        b"huobi.pro IN MX 10 mail. ; order=RF-1 policy=nodata until=x",
        b"huobi.pro IN TXT \"order=RF-2\" ; order=RF-1 policy=nodata until=x",
        b"huobi.pro IN CNAME . ; order=RF-1 policy=seize until=x",
        b"nonsense",
        b"\xff\xfe",
    ],
)  # fmt: skip
def test_what_is_no_entry_is_named_with_its_line(line: bytes) -> None:
    with pytest.raises(InputError):
        rpz.parse(b"$TTL 60\n" + line + b"\n")


def test_text_is_escaped_as_rfc_1035_says() -> None:
    assert rpz.quoted('a"b\\c\n') == '"a\\"b\\\\c\\010"'
    with pytest.raises(InputError):
        rpz.quoted("x" * 256)
