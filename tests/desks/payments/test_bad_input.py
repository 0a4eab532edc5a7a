"""Bad input: a clear error with file and row, bad rows in quarantine with their count, nothing lost."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from desks.payments.small import HEADER, row, rows_of, write
from ringfence.core.errors import InputError
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.read import open_ledger, read

LINE = "{},2026-03-01T00:00:00Z,a,b,{},CNY,{}\n"
HEAD = "tx_id,ts,payer,payee,amount_minor,currency,memo\n"


def text(path, *lines, head=HEAD, encoding="utf-8", newline="\n"):
    path.write_bytes((head + "".join(lines)).replace("\n", newline).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"tx_id": " "}, "no_tx_id"), ({"ts": "yesterday"}, "bad_time"), ({"ts": ""}, "bad_time"),
        ({"payer": ""}, "no_payer"), ({"payee": "\u3000"}, "no_payee"), ({"payee": " a "}, "self_transfer"),
        ({"amount_minor": "0"}, "not_positive"), ({"amount_minor": "-5"}, "not_positive"),
        ({"amount_minor": "ten"}, "bad_amount"), ({"amount_minor": ""}, "bad_amount"),
        ({"amount_minor": "1,000"}, "bad_amount"), ({"amount_minor": "nan"}, "bad_amount"),
        ({"amount_minor": "١٢"}, "bad_amount"), ({"amount_minor": "10.5"}, "not_whole"),
        ({"amount_minor": "1000000000000001"}, "too_large"), ({"amount_minor": "9" * 40}, "too_large"),
        ({"amount_minor": "9" * 5000}, "too_large"), ({"amount_minor": "1e300"}, "too_large"),
        ({"currency": ""}, "no_currency"), ({"currency": "C$"}, "bad_currency"),
        ({"currency": "USDT"}, "bad_currency"), ({"currency": "156"}, "bad_currency"),
        ({"seq": "first"}, "bad_seq"), ({"seq": "9" * 25}, "bad_seq"), ({"seq": "1.5"}, "bad_seq"),
    ],
)  # fmt: skip
def test_a_bad_row_is_counted_and_its_content_not_repeated(tmp_path, change, why):
    rows = [row("t1", seq="1"), row("t2", seq="2") | change, row("t3", seq="3")]
    told = []
    ledger = open_ledger(
        [write(tmp_path / "a.csv", rows)], tell=told.append, quarantine=tmp_path / "bad.jsonl"
    )
    assert [one["tx_id"] for one in rows_of(ledger)] == ["t1", "t3"]
    assert ledger.quarantine.counts == {why: 1}
    assert [json.loads(line) for line in (tmp_path / "bad.jsonl").read_text().splitlines()] == [
        {"file": "a.csv", "row": 3, "why": why}
    ]  # fmt: skip
    assert any("quarantined 1" in line and "a.csv row 3" in line for line in told)


def test_the_first_of_each_reason_are_told_and_all_are_counted(tmp_path):
    rows = [row(f"t{n}", amount="0" if n % 2 else "1") for n in range(100)]
    ledger = read(write(tmp_path / "a.csv", rows))
    assert ledger.quarantine.counts == {"not_positive": 50}
    assert [one.row for one in ledger.quarantine.first] == [3, 5, 7, 9, 11]
    assert len(ledger.quarantined()) == 50


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends(tmp_path, encoding, newline):
    path = text(tmp_path / "a.csv", LINE.format("t1", 5, "买比特币"), encoding=encoding, newline=newline)
    mapping = Mapping.from_dict({"file": {"encoding": encoding}} if encoding == "gb18030" else {})
    (only,) = rows_of(read(path, mapping))
    assert (only["amount"], only["memo"], only["currency"]) == (5, 3, 0)


def test_an_undeclared_encoding_is_refused_with_one_that_fits(tmp_path):
    path = text(tmp_path / "a.csv", LINE.format("t1", 5, "买比特币"), encoding="gb18030")
    with pytest.raises(InputError) as refused:
        read(path)
    assert "gb18030" in refused.value.hint and "a.csv" in refused.value.message


def test_quoted_cells(tmp_path):
    path = text(
        tmp_path / "a.csv", LINE.format("t1", 5, '"one, ""two""\nthree"'), LINE.format('"t,2"', '"6"', "")
    )
    assert [(one["tx_id"], one["amount"], one["memo"]) for one in rows_of(read(path))] == [
        ("t1", 5, 1), ("t,2", 6, 0)
    ]  # fmt: skip


def test_rows_with_too_few_or_too_many_cells(tmp_path):
    lines = [
        LINE.format("t1", 5, "x"),
        "t2,short\n",
        "\n",
        LINE.format("t3", 5, "x,y"),
        LINE.format("t4", 6, ""),
    ]
    ledger = read(text(tmp_path / "a.csv", *lines))
    assert [one["tx_id"] for one in rows_of(ledger)] == ["t1", "t4"]
    assert [(one.row, one.why) for one in ledger.quarantined()] == [(3, "cells"), (4, "cells")]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row(tmp_path):
    lines = [LINE.format(f"t{n}", 5, '"open' if n == 3 else "x") for n in range(200)]
    ledger = read(text(tmp_path / "a.csv", *lines))
    assert ledger.rows == 199 and [(one.row, one.why) for one in ledger.quarantined()] == [(5, "unreadable")]


def test_line_by_line_reads_what_arrow_reads(tmp_path):
    lines = [LINE.format(f"t{n}", n, '"a ""b"""' if n % 3 else "x") for n in range(300)]
    fast = read(text(tmp_path / "a.csv", *lines))
    slow = read(text(tmp_path / "b.csv", *lines, LINE.format("end", 5, '"')))
    assert rows_of(slow) == rows_of(fast)
    assert [(one.row, one.why) for one in fast.quarantined()] == [(2, "not_positive")]
    assert [(one.row, one.why) for one in slow.quarantined()] == [(2, "not_positive"), (302, "unreadable")]


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xml", "a.json", "a.jsonl"])
def test_an_empty_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(InputError) as refused:
        read(tmp_path / name)
    assert name in refused.value.message and refused.value.hint


def test_a_file_with_nothing_but_a_header_is_an_empty_ledger(tmp_path):
    ledger = read(text(tmp_path / "a.csv"))
    assert ledger.rows == 0 and ledger.accounts == 0 and ledger.currencies == ()
    pq.write_table(pa.table({name: pa.array([], pa.string()) for name in HEADER}), tmp_path / "b.parquet")
    assert read(tmp_path / "b.parquet").rows == 0


@pytest.mark.parametrize("missing", ["tx_id", "ts", "payer", "payee", "amount_minor", "currency"])
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_missing_column_is_named(tmp_path, missing, kind):
    one = row()
    del one[missing]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        write(path, [one])
    else:
        pq.write_table(pa.Table.from_pylist([one]), path)
    with pytest.raises(InputError) as refused:
        read(path)
    assert (
        missing in refused.value.message
        and "--map" in refused.value.hint
        and path.name in refused.value.message
    )


def test_a_mapped_column_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="no column 'when'"):
        read(write(tmp_path / "a.csv", [row()]), Mapping.from_dict({"columns": {"ts": "when"}}))


def test_two_columns_of_one_name(tmp_path):
    with pytest.raises(InputError, match="two columns"):
        read(text(tmp_path / "a.csv", head=HEAD.replace("memo", "payer")))


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_truncated_parquet(tmp_path, share):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([row(f"t{n}") for n in range(1000)]), path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(InputError, match=r"a\.parquet"):
        read(path)


def test_a_damaged_parquet_is_no_stack_trace(tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([row(f"t{n}", payer=f"p{n}") for n in range(5000)]), path)
    data = bytearray(path.read_bytes())
    data[100:400] = b"\xff" * 300
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.parquet"):
        read(path)


def test_what_was_named_must_be_there_and_be_read(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.xlsx").write_bytes(b"x")
    for path in (tmp_path / "none.csv", tmp_path / "empty", tmp_path / "a.xlsx"):
        with pytest.raises(InputError) as refused:
            read(path)
        assert refused.value.hint
    with pytest.raises(InputError):
        read([])


def test_nothing_is_left_behind_by_a_failure(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    (tmp_path / "b.csv").write_bytes(b"")
    with pytest.raises(InputError):
        read([tmp_path / "a.csv", tmp_path / "b.csv"], folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nul_bytes_cost_their_row(tmp_path):
    path = text(
        tmp_path / "a.csv", LINE.format("t1", 5, "x"), LINE.format("t2", 5, "\0"), LINE.format("t3", 5, "")
    )
    ledger = read(path)
    assert ledger.rows == 2 and ledger.quarantine.counts == {"unreadable": 1}


@pytest.mark.parametrize("more", ["", '"'])
def test_rows_between_two_open_quotation_marks_do_not_vanish_unseen(tmp_path, more):
    """Formally they are one cell; with a third mark the file is read line by line."""
    lines = [LINE.format(f"t{n}", 5, {3: '"open', 6: '"', 8: more}.get(n, "x")) for n in range(9)]
    ledger = read(text(tmp_path / "a.csv", *lines))
    assert [one["tx_id"] for one in rows_of(ledger)][:3] == ["t0", "t1", "t2"]
    assert not {"t3", "t6"} & {one["tx_id"] for one in rows_of(ledger)}
    assert (ledger.quarantine.first[0].row, ledger.quarantine.first[0].why) == (5, "swallowed")


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_code_that_iso_4217_does_not_know_is_taken_with_a_note(tmp_path, kind):
    """Minor units are minor units, whatever the code; what a threshold is in them is a guess, and said."""
    rows = [row("t1"), row("t2", currency="ZZQ"), row("t3", currency="xau")]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        write(path, rows)
    else:
        path.write_text("".join(json.dumps(one) + "\n" for one in rows))
    ledger = read(path)
    assert ledger.rows == 3 and ledger.currencies == ("CNY", "XAU", "ZZQ")
    assert [note for note in ledger.notes if "ISO 4217" in note and "XAU, ZZQ" in note]
    assert not [note for note in read(write(tmp_path / "b.csv", rows[:1])).notes if "ISO 4217" in note]


def test_more_currencies_than_a_book_has_room_for(tmp_path):
    """Account and currency are one number in the typologies: the 257th would be somebody else's book."""
    codes = [a + b + c for a in "ABCDEFG" for b in "ABCDEFG" for c in "ABCDEFG"][:258]
    rows = [row(f"t{n}", currency=code) for n, code in enumerate([*codes, *codes[:256]])]
    ledger = read(write(tmp_path / "a.csv", rows))
    assert len(ledger.currencies) == 256 and ledger.quarantine.counts == {"currencies": 2}
    assert set(codes[256:]).isdisjoint(ledger.currencies)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (["2026-03-01T00:00:00Z", "2026-03-01T08:00:00+08:00"], False),
        (["2026-03-01T00:00:00Z", "2026-03-01 08:00"], True),
        (["2026-03-01T00:00:00Z", "yesterday"], False),
    ],
)
def test_an_assumed_zone_is_told_where_one_was_assumed(tmp_path, times, said):
    ledger = read(write(tmp_path / "a.csv", [row(f"t{n}", ts) for n, ts in enumerate(times)]))
    assert any("times without an offset are read as UTC" in note for note in ledger.notes) == said


def test_an_assumed_zone_of_messages_and_parquet(tmp_path):
    from desks.payments.test_iso20022 import pacs, status, told

    for text, said in ((status(), False), (status(time="2026-03-01T02:00:09"), True)):
        ledger = told(tmp_path / str(said), pacs(), text)
        assert ledger.rows == 1 and any("without an offset" in note for note in ledger.notes) == said
    table = pa.Table.from_pylist([row()])
    for zone, said in ((None, True), ("Asia/Shanghai", False)):
        times = pa.array([1772323200 * 10**6], pa.timestamp("us", zone))
        pq.write_table(table.set_column(1, "ts", times), tmp_path / "a.parquet")
        ledger = read(tmp_path / "a.parquet")
        assert any("without an offset" in note for note in ledger.notes) == said


@pytest.mark.parametrize("count", [1, 2])
def test_one_is_one(tmp_path, count):
    for n in range(count):
        (tmp_path / f"{n}.txt").write_text("")
    write(tmp_path / "a.csv", [row()])
    assert (f"{count} file{'' if count == 1 else 's'} of other kinds passed over") in read(tmp_path).notes


def test_a_quotation_mark_in_the_middle_of_a_cell_takes_no_line_with_it(tmp_path):
    lines = [
        LINE.format(f"t{n}", 5, "x").replace("a,b", 'a"z,b' if n in (3, 7, 8) else "a,b") for n in range(20)
    ]
    ledger = read(text(tmp_path / "a.csv", *lines))
    assert ledger.rows + ledger.quarantine.rows == 20 and ledger.rows >= 17
