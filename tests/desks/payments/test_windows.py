"""Windows: one pass gives what the relations say, and what would not fit is left to them."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np
import pyarrow as pa
import pytest

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.engine import Engine, Local, duckdb
from ringfence.desks.payments.rules import load_rules
from ringfence.desks.payments.sights import Gathered, marked
from ringfence.desks.payments.windows import Windows, passes

from .crowd import crowd

LENGTHS = (3_600_000 << 20, 86_400_000 << 20)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with duckdb(tmp_path_factory.mktemp("it's")) as made:
        yield made


def asked(legs: ibis.Table) -> Windows:
    sums = {"got": lambda t: t.amount, "count": lambda t: (t.memo > 0).cast("int64")}
    last = {"last_o": "o", "last_amount": "amount"}
    return Windows(legs, ("payee", "currency"), LENGTHS, sums, lambda t: t.scan, last)


def rows(engine: Engine, table: ibis.Table) -> list[tuple[object, ...]]:
    found = engine.arrow(table).to_pylist()
    return sorted((tuple(sorted(one.items())) for one in found), key=str)


@pytest.mark.parametrize("times", [1, 10**9])
def test_one_pass_gives_what_the_relations_say(engine: Engine, times: int) -> None:
    """Also with amounts whose sums need more than 64 bits, for which there is no pass."""
    columns = crowd(5, load_rules())
    columns["amount"] = columns["amount"] * times
    legs = engine.keep(ibis.memtable(pa.table(columns)), "legs")
    of = asked(legs.select("row", "o", "payee", "currency", "amount", "memo", "scan"))

    def then(one: ibis.Table, length: int) -> ibis.Table:
        names = ("row", "start", "last_o", "last_amount")
        # Compared as shares are: a product beyond 64 bits.
        big = (one.got * 1000 > 10**15).cast("int64")
        return one.select(*names, big=big, count=one["count"].cast("int64"), length=ibis.literal(length))

    assert isinstance(engine, Local)
    told = rows(engine, engine.windows(of, then, "made"))
    assert told == rows(engine, Engine.windows(engine, of, then, "made"))
    assert len(told) == 2 * len(columns["row"]) and any(dict(one)["last_o"] is None for one in told)


def test_sums_that_may_not_fit_are_refused_and_an_empty_ledger_is_not() -> None:
    legs = ibis.table({"o": "int64", "payee": "int64", "currency": "int64"}, name="legs")
    of = Windows(legs, ("payee", "currency"), LENGTHS, {"got": lambda t: t.o})
    some = {name: np.arange(3) for name in ("o", "payee", "currency")}
    assert passes(of, {**some, "add_got": np.array([2**62, 2**62, 1])}) is None
    none = {name: np.zeros(0, np.int64) for name in ("o", "payee", "currency", "add_got")}
    assert [len(one["start"]) for one in passes(of, none) or ()] == [0, 0]


def test_parts_hold_every_row_once_and_an_empty_part_is_one(engine: Engine) -> None:
    numbers = engine.keep(ibis.memtable(pa.table({"account": [0, 2, 2, 5], "row": [1, 2, 3, 4]})), "numbers")
    parts = engine.split(numbers, "account", 3)
    assert [sorted(engine.arrow(part)["row"].to_pylist()) for part in parts] == [[1], [], [2, 3, 4]]
    assert all(part.columns == ("account", "row") for part in parts)


def test_sights_are_told_in_order_as_they_were_gathered() -> None:
    found = Gathered()
    one = Seen(9, 3, "u_turn", 5, (9, 1, 5, 2, 7, 6), (2**40, 2**40 + 1))
    two = Seen(9, 3, "memo", 5, (9, 1, 5, 1, 7, 0), (4,))
    three = Seen(8, 7, "memo", 1, (8, 1, 1, 3, 9, 0), (1, 4, 5))
    for typology, those in (("u_turn", [one]), ("memo", [two, three])):
        told = np.array([[seen.account, seen.start, seen.end, *seen.first] for seen in those])
        counts = np.array([len(seen.rows) for seen in those])
        found.add(typology, list(told.T), counts, np.array([row for seen in those for row in seen.rows]))
    sights = found.sights()
    assert list(sights) == sorted([one, two, three]) == sights[0:3] and sights[-1] == one
    small = Gathered()
    small.add("memo", [np.array([7]), *[np.array([1])] * 8], np.array([3]), np.array([1, 4, 5]))
    assert np.flatnonzero(marked(small.sights(), 6)).tolist() == [1, 4, 5]
    assert np.flatnonzero(marked([three], 6)).tolist() == [1, 4, 5]
    assert len(Gathered().sights()) == 0
