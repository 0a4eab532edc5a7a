"""The mapping file: times and money of other sources, exactly; what is not understood is refused."""

from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desks.payments.small import row, rows_of, write
from ringfence.core.errors import InputError
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.read import read

EXAMPLES = Path(__file__).parents[3] / "docs/guide/examples"
START = 1704067200 * 10**6  # 2024-01-01


def times(tmp_path, time, texts):
    rows = [row(f"t{n}", text) for n, text in enumerate(texts)]
    ledger = read(write(tmp_path / "a.csv", rows), Mapping.from_dict({"time": time}))
    found = {one["tx_id"]: one["ts"] for one in rows_of(ledger)}
    return [found.get(f"t{n}") for n in range(len(texts))]


def test_iso_times(tmp_path):
    texts = ["2024-01-01T00:00:00Z", "2024-01-01 08:00:00+08:00", "2024-01-01T00:00:00", "2024-01-01T00:00",
             "2024-01-01T00:00:00.123456789Z", "2023-12-31T18:00:00-0600"]  # fmt: skip
    assert times(tmp_path, {}, texts) == [START] * 4 + [START + 123456, START]


def test_what_is_no_time(tmp_path):
    texts = ["2024-02-30T00:00:00Z", "2024-01-01", "01/02/2024", "infinity", "", "1704067200", "now",
             "1969-12-31T23:59:59Z", "2200-01-01T00:00:00Z", "2024-01-01T25:00:00Z"]  # fmt: skip
    assert times(tmp_path, {}, texts) == [None] * len(texts)


def test_a_zone_is_for_times_without_an_offset(tmp_path):
    assert times(tmp_path, {"zone": "Asia/Shanghai"}, ["2024-01-01T08:00:00", "2024-01-01T00:00:00Z"]) == [
        START, START
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "text"),
    [("s", "1704067200"), ("s", "1704067200.0000009"), ("s", "1.7040672E9"), ("ms", "1704067200000"),
     ("us", "1704067200000000"), ("ns", "1704067200000000999"), ("h", "473352"), ("d", "19723")],
)  # fmt: skip
def test_epochs(tmp_path, unit, text):
    assert times(tmp_path, {"format": "epoch", "unit": unit}, [text]) == [START]


def test_steps_count_from_an_origin(tmp_path):
    time = {"format": "step", "unit": "h", "origin": "2024-01-01"}
    assert times(tmp_path, time, ["0", "1", "0.5"]) == [START, START + 3600 * 10**6, START + 1800 * 10**6]
    with pytest.raises(InputError, match="which length"):
        Mapping.from_dict({"time": {"format": "step"}})


def amounts(tmp_path, scale, texts):
    rows = [row(f"t{n}", amount=text) for n, text in enumerate(texts)]
    ledger = read(write(tmp_path / "a.csv", rows), Mapping.from_dict({"amount": {"scale": scale}}))
    found = {one["tx_id"]: one["amount"] for one in rows_of(ledger)}
    return [found.get(f"t{n}") for n in range(len(texts))]


def test_halves_go_to_even(tmp_path):
    texts = ["0.015", "0.025", "0.0250000000000000000000001", "1.005", "8.19669999141288", ".5", "5.", "1e2"]
    assert amounts(tmp_path, 100, texts) == [2, 2, 3, 100, 820, 50, 500, 10000]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scale=st.sampled_from(["1", "10", "100", "1000", "0.01", "25", "1.5"]),
    values=st.lists(
        st.decimals(min_value="1e-6", max_value="1e11", allow_nan=False), min_size=1, max_size=40
    ),
)
def test_scaling_is_what_decimal_arithmetic_says(tmp_path, scale, values):
    want = [int((one * Decimal(scale)).to_integral_value(ROUND_HALF_EVEN)) or None for one in values]
    assert amounts(tmp_path, scale, [str(one) for one in values]) == want


def test_binary_fractions_of_parquet_are_scaled_by_their_text(tmp_path):
    values = [0.145, 1.005, 2.675, 1e-3 * 5, 8.19669999141288, 99999999999.995, 1e9]
    rows = [row(f"t{n}") | {"amount_minor": value} for n, value in enumerate(values)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    ledger = read(tmp_path / "a.parquet", Mapping.from_dict({"amount": {"scale": 100}}))
    exact = [int(Decimal(repr(one)).scaleb(2).to_integral_value(ROUND_HALF_EVEN)) for one in values]
    want = {f"t{n}": amount for n, amount in enumerate(exact) if amount}
    assert {one["tx_id"]: one["amount"] for one in rows_of(ledger)} == want


def test_parquet_times_and_decimals_of_every_kind(tmp_path):
    micros = pa.array([START], pa.int64())
    kinds = [pa.timestamp("us"), pa.timestamp("ns"), pa.timestamp("ms"), pa.timestamp("us", "Asia/Shanghai")]
    for kind in kinds:
        unit = micros.cast(pa.timestamp("us", getattr(kind, "tz", None))).cast(kind)
        table = pa.Table.from_pylist([row()]).set_column(1, "ts", unit)
        amount = pa.array([Decimal("12.50")], pa.decimal128(20, 2))
        table = table.set_column(table.column_names.index("amount_minor"), "amount_minor", amount)
        pq.write_table(table, tmp_path / "a.parquet")
        (only,) = rows_of(read(tmp_path / "a.parquet", Mapping.from_dict({"amount": {"scale": 100}})))
        assert (only["ts"], only["amount"]) == (START, 1250)


@pytest.mark.parametrize(
    ("tables", "said", "hint"),
    [
        ({"column": {}}, "column", "columns"),
        ({"columns": {"amount": "value"}}, "amount", "amount_minor"),
        ({"time": {"formt": "iso"}}, "formt", "format"),
        ({"time": {"format": "unix"}}, "unix", "epoch"),
        ({"time": {"unit": "m"}}, "unit", "ms"),
        ({"time": {"zone": "Mars/Base"}}, "zone", "Shanghai"),
        ({"time": {"origin": "yesterday"}}, "origin", "2024"),
        ({"amount": {"scale": 0}}, "scale", "100"),
        ({"amount": {"scale": "many"}}, "scale", "100"),
        ({"columns": {"currency": "x"}, "constants": {"currency": "CNY"}}, "currency", "one of"),
        ({"constants": {"tx_id": "1"}}, "tx_id", "apart"),
        ({"file": {"delimiter": "||"}}, "delimiter", ","),
    ],
)
def test_what_is_not_understood_is_refused_with_a_hint(tables, said, hint):
    with pytest.raises(InputError) as refused:
        Mapping.from_dict(tables)
    assert said in refused.value.message and hint in refused.value.hint


def test_the_examples_read_their_sources(tmp_path):
    synthfin = tmp_path / "synthfin.csv"
    synthfin.write_text(
        "txn_id,source_id,target_id,timestamp,amount,is_fraud\n"
        "0,154,1472,2024-01-01 00:00:33.037265062,8.19669999141288,0\n"
    )
    (only,) = rows_of(read(synthfin, Mapping.load(EXAMPLES / "payments-synthfin.toml")))
    assert (only["ts"], only["amount"], only["tx_id"]) == (START + 33037265, 820, "0")
    amlsim = tmp_path / "amlsim.csv"
    amlsim.write_text("sourceNodeId,targetNodeId,value,time\n216,14730,163.3,1\n322,5431,143.11,1\n")
    ledger = read(amlsim, Mapping.load(EXAMPLES / "payments-amlsim.toml"))
    assert [(one["ts"], one["amount"]) for one in rows_of(ledger)] == [
        (START + 86400 * 10**6, 16330), (START + 86400 * 10**6, 14311)
    ]  # fmt: skip
    assert any("numbered" in note for note in ledger.notes)


def test_a_mapping_may_name_its_own_scan_code_words(tmp_path):
    rows = [row(f"t{n}", channel=word) for n, word in enumerate(("C2B", "QR", "x", ""))]
    path = write(tmp_path / "a.csv", rows)
    ledger = read(path, Mapping.from_dict({"channel": {"scan": ["C2B"]}}))
    assert [one["channel"] for one in rows_of(ledger)] == [1, 1, 2, 0]


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        (["1704067200", "1704067201"], 'format = "epoch", unit = "s"'),
        (["1704067200.5"], 'format = "epoch", unit = "s"'),
        (["1704067200000"], 'format = "epoch", unit = "ms"'),
        (["1704067200000000"], 'format = "epoch", unit = "us"'),
        (["1704067200000000999", "", "1704067200000000001"], 'format = "epoch", unit = "ns"'),
        (["0", "1", "743"], 'format = "step", unit = "h"'),
        (["20240131", "20240201"], "YYYYMMDD"),
        (["20240131120000"], "YYYYMMDD"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_times_that_are_numbers_name_the_mapping_they_need(tmp_path, texts, lines, kind):
    rows = [row(f"t{n}", text) for n, text in enumerate(texts)]
    path = tmp_path / f"a.{kind}"
    if kind == "csv":
        write(path, rows)
    else:
        whole = all(text.isdigit() for text in texts)
        rows = [one | {"ts": int(one["ts"]) if whole else one["ts"]} for one in rows]
        pq.write_table(pa.Table.from_pylist(rows), path)
    with pytest.raises(InputError) as refused:
        read(path)
    assert lines in refused.value.hint and path.name in refused.value.message
    if "epoch" in lines:
        form, unit = (part.split('"')[1] for part in lines.split(","))
        mapping = Mapping.from_dict({"time": {"format": form, "unit": unit}})
        assert {one["ts"] // 10**6 for one in rows_of(read(path, mapping))} <= {
            START // 10**6,
            START // 10**6 + 1,
        }


def test_some_numbers_among_times_cost_themselves(tmp_path):
    assert times(tmp_path, {}, ["2024-01-01T00:00:00Z", "1704067200"]) == [START, None]
