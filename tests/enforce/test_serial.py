"""Serial arithmetic across the wrap (RFC 1982)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.enforce.serial import add, newer

SERIALS = st.integers(0, 2**32 - 1)


def test_the_wrap() -> None:
    assert add(2**32 - 1) == 1  # zero is stepped over
    assert newer(1, 2**32 - 1) and not newer(2**32 - 1, 1)


@given(SERIALS)
def test_the_next_serial_is_newer(serial: int) -> None:
    assert newer(add(serial), serial) and not newer(serial, add(serial)) and not newer(serial, serial)


@given(SERIALS)
def test_half_way_round_is_neither_newer_nor_older(serial: int) -> None:
    opposite = (serial + 2**31) % 2**32
    assert not newer(serial, opposite) and not newer(opposite, serial)


@pytest.mark.parametrize(("serial", "by"), [(-1, 1), (2**32, 1), (1, -1), (1, 2**31)])
def test_what_is_not_defined_raises(serial: int, by: int) -> None:
    with pytest.raises(ValueError, match="not defined"):
        add(serial, by)
