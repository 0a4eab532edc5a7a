"""What comes out of the door: rows in order, exact money, numbered accounts, nothing lost."""

import csv
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.read import read

HEADER = ("tx_id", "ts", "seq", "payer", "payee", "amount_minor", "currency", "channel", "memo")


def row(tx_id="t1", ts="2026-03-01T00:00:00Z", payer="a", payee="b", amount="100", **more):
    return {"tx_id": tx_id, "ts": ts, "payer": payer, "payee": payee, "amount_minor": amount,
            "currency": "CNY", **more}  # fmt: skip


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, [name for name in HEADER if name in rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(ledger):
    return pq.read_table(ledger.path).to_pylist()


def test_the_columns_are_as_agreed(tmp_path):
    ledger = read(write(tmp_path / "a.csv", [row(channel="scan", memo="买USDT")]))
    assert rows_of(ledger) == [
        {"row": 0, "o": 1772323200000 << 20, "ts": 1772323200000000, "payer": 0, "payee": 1, "amount": 100,
         "currency": 0, "channel": 1, "memo": 3, "tx_id": "t1"}
    ]  # fmt: skip
    types = {field.name: str(field.type) for field in pq.read_schema(ledger.path)}
    assert types == {"row": "int64", "o": "int64", "ts": "int64", "payer": "int32", "payee": "int32",
                     "amount": "int64", "currency": "int16", "channel": "int8", "memo": "int8",
                     "tx_id": "string"}  # fmt: skip
    assert ledger.rows == 1 and ledger.accounts == 2 and ledger.currencies == ("CNY",)


def test_rows_are_sorted_and_ties_keep_their_order(tmp_path):
    rows = [
        row(f"t{n}", f"2026-03-01T00:00:{n % 7:02}.00{n % 3}Z", f"p{n % 11}", f"q{n % 5}") for n in range(500)
    ]
    random.Random(3).shuffle(rows)
    ledger = read(write(tmp_path / "a.csv", rows))
    want = sorted(rows, key=lambda one: one["ts"])  # stable: the order of the file breaks ties
    got = rows_of(ledger)
    assert [one["tx_id"] for one in got] == [one["tx_id"] for one in want]
    assert [one["row"] for one in got] == list(range(500))
    keys = [one["o"] for one in got]
    assert len(set(keys)) == 500 and keys == sorted(keys)
    assert all(one["o"] >> 20 == one["ts"] // 1000 for one in got)
    seen = []
    for one in want:
        seen += [name for name in (one["payer"], one["payee"]) if name not in seen]
    assert [ledger.name_of(number) for number in range(ledger.accounts)] == seen
    assert [ledger.number_of(name) for name in seen] == list(range(len(seen)))


def test_seq_orders_within_one_time(tmp_path):
    rows = [row("t1", seq="9"), row("t2", seq="-3"), row("t3", seq="8")]
    assert [one["tx_id"] for one in rows_of(read(write(tmp_path / "a.csv", rows)))] == ["t2", "t3", "t1"]


def test_csv_and_parquet_give_the_same_ledger(tmp_path):
    rows = [row(f"t{n}", payer=f"p{n % 7}", amount=str(n + 1), memo=f"m{n}") for n in range(50)]
    text = read(write(tmp_path / "a.csv", rows))
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert rows_of(read(tmp_path / "a.parquet")) == rows_of(text)


def test_every_row_is_in_the_ledger_or_in_quarantine(tmp_path):
    rows = [row(f"t{n}") for n in range(20)] + [row("x", amount="0"), row("y", payer="b"), row("t3"),
                                                row("t4", amount="101")]  # fmt: skip
    ledger = read(write(tmp_path / "a.csv", rows))
    assert ledger.quarantine.counts == {"not_positive": 1, "self_transfer": 1, "duplicate": 1, "conflict": 1}
    assert ledger.rows + ledger.quarantine.rows == ledger.input_rows == len(rows)
    assert [(one.row, one.why) for one in ledger.quarantined()] == [
        (22, "not_positive"), (23, "self_transfer"), (24, "duplicate"), (25, "conflict")
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ["csv", "parquet"])
def test_amounts_beyond_a_double_are_exact(tmp_path, engine):
    mapping = Mapping.from_dict({"amount": {"scale": "0.001"}})
    rows = [row("t1", amount="9007199254740993000"), row("t2", amount="9007199254740993500")]
    if engine == "csv":
        path = write(tmp_path / "a.csv", rows)
    else:
        path = tmp_path / "a.parquet"
        pq.write_table(
            pa.Table.from_pylist([one | {"amount_minor": int(one["amount_minor"])} for one in rows]), path
        )
    ledger = read(path, mapping)
    assert ledger.quarantine.counts == {"too_large": 2} and ledger.rows == 0
    rows = [row("t1", amount="999999999999999500"), row("t2", amount="999999999999998500")]
    assert [one["amount"] for one in rows_of(read(write(tmp_path / "b.csv", rows), mapping))] == [
        10**15, 999999999999998
    ]  # fmt: skip
