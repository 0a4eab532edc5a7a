"""Time is UTC, with microseconds and Z; what lacks an offset is refused, not guessed."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.core.errors import InputError
from ringfence.core.time import now, parse_date, parse_stamp, stamp

EARLIEST = datetime(1000, 1, 2)  # noqa: DTZ001 (hypothesis adds the zone)


@given(st.datetimes(min_value=EARLIEST, timezones=st.timezones()))
def test_what_is_written_is_read_back_as_the_same_instant(moment):
    assert parse_stamp(stamp(moment)) == moment.astimezone(UTC)


@given(st.lists(st.datetimes(min_value=EARLIEST, timezones=st.just(UTC)), min_size=2, max_size=2))
def test_stamps_sort_as_their_instants_do(moments):
    first, second = moments
    assert (stamp(first) < stamp(second)) == (first < second)


def test_another_offset_is_written_in_utc():
    beijing = datetime(2018, 8, 24, 8, tzinfo=timezone(timedelta(hours=8)))
    assert stamp(beijing) == "2018-08-24T00:00:00.000000Z"
    assert abs(parse_stamp(stamp()) - now()) < timedelta(seconds=5)


@pytest.mark.parametrize("text", ["2018-08-24T12:00:00", "yesterday", "", "2018-13-01T00:00:00Z"])
def test_an_instant_that_is_none_is_refused_with_a_hint(text):
    with pytest.raises(InputError) as refusal:
        parse_stamp(text)
    assert "Z" in refusal.value.hint


@pytest.mark.parametrize("text", ["24.8.2018", "2018-02-30", "", "2018-8-24"])
def test_a_date_that_is_none_is_refused_with_a_hint(text):
    with pytest.raises(InputError) as refusal:
        parse_date(text)
    assert "YYYY-MM-DD" in refusal.value.hint
