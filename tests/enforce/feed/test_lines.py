"""The list as lines: golden, one spelling, and nothing that breaks out."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from enforce.entries import ENTRIES, LABORATORY, entries
from enforce.feed.parts import entry, order
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed.lines import decode, plain, read
from ringfence.enforce.targets.feed import parse, render

GOLDEN = Path(__file__).parents[1] / "golden"
LIST = render([entry("a-venue.com"), entry("a-venue.com", True)], order=order).splitlines(keepends=True)


def test_the_golden_list() -> None:
    assert render(ENTRIES, order=order) == (GOLDEN / "feed.jsonl").read_bytes()
    lab = render(LABORATORY, order=order, laboratory=True)
    assert lab == (GOLDEN / "feed-laboratory.jsonl").read_bytes()
    assert parse(lab) == LABORATORY


@given(entries)
def test_what_is_rendered_is_sorted_and_read_back(given_entries: list[Entry]) -> None:
    content = render(given_entries, order=order)
    assert parse(content) == sorted(given_entries)
    lines = content.splitlines()
    assert lines == sorted(set(lines))


def test_laboratory_and_real_never_meet() -> None:
    with pytest.raises(RefusedError):
        render(ENTRIES, order=order, laboratory=True)
    with pytest.raises(InputError, match="laboratory"):
        list(read(iter(LIST), laboratory=True))


HOSTILE = {
    "a key twice": b'{"name":"a.com","name":"b.com"}\n',
    "a space": LIST[2].replace(b'":"', b'": "', 1),
    "an unknown key": LIST[2].replace(b"}\n", b',"more":1}\n'),
    "bad UTF-8": LIST[2].replace(b"a-venue", b"a\xff\xfenue"),
    "deep": b'{"name":' + b"[" * 5000 + b"]" * 5000 + b"}\n",
    "a number for a name": LIST[2].replace(b'"a-venue.com"', b"7"),
    "no newline": LIST[2][:-1],
    "an escape": LIST[2].replace(b"a-venue", b"\\u0061-venue"),
    "nothing": b"\n",
    "a surrogate": LIST[2].replace(b"a-venue", b"\\ud800"),
}


@pytest.mark.parametrize("line", HOSTILE.values(), ids=HOSTILE)
def test_a_line_that_is_none(line: bytes) -> None:
    with pytest.raises(InputError):
        decode(line)


def changed(old: bytes, new: bytes) -> list[bytes]:
    return [line.replace(old, new) for line in LIST]


WRONG = {
    "a name with a line break": changed(b"a-venue.com", b"a\\nb.com"),
    "a name with a quote": changed(b"a-venue.com", b'a\\".com'),
    "an upper-case name": changed(b"a-venue", b"A-VENUE"),
    "a reference with a space": changed(b"RF-", b"RF "),
    "another policy": changed(b'"nodata"', b'"passthru"'),
    "no time": changed(b"2019-02-20T", b"2019-02-20 "),
    "unsorted": [LIST[0], LIST[1], LIST[3], LIST[2]],
    "a line twice": [*LIST, LIST[3]],
    "a name twice": [*LIST[:3], LIST[2].replace(b"2019-02", b"2019-03"), LIST[3]],
    "no first line": LIST[1:],
    "grounds missing": [LIST[0], *LIST[2:]],
    "grounds changed": changed(b"court within", b"no court within"),
    "grounds with an escape sequence": changed(b"court", b"\\u001b[2Jcourt"),
    "nothing at all": [],
}


@pytest.mark.parametrize("lines", WRONG.values(), ids=WRONG)
def test_a_list_that_is_none(lines: list[bytes]) -> None:
    assert len(list(read(iter(LIST), laboratory=False))) == 4
    with pytest.raises(InputError):
        list(read(iter(lines), laboratory=False))


def test_texts_are_put_on_one_line() -> None:
    assert plain(" a\nb\x1b[2J \u202eevil\u2066 中文 ") == "a b [2J evil 中文"
