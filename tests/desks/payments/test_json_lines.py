"""JSON lines and packed files: what `payments score` reads from a pipe, the door reads from a file."""

import gzip
import json

import pytest

from desks.payments.small import row, rows_of, write
from ringfence.core.errors import InputError
from ringfence.desks.payments import jsonlines, unpack
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.online.event import checked
from ringfence.desks.payments.online.session import _lenient
from ringfence.desks.payments.online.stream import Stream
from ringfence.desks.payments.read import read
from ringfence.desks.payments.rules import load_rules

ROWS = [row(f"t{n}", payer=f"p{n % 7}", amount=str(n + 1), memo=f"m{n}", channel="scan") for n in range(50)]


def lines(path, rows, pack=bytes):
    path.write_bytes(pack("".join(json.dumps(one) + "\n" for one in rows).encode()))
    return path


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json", "a.jsonl.gz", "a.NDJSON.GZ", "a.csv.gz"])
def test_every_kind_gives_the_same_ledger(tmp_path, name):
    plain = write(tmp_path / "a.csv", ROWS)
    path = tmp_path / name
    pack = gzip.compress if name.lower().endswith(".gz") else bytes
    if ".csv" in name:
        path.write_bytes(pack(plain.read_bytes()))
    else:
        lines(path, [one | {"amount_minor": int(one["amount_minor"])} for one in ROWS], pack)
    ledger = read(path)
    assert rows_of(ledger) == rows_of(read(plain)) and ledger.rows == 50
    assert ledger.quarantine.rows == 0


def test_the_file_and_the_stream_take_the_same(tmp_path):
    """Also what they refuse, and why."""
    odd = [row("t1"), row("t2", amount=7), row("t3", amount=7.5), row("t4", amount=None), row("t5", payer=9),
           row("t6", currency="cny"), row("t7", currency="USDT"), row("t8", ts="soon"), row("t9", memo=None),
           row("t10", amount=10**16), row("t11", amount="12.0"), row("t12", payee="a"), row("t13", payer=[1]),
           row("t14", amount=True), row(15), row("t16", ts="1969-01-01T00:00:00Z")]  # fmt: skip
    ledger = read(lines(tmp_path / "a.jsonl", odd))
    stream = Stream(load_rules())
    refused = {one["tx_id"]: why for one in odd if (why := stream.take(one))}
    assert {one.row: one.why for one in ledger.quarantined()} == {
        number: refused[one["tx_id"]] for number, one in enumerate(odd, 1) if one["tx_id"] in refused
    }  # fmt: skip
    assert len(refused) == 9 and ledger.rows == len(odd) - 9


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("ts", ["2026-03-01T24:00:00Z", "2026-03-01T24:00+08", "2026-03-01T24:00:00.001Z",
                "2026-03-01T24:00:00.0000001Z",                 "2026-03-01T24:30Z",
                "2026-03-01T00:00:00 Z", "2026-03-01 00:00:00 +08:00", "2026-03-01T00:00:00+25:00",
                "2026-03-01T00:00:00Z\u2003"]),
        ("amount_minor", ["1e3", "1.5e1", "10e-1", "1.55e1", "1e16", "+1E+2", "e5", "7\u2003"]),
        ("seq", ["1.0", "1.", 1.0, "1.5", "1_0", "１", "0" * 20 + "1"]),
        ("currency", ["cß", "ﬀu", "ırr", "CNY\u2003"]),
        ("payer", [1e20, "\u2003", "b\u2003", "\x0b"]),
    ],
)  # fmt: skip
def test_the_file_and_the_stream_read_cells_alike(tmp_path, name, texts):
    for text in texts:
        odd = row(seq=1, memo="") | {name: text}
        path = lines(tmp_path / "a.jsonl", [odd])
        ledger = read(path)
        why = [one.why for one in ledger.quarantined()]
        event = _lenient(path.read_bytes())
        found = checked(event)
        if isinstance(found, str):
            assert why == [found], (name, text)
            continue
        (kept,) = rows_of(ledger)
        assert (kept["ts"], kept["amount"], ledger.currencies[0], ledger.name_of(kept["payer"])) == (
            found.ts, found.amount, found.currency, found.payer
        ), (name, text)  # fmt: skip


def test_lines_that_are_no_payments_cost_themselves(tmp_path):
    path = lines(tmp_path / "a.jsonl", ROWS[:3])
    more = ["{", "[1]", '"x"', "", '{"tx_id": "\\u0000"}', '{"tx_id": "\\ud800"}', "1" * (1 << 20) + "1"]
    path.write_bytes(path.read_bytes() + "\n".join(more).encode())
    ledger = read(path)
    assert ledger.rows == 3 and ledger.quarantine.counts == {"unreadable": 6} and ledger.input_rows == 9
    assert [one.row for one in ledger.quarantined()] == [4, 5, 6, 8, 9, 10]


def test_all_lines_have_a_seq_or_none(tmp_path):
    rows = [row("t1", seq=2), row("t2", seq=1), row("t3"), row("t4", seq=None)]
    ledger = read(lines(tmp_path / "a.jsonl", rows))
    assert [one["tx_id"] for one in rows_of(ledger)] == ["t2", "t1"]
    assert ledger.quarantine.counts == {"bad_seq": 2}


def test_columns_that_come_late_are_seen_and_blank_lines_move_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonlines, "_LINES", 4)
    rows = [row(f"t{n}") for n in range(9)]
    rows[8]["memo"] = "买 USDT"
    path = lines(tmp_path / "a.jsonl", rows)
    path.write_text(path.read_text().replace("\n", "\n\n\n"))
    write(tmp_path / "b.csv", [row("u1"), row("u2")])
    made = rows_of(read([path, tmp_path / "b.csv"]))
    assert [one["tx_id"] for one in made] == [f"t{n}" for n in range(9)] + ["u1", "u2"]
    assert made[8]["memo"] == 3


def test_a_mapping_names_the_keys(tmp_path):
    rows = [{"id": 5, "when": 1772323200, "from": "a", "to": "b", "value": 12.34}]
    mapping = Mapping.from_dict({
        "columns": {"tx_id": "id", "ts": "when", "payer": "from", "payee": "to", "amount_minor": "value"},
        "constants": {"currency": "EUR"}, "time": {"format": "epoch", "unit": "s"}, "amount": {"scale": 100},
    })  # fmt: skip
    (only,) = rows_of(read(lines(tmp_path / "a.jsonl", rows), mapping))
    assert (only["tx_id"], only["ts"], only["amount"]) == ("5", 1772323200 * 10**6, 1234)
    with pytest.raises(InputError, match="no column 'id'"):
        read(lines(tmp_path / "b.jsonl", [row()]), mapping)


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(InputError) as refused:
        read(lines(tmp_path / "a.jsonl", [{"tx_id": "1", "payer": "a"}]))
    assert "no column ts, payee" in refused.value.message and "--map" in refused.value.hint


def test_numbers_are_their_text(tmp_path):
    path = tmp_path / "a.jsonl"
    one = json.dumps(row()).replace('"100"', "9007199254740993.50")
    path.write_text(one + "\n")
    assert read(path).quarantine.counts == {"not_whole": 1}
    (only,) = rows_of(read(path, Mapping.from_dict({"amount": {"scale": "0.1"}})))
    assert only["amount"] == 900719925474099


def test_a_packed_file_is_bounded(tmp_path, monkeypatch):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(write(tmp_path / "a.csv", ROWS).read_bytes() + b"\n" * 500_000))
    assert read(path).rows == 50
    monkeypatch.setattr(unpack, "FREELY", 1000)
    with pytest.raises(InputError, match="100 times as large") as refused:
        read(path)
    assert "a.csv.gz" in refused.value.message


@pytest.mark.parametrize("damage", ["cut", "changed", "none", "empty"])
def test_a_packed_file_that_is_not_whole(tmp_path, damage):
    whole = gzip.compress(write(tmp_path / "a.csv", ROWS).read_bytes())
    data = {"cut": whole[:-9], "changed": whole[:-12] + bytes(12), "none": b"no gzip", "empty": b""}[damage]
    (tmp_path / "a.csv.gz").write_bytes(data)
    with pytest.raises(InputError) as refused:
        read(tmp_path / "a.csv.gz")
    assert "a.csv.gz" in refused.value.message and refused.value.hint
    assert "ringfence-stage" not in str(refused.value)


def test_an_error_inside_names_the_file_that_was_given(tmp_path):
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n1,2\n"))
    with pytest.raises(InputError) as refused:
        read(path)
    assert str(path) in refused.value.message and "ringfence-stage" not in str(refused.value)
