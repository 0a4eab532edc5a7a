"""Small payment files for the tests of the door."""

import csv

import pyarrow.parquet as pq

HEADER = ("tx_id", "ts", "seq", "payer", "payee", "amount_minor", "currency", "channel", "memo")


def row(tx_id="t1", ts="2026-03-01T00:00:00Z", payer="a", payee="b", amount="100", **more):
    plain = {"tx_id": tx_id, "ts": ts, "payer": payer, "payee": payee, "amount_minor": amount}
    return plain | {"currency": "CNY"} | more


def write(path, rows, encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as out:
        writer = csv.DictWriter(out, [name for name in HEADER if name in rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows_of(ledger):
    return pq.read_table(ledger.path).to_pylist()
