"""Spark: the same work on a cluster, or on the processors here where none is configured.

Spark's own configuration says which (``spark.master``). Rows carry their number through it, and are put in
order again; what Spark writes in a folder of its own is read back and removed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import OutsideError

ROW: Final = "_ringfence_row"
_JAVA: Final = "install Java 17 or later (Debian: apt-get install default-jre-headless)"


@contextmanager
def map_on_spark(
    source: Path, beside: Path, work: Callable[[Any], Any], schema: Any, columns: list[str],  # noqa: ANN401
    most: int, rows: int,
) -> Iterator[Iterator[Any]]:  # fmt: skip
    """Batches with ``schema``, in the order of the file's rows. Raises `OutsideError` without Java, and where
    Spark failed."""
    from pyspark.sql.pandas.types import from_arrow_schema

    numbered = schema.append(pa.field(ROW, pa.int64()))
    options = {"spark.sql.execution.arrow.maxRecordsPerBatch": str(rows)}
    with tempfile.TemporaryDirectory(prefix=".spark-", dir=beside.resolve()) as folder:
        with session("ringfence", options, local=f"local[{most}]", without="--engine local") as spark:
            read = spark.read.parquet(f"file://{source.resolve()}")
            picked = read.select(
                *(read[f"`{one}`"] for one in columns), read["_metadata.row_index"].alias(ROW)
            )
            made = picked.repartition(_parts(source, most, rows), ROW).mapInArrow(
                partial(_each, work, numbered), from_arrow_schema(numbered)
            )
            made.orderBy(ROW).write.parquet(f"file://{folder}/out")
        yield _back(Path(folder) / "out", schema)


def _each(work: Callable[[Any], Any], schema: Any, batches: Iterable[Any]) -> Iterator[Any]:  # noqa: ANN401
    for batch in batches:
        numbers = batch.column(ROW)
        made = work(batch.drop_columns([ROW]))
        if made.num_rows != batch.num_rows:
            raise ValueError(f"{batch.num_rows} rows became {made.num_rows}")
        yield pa.RecordBatch.from_arrays([*made.columns, numbers], schema=schema)


def _back(folder: Path, schema: Any) -> Iterator[Any]:  # noqa: ANN401
    expected = 0
    for part in sorted(folder.glob("part-*.parquet")):
        with pq.ParquetFile(part) as file:
            for batch in file.iter_batches():
                numbers = batch.column(ROW).to_pylist()
                if numbers != list(range(expected, expected + len(numbers))):
                    raise OutsideError("Spark lost the order of the rows", hint="run it with --engine local")
                expected += len(numbers)
                yield pa.RecordBatch.from_arrays(
                    [batch.column(one.name).cast(one.type) for one in schema], schema=schema
                )


def _parts(source: Path, most: int, rows: int) -> int:
    """Several for each processor, so that one slow contract holds up little."""
    total = int(pq.ParquetFile(source).metadata.num_rows)
    return max(1, min(-(-total // rows), 64 * most))


@contextmanager
def session(
    name: str, options: Mapping[str, str], *, local: str, without: str, master: str | None = None
) -> Iterator[Any]:
    """A session named ``name`` where Spark's own configuration says (or ``master``), else on the processors
    here (``local``). ``options`` stand where that configuration says nothing. Raises `OutsideError` without
    Java, where Spark does not start, and where it fails; ``without`` is the option that needs no Spark."""
    if not _java():
        raise OutsideError("Spark needs Java, and none was found", hint=f"{_JAVA}; {without} needs none")
    from py4j.protocol import Py4JError
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    settings = _settings({"spark.app.name": name, **options}, configured(), local, master)
    if settings["spark.master"].startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # nobody else is to reach it
    try:
        conf = SparkConf().setAll(list(settings.items()))
        spark = SparkSession.builder.config(conf=conf).getOrCreate()
    except (PySparkException, Py4JError) as error:
        hint = f"{_JAVA}, and look at Spark's log; {without} needs neither"
        raise OutsideError(f"Spark does not start: {_last(error)}", hint=hint) from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    except (PySparkException, Py4JError) as error:
        hint = f"look at Spark's log, or run it with {without}"
        raise OutsideError(f"Spark failed: {_last(error)}", hint=hint) from error
    finally:
        spark.stop()


def _settings(
    options: Mapping[str, str], given: Mapping[str, str], local: str, master: str | None
) -> dict[str, str]:
    """``options``, then what is ``given``, then what follows from where it runs."""
    made = {"spark.ui.enabled": "false", "spark.master": local, **options, **given}
    if master:
        made["spark.master"] = master
    if made["spark.master"].startswith("local"):
        made |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return made


def configured() -> dict[str, str]:
    """Spark's own configuration: what `spark-submit` was given, or else the defaults file and
    ``PYSPARK_SUBMIT_ARGS``. Before there is a Java process, pyspark itself sees nothing of these."""
    if "PYSPARK_GATEWAY_PORT" in os.environ:
        from pyspark import SparkConf, SparkContext

        SparkContext._ensure_initialized()
        return dict(SparkConf().getAll())
    from pyspark.find_spark_home import _find_spark_home

    folder = os.environ.get("SPARK_CONF_DIR") or f"{_find_spark_home()}/conf"
    found: dict[str, str] = {}
    with suppress(OSError):
        for line in (Path(folder) / "spark-defaults.conf").read_text("utf-8").splitlines():
            if told := re.match(r"\s*(spark\.[^\s=]+)\s*[=\s]\s*(.*?)\s*$", line):
                found[told[1]] = told[2]
    words = shlex.split(os.environ.get("PYSPARK_SUBMIT_ARGS", ""))
    for option, value in pairwise(words):
        if option == "--master":
            found["spark.master"] = value
        elif option == "--conf":
            found |= [value.partition("=")[::2]]
    return found


def _java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return (Path(home) / "bin" / "java").exists() if home else shutil.which("java") is not None


def _last(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if line.partition(":")[0].endswith(("Error", "Exception"))]
    return (told or lines or [type(error).__name__])[-1][:300]
