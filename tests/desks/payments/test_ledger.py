"""What comes out of the door: rows in order, exact money, numbered accounts, nothing lost."""

import random
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from desks.payments.small import row, rows_of, write
from ringfence.core.errors import InputError, RefusedError
from ringfence.desks.payments import order
from ringfence.desks.payments.ledger import Ledger
from ringfence.desks.payments.lists import read_contacts, read_exchange_accounts, read_prices
from ringfence.desks.payments.mac import Keys
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.read import read


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


def test_a_tie_across_batches_is_numbered_on(tmp_path, monkeypatch):
    from ringfence.desks.payments import read as door

    rows = [row(f"t{n:03}", f"2026-03-01T00:00:00.{n // 40:03}Z", f"p{n % 13}", "q") for n in range(200)]
    whole = rows_of(read(write(tmp_path / "a.csv", rows)))
    monkeypatch.setattr(door, "_BATCH", 16)
    monkeypatch.setattr(door, "_LARGE", 1)  # and with a stage on disk
    assert rows_of(read(tmp_path / "a.csv")) == whole
    assert [one["o"] & 0xFFFFF for one in whole] == [n % 40 for n in range(200)]


def test_several_files_are_one_input_in_their_order(tmp_path):
    write(tmp_path / "b.csv", [row("t1"), row("t2", payer="c")])
    write(tmp_path / "a.csv", [row("t0"), row("t2", payer="c")])
    ledger = read(tmp_path)
    assert [one["tx_id"] for one in rows_of(ledger)] == ["t0", "t2", "t1"]
    assert [(one.file, one.row, one.why) for one in ledger.quarantined()] == [("b.csv", 3, "duplicate")]


def test_a_ledger_stays_where_it_was_asked_to_and_goes_where_it_was_not(tmp_path):
    path = write(tmp_path / "a.csv", [row(), row("x", amount="0")])
    keys = Keys.fresh()
    kept = read(path, folder=tmp_path / "kept", keys=keys)
    again = Ledger.load(tmp_path / "kept", keys)
    assert rows_of(again) == rows_of(kept) and again.quarantine == kept.quarantine
    assert again.number_of("b") == 1 and again.mac_of(1) == kept.mac_of(1)
    with pytest.raises(RefusedError):
        again.name_of(0)
    with read(path) as passing:
        folder = passing.path.parent
        assert folder.is_dir()
    assert not folder.exists()
    assert sorted(one.name for one in (tmp_path / "kept").iterdir()) == [
        "accounts.mac", "ledger.json", "quarantined.parquet", "transactions.parquet"
    ]  # fmt: skip


def test_no_account_is_numbered_that_appears_only_in_rows_put_aside(tmp_path):
    rows = [row("t1", payer="x"), row("t1", payer="conflicting"), row("t2", payer="refused", amount="-1")]
    ledger = read(write(tmp_path / "a.csv", rows))
    assert [ledger.name_of(number) for number in range(ledger.accounts)] == ["x", "b"]
    assert ledger.number_of("conflicting") is None and ledger.number_of("refused") is None


def test_too_many_payments_in_one_millisecond_are_refused():
    batch = pa.record_batch(
        {"ts": np.zeros((1 << 20) + 1, np.int64), "payer": np.zeros((1 << 20) + 1, np.int32),
         "payee": np.ones((1 << 20) + 1, np.int32)}
    )  # fmt: skip
    with pytest.raises(InputError, match="one millisecond"):
        order.write([batch], 2, Path("/dev/null"))


def test_prices_are_exact_and_read_at_a_time(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(
        "ts,asset,quote,price\n2026-03-01T01:00:00Z,USDT,CNY,7.1905\n2026-03-01T00:00:00Z,usdt,cny,7.18\n"
        "2026-03-01T02:00:00Z,BTC,CNY,-3\nsoon,BTC,CNY,3\n"
    )
    prices = read_prices(path)
    start = 1772323200 * 10**6
    assert prices.at("CNY", "USDT", start - 1) is None
    assert prices.at("CNY", "USDT", start + 1) == Decimal("7.18")
    assert prices.at("CNY", "USDT", start + 10**12) == Decimal("7.1905")
    times, scaled = prices.scaled("CNY", "USDT", 4)
    assert times.tolist() == [start, start + 3600 * 10**6] and scaled.tolist() == [7180000, 7190500]
    assert [(one.row, one.why) for one in prices.bad] == [(4, "bad_price"), (5, "bad_time")]


def test_lists_of_accounts_become_numbers(tmp_path):
    ledger = read(write(tmp_path / "a.csv", [row()]))
    (tmp_path / "x.csv").write_text("account,subject\nb,firm:one\nnot here,firm:two\n")
    assert read_exchange_accounts(tmp_path / "x.csv", ledger) == {1}
    (tmp_path / "c.csv").write_text(
        "account,source,first_seen\na,ad,2026-03-02\na,ad,2026-03-01T08:00:00+08:00\n"
    )
    assert read_contacts(tmp_path / "c.csv", ledger) == {0: 1772323200 * 10**6}
    (tmp_path / "c.csv").write_text("account,source,first_seen\na,ad,once\n")
    with pytest.raises(InputError, match="row 2"):
        read_contacts(tmp_path / "c.csv", ledger)
