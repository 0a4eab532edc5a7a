"""The short way past the guard says the same as the long one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.enforce.guard import Context, judge, judge_in_full
from ringfence.enforce.protected import protected
from ringfence.enforce.suffixes import suffixes

LINES = (Path(__file__).parent / "collateral_cases.csv").read_text("utf-8").splitlines()
CASES = [case["rule"] for case in csv.DictReader(LINES)]
SUBJECTS = {host: f"site:{host}" for host in ("venue.xyz", "a.portal.xyz", "portal.xyz")}
CONTEXT = Context(registered=frozenset({"venue.xyz", "reddit.com"}), known_hosts=SUBJECTS)
SUFFIXES = sorted(suffixes().listed)
LISTED = sorted(
    {
        *protected().names,
        *list(protected().long)[:5000],
        *list(protected().popular)[::200],
        *SUBJECTS,
        *SUFFIXES,
    }
)

_label = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
_labels = st.lists(_label, max_size=4).map(".".join)
_rules = st.builds(
    lambda star, labels, tail: star + ".".join(part for part in (labels, tail) if part),
    st.sampled_from(["", "*."]),
    _labels,
    st.sampled_from(LISTED) | st.sampled_from(SUFFIXES) | _labels,
)


def same(rule: str, subject: str | None = None) -> bool:
    return judge(rule, CONTEXT, subject=subject) == judge_in_full(rule, CONTEXT, subject=subject)


@settings(max_examples=1500, deadline=None)
@given(_rules, st.sampled_from([None, *SUBJECTS.values()]))
def test_short_and_long_agree_on_names_near_the_lists(rule: str, subject: str | None) -> None:
    assert same(rule, subject)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_short_and_long_agree_on_any_text(rule: str) -> None:
    assert same(rule)


@pytest.mark.parametrize("rule", CASES)
def test_short_and_long_agree_on_every_case(rule: str) -> None:
    assert same(rule)


def test_short_and_long_agree_on_every_suffix_and_one_below_and_two_below() -> None:
    below = (f"{labels}{suffix}" for suffix in SUFFIXES for labels in ("", "x.", "y.x.", "*.x."))
    assert [rule for rule in below if not same(rule)] == []


def test_an_ordinary_name_is_plain_and_so_is_its_wildcard() -> None:
    assert CONTEXT.plain("venue-promo.com") and CONTEXT.plain("*.www.venue-promo.com.cn")


@pytest.mark.parametrize("length", range(225, 256))
def test_the_longest_names_are_judged_alike(length: int) -> None:
    name = ".".join(["a" * 49] * 5) + ".com"
    name = "b" * max(0, length - len(name) - 1) + "." + name if length > len(name) + 1 else name[-length:]
    assert same(name.lstrip(".-"))
