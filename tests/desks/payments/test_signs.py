"""Signs: nights by the clocks of a place, bands below limits, coins at the price of their time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ringfence.core.errors import InputError
from ringfence.desks.payments.rules import load_rules
from ringfence.desks.payments.signs import Outside, Series, Signs

HOUR = 3_600_000_000


def micros(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000_000


def signs(rules_text: str, folder: Path, outside: Outside | None = None) -> Signs:
    file = folder / "rules.toml"
    file.write_text(rules_text)
    return Signs(load_rules(file), ("CNY",), outside or Outside())


def of(made: Signs, ts: list[int], amount: list[int] | None = None, payee: list[int] | None = None) -> dict:
    count = len(ts)
    zero = np.zeros(count, np.int64)
    return made.of(
        np.array(ts, np.int64), zero, np.array(payee or [1] * count, np.int64),
        np.array(amount or [100] * count, np.int64), zero, zero, zero,
    )  # fmt: skip


def test_nights_follow_the_clocks_of_the_place(tmp_path: Path) -> None:
    berlin = signs('[night]\nzone = "Europe/Berlin"', tmp_path)
    # 04:30 in Berlin is 03:30 UTC in winter and 02:30 in summer; the clocks changed on 29 March 2026.
    times = ["2026-03-28T03:30:00", "2026-03-28T04:30:00", "2026-03-30T02:30:00", "2026-03-30T03:30:00"]
    assert of(berlin, [micros(one) for one in times])["night"].tolist() == [True, False, True, False]
    late = signs("[night]\nbegins = 22\nends = 4", tmp_path)
    shanghai = ["2026-01-01T13:59:59", "2026-01-01T14:00:00", "2026-01-01T19:59:59", "2026-01-01T20:00:00"]
    assert of(late, [micros(one) for one in shanghai])["night"].tolist() == [False, True, True, False]
    with pytest.raises(InputError):
        signs('[night]\nzone = "Mars/Olympus"', tmp_path)


def test_bands_lie_just_below_their_limits(tmp_path: Path) -> None:
    amounts = [449_999, 450_000, 499_950, 499_951, 500_000, 900_000, 1_999_800, 4_500_000]
    assert of(signs("", tmp_path), [0] * 8, amounts)["band"].tolist() == [0, 1, 1, 0, 0, 2, 3, 4]


def test_coins_are_round_at_the_price_of_their_time(tmp_path: Path) -> None:
    series = Series(np.array([0, HOUR], np.int64), np.array([700.0, 720.0]))
    made = signs("", tmp_path, Outside(prices={"CNY": {"USDT": series}}))
    # 500 coins at 7.00, then at 7.20; the first amount again at the second price; before any price; stale.
    ts = [10, HOUR + 10, HOUR + 10, -5, 30 * HOUR]
    coin = of(made, ts, [350_000, 360_000, 350_000, 350_000, 360_000])["coin"].tolist()
    middle = 1 << 6  # no spread
    assert coin[0] & middle and coin[1] & middle and not coin[2] & middle
    assert coin[3] == 0 and coin[4] == 0, "no price is no coin"
    spread = of(made, [10], [round(350_000 * 1.01)])["coin"].tolist()[0]
    assert spread & 1 << 8 and not spread & middle


def test_an_advertisement_counts_from_when_it_was_seen(tmp_path: Path) -> None:
    made = signs("", tmp_path, Outside(advertised={7: HOUR}))
    assert of(made, [0, HOUR, HOUR], payee=[7, 7, 8])["advertised"].tolist() == [False, True, False]


def test_more_assets_than_there_is_room_for(tmp_path: Path) -> None:
    series = Series(np.array([0], np.int64), np.array([1.0]))
    with pytest.raises(InputError):
        signs("", tmp_path, Outside(prices={"CNY": dict.fromkeys("ABCDE", series)}))
