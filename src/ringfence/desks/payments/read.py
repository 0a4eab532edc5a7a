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
from typing import Any, Final

from ringfence.core.errors import InputError
from ringfence.core.words import counted
from ringfence.desks.payments import csvfile, jsonlines, messages, parquetfile, times
from ringfence.desks.payments.accounts import Accounts
from ringfence.desks.payments.ledger import PARTIES, QUARANTINED, TRANSACTIONS, Ledger
from ringfence.desks.payments.mac import Keys, macs
from ringfence.desks.payments.mapping import Mapping
from ringfence.desks.payments.order import batches, in_number_order, write
from ringfence.desks.payments.quarantine import write as write_rows
from ringfence.desks.payments.settle import SETTLED, Settling
from ringfence.desks.payments.sources import found, is_packed, is_table, kind_of
from ringfence.desks.payments.staging import Stage
from ringfence.desks.payments.unpack import plain
from ringfence.desks.payments.vault import Vault

_BATCH: Final = 1 << 19  # rows that leave the sort at a time
_LARGE: Final = 256 << 20  # bytes of input from which the stage is a file
_PACKED: Final = 8  # times as large unpacked, about
_READERS: Final[dict[str, Any]] = {
    "csv": csvfile, "parquet": parquetfile, "lines": jsonlines, "json": jsonlines,
}  # fmt: skip


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
        ledger = replace(
            ledger, notes=(*ledger.notes, f"{counted(len(others), 'file')} of other kinds passed over")
        )
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
        if not ledger.rows and "no_status" in ledger.unmoved:
            tell(f"money moved where a pacs.002 says {' or '.join(sorted(settled))}: give these messages too")
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
    begun: bool = False  # rows of the file that is read now were taken

    def read(self, files: list[Path], work: Path, memory: int, threads: int) -> Ledger:
        stage = Stage(work, memory, threads, on_disk=sum(map(_size, files)) > _LARGE)
        try:
            with self._timed("stage"):
                self._stage(files, stage, work)
            with self._timed("order"):
                stage.settle()
                in_order, codes, currencies = stage.sort(), stage.names(), stage.currencies()
                quarantine, came_in = stage.quarantine(self.place / QUARANTINED), stage.rows()
                self.notes += stage.notes()
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
            tuple(self.notes), self.unmoved, came_in + sum(self.unmoved.values()), self.seconds,
        )  # fmt: skip

    def _stage(self, files: list[Path], stage: Stage, work: Path) -> None:
        unread: list[InputError] = []
        settling = Settling(stage)
        heard = False
        for path in files:
            self.begun = False
            try:
                with plain(path, work) as place:
                    kind = kind_of(path)
                    assert kind  # noqa: S101 (others were passed over)
                    if is_table(place, kind):
                        self._table(path.name, place, kind, stage)
                    else:
                        if wrong := messages.hear(place, kind, stage.file(path.name), settling):
                            self.notes.append(f"{path.name}: {wrong}")
                        heard = True
            except InputError as error:
                if self.begun:
                    raise
                # One bad file among others costs itself; what was begun is never left out silently.
                unread.append(error)
                self.notes.append(f"left out: {error}")
        if unread and len(unread) == len(files):
            raise unread[0]
        if not heard:
            return
        self.unmoved = settling.settle(self.settled)
        messages.write_unmoved(settling, self.keys, self.place / messages.UNMOVED)
        messages.write_parties(settling, self.keys, self.place / PARTIES, self.vault)

    def _table(self, name: str, place: Path, kind: str, stage: Stage) -> None:
        rows = iter(_READERS[kind].batches(place, self.mapping))
        first = list(itertools.islice(rows, 1))
        for one in first:
            times.check(str(place), one.table, self.mapping)
        self.begun = True
        stage.add(name, itertools.chain(first, rows), self.mapping)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[what] = round(time.perf_counter() - begun, 3)


def _size(path: Path) -> int:
    return path.stat().st_size * (_PACKED if is_packed(path) else 1)
