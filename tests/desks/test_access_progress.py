"""The samples of a transfer: few, spread over its whole length, and enough to tell slow from stopped."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks.conftest import look
from ringfence.desks.access.progress import MOST, Progress, trickled


def kept(samples):
    progress = Progress()
    for sample in samples:
        progress.add(*sample)
    return progress.samples()


@given(st.integers(0, 3000))
def test_few_are_kept_the_first_and_the_last_among_them_and_evenly(count):
    samples = [(n * 10, n) for n in range(count)]
    found = kept(samples)
    assert len(found) <= MOST
    assert set(found) <= set(samples) and list(found) == sorted(found)
    if count:
        assert (found[0], found[-1]) == (samples[0], samples[-1])
    if count > MOST:
        gaps = [after - before for (before, _), (after, _) in pairwise(found)]
        assert len(set(gaps[:-1])) == 1, "all alike but the last"
        assert len(found) >= MOST // 2


@pytest.mark.parametrize(
    ("samples", "end", "slow"),
    [
        ((), 100, False),
        (((0, 0),), 100, False),
        (((0, 10), (1, 10)), 100, False),
        (((0, 0), (10, 5)), 100, False),
        (((0, 0), (10, 5), (60, 6)), 100, True),
        (((90, 0), (96, 5)), 100, True),
        (((0, 0), (1, 60_000), (2, 120_000)), 100, False),
    ],
)
def test_a_body_that_was_still_coming_is_told_from_one_that_stopped(samples, end, slow):
    assert trickled(samples, end) is slow


def test_a_throttled_venue_shows_its_rate(country, sides, venues):
    host = venues[7]["host"]
    country.interfere(host, "http.throttled")
    try:
        step = look(sides["inside"], f"https://{host}/").exchange.hops[-1].http
    finally:
        country.interfere(host)
    assert (step.outcome, step.truncated, step.status) == ("http.throttled", "time", 200)
    sizes = [size for _, size in step.progress]
    assert sizes == sorted(sizes) and len(sizes) >= 3
    whole = look(sides["outside"], f"https://{host}/").exchange.hops[-1].http
    assert whole.outcome == "ok" and whole.progress[-1][1] > sizes[-1]
