"""Triage orders the desk's work: explained, deterministic, and never a decision."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cases.examples import assessment
from ringfence.cases.triage import Features, priority, ranked

WIDE = Features(volume_rank=1, languages=("zh", "en"), resident_languages=("zh",), harms=("losses",))


def test_reach_comes_first() -> None:
    large, small = Features(volume_rank=3), Features(volume_rank=90)
    assert priority(assessment(), large).score > priority(assessment(), small).score
    assert priority(assessment(), WIDE).score > priority(assessment(), large).score


def test_the_score_is_the_sum_of_its_reasons() -> None:
    found = priority(assessment(), WIDE)
    assert found.score == sum(reason.weight for reason in found.reasons)
    assert [reason.words for reason in found.reasons] == [
        "volume rank 1",
        "in the residents' language: zh",
        "harm on record: losses",
        "smallest measure granted: contact",
    ]


def test_already_unreachable_is_kept_under_watch() -> None:
    """As Binance, OKEx and Bitfinex in August 2018: nothing to gain by a block."""
    found = priority(assessment(), Features(volume_rank=1, reachable="blocked"))
    assert (found.score, found.monitor) == (0, True)
    assert "already unreachable" in found.reasons[-1].words


def test_what_is_not_made_out_has_no_priority() -> None:
    found = priority(assessment(state="unclear"), WIDE)
    assert (found.score, found.monitor) == (0, True)


@given(st.permutations(["a.com", "b.com", "c.com", "d.com"]))
def test_the_order_does_not_depend_on_the_input(hosts: list[str]) -> None:
    items = [
        (priority(assessment(host), Features(volume_rank=2 if host == "d.com" else 50)), host)
        for host in hosts
    ]
    assert [host for _, host in ranked(items)] == ["d.com", "a.com", "b.com", "c.com"]


@given(
    st.builds(
        Features,
        volume_rank=st.none() | st.integers(1, 10**6),
        harms=st.lists(st.text(), max_size=9).map(tuple),
    )
)
def test_a_score_stays_within_a_thousand(features: Features) -> None:
    assert 0 <= priority(assessment(), features).score <= 1000
