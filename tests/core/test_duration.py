"""Durations: counted on the calendar, over when their last day is."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.duration import Duration
from ringfence.core.errors import InputError


@pytest.mark.parametrize(
    ("start", "written", "last"),
    [
        ("2024-03-15", "P1Y", "2025-03-15"),
        ("2024-02-29", "P1Y", "2025-02-28"),  # no such day in that month: its last one
        ("2024-02-29", "P4Y", "2028-02-29"),
        ("2023-02-28", "P1Y", "2024-02-28"),  # the same number, not the end of the month
        ("1896-02-29", "P4Y", "1900-02-28"),  # a hundredth year has no leap day
        ("1996-02-29", "P4Y", "2000-02-29"),  # a four hundredth has
        ("2024-01-31", "P1M", "2024-02-29"),
        ("2023-01-31", "P1M", "2023-02-28"),
        ("2023-12-31", "P2M", "2024-02-29"),
        ("2024-01-31", "P1M1D", "2024-03-01"),  # months first, then days
        ("2024-01-01", "P60D", "2024-03-01"),
        ("2023-01-01", "P60D", "2023-03-02"),
        ("2024-02-26", "P2W", "2024-03-11"),
        ("2024-05-31", "P1Y6M", "2025-11-30"),
        ("2025-01-01", "P10Y", "2035-01-01"),
        ("9990-01-01", "P10Y", "9999-12-31"),  # the calendar ends: never over
        ("9999-12-01", "P60D", "9999-12-31"),
    ],
)
def test_the_last_day_of_a_period(start, written, last):
    found = Duration.from_text(written).last_day(date.fromisoformat(start))
    assert found == date.fromisoformat(last)


@pytest.mark.parametrize(
    "text",
    ["", "P", "10Y", "P0D", "P1.5Y", "PT24H", "P1YT1H", "p1y", "P-1Y", "P1D1Y", "P1Y ", "P１Y", "P99999Y"],
)
def test_anything_else_is_no_duration(text):
    with pytest.raises(InputError, match="not a duration"):
        Duration.from_text(text)


@given(
    st.dates(min_value=date(1900, 1, 1), max_value=date(2500, 1, 1)),
    st.integers(1, 1200),
    st.integers(0, 1000),
)
def test_a_longer_period_never_ends_earlier(start, months, days):
    last = Duration(months, days).last_day(start)
    assert (
        start
        < last
        <= Duration(months + 1, days).last_day(start)
        <= Duration(months + 1, days + 1).last_day(start)
    )
