"""Many contracts from a file to a file: every row answered, and the same bytes wherever it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from debian import require
from interfaces.command import run
from ringfence.core import parquet
from ringfence.core.errors import InputError
from ringfence.desks.tokens import bulk
from ringfence.desks.tokens.capability import IDS
from ringfence.desks.tokens.screen import screen

from .solidity import tricks


def codes() -> list[tuple[str, bytes | None, str]]:
    """Names, codes and addresses: tokens of several kinds, twice, and what is none."""
    some = [(name, tricks()[name].runtime) for name in ("PowerMint", "HonestFee", "SizeGate", "ProxySwap")]
    odd: list[tuple[str, bytes | None]] = [
        ("null", None), ("empty", b""), ("eof", b"\xef\x00\x01"), ("large", bytes(60_000)),
        ("loop", bytes.fromhex("5b600056")), ("cut", tricks()["PowerFee"].runtime[:100]),
    ]  # fmt: skip
    return [(name, code, f"0x{at:040x}") for at, (name, code) in enumerate([*some, *odd, *some])]


def table(path: Path, **columns: Any) -> Path:
    rows = codes()
    made = {"id": [name for name, _, _ in rows], "code": [code for _, code, _ in rows]}
    pq.write_table(pa.table({**made, **columns}), path, row_group_size=5)
    return path


def screened(source: Path, target: Path, *more: object) -> Any:
    ran = run("tokens", "screen", "--parquet", source, "--out", target, *more)
    assert ran.code == 0, ran.err
    return ran.json


def test_each_row_is_answered_in_order(tmp_path: Path) -> None:
    source = table(tmp_path / "in.parquet", address=[who for _, _, who in codes()], other=[1] * len(codes()))
    said = screened(source, tmp_path / "out.parquet")
    assert said == {
        "out": str(tmp_path / "out.parquet"), "rows": 14, "resolved": 6, "bad": 1,
        "engine": "local", "depth": "quick",
    }  # fmt: skip
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(row["id"], row["address"]) for row in rows] == [(name, who) for name, _, who in codes()]
    assert "other" not in rows[0]
    for row, (_, code, _) in zip(rows, codes(), strict=True):
        assert row["resolved"] or row["why"]
        if code is None:
            assert row["why"] == "no code is given (null)" and row["screening"] is None
            continue
        alone = screen(code).to_dict()
        assert json.loads(row["screening"]) == json.loads(json.dumps(alone))
        assert {name: row[name] for name in IDS} == {
            one["id"]: one["present"] for one in alone["capabilities"]
        }
    assert rows[0]["mint"] is True and rows[1]["sell_tax"] == 0.01 and rows[3]["upgrade"] is True


def test_hexadecimal_text_is_as_good(tmp_path: Path) -> None:
    source = table(tmp_path / "in.parquet")
    texts = [None if code is None else f"0x{code.hex()}" for _, code, _ in codes()]
    bad = [*texts, "0x6", "zz", "__$lib$__", "60 60\n60"]
    pq.write_table(pa.table({"code": bad}), tmp_path / "text.parquet")
    screened(source, tmp_path / "one.parquet")
    assert screened(tmp_path / "text.parquet", tmp_path / "two.parquet")["bad"] == 4
    one = pq.read_table(tmp_path / "one.parquet").drop_columns(["id"])
    two = pq.read_table(tmp_path / "two.parquet")
    assert two.slice(0, len(texts)).equals(one)
    assert [row["why"] for row in two.to_pylist()[-4:-1]] == ["no hexadecimal code"] * 3
    assert two.to_pylist()[-1]["code_hash"] is not None


def test_batches_do_not_show_in_the_bytes(tmp_path: Path) -> None:
    source = table(tmp_path / "in.parquet")
    work, made = partial(bulk.rows, depth="quick"), []
    for rows, most in ((1, 2), (3, 1), (64, 1)):
        with (tmp_path / f"{rows}.parquet").open("wb") as stream:
            read = bulk.columns(parquet.columns_of(source))
            parquet.map_file(source, stream, work, bulk.schema(read), read, most=most, rows=rows)
        made.append((tmp_path / f"{rows}.parquet").read_bytes())
    assert made[0] == made[1] == made[2]


@pytest.mark.debian
def test_on_spark_it_is_the_same_to_the_byte(tmp_path: Path) -> None:
    require("default-jre-headless", "java")
    source = table(tmp_path / "in.parquet", address=list(range(len(codes()))))
    screened(source, tmp_path / "local.parquet")
    program = "from ringfence.interfaces.cli.main import main; main()"
    options = ["tokens", "screen", "--parquet", str(source), "--engine", "spark"]
    done = subprocess.run(
        [sys.executable, "-c", program, *options, "--out", str(tmp_path / "spark.parquet")],
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert json.loads(done.stdout)["rows"] == len(codes()) and json.loads(done.stdout)["engine"] == "spark"
    assert (tmp_path / "spark.parquet").read_bytes() == (tmp_path / "local.parquet").read_bytes()
    assert {path.stem for path in tmp_path.iterdir()} == {"in", "local", "spark"}


def test_files_that_cannot_be_worked_on(tmp_path: Path) -> None:
    good = table(tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    (tmp_path / "text").write_text("no parquet")
    whole = good.read_bytes()
    (tmp_path / "cut").write_bytes(whole[: len(whole) // 2])
    changed = bytearray(whole)
    changed[4:2000] = bytes(1996)
    (tmp_path / "changed").write_bytes(changed)
    pq.write_table(pa.table({"bytecode": ["0x00"]}), tmp_path / "other")
    pq.write_table(pa.table({"code": [1]}), tmp_path / "numbers")
    for name in ("text", "cut", "changed", "other", "numbers"):
        ran = run("tokens", "screen", "--parquet", tmp_path / name, "--out", out)
        assert ran.code == 2 and "Traceback" not in ran.err and not out.exists(), name
    assert run("tokens", "screen", "--parquet", good, "--out", good).code == 2 and good.read_bytes() == whole
    assert run("tokens", "screen", "--parquet", good).code == 2
    pq.write_table(pa.table({"code": pa.array([], pa.binary())}), tmp_path / "none")
    assert screened(tmp_path / "none", out)["rows"] == 0 and pq.read_table(out).num_rows == 0
    with pytest.raises(InputError):
        bulk.columns(pa.schema([("code", pa.binary()), ("id", pa.float64())]))
