"""The door: payments come in as files and leave as a ledger, without identifiers and in order."""

from __future__ import annotations

import itertools
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import InputError
from ringfence.desks.payments import csvfile, messages, parquetfile
from ringfence.desks.payments.accounts import Accounts
from ringfence.desks.payments.iso20022 import Payment, Status
from ringfence.desks.payments.ledger import PARTIES, QUARANTINED, TRANSACTIONS, Ledger
from ringfence.desks.payments.mac import Keys, macs
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.messages import said_in
from ringfence.desks.payments.order import batches, in_number_order, write
from ringfence.desks.payments.quarantine import BadRow
from ringfence.desks.payments.quarantine import write as write_rows
from ringfence.desks.payments.settle import SETTLED, Settled, settle
from ringfence.desks.payments.sources import MESSAGES, found
from ringfence.desks.payments.staging import Stage
from ringfence.desks.payments.vault import Vault

_BATCH: Final = 1 << 19  # rows that leave the sort at a time
_LARGE: Final = 256 << 20  # bytes of input from which the stage is a file


def read(
    paths: Path | Sequence[Path],
    mapping: Mapping | None = None,
    *,
    keys: Keys | None = None,
    vault: Vault | None = None,
    folder: Path | None = None,
    settled: frozenset[str] = SETTLED,
    memory: int = 2048,
    threads: int = 2,
) -> Ledger:
    """Prepare payments. With a ``vault`` its keys are used and it keeps the identifiers; without, ``keys``
    (by default fresh ones) and identifiers are in memory only. ``folder`` (new or empty) is where the ledger
    stays, otherwise it goes with the `Ledger`. ``settled`` are the statuses of messages by which money
    moved. ``memory`` (MB) bounds the sorting.

    Raises `InputError` for input that cannot be processed at all; bad rows are in `Ledger.quarantine`.
    """
    files, others = found([paths] if isinstance(paths, Path) else list(paths))
    if folder is not None and folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"{folder} is not empty", hint="name a new folder for the ledger")
    place = Path(tempfile.mkdtemp(prefix="ringfence-payments-")) if folder is None else folder
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Not beside the ledger: identifiers are in it, and a killed run leaves it behind.
    work = Path(tempfile.mkdtemp(prefix="ringfence-stage-"))
    try:
        secret = vault.keys() if vault else keys or Keys.fresh()
        ledger = _Reading(mapping or Mapping(), secret, vault, settled, place).read(
            files, work, memory, threads
        )
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)  # it was empty: half a ledger is none
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if others:
        ledger = replace(ledger, notes=(*ledger.notes, f"{len(others)} files of other kinds passed over"))
    if folder is None:
        end = weakref.finalize(ledger.book, shutil.rmtree, place, ignore_errors=True)
        return replace(ledger, end=end)
    ledger.save()
    return ledger


def open_ledger(
    paths: Sequence[Path],
    map_file: Path | None = None,
    *,
    vault: Path | None = None,
    keys: Keys | None = None,
    folder: Path | None = None,
    quarantine: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
    settled: frozenset[str] = SETTLED,
    memory: int = 2048,
) -> Ledger:
    """What a command calls: `read` with a mapping file and a vault file (made where there is none), telling
    a person what was assumed and left out; ``quarantine`` receives every bad row as JSON lines. ``keys``
    instead of a vault give its pseudonyms, and nothing is kept there."""
    mapping = Mapping.load(map_file) if map_file else None
    if vault is None:
        ledger = read(list(paths), mapping, keys=keys, folder=folder, settled=settled, memory=memory)
    else:
        with Vault(vault) as kept:
            ledger = read(list(paths), mapping, vault=kept, folder=folder, settled=settled, memory=memory)
    for line in (*ledger.notes, *ledger.quarantine.lines()):
        tell(line)
    if ledger.unmoved:
        told = ", ".join(f"{status} {count}" for status, count in ledger.unmoved.items())
        tell(f"payments that moved no money: {told}")
    if quarantine is not None:
        write_rows(ledger.quarantined(), quarantine)
    # Payments that were refused are an answer; rows that are all bad, or none at all, are not.
    if not ledger.rows and not ledger.unmoved:
        raise InputError(
            "no payment could be taken from the input",
            hint="see the rows left out" if ledger.quarantine.rows else "it holds no rows",
        )
    return ledger


@dataclass
class _Reading:
    mapping: Mapping
    keys: Keys
    vault: Vault | None
    settled: frozenset[str]
    place: Path
    notes: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    unmoved: dict[str, int] = field(default_factory=dict)

    def read(self, files: list[Path], work: Path, memory: int, threads: int) -> Ledger:
        large = sum(path.stat().st_size for path in files) > _LARGE
        stage = Stage(work, memory, threads, on_disk=large)
        try:
            with self._timed("stage"):
                self._stage(files, stage)
            with self._timed("order"):
                stage.settle()
                in_order, codes, currencies = stage.sort(), stage.names(), stage.currencies()
                quarantine = stage.quarantine(self.place / QUARANTINED)
                self.notes += stage.notes(self.mapping)
        finally:
            stage.close()
        with self._timed("number"):
            rows, numbers = write(batches(in_order, _BATCH), len(codes), self.place / TRANSACTIONS)
            names = in_number_order(codes, numbers)
            del codes
        with self._timed("macs"):
            made = macs(self.keys, "accounts", names)
        with self._timed("vault"):
            if self.vault is not None:
                self.vault.keep("accounts", made, names)
        return Ledger(
            self.place / TRANSACTIONS, rows, currencies, Accounts(made, self.keys, names), quarantine,
            tuple(self.notes), self.unmoved, stage.rows + sum(self.unmoved.values()), self.seconds,
        )  # fmt: skip

    def _stage(self, files: list[Path], stage: Stage) -> None:
        said: list[Payment | Status] = []
        bad: list[BadRow] = []
        unread: list[InputError] = []
        for path in files:
            kind = path.suffix.lower()
            if kind in MESSAGES:
                said += said_in(path, bad)
                continue
            rows = iter((csvfile if kind == ".csv" else parquetfile).batches(path, self.mapping))
            try:
                first = list(itertools.islice(rows, 1))
            except InputError as error:
                # One bad file among others costs itself; what was begun is never left out silently.
                unread.append(error)
                self.notes.append(f"left out: {error}")
                continue
            stage.add(path.name, itertools.chain(first, rows), self.mapping)
        if unread and len(unread) == len(files):
            raise unread[0]
        if not said and not bad:
            return
        done = settle(said, self.settled)
        done.bad += bad
        for name, batch in messages.batches(done):
            stage.add(name, [batch], Mapping())
        self.unmoved = done.counts()
        messages.write_unmoved(done, self.keys, self.place / messages.UNMOVED)
        table, stands = messages.parties(done, self.keys)
        pq.write_table(table, self.place / PARTIES)
        if self.vault is not None:
            for group in ("names", "contacts"):
                known = stands[group]
                self.vault.keep(group, b"".join(known), pa.array(list(known.values()), pa.string()))
            self._keep_unmoved(done)

    def _keep_unmoved(self, done: Settled) -> None:
        apart = sorted({name for one, _ in done.unmoved for name in (one.payer, one.payee)})
        names = pa.array(apart, pa.string())
        if self.vault is not None:
            self.vault.keep("accounts", macs(self.keys, "accounts", names), names)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[what] = round(time.perf_counter() - begun, 3)
