"""Explanations: the numbers are those of the first window, and the change that is named would have done."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.explain import alerts
from ringfence.desks.payments.rules import TYPOLOGIES, load_rules

from .crowd import CURRENCIES, crowd
from .reference import IN, OUT, hits, legs_of, merge


class Plain:
    def account(self, number: int) -> str:
        return f"account {number}"

    def transactions(self, rows: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"tx {row}" for row in rows)

    def currency(self, row: int) -> str:
        return "CNY"

    def moment(self, row: int) -> tuple[int, int]:
        return row << 20, row * 1000


def test_every_typology_is_told_in_words() -> None:
    rules = load_rules()
    told = set()
    for seed in range(6):
        found = merge(hits(legs_of(crowd(seed, rules), CURRENCIES), rules))
        seen = [Seen(one.end, one.account, one.typology, one.start, one.first, one.rows) for one in found]
        for one, alert in zip(seen, alerts(seen, Plain(), rules), strict=True):
            told.add(alert.typology)
            assert alert.transactions == tuple(f"tx {row}" for row in one.rows)
            assert alert.first_ts <= alert.last_ts and 0 < alert.score <= 1000
            assert alert.explanation.count("Without it: ") == 1 and "None" not in alert.explanation
    assert told == set(TYPOLOGIES)


def test_the_change_that_is_named_would_have_done() -> None:
    """pass_through: with so much less paid on at that moment, no window that ends there passes."""
    rules = load_rules()
    of = rules["pass_through"]
    tried = 0
    for seed in range(8):
        for one in merge(hits(legs_of(crowd(seed, rules), CURRENCIES), rules)):
            if one.typology != "pass_through":
                continue
            seen = Seen(one.end, one.account, one.typology, one.start, one.first, one.rows)
            (alert,) = alerts([seen], Plain(), rules)
            _, _, _, count, got, gave = one.first
            named = re.search(r"(\d+)\.(\d\d) CNY (less|more) paid on\.", alert.explanation)
            assert named is not None
            change = int(named[1] + named[2]) * (-1 if named[3] == "less" else 1)
            assert of["low"] * got <= 1000 * gave <= of["high"] * got
            assert not of["low"] * got <= 1000 * (gave + change) <= of["high"] * got
            nearly = change - (1 if change > 0 else -1)
            assert of["low"] * got <= 1000 * (gave + nearly) <= of["high"] * got, "and no less would have"
            assert count >= of["receipts"]
            tried += 1
    assert tried >= 5 and {IN, OUT} == {1, -1}
