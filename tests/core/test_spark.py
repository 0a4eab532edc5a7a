"""Spark is opened in one place; without Java it says so, and what to do instead."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from interfaces.command import run
from ringfence.core import spark
from ringfence.core.errors import OutsideError

OPTIONS = {"local": "local[1]", "without": "--engine other"}


@pytest.fixture
def no_java(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)


@pytest.mark.usefixtures("no_java")
def test_without_java() -> None:
    with pytest.raises(OutsideError) as refused, spark.session("test", {}, **OPTIONS):
        pytest.fail("opened")
    assert "Java 17" in refused.value.hint and "--engine other" in refused.value.hint


@pytest.mark.usefixtures("no_java")
def test_java_is_also_looked_for_where_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert not spark._java()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "java").touch()
    assert spark._java()


def test_sparks_own_configuration_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pyspark sees none of it before Java runs, and a master of ours would be used instead."""
    text = (
        "# comment\nspark.master   spark://cluster:7077\nspark.driver.memory=9g\nother.key x\nspark.y -Da=b\n"
    )
    (tmp_path / "spark-defaults.conf").write_text(text)
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    monkeypatch.delenv("PYSPARK_SUBMIT_ARGS", raising=False)
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)
    assert spark.configured() == {"spark.master": "spark://cluster:7077", "spark.driver.memory": "9g",
                                  "spark.y": "-Da=b"}  # fmt: skip
    options = {"spark.driver.memory": "4g", "spark.x": "1"}
    made = spark._settings(options, spark.configured(), "local[2]", None)
    assert (made["spark.master"], made["spark.driver.memory"]) == ("spark://cluster:7077", "9g")
    assert made["spark.x"] == "1" and "spark.driver.host" not in made, "a cluster must reach the driver"
    args = "--master yarn --conf spark.x=2=3 pyspark-shell"
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", args)
    assert spark.configured() == {
        "spark.master": "yarn", "spark.driver.memory": "9g", "spark.x": "2=3", "spark.y": "-Da=b"
    }  # fmt: skip
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path / "none"))
    monkeypatch.delenv("PYSPARK_SUBMIT_ARGS")
    made = spark._settings(options, spark.configured(), "local[2]", None)
    assert (made["spark.master"], made["spark.driver.host"]) == ("local[2]", "127.0.0.1")
    assert (
        spark._settings(options, {"spark.master": "yarn"}, "local[2]", "local[1]")["spark.master"]
        == "local[1]"
    )


@pytest.mark.usefixtures("no_java")
def test_commands_without_java_end_with_three(tmp_path: Path) -> None:
    payments = tmp_path / "a.csv"
    payments.write_text(
        "tx_id,ts,payer,payee,amount_minor,currency\nt1,2026-03-01T00:00:00Z,a,b,5,CNY\n", "utf-8"
    )
    ran = run("payments", "monitor", payments, "--engine", "spark")
    assert (ran.code, ran.out) == (3, "")
    assert "Java 17" in ran.err and "--engine duckdb" in ran.err and "Traceback" not in ran.err
    contracts = tmp_path / "in.parquet"
    pq.write_table(pa.table({"code": [b"\x00"]}), contracts)
    out = tmp_path / "out.parquet"
    ran = run("tokens", "screen", "--parquet", contracts, "--engine", "spark", "--out", out)
    assert ran.code == 3 and "Java 17" in ran.err and "--engine local" in ran.err and not out.exists()


def test_a_java_that_does_not_run_is_an_outside_failure(tmp_path: Path) -> None:
    """In a process of its own: a gateway that failed is remembered."""
    (tmp_path / "java").write_text("#!/bin/sh\necho unsupported class version >&2\nexit 1\n")
    (tmp_path / "java").chmod(0o755)
    code = (
        "import json\nfrom ringfence.core.errors import OutsideError\n"
        "from ringfence.core.spark import session\n"
        "try:\n    with session('t', {}, local='local[1]', without='--engine other'): pass\n"
        "except OutsideError as error: print(json.dumps([error.message, error.hint]))"
    )
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    environment.pop("JAVA_HOME", None)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    message, hint = json.loads(done.stdout.splitlines()[-1])
    assert "does not start" in message and "Java 17" in hint and "--engine other" in hint
