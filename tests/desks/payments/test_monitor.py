"""Monitor from the command line: a small world in, alerts and accounts out, and nobody's name kept."""

from __future__ import annotations

import csv
import json
import operator
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from interfaces.command import Ran, run
from ringfence.core.time import stamp
from ringfence.desks.payments.online.stream import Stream
from ringfence.desks.payments.rules import TYPOLOGIES, load_rules


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world") / "seed"
    ran = run(
        "payments", "simulate", "--out", folder, "--seed", 3, "--accounts", 1200, "--days", 4, "--guilty", 40,
        "--format", "csv",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    return folder


def monitored(world: Path, *more: object) -> Ran:
    lists = ("--prices", world / "prices.csv", "--exchange-accounts", world / "exchange_accounts.csv")
    return run(
        "payments", "monitor", world / "transactions.csv", *lists, "--contacts", world / "contacts.csv", *more
    )


def lines(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_engines_give_the_same_alerts_and_every_account_stands_once(world: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "duckdb.jsonl", tmp_path / "online.jsonl"
    ran = monitored(world, "--out", first, "--accounts", tmp_path / "accounts.jsonl")
    assert ran.code == 0 and ran.out == "", ran.err
    assert monitored(world, "--engine", "online", "--out", second).code == 0
    assert first.read_bytes() == second.read_bytes() != b""
    with (world / "labels.csv").open() as file:
        labels = {row["account"]: row for row in csv.DictReader(file)}
    with (world / "transactions.csv").open() as file:
        paid = {row["tx_id"]: row for row in csv.DictReader(file)}
    for one in lines(first):
        assert one["typology"] in TYPOLOGIES and one["severity"] in ("low", "medium", "high")
        assert one["transactions"] and one["first_ts"] <= one["last_ts"]
        assert all(one["account"] in (paid[tx]["payer"], paid[tx]["payee"]) for tx in one["transactions"])
    accounts = lines(tmp_path / "accounts.jsonl")
    seen = {row["payer"] for row in paid.values()} | {row["payee"] for row in paid.values()}
    assert sorted(one["account"] for one in accounts) == sorted(seen)
    halted = {one["account"] for one in accounts if one["recommend"] in ("limit", "refuse", "exit")}
    assert any(labels[name]["guilty"] == "1" for name in halted)
    for one in accounts:
        assert one["recommend"] == "none" or len(one["reasons"]) >= 2, "one indicator never suffices"


def test_times_are_those_of_the_transactions_to_the_microsecond(world: Path, tmp_path: Path) -> None:
    """The order key has the millisecond; what is told has what was given, by every engine."""
    with (world / "transactions.csv").open() as file:
        paid = list(csv.DictReader(file))
    paid.sort(key=lambda row: (row["ts"], int(row["seq"])))
    given = {}
    for at, row in enumerate(paid):  # order is kept: what is added never reaches the next millisecond
        within = at - next(n for n in range(at, -1, -1) if n == 0 or paid[n - 1]["ts"][:23] != row["ts"][:23])
        moment = datetime.fromisoformat(row["ts"][:23].rstrip("Z")).replace(tzinfo=UTC)
        row["ts"] = given[row["tx_id"]] = stamp(moment + timedelta(microseconds=137 + within % 800))
    source = tmp_path / "micro.csv"
    with source.open("w", newline="") as out:
        writer = csv.DictWriter(out, paid[0])
        writer.writeheader()
        writer.writerows(paid)
    told = []
    for engine in ("duckdb", "online"):
        assert run("payments", "monitor", source, "--engine", engine, "--out", tmp_path / engine).code == 0
        told.append((tmp_path / engine).read_bytes())
    assert told[0] == told[1] != b""
    for one in lines(tmp_path / "duckdb"):
        times = [given[tx] for tx in one["transactions"]]
        assert (one["first_ts"], one["last_ts"]) == (min(times), max(times)) == (times[0], times[-1])
        assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z", one["explanation"])) <= set(times)
    stream = Stream(load_rules())
    for row in paid:
        stream.take(row)
    events = [*stream.flush(), *stream.end()]
    assert all(one["ts"] == given[one["tx_id"]] for one in events if one["event"] == "hit")
    alerts = [
        {k: v for k, v in one.items() if k not in ("event", "n")} for one in events if one["event"] == "alert"
    ]
    key = operator.itemgetter("account", "typology", "first_ts")
    assert sorted(json.loads(json.dumps(alerts)), key=key) == sorted(lines(tmp_path / "duckdb"), key=key)


def test_no_identifier_is_kept_or_told(world: Path, tmp_path: Path) -> None:
    """Neither in the store nor in what the program says of itself; only in what is handed back."""
    store, vault = tmp_path / "store", tmp_path / "vault"
    ran = monitored(
        world, "--engine", "online", "--store", store, "--vault", vault, "--as-of", "2026-04-01",
        "--out", tmp_path / "alerts.jsonl",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    with (world / "labels.csv").open() as file:
        names = [row["account"].encode() for row in csv.DictReader(file)]
    assert any(name in (tmp_path / "alerts.jsonl").read_bytes() for name in names), "they are handed back"
    assert run("log", "checkpoint", "--store", store).code == 0
    assert run("log", "export", "--store", store, "--out", tmp_path / "export").code == 0
    assert run("report", "--store", store, "--out", tmp_path / "report").code == 0
    kept = [
        path for folder in (store, tmp_path / "export", tmp_path / "report") for path in folder.rglob("*")
    ]
    data = b"".join(path.read_bytes() for path in kept if path.is_file()) + ran.err.encode()
    assert b"account:" in data
    found = [name for name in names if name in data]
    assert not found, found[:3]
    assert run("log", "fsck", "--store", store, "--json").json["problems"] == []


def test_a_store_needs_a_vault(world: Path, tmp_path: Path) -> None:
    ran = monitored(world, "--store", tmp_path / "store")
    assert ran.code == 2 and "vault" in ran.err and not (tmp_path / "store").exists()


def test_what_cannot_be_read_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(b"PAR1\0\0\0\0PAR")
    missing = tmp_path / "missing.csv"
    missing.write_text("tx_id,ts,payer\n1,2026-01-01,a\n")
    for path in (empty, cut, missing):
        ran = run("payments", "monitor", path, "--out", tmp_path / "out.jsonl")
        assert ran.code == 2 and path.name in ran.err and not (tmp_path / "out.jsonl").exists(), path


def test_one_payment_is_one_payment(tmp_path: Path) -> None:
    payments = tmp_path / "payments.csv"
    payments.write_text("tx_id,ts,payer,payee,amount_minor,currency\n1,2026-01-01T00:00:00Z,a,b,5,CNY\n")
    ran = run("payments", "monitor", payments, "--engine", "online")
    assert ran.code == 0 and "1 payment, 2 accounts, 0 alerts\n" in ran.err
    assert "without an offset" not in ran.err


@pytest.mark.parametrize("body", ["", "t1,yesterday,a,b,5,CNY\n"])
def test_input_without_one_good_row_is_an_error_not_a_stack_trace(tmp_path: Path, body: str) -> None:
    payments = tmp_path / "payments.csv"
    payments.write_text("tx_id,ts,payer,payee,amount_minor,currency\n" + body)
    seen = run("payments", "monitor", payments)
    assert (seen.code, seen.out) == (2, "")
    assert "no payment could be taken" in seen.err


def test_payments_that_were_all_refused_are_an_answer(tmp_path: Path) -> None:
    account = {"Id": {"Othr": {"Id": "a"}}}
    one = {
        "PmtId": {"EndToEndId": "E1"}, "IntrBkSttlmAmt": {"Amt": {"Amt": 5, "Ccy": "CNY"}},
        "DbtrAcct": account, "CdtrAcct": {"Id": {"Othr": {"Id": "b"}}},
    }  # fmt: skip
    header = {"MsgId": "M1", "CreDtTm": "2026-03-01T10:00:00Z"}
    status = {"OrgnlEndToEndId": "E1", "TxSts": "RJCT"}
    said = [
        {"TxTp": "pacs.008.001.10", "FIToFICstmrCdtTrf": {"GrpHdr": header, "CdtTrfTxInf": one}},
        {"TxTp": "pacs.002.001.12", "FIToFIPmtSts": {"GrpHdr": header, "TxInfAndSts": status}},
    ]
    messages = tmp_path / "messages.jsonl"
    messages.write_text("".join(json.dumps(line) + "\n" for line in said))
    seen = run("payments", "monitor", messages)
    assert (seen.code, seen.out) == (0, "")
    assert "RJCT 1" in seen.err


def test_bad_rows_are_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "some.csv"
    rows = [
        "tx_id,ts,seq,payer,payee,amount_minor,currency",
        "1,2026-01-01T00:00:00Z,1,a,b,100,CNY",
        "2,2026-01-01T00:00:00Z,2,a,b,-5,CNY",
        "3,2026-01-01T00:00:00Z,3,a,a,100,CNY",
        "4,never,4,a,b,100,CNY",
        "5,2026-01-01T00:00:00Z,5,a,b,9007199254740993000,CNY",
        "1,2026-01-01T00:00:00Z,1,a,b,100,CNY",
        "7,2026-01-01T00:00:00Z,7,b,a,100,EUR",
    ]
    file.write_text("\n".join(rows) + "\n")
    ran = run(
        "payments", "monitor", file, "--accounts", tmp_path / "accounts.jsonl", "--quarantine",
        tmp_path / "bad.jsonl", "--engine", "online",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert "2 payments, 2 accounts, 0 alerts" in ran.err
    assert [one["row"] for one in lines(tmp_path / "bad.jsonl")] == [3, 4, 5, 6, 7]
    assert {one["recommend"] for one in lines(tmp_path / "accounts.jsonl")} == {"none"}


def test_the_graph_around_each_payment(world: Path, tmp_path: Path) -> None:
    out = tmp_path / "features.parquet"
    ran = run("payments", "graph", world / "transactions.csv", "--out", out, "--fans", "24h")
    with (world / "transactions.csv").open() as file:
        paid = list(csv.DictReader(file))
    assert ran.code == 0 and ran.json == {"out": str(out), "rows": len(paid), "cut": 0, "quarantined": 0}
    table = pq.read_table(out)
    assert sorted(table["tx_id"].to_pylist()) == sorted(row["tx_id"] for row in paid)
    assert min(table["payer_out_degree"].to_pylist()) == 1 and max(table["hops"].to_pylist()) >= 2
    assert {path.name for path in tmp_path.iterdir()} == {"features.parquet"}
    for bad in (("--fans", "soon"), ("--steps", 0)):
        assert run("payments", "graph", world / "transactions.csv", "--out", tmp_path / "no", *bad).code == 2
    assert not (tmp_path / "no").exists()


def test_a_bad_file_among_good_ones_costs_itself(tmp_path: Path) -> None:
    folder = tmp_path / "some"
    folder.mkdir()
    (folder / "a.csv").write_text(
        "tx_id,ts,payer,payee,amount_minor,currency\n1,2026-01-01T00:00:00Z,a,b,5,CNY\n"
    )
    (folder / "b.csv").write_text("")
    (folder / "c.csv").write_text("tx_id,ts\n1,2\n")
    (folder / "d.parquet").write_bytes(b"PAR1 cut")
    ran = run("payments", "monitor", folder, "--engine", "online")
    assert ran.code == 0 and "1 payment, 2 accounts" in ran.err, ran.err
    assert all(name in ran.err for name in ("b.csv", "c.csv", "d.parquet"))
    (folder / "a.csv").unlink()
    assert run("payments", "monitor", folder).code == 2
