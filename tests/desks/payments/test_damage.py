"""Damage of every kind: a clear error or rows put aside with a reason; no stack trace, no lost row."""

import gzip
import io
import json
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from desks.payments.small import HEADER, row, rows_of
from desks.payments.test_iso20022 import pacs, status
from ringfence.core.errors import InputError
from ringfence.desks.payments.quarantine import REASONS
from ringfence.desks.payments.read import open_ledger

AMOUNTS = ["1,000", "1.000,50", "1e3", "1E+2", "9007199254740993", "9" * 16, "1000000000000001", "-5", "0",
           "-0", "+7", "", " 12 ", "0x10", "1_000", "NaN", "inf", "１２", "1e400", "1e-400", ".", "12.00",
           "12.5", "--1", "9" * 4000]  # fmt: skip
TIMES = ["1969-12-31T23:59:59Z", "2300-01-01T00:00:00Z", "2026-03-01T08:00:00+08:00", "2026-03-01T00:00:00",
         "0000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "", "infinity", "epoch", "1772323200",
         "2026-03-01T00:00:00.123456789Z", "20260301", "2026-03-01", "2026-03-01 24:00:00"]  # fmt: skip
WORDS = ["", " ", "\u3000", "a", "'; drop table staged; --", "=1+1", "名", "x" * 5000, "\u200b", "🙂"]
CURRENCIES = ["", "usd", "USDT", "XXX", "ZZZ", "¥", "C$", "CNY ", "156"]
CELLS = {
    "amount_minor": AMOUNTS, "ts": TIMES, "payer": WORDS, "tx_id": [*WORDS, "t1", "t2"], "memo": WORDS,
    "currency": CURRENCIES, "seq": ["", "x", "1.5", "-3", "9" * 30],
}  # fmt: skip


def rows(random_):
    made = [row(f"t{n}", payer=f"p{n % 5}", payee=f"q{n % 3}", seq=str(n), memo=f"m {n}") for n in range(40)]
    for one in random_.sample(made, 12):
        name = random_.choice([*CELLS])
        one[name] = random_.choice(CELLS[name])
    return made


def as_csv(made):
    lines = [",".join(name for name in HEADER if name in made[0])]
    names = lines[0].split(",")
    lines += [",".join(_cell(one.get(name, "")) for name in names) for one in made]
    return ("\n".join(lines) + "\n").encode()


def _cell(text):
    return f'"{text}"' if set(text) & set(',"\n') else text


def as_lines(made, random_):
    def value(text):
        return (
            int(text)
            if text.isascii() and text.isdigit() and len(text) < 19 and random_.random() < 0.5
            else text
        )

    return b"".join(json.dumps({k: value(v) for k, v in one.items()}).encode() + b"\n" for one in made)


def as_parquet(made):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(made), out)
    return out.getvalue()


def opened(path, *more):
    """Rows kept, put aside and apart, or the error: in any case what a person can act on."""
    try:
        with open_ledger([path, *more]) as ledger:
            assert ledger.rows + ledger.quarantine.rows + sum(ledger.unmoved.values()) == ledger.input_rows
            assert len(ledger.quarantined()) == ledger.quarantine.rows
            assert set(ledger.quarantine.counts) <= set(REASONS)
            assert len(rows_of(ledger)) == ledger.rows
            return ledger.input_rows
    except InputError as error:
        assert (error.hint and path.name in str(error)) or "no payment" in str(error)
        return None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_bad_cells_are_put_aside_each(tmp_path, kind, seed):
    random_ = random.Random(seed)
    made = rows(random_)
    data = {"csv": as_csv, "parquet": as_parquet, "jsonl": lambda one: as_lines(one, random_)}[kind](made)
    path = tmp_path / f"a.{kind}"
    path.write_bytes(data)
    assert opened(path) == len(made)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_text_loses_no_line_unseen(tmp_path, seed):
    random_ = random.Random(1000 + seed)
    made = rows(random_)
    kind = random_.choice(["csv", "jsonl"])
    lines = (as_csv(made) if kind == "csv" else as_lines(made, random_)).rstrip(b"\n").split(b"\n")
    for _ in range(random_.randrange(1, 6)):
        at = random_.randrange(1, len(lines))
        line = lines[at]
        cut = random_.randrange(len(line) + 1)
        lines[at] = random_.choice([
            line[:cut], line[:cut] + b'"' + line[cut:], line[:cut] + b"\0" + line[cut:], line + b",more",
            line[:cut] + "é".encode() + line[cut:], line[cut:], b'"' + line, line[:cut] + b"," + line[cut:],
        ]) or b"x"  # fmt: skip
    path = tmp_path / f"a.{kind}"
    path.write_bytes(b"\n".join(lines) + random_.choice([b"", b"\n", b"\n\n"]))
    assert opened(path) in (len(lines) - (kind == "csv"), None)


@pytest.mark.parametrize("seed", range(40))
def test_bytes_changed_anywhere_are_no_stack_trace(tmp_path, seed):
    random_ = random.Random(2000 + seed)
    made = rows(random_)
    kind = random_.choice(["csv", "csv.gz", "jsonl", "ndjson.gz", "parquet", "xml", "json", "xml.gz"])
    ids = [{"message": f"m{n}", "ends": f"e{n}"} for n in range(5)]
    messages = [pacs(**one) for one in ids] + [status(**one) for one in ids]
    data = {
        "csv": lambda: as_csv(made), "jsonl": lambda: as_lines(made, random_),
        "parquet": lambda: as_parquet(made),
        "ndjson": lambda: as_lines(made, random_),
        "xml": lambda: f"<all>{''.join(one.partition('?>')[2] or one for one in messages)}</all>".encode(),
        "json": lambda: json.dumps([{"TxTp": "x", "Document": {"A": [n] * 9}} for n in range(9)]).encode(),
    }[kind.partition(".")[0]]()  # fmt: skip
    packed = kind.endswith(".gz")
    if packed and random_.random() < 0.5:
        data, packed = gzip.compress(data), False
    broken = bytearray(data)
    for _ in range(random_.randrange(1, 8)):
        at = random_.randrange(len(broken))
        match random_.randrange(4):
            case 0:
                broken[at] = random_.randrange(256)
            case 1:
                del broken[at:]
            case 2:
                del broken[at : at + random_.randrange(20)]
            case 3:
                broken[at:at] = random_.randbytes(random_.randrange(20))
        broken = broken or bytearray(b"x")
    path = tmp_path / f"a.{kind}"
    path.write_bytes(gzip.compress(bytes(broken)) if packed else bytes(broken))
    opened(path)


@pytest.mark.parametrize("kind", ["csv", "jsonl", "xml", "json"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030", "latin-1", "utf-8-sig"])
def test_other_encodings_are_read_or_refused(tmp_path, kind, encoding):
    made = [row(f"t{n}", memo="é" if encoding == "latin-1" else "买币") for n in range(5)]
    text = {
        "csv": lambda: as_csv(made).decode(),
        "jsonl": lambda: "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made),
        "xml": lambda: pacs().replace("Debtor One", made[0]["memo"]),
        "json": lambda: json.dumps([{"TxTp": "é", "Document": {"A": made[0]["memo"]}}], ensure_ascii=False),
    }[kind]()  # fmt: skip
    path = tmp_path / f"a.{kind}"
    path.write_bytes(text.encode(encoding))
    said = opened(path)
    assert said in (None, 1, 5)
    if encoding == "utf-8-sig" or (encoding == "utf-16" and kind != "json"):
        assert said == {"csv": 5, "jsonl": 5, "xml": 1}.get(kind)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_another_delimiter_is_named_and_how_to_declare_it(tmp_path, mark):
    path, mapping = tmp_path / "a.csv", tmp_path / "map.toml"
    path.write_bytes(as_csv([row("t1")]).replace(b",", mark.encode()))
    with pytest.raises(InputError, match="no column tx_id") as refused:
        open_ledger([path])
    mapping.write_text(refused.value.hint.partition("with ")[2].replace("] ", "]\n"))
    with open_ledger([path], mapping) as ledger:
        assert ledger.rows == 1


def test_a_folder_of_every_kind_and_every_fault(tmp_path):
    made = [row(f"t{n}") for n in range(4)]
    (tmp_path / "a.csv").write_bytes(as_csv(made))
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "c.csv").write_bytes(as_csv(made).split(b"\n")[0])
    (tmp_path / "d.parquet").write_bytes(as_parquet([row(f"p{n}") for n in range(3)])[:200])
    (tmp_path / "e.jsonl").write_bytes(as_lines([row(f"j{n}") for n in range(3)], random.Random(1)))
    (tmp_path / "f.xml").write_text(pacs())
    (tmp_path / "g.xml").write_text(pacs(message="m9", ends="e9")[:300])
    (tmp_path / "h.xml").write_bytes(b"")
    (tmp_path / "i.csv.gz").write_bytes(gzip.compress(as_csv([row("g1")])))
    (tmp_path / "j.csv.gz").write_bytes(gzip.compress(as_csv([row("g2")]))[:-6])
    (tmp_path / "k.txt").write_text("no payments")
    told = []
    with open_ledger([tmp_path], tell=told.append) as ledger:
        assert {one["tx_id"] for one in rows_of(ledger)} == {"t0", "t1", "t2", "t3", "j0", "j1", "j2", "g1"}
        assert ledger.unmoved == {"no_status": 1} and ledger.quarantine.counts == {"not_xml": 1}
    for name in ("b.csv", "d.parquet", "h.xml", "j.csv.gz"):
        assert any(line.startswith("left out:") and name in line for line in told), name
    assert not any(name in line for line in told for name in ("ringfence-stage", "k.txt"))
    assert any("1 file of other kinds" in line for line in told)
