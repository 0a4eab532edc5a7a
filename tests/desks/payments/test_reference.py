"""The definitions by brute force: random ledgers show every typology, so that engines can be held to them."""

from __future__ import annotations

from collections import Counter

from ringfence.desks.payments.rules import TYPOLOGIES, load_rules

from .crowd import CURRENCIES, crowd
from .reference import hits, legs_of, merge


def test_every_typology_occurs() -> None:
    rules = load_rules()
    seen: Counter[str] = Counter()
    for seed in range(6):
        seen.update(one.typology for one in merge(hits(legs_of(crowd(seed, rules), CURRENCIES), rules)))
    assert set(seen) == set(TYPOLOGIES), seen
