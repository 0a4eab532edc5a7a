"""Single mutations of a store, an export or a proof, drawn at random. Each changes something for certain."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import psycopg

# Columns of the tables that INTERFACE names, of the log's own tables, and of the rest that fsck covers.
ROWS = (
    "orders", "approvals", "case_events", "findings", "assessments", "observations", "artefacts",
    "artefact_orders", "expectations", "checks", "people", "roles", "cases", "notices", "notice_deliveries",
    "notice_deferrals", "appeals", "appeal_rulings", "redactions", "retention_orders",
)  # fmt: skip
LOG = ("leaves", "checkpoints", "cosignatures", "timestamps", "log_keys", "log_tallies")
KINDS = ("row", "row", "leaf", "checkpoint", "timestamp", "log", "blob", "tile")


def bytes_of(data: bytes, draw: random.Random) -> bytes:
    """Another byte string: a bit flipped, a byte cut, put in or doubled, a stretch zeroed, or cut short."""
    while True:
        changed = bytearray(data)
        at = draw.randrange(len(data)) if data else 0
        match draw.randrange(6) if data else 2:
            case 0 | 1:
                changed[at] ^= 1 << draw.randrange(8)
            case 2:
                changed.insert(at, draw.randrange(256))
            case 3:
                del changed[at]
            case 4:
                changed[at : at + 8] = bytes(len(changed[at : at + 8]))
            case 5:
                del changed[at:]
        if bytes(changed) != data:
            return bytes(changed)


def file(path: Path, draw: random.Random) -> str:
    """Change a file, or take it away; says what was done."""
    if draw.randrange(10) == 0:
        path.unlink()
        return f"{path} taken away"
    path.write_bytes(bytes_of(path.read_bytes(), draw))
    return f"{path} changed"


def database(path: Path, draw: random.Random, tables: tuple[str, ...] = ROWS + LOG) -> str:
    """Change a cell, or take a row away or put one in, as whoever owns the file can; says what was done.

    The guards are put back afterwards, so that nothing tells but the content.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("begin")
    guards = connection.execute("select name, sql from sqlite_master where type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"drop trigger {name}")
    connection.execute("pragma ignore_check_constraints = on")
    try:
        while True:
            done = _change(connection, draw.choice(tables), draw)
            if done:
                break
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("commit")
        connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()
    return done


def _change(connection: sqlite3.Connection, table: str, draw: random.Random) -> str:
    columns = [row[1:3] for row in connection.execute(f"pragma table_info({table})")]
    names = ", ".join(f'"{name}"' for name, _ in columns)
    rows = connection.execute(f"select {names} from {table}").fetchall()
    row = draw.choice(rows)
    key = " and ".join(f'"{name}" is ?' for name, _ in columns)
    if draw.randrange(12) == 0:
        connection.execute(f"delete from {table} where {key}", row)
        return f"{table}: a row taken away: {row}"
    at = draw.randrange(len(columns))
    name, kind = columns[at]
    value = _other(row[at], kind, draw)
    try:
        if draw.randrange(12) == 0:
            # A row put in that differs in one column: keys that must be new decide whether it can be.
            more = [*row[:at], value, *row[at + 1 :]]
            connection.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", more)
            return f"{table}: a row put in: {more}"
        done = connection.execute(f'update {table} set "{name}" = ? where {key}', (value, *row))
    except sqlite3.IntegrityError:
        return ""  # not null, unique
    after = connection.execute(f"select {names} from {table}").fetchall()
    same = sorted(map(repr, after)) == sorted(map(repr, rows))
    return "" if same or not done.rowcount else f"{table}.{name}: {row[at]!r} -> {value!r} in {row}"


def postgresql(address: str, draw: random.Random, tables: tuple[str, ...] = (*ROWS, "leaves")) -> str:
    """`database` for a PostgreSQL database, as its owner can. Check constraints stay."""
    with psycopg.connect(address, autocommit=True) as connection:
        guards = connection.execute(
            "select tgrelid::regclass::text, tgname from pg_trigger where tgenabled = 'A'"
        ).fetchall()
        for table, name in guards:
            connection.execute(f"alter table {table} disable trigger {name}")
        while True:
            try:
                done = _change_postgresql(connection, draw.choice(tables), draw)
                break
            except (psycopg.IntegrityError, psycopg.DataError, psycopg.ProgrammingError):
                continue  # not null, unique, a check, another type
        for table, name in guards:
            connection.execute(f"alter table {table} enable always trigger {name}")
        return done


def _change_postgresql(connection: psycopg.Connection[Any], table: str, draw: random.Random) -> str:
    found = connection.execute(f"select ctid, * from {table}")
    names = [column.name for column in found.description or ()][1:]
    where, *row = draw.choice(found.fetchall())
    if draw.randrange(12) == 0:
        connection.execute(f"delete from {table} where ctid = %s", (where,))
        return f"{table}: a row taken away: {row}"
    # Not ``seq``: its numbers may have gaps here, so that another number in the same order says nothing else.
    at = draw.choice([at for at, name in enumerate(names) if name != "seq"])
    value = not row[at] if isinstance(row[at], bool) else _other(row[at], "", draw)
    if draw.randrange(12) == 0:
        more = [*row[:at], value, *row[at + 1 :]]
        connection.execute(f"insert into {table} values ({', '.join(['%s'] * len(more))})", more)
        return f"{table}: a row put in: {more}"
    connection.execute(f"update {table} set {names[at]} = %s where ctid = %s", (value, where))
    return f"{table}.{names[at]}: {row[at]!r} -> {value!r} in {row}"


def _other(value: object, kind: str, draw: random.Random) -> object:
    if draw.randrange(8) == 0:
        return None if value is not None else "2018-08-24T00:00:00.000000Z"
    if isinstance(value, bytes):
        return bytes_of(value, draw)
    if isinstance(value, str):
        changed = bytes_of(value.encode(), draw).decode("utf-8", "replace").replace("\x00", "0")
        return changed if changed != value else value + "!"
    if isinstance(value, int):
        return value + draw.choice((1, -1, 2, 1000)) if kind != "BOOLEAN" else draw.choice((1 - value, 2, -1))
    return draw.choice(("", "x", 1))


def store(folder: Path, draw: random.Random) -> str:
    """One change somewhere in a store: of every kind of thing about as many."""
    what = draw.choice(KINDS)
    if what in ("blob", "tile"):
        base = folder / ("blobs" if what == "blob" else "log")
        return file(draw.choice(sorted(path for path in base.rglob("*") if path.is_file())), draw)
    tables = {"row": ROWS, "leaf": ("leaves",), "checkpoint": ("checkpoints",), "timestamp": ("timestamps",)}
    return database(folder / "ringfence.sqlite", draw, tables.get(what, LOG))


def kind_of(done: str) -> str:
    """What a change was of, in one word, from the text that says it."""
    if done.startswith("/"):
        return "blob" if "/blobs/" in done else "tile"
    table = done.split(".")[0].split(":")[0]
    return table if table in LOG else "row"


class Bench:
    """A store that is put back after every change."""

    def __init__(self, pristine: Path, place: Path) -> None:
        self.pristine = pristine
        self.place = place
        shutil.copytree(pristine, place)

    def restore(self) -> None:
        """Put everything back that differs in size or time, or is missing or new."""
        for extra in ("-wal", "-shm"):
            (self.place / f"ringfence.sqlite{extra}").unlink(missing_ok=True)
        for path in self.pristine.rglob("*"):
            there = self.place / path.relative_to(self.pristine)
            if path.is_dir():
                continue
            old = path.stat()
            if not there.exists() or (there.stat().st_size, there.stat().st_mtime_ns) != (
                old.st_size,
                old.st_mtime_ns,
            ):
                shutil.copy2(path, there)
