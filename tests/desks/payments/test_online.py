"""Online: event by event the same alerts as the definitions, and the stream around the scorer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest

from ringfence.core.errors import StoreError
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.engine import duckdb
from ringfence.desks.payments.online.scorer import COLUMNS, Hit, Scorer
from ringfence.desks.payments.online.state import Sizes
from ringfence.desks.payments.rules import TYPOLOGIES, Rules, load_rules
from ringfence.desks.payments.sweep import sweep

from .crowd import CURRENCIES, crowd
from .reference import hits, legs_of, merge

TINY = Sizes(256, 256, 256, 8, 200)
RULES = load_rules()


def defined(columns: dict[str, Any], rules: Rules = RULES) -> list[Seen]:
    found = merge(hits(legs_of(columns, CURRENCIES), rules))
    return sorted(Seen(one.end, one.account, one.typology, one.start, one.first, one.rows) for one in found)


def scored(
    columns: dict[str, Any], size: int, rules: Rules = RULES, room: Sizes | None = None
) -> list[Hit | Seen]:
    scorer = Scorer(rules, CURRENCIES, room)
    events = np.stack([columns[name].astype(np.int64) for name in COLUMNS], axis=1)
    told: list[Hit | Seen] = []
    for at in range(0, len(events), size):
        told += scorer.take(events[at : at + size])
    return [*told, *scorer.rest()]


def alerts(told: list[Hit | Seen]) -> list[Seen]:
    return sorted(one for one in told if isinstance(one, Seen))


@pytest.mark.parametrize("seed", range(6))
def test_what_is_seen_is_what_is_defined(seed: int) -> None:
    columns = crowd(200 + seed, RULES)
    expected = defined(columns)
    whole = scored(columns, len(columns["o"]))
    assert alerts(whole) == expected
    # What is told, and in which order, does not depend on how the events come, nor on how full tables are.
    for size, room in ((1, None), (37, TINY), (1, TINY)):
        assert scored(columns, size, room=room) == whole


def test_every_typology_occurs() -> None:
    seen = {one.typology for seed in range(6) for one in defined(crowd(200 + seed, RULES))}
    assert seen == set(TYPOLOGIES)


def test_many_accounts_that_rest_and_come_back() -> None:
    columns = crowd(31, RULES, accounts=60, rows=700)
    assert alerts(scored(columns, 50, room=TINY)) == defined(columns)


def test_other_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(
        '[structuring]\ntimes = 2\n[pass_through]\nwindows = ["2h"]\n[night]\nwindow = "3h"\nlegs = 3\n'
        '[dormant_burst]\nquiet = "5d"\nreceipts = 3\nwindow = "6d"\n'
    )
    rules = load_rules(file)
    columns = crowd(7, rules)
    assert alerts(scored(columns, 37, rules, TINY)) == defined(columns, rules) != defined(columns)


def test_the_same_as_duckdb(tmp_path: Path) -> None:
    columns = crowd(77, RULES, rows=600)
    with duckdb(tmp_path) as engine:
        ledger = engine.keep(ibis.memtable(pa.table(columns)), "ledger")
        swept = sweep(engine, ledger, RULES, CURRENCIES)
    assert alerts(scored(columns, 37)) == swept


def test_a_hit_is_told_with_the_event_that_completes_it() -> None:
    columns = crowd(3, RULES)
    told = scored(columns, 37)
    found = {(one.o, one.account, one.typology) for one in told if isinstance(one, Hit)}
    every = hits(legs_of(columns, CURRENCIES), RULES)
    assert found == {(one.end, one.account, one.typology) for one in every}
    # An alert is told as soon as the next event shows that it is over, and hits in the order of events.
    times = [one.o for one in told if isinstance(one, Hit)]
    assert times == sorted(times)
    early = told[: -len(Scorer(RULES, CURRENCIES).rest()) or None]
    assert any(isinstance(one, Seen) for one in early[: len(early) // 2])


def test_memory_is_bounded() -> None:
    scorer = Scorer(RULES, CURRENCIES, TINY, memory=1 << 19)
    columns = crowd(9, RULES, accounts=300, rows=1500)
    with pytest.raises(StoreError, match="bytes are needed"):
        scorer.push(columns)
