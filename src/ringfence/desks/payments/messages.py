"""Message files (.xml, .json, .jsonl) to rows of the ledger and to payments that moved nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.core.errors import InputError
from ringfence.desks.payments.batch import Batch
from ringfence.desks.payments.document import MAX_BYTES, BadDocumentError, Value, from_json, from_xml
from ringfence.desks.payments.iso20022 import Payment, Status, parse
from ringfence.desks.payments.mac import Keys, mac
from ringfence.desks.payments.quarantine import BadRow
from ringfence.desks.payments.settle import Settled

UNMOVED: Final = "unmoved.parquet"


def said_in(path: Path, bad: list[BadRow]) -> Iterator[Payment | Status]:
    """What a file's messages say; those that cannot be read go to ``bad``. Rows count transactions, or
    lines in JSON lines. Raises `InputError` for a file that is empty, cannot be read or is not what its
    name says as a whole."""
    try:
        if path.stat().st_size == 0:
            raise InputError(f"{path} is empty", hint="it needs a message")
        if path.suffix.lower() == ".jsonl":
            yield from _lines(path, bad)
            return
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is over {MAX_BYTES >> 20} MB", hint="split it, or give JSON lines")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
    try:
        whole = from_xml(data) if path.suffix.lower() == ".xml" else from_json(data)
    except BadDocumentError:
        if path.suffix.lower() == ".json" and b"\n{" in data.strip():
            yield from _lines(path, bad)  # JSON lines under another name
        else:
            bad.append(BadRow(path.name, 1, "bad_message"))
        return
    for number, message in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield from _said(message, path, number, bad)


def _lines(path: Path, bad: list[BadRow]) -> Iterator[Payment | Status]:
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                raise InputError(f"{path} row {number}: over {MAX_BYTES >> 20} MB", hint="one message a line")
            if not (text := line.removeprefix(b"\xef\xbb\xbf").strip()):
                continue
            try:
                message = from_json(text)
            except BadDocumentError:
                bad.append(BadRow(path.name, number, "bad_message"))
                continue
            yield from _said(message, path, number, bad)


def _said(message: Value, path: Path, number: int, bad: list[BadRow]) -> Iterator[Payment | Status]:
    try:
        yield from parse(message, path.name, number)
    except BadDocumentError:
        bad.append(BadRow(path.name, number, "bad_message"))


def batches(settled: Settled) -> Iterator[tuple[str, Batch]]:
    """Rows for the stage, file by file: canonical columns, amounts in minor units already."""
    by_file: dict[str, list[Payment]] = {}
    for one in settled.moved:
        by_file.setdefault(one.file, []).append(one)
    lost: dict[str, list[BadRow]] = {}
    for row in settled.bad:
        lost.setdefault(row.file, []).append(row)
    for file in sorted({*by_file, *lost}):
        rows = by_file.get(file, [])
        columns = {
            "row": pa.array([one.row for one in rows], pa.int64()),
            "tx_id": [one.ends for one in rows], "ts": [one.time for one in rows],
            "payer": [one.payer for one in rows], "payee": [one.payee for one in rows],
            "amount_minor": [str(one.amount) for one in rows], "currency": [one.currency for one in rows],
            "channel": [one.channel for one in rows], "memo": [one.memo for one in rows],
        }  # fmt: skip
        table = pa.table({name: pa.array(cells, None if name == "row" else pa.string())
                          for name, cells in columns.items()})  # fmt: skip
        yield file, Batch(table, tuple(lost.get(file, ())))


def write_unmoved(settled: Settled, keys: Keys, path: Path) -> None:
    """Payments that moved no money, kept without identifiers: who by MAC, and the last status."""
    known: dict[str, bytes] = {}

    def known_as(account: str) -> bytes:
        if account not in known:
            known[account] = mac(keys, "accounts", account)
        return known[account]

    rows = [
        {"tx_id": one.ends, "time": one.time, "payer": known_as(one.payer), "payee": known_as(one.payee),
         "amount": one.amount, "currency": one.currency, "status": status or None}
        for one, status in settled.unmoved
    ]  # fmt: skip
    schema = pa.schema([("tx_id", pa.string()), ("time", pa.string()), ("payer", pa.binary(16)),
                        ("payee", pa.binary(16)), ("amount", pa.int64()), ("currency", pa.string()),
                        ("status", pa.string())])  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows, schema), path)


def parties(settled: Settled, keys: Keys) -> tuple[pa.Table, dict[str, dict[bytes, str]]]:
    """Which account goes with which name and phone, all as MACs (account, group, mac; each once), and what
    the MACs of a group stand for, for the vault."""
    seen: dict[tuple[str, str, str], None] = {}
    everyone = [*settled.moved, *(one for one, _ in settled.unmoved)]
    for one in everyone:
        for account, name, contact in zip((one.payer, one.payee), one.names, one.contacts, strict=True):
            seen |= {(account, "names", name): None} if name else {}
            seen |= {(account, "contacts", contact): None} if contact else {}
    stands: dict[str, dict[bytes, str]] = {"names": {}, "contacts": {}}
    rows = []
    for account, group, text in seen:
        made = mac(keys, group, text)  # type: ignore[arg-type]
        stands[group][made] = text
        rows.append({"account": mac(keys, "accounts", account), "group": group, "mac": made})
    schema = pa.schema([("account", pa.binary(16)), ("group", pa.string()), ("mac", pa.binary(16))])
    return pa.Table.from_pylist(rows, schema), stands
