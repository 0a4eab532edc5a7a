"""Exact: the engines see the same at the edges of what a ledger and a file of rules may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import msgspec
import numba
import numpy as np
import pyarrow as pa
import pytest

from ringfence.core.errors import InputError
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.engine import duckdb
from ringfence.desks.payments.explain import LedgerNames, alerts
from ringfence.desks.payments.monitor import EngineName, monitor
from ringfence.desks.payments.online.chain import at_most
from ringfence.desks.payments.online.scorer import COLUMNS, Scorer
from ringfence.desks.payments.online.stream import Stream
from ringfence.desks.payments.read import read
from ringfence.desks.payments.rules import Rules, load_rules
from ringfence.desks.payments.signed import sign
from ringfence.desks.payments.signs import Outside
from ringfence.desks.payments.sweep import sweep
from ringfence.desks.payments.typed import LARGEST

from .crowd import CURRENCIES, crowd
from .reference import hits, legs_of, merge
from .small import row, write


def ruled(folder: Path, text: str) -> Rules:
    (folder / "rules.toml").write_text(text)
    return load_rules(folder / "rules.toml")


def seen(columns: dict[str, Any], rules: Rules, folder: Path) -> list[list[Seen]]:
    """By definition, by DuckDB, online."""
    with duckdb(folder) as engine:
        ledger = engine.keep(ibis.memtable(pa.table(columns)), "ledger")
        swept = list(sweep(engine, ledger, rules, CURRENCIES))
    scorer = Scorer(rules, CURRENCIES)
    scorer.push(columns)
    defined = [
        Seen(one.end, one.account, one.typology, one.start, one.first, one.rows)
        for one in merge(hits(legs_of(columns, CURRENCIES), rules))
    ]
    return [sorted(defined), swept, scorer.rest()]


def test_shares_of_large_amounts_are_exact(tmp_path: Path) -> None:
    """Thousandths of a sum that has room in 64 bits need not have; nor need those of one payment."""
    rules = ruled(tmp_path, "[u_turn]\nhigh = 1000000\n[pass_through]\nhigh = 20000\n")
    columns = crowd(8, rules, rows=200)
    columns["amount"] = columns["amount"] * (LARGEST // columns["amount"].max())
    assert float(columns["amount"].sum()) * 1000 > 2**63
    defined, swept, scored = seen(columns, rules, tmp_path)
    assert defined == swept == scored
    assert {"u_turn", "pass_through", "night"} <= {one.typology for one in defined}


def test_products_are_compared_in_more_than_64_bits() -> None:
    """Compiled, as the engine calls it: whole numbers of Python have room for everything."""
    compiled: Any = numba.njit(lambda a, x, b, y: at_most(a, x, b, y))
    random = np.random.default_rng(3)
    for _ in range(2000):
        a, b = (int(one) for one in random.integers(0, 10**6, 2))
        x = int(random.integers(0, 2**63 - 1))
        for y in {min(2**63 - 1, max(0, a * x // max(1, b) + near)) for near in (-1, 0, 1)}:
            assert compiled(a, x, b, y) == (a * x <= b * y)


def test_a_burst_of_one_receipt_is_one(tmp_path: Path) -> None:
    rules = ruled(tmp_path, '[dormant_burst]\nquiet = "5d"\nreceipts = 1\nwindow = "6d"\n')
    defined, swept, scored = seen(crowd(9, rules, rows=200), rules, tmp_path)
    assert defined == swept == scored
    assert any(one.typology == "dormant_burst" for one in defined)


def test_amounts_whose_sum_has_no_room_are_told(tmp_path: Path) -> None:
    """By every engine, and by the stream, whose sums are over windows."""
    rules, folder = load_rules(), tmp_path / "signed"
    folder.mkdir()
    rows = [row(f"t{at}", amount=str(LARGEST), payer=f"p{at % 9}") for at in range(9300)]
    with (
        read(write(tmp_path / "a.csv", rows)) as ledger,
        pytest.raises(InputError, match="add up to more"),
    ):
        sign(ledger, rules, Outside(), folder)
    stream = Stream(rules)
    for one in rows:
        stream.take(one)
    with pytest.raises(InputError, match="add up to more"):
        list(stream.flush())
    scorer = Scorer(rules, ("CNY",))
    columns = {name: np.zeros(9200, np.int64) for name in COLUMNS}
    columns |= {"row": np.arange(9200), "o": np.arange(9200), "amount": np.full(9200, LARGEST)}
    columns["payee"] += 1
    scorer.push(columns)
    assert scorer.rest() == []


def test_an_alert_over_two_currencies_is_told_in_that_of_its_first_window(tmp_path: Path) -> None:
    """Of an advertised account: the first window is the one that ends first, whichever begins first."""
    rules = ruled(tmp_path, "[p2p_ad]\nreceipts = 2\n")
    said = [("a1", "0", "USD", 11), ("a2", "1", "CNY", 500), ("a3", "2", "CNY", 600), ("a4", "3", "USD", 12)]
    rows = [row(tx, f"2026-03-01T00:0{at}:00Z", currency=code, amount=str(n)) for tx, at, code, n in said]
    with read(write(tmp_path / "a.csv", rows)) as ledger:
        number = ledger.number_of("b")
        assert number is not None
        signed = sign(ledger, rules, Outside(advertised={number: 0}), tmp_path)
        told = []
        engines: tuple[EngineName, ...] = ("duckdb", "online")
        for name in engines:
            found = monitor(signed, rules, name)
            names = LedgerNames(ledger, found)
            told.append([msgspec.to_builtins(one) for one in alerts(found, names, rules)])
    assert told[0] == told[1]
    (one,) = (one for one in told[0] if one["typology"] == "p2p_ad")
    assert one["transactions"] == ("a1", "a2", "a3", "a4") and one["parameters"]["currency"] == "CNY"
    assert "2 receipts of 11.00 CNY" in one["explanation"]
