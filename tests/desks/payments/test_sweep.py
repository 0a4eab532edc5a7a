"""Sweep: the engine sees exactly what the definitions say, whatever it is divided into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from debian import require
from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.engine import Engine, duckdb, spark
from ringfence.desks.payments.flows import deepened, passed
from ringfence.desks.payments.legs import legs_of as both_legs
from ringfence.desks.payments.rules import Rules, load_rules
from ringfence.desks.payments.sweep import sweep

from .crowd import CURRENCIES, crowd
from .reference import hits, legs_of, merge


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with duckdb(tmp_path_factory.mktemp("duckdb")) as made:
        yield made


def defined(columns: dict[str, object], rules: Rules) -> list[Seen]:
    found = merge(hits(legs_of(columns, CURRENCIES), rules))
    return sorted(Seen(one.end, one.account, one.typology, one.start, one.first, one.rows) for one in found)


@pytest.mark.parametrize("seed", range(3))
def test_duckdb_sees_what_is_defined(engine: Engine, seed: int) -> None:
    rules = load_rules()
    columns = crowd(100 + seed, rules)
    mark = engine.mark()
    ledger = engine.keep(ibis.memtable(pa.table(columns)), "ledger")
    assert list(sweep(engine, ledger, rules, CURRENCIES, parts=1 + 2 * (seed % 2))) == defined(columns, rules)
    engine.forget(mark)


def test_a_rule_file_changes_what_is_seen(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('version = "strict"\n[structuring]\ntimes = 2\n[pass_through]\nwindows = ["2h"]\n')
    rules = load_rules(file)
    columns = crowd(7, rules)
    ledger = engine.keep(ibis.memtable(pa.table(columns)), "ledger")
    seen = list(sweep(engine, ledger, rules, CURRENCIES))
    assert seen == defined(columns, rules) != defined(columns, load_rules())


def test_spark_sees_the_same(tmp_path: Path) -> None:
    """Through Parquet, as `monitor` hands it over; in one process with another number of partitions."""
    require("default-jre-headless", "java")
    rules = load_rules()
    columns = crowd(100, rules)
    path = tmp_path / "signed.parquet"
    pq.write_table(pa.table(columns), path)
    # Small data: what Spark compiles and plans anew costs more than it saves.
    plain = {"spark.sql.codegen.wholeStage": "false", "spark.sql.adaptive.enabled": "false"}
    with spark(tmp_path, "local[2]", plain | {"spark.sql.shuffle.partitions": "2"}) as engine:
        assert list(sweep(engine, engine.read(path), rules, CURRENCIES)) == defined(columns, rules)
        # Of parts, which a large ledger is divided into, the flows are one relation again.
        legs = both_legs(engine.read(path))
        told = []
        for parts in (1, 2):
            divided = enumerate(engine.split(legs, "account", parts))
            paid = [
                engine.keep(passed(one, rules, CURRENCIES, engine, "passed"), f"paid_{part}")
                for part, one in divided
            ]
            together = paid[0] if parts == 1 else paid[0].union(*paid[1:])
            told.append(engine.arrow(deepened(together, legs, rules, engine.keep)).to_pylist())
        whole, of_parts = (sorted(one, key=lambda row: row["row"]) for one in told)
        assert whole == of_parts and {row["depth"] for row in whole} >= {0, 1, 2}
