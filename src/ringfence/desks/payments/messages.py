"""Message files (.xml, .json, JSON lines) to payments and statuses, and payments that moved nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import InputError
from ringfence.desks.payments.document import MAX_BYTES, BadDocumentError, from_json, pieces, values
from ringfence.desks.payments.iso20022 import Payment, Reader, Status
from ringfence.desks.payments.mac import SIZE, Group, Keys, macs
from ringfence.desks.payments.settle import Settling
from ringfence.desks.payments.sources import Kind, looks_like_lines
from ringfence.desks.payments.vault import Vault

UNMOVED: Final = "unmoved.parquet"
_ROWS: Final = 1 << 16  # of a batch that is written
_UNMOVED: Final = pa.schema(
    [("tx_id", pa.string()), ("time", pa.string()), ("payer", pa.binary(16)), ("payee", pa.binary(16)),
     ("amount", pa.int64()), ("currency", pa.string()), ("status", pa.string())]
)  # fmt: skip
_PARTIES: Final = pa.schema([("account", pa.binary(16)), ("group", pa.string()), ("mac", pa.binary(16))])
_APART: Final = """
select ends as tx_id, time, payer, payee, amount, currency, nullif(status, '') as status from settled
where not moved order by nth
"""
_APART_WHO: Final = """
select payer as name from settled where not moved union select payee from settled where not moved
"""
_KNOWN: Final = """
select distinct account, text from (
    select payer as account, payer_{one} as text from settled
    union all select payee, payee_{one} from settled) where text <> '' order by account, text
"""


def hear(path: Path, kind: Kind, file: int, settling: Settling) -> str | None:
    """Take in what a file's messages say. Rows count transactions, in JSON lines the lines; what cannot be
    read as a whole counts for nothing, and what is wrong with it is returned. Raises `InputError` for a file
    that is empty or cannot be opened."""
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path} is empty", hint="it needs a message")
        lines = kind == "lines" or (kind == "json" and looks_like_lines(path))
        with path.open("rb") as stream:
            if lines:
                _lines(stream, file, settling)
                return None
            return _whole(stream, kind, file, settling)
    except OSError as error:
        settling.take_back(file)
        raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error


def _whole(stream: BinaryIO, kind: Kind, file: int, settling: Settling) -> str | None:
    reader = Reader(file)
    try:
        settling.hear(_xml(stream, reader) if kind == "xml" else _json(stream, reader, settling))
    except BadDocumentError as error:
        settling.take_back(file)
        settling.lose(file, reader.row + 1, error.reason)
        return str(error)
    return None


def _xml(stream: BinaryIO, reader: Reader) -> Iterator[Payment | Status]:
    for piece in pieces(stream):
        yield from reader.piece(piece)
    if not reader.row:
        raise BadDocumentError("not a pain.001, pacs.008 or pacs.002 with transactions")


def _json(stream: BinaryIO, reader: Reader, settling: Settling) -> Iterator[Payment | Status]:
    for message in values(stream):
        try:
            yield from reader.all(message)
        except BadDocumentError:  # well-formed, and something else: it costs itself
            settling.lose(reader.file, reader.skip(), "bad_message")
    if not reader.row:
        raise BadDocumentError("no message")


def _lines(stream: BinaryIO, file: int, settling: Settling) -> None:
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_BYTES)
            settling.lose(file, number, "too_much")
            continue
        if not (text := line.removeprefix(b"\xef\xbb\xbf").strip()):
            continue
        try:
            settling.hear([*Reader(file, number).all(from_json(text))])
        except BadDocumentError as error:
            settling.lose(file, number, error.reason)


def write_unmoved(settling: Settling, keys: Keys, path: Path) -> None:
    """Payments that moved no money, kept without identifiers: who by MAC, and the last status."""
    with pq.ParquetWriter(path, _UNMOVED) as out:
        for batch in settling.rows(_APART, _ROWS):
            columns = [
                _binary(macs(keys, "accounts", batch[name])) if name in ("payer", "payee") else batch[name]
                for name in _UNMOVED.names
            ]
            out.write_batch(pa.record_batch(columns, schema=_UNMOVED))


def write_parties(settling: Settling, keys: Keys, path: Path, vault: Vault | None) -> None:
    """Which account goes with which name and phone, all as MACs (account, group, mac; each once). A vault
    keeps what they stand for, and the accounts of payments that moved nothing."""
    groups: tuple[tuple[Group, str], ...] = (("names", "name"), ("contacts", "contact"))
    with pq.ParquetWriter(path, _PARTIES) as out:
        for group, one in groups:
            for batch in settling.rows(_KNOWN.format(one=one), _ROWS):
                made = macs(keys, group, batch["text"])
                accounts = _binary(macs(keys, "accounts", batch["account"]))
                names = pa.array([group] * len(batch), pa.string())
                out.write_batch(pa.record_batch([accounts, names, _binary(made)], schema=_PARTIES))
                if vault is not None:
                    vault.keep(group, made, batch["text"])
    if vault is not None:
        for batch in settling.rows(_APART_WHO, _ROWS):
            vault.keep("accounts", macs(keys, "accounts", batch["name"]), batch["name"])


def _binary(joined: bytes) -> Any:  # noqa: ANN401 (an Arrow array)
    count = len(joined) // SIZE
    return pa.Array.from_buffers(pa.binary(SIZE), count, [None, pa.py_buffer(joined)])
