"""The door: payments come in as files and leave as a ledger, without identifiers and in order."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from ringfence.core.errors import InputError
from ringfence.desks.payments import csvfile, parquetfile
from ringfence.desks.payments.accounts import Accounts
from ringfence.desks.payments.ledger import QUARANTINED, TRANSACTIONS, Ledger
from ringfence.desks.payments.mac import Keys, macs
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.order import write
from ringfence.desks.payments.sources import TABLES, found
from ringfence.desks.payments.staging import Stage

_BATCH = 1 << 19  # rows that leave the sort at a time


def read(
    paths: Path | Sequence[Path],
    mapping: Mapping | None = None,
    *,
    keys: Keys | None = None,
    folder: Path | None = None,
    memory: int = 2048,
    threads: int = 2,
) -> Ledger:
    """Prepare payments. ``keys`` are made for this run where none are given; ``folder`` (new or empty) is
    where the ledger stays, otherwise it goes with the `Ledger`. ``memory`` (MB) bounds the sorting.

    Raises `InputError` for input that cannot be processed at all; bad rows are in `Ledger.quarantine`.
    """
    files, others = found([paths] if isinstance(paths, Path) else list(paths))
    place = Path(tempfile.mkdtemp(prefix="ringfence-payments-")) if folder is None else folder
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    work = Path(tempfile.mkdtemp(prefix="stage-", dir=place))
    try:
        ledger = _read(files, mapping or Mapping(), keys or Keys.fresh(), place, work, memory, threads)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
        raise
    shutil.rmtree(work)
    if others:
        ledger = replace(ledger, notes=(*ledger.notes, f"{len(others)} files of other kinds passed over"))
    if folder is None:
        end = weakref.finalize(ledger.book, shutil.rmtree, place, ignore_errors=True)
        return replace(ledger, end=end)
    ledger.save()
    return ledger


def _read(
    files: list[Path], mapping: Mapping, keys: Keys, place: Path, work: Path, memory: int, threads: int
) -> Ledger:
    begun = time.perf_counter()
    stage = Stage(work, memory, threads)
    try:
        for path in files:
            kind = path.suffix.lower()
            if kind not in TABLES:
                raise InputError(f"{path}: messages are not read yet", hint="give CSV or Parquet")
            batches = (csvfile if kind == ".csv" else parquetfile).batches(path, mapping)
            stage.add(path.name, batches, mapping, stage.rows)
        staged = time.perf_counter()
        stage.settle(identified=True)
        names = stage.names()
        rows, numbers = write(stage.sorted(_BATCH), len(names), place / TRANSACTIONS)
        quarantine = stage.quarantine(place / QUARANTINED)
        currencies = stage.currencies()
        in_order = time.perf_counter()
    finally:
        stage.close()
    place_of = np.empty(int(numbers.max(initial=-1)) + 1, np.int64)
    seen = numbers >= 0  # the others appear only in rows that were put aside
    place_of[numbers[seen]] = np.flatnonzero(seen)
    names = names.cast(pa.large_string()).take(pa.array(place_of)).combine_chunks()
    made = macs(keys, "accounts", names)
    ended = time.perf_counter()
    seconds = {"stage": staged - begun, "order": in_order - staged, "macs": ended - in_order}
    return Ledger(
        place / TRANSACTIONS, rows, currencies, Accounts(made, keys, names), quarantine,
        input_rows=stage.rows, seconds=seconds,
    )  # fmt: skip
