"""Session: lines of payments in, lines about them out, each of these once, whatever happens in between."""

from __future__ import annotations

import codecs
import csv
import os
import time
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final

import msgspec

from ringfence.core.errors import InputError, StoreError
from ringfence.core.time import now
from ringfence.desks.payments.lists import Prices
from ringfence.desks.payments.mac import mac
from ringfence.desks.payments.online.checkpoint import Folder
from ringfence.desks.payments.online.event import Event
from ringfence.desks.payments.online.identities import Identities
from ringfence.desks.payments.online.shelf import PART, Shelf
from ringfence.desks.payments.online.spill import Spill
from ringfence.desks.payments.online.stream import Stream, Told
from ringfence.desks.payments.quarantine import FIRST, REASONS
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.vault import Vault

_TAIL: Final = 4096  # bytes before a position by which the input is known again
_CHUNK: Final = 1 << 20
_decode: Final = msgspec.json.Decoder(float_hook=Decimal).decode
_UNKNOWN: Final = [""]  # a header, before the first line; JSON lines have an empty one


class Session:
    """``out`` is a file that is written from where the checkpoint stands, or a stream; ``note`` gets messages
    for a person. ``folder`` keeps checkpoints, with ``vault`` for the names, at least every so many lines
    (0: not by lines) and ``seconds``. A context manager."""

    def __init__(
        self, rules: Rules, out: Path | BinaryIO, note: Callable[[str], None], *,
        exchanges: frozenset[str] = frozenset(), contacts: Mapping[str, int] | None = None,
        prices: Prices | None = None, lateness: int = 0, memory: int = 0, folder: Folder | None = None,
        vault: Vault | None = None, every: int = 0, seconds: float = 30.0,
    ) -> None:  # fmt: skip
        self._note, self._folder, self._vault = note, folder, vault
        self._every, self._seconds = every, seconds
        loaded = folder.load() if folder else None
        macs = loaded[2] if loaded else b""
        identities = Identities(exchanges, contacts or {}, vault if folder else None, macs)
        place = folder.path if folder else None
        self.stream = Stream(
            rules, identities, prices, lateness=lateness, memory=memory, shelf=Shelf(place),
            spill=Spill(place),
        )  # fmt: skip
        self.bytes, self.lines = 0, 0  # of the input, taken in
        self._tail, self._header, self._written, self.ended = b"", _UNKNOWN, 0, False
        self._known = b""
        if loaded:
            told = loaded[0]
            self.stream.load(told["stream"], loaded[1])
            self.bytes, self.lines, self._header = told["bytes"], told["lines"], told["header"]
            self._known, self._written, self.ended = told["tail"], told["written"], told["ended"]
        self.stream.scorer.spill.log.sweep()
        self._file = out if not isinstance(out, Path) else _opened(out, self._written)
        self._path = out if isinstance(out, Path) else None
        self._saved, self._when = self.lines, time.monotonic()
        self._decoder = msgspec.json.Decoder(Event)

    def skip(self, source: BinaryIO) -> None:
        """Pass over the input that was taken in before. Raises `InputError` where it is another one."""
        left = self.bytes
        if left and source.seekable():
            source.seek(max(0, left - _TAIL), os.SEEK_CUR)
            left = min(left, _TAIL)
        while left:
            part = source.read(min(left, _CHUNK))
            if not part:
                break
            self._tail = (self._tail + part)[-_TAIL:]
            left -= len(part)
        if left or (self.bytes and self._mac() != self._known):
            raise InputError(
                f"this is not the input of which {self.bytes:,} bytes were taken in",
                hint="give the same input from its beginning, or begin with a new folder",
            )

    def feed(self, lines: Iterable[bytes]) -> None:
        """Take whole lines in and write what they lead to."""
        self.stream.identities.turn(now().date())
        for line in lines:
            self._line(line)
            self.bytes += len(line)
            self.lines += 1
            if self._every and self.lines - self._saved >= self._every:
                self.save()
            elif not self.lines % PART:
                self._write(self.stream.flush())
                self.stream.trim()
        self._write(self.stream.flush())
        if self._folder and time.monotonic() - self._when >= self._seconds:
            self.save()

    def _line(self, line: bytes) -> None:
        self._tail = (self._tail + line)[-_TAIL:] if self._folder else b""
        if line.isspace() or not line:
            return
        why: str | None
        try:
            if self._header == _UNKNOWN:  # the first line tells; a bad one later costs itself
                line = line.removeprefix(codecs.BOM_UTF8)
                self._header = [] if line.lstrip(b" \t")[:1] == b"{" else _names(line)
                if self._header:
                    return
            event = self._cells(line) if self._header else self._decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, csv.Error, RecursionError):
            event = _lenient(line)
        if event is None or b"\0" in line or (not self._header and b"\\u0000" in line):  # in no identifier
            why = "unreadable"
            self.stream.refused[why] += 1
        else:
            why = self.stream.take(event)
        if why and self.stream.refused[why] <= FIRST:
            self._note(f"line {self.lines + 1}: {REASONS.get(why, why)}")

    def _cells(self, line: bytes) -> Event | None:
        cells = next(csv.reader([line.decode()]))
        if len(cells) != len(self._header):
            return None
        return Event.from_dict(dict(zip(self._header, cells, strict=True)))

    def _write(self, told: Iterable[Told]) -> None:
        encode, write = msgspec.json.encode, self._file.write
        for one in told:
            line = encode(one) + b"\n"
            self._written += len(line)
            write(line)
        self._file.flush()

    def end(self) -> None:
        """The input is over: what is held and open is told."""
        self._write(self.stream.end())
        self.ended = True
        self.save()

    def save(self) -> None:
        """A checkpoint, where there is a folder: all that was written is on disk before it."""
        self._write(self.stream.flush())
        self._saved, self._when = self.lines, time.monotonic()
        if not self._folder:
            return
        if self._path:
            os.fsync(self._file.fileno())
        self.stream.trim()
        macs = self.stream.identities.keep(self.stream.scorer.open.accounts())
        told = {
            "stream": self.stream.to_dict(), "bytes": self.bytes, "lines": self.lines, "header": self._header,
            "tail": self._mac(), "written": self._written, "ended": self.ended,
        }  # fmt: skip
        log = self.stream.scorer.spill.log
        log.sync()
        self._folder.save(told, self.stream.scorer.state, macs)
        self.stream.shelf.sweep()
        log.sweep()

    def _mac(self) -> bytes:
        """Of the last bytes of the input, which hold identifiers."""
        return mac(self._vault.keys(), "names", self._tail.decode("latin-1")) if self._vault else b""

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._path:
            self._file.close()


def _opened(path: Path, written: int) -> BinaryIO:
    """The file, cut to what a checkpoint knows of it. Raises `StoreError` where it is shorter."""
    try:
        file = path.open("r+b" if path.exists() else "w+b")
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}", hint="check the path") from error
    if file.seek(0, os.SEEK_END) < written:
        file.close()
        raise StoreError(
            f"{path} is shorter than the {written:,} bytes written before", hint="give the same --out"
        )
    file.truncate(written)
    file.seek(written)
    return file


def _names(line: bytes) -> list[str]:
    try:
        names = [name.strip().lower() for name in next(csv.reader([line.decode("utf-8-sig")]))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            "the input is neither JSON lines nor CSV",
            hint="UTF-8; unpack or convert it: gzip -dc, iconv",
        ) from error
    missing = {"tx_id", "ts", "payer", "payee", "amount_minor", "currency"} - set(names)
    if missing:
        raise InputError(
            f"no column {', '.join(sorted(missing))} (row 1)",
            hint="UTF-8, as JSON lines or CSV with a header of the canonical names",
        )
    return names


def _lenient(line: bytes) -> Event | None:
    """An object of which something is missing or of another kind, so that the reason can be told."""
    cells: Any
    try:
        cells = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError, RecursionError):
        return None
    return Event.from_dict(cells) if isinstance(cells, dict) else None
