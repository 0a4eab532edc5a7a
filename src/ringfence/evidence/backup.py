"""Backup and restore: the whole store in a folder, checked against its own log before and after.

A backup is the same for both engines: one SQLite file of one snapshot, the blobs, the other files of the
store, and a list that names all of them by SHA-256. So it can be restored to either engine.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, MetaData, create_engine, insert, inspect, select, text

from ringfence.core import migrations
from ringfence.core.database import SCHEMA_VERSION, Database
from ringfence.core.errors import InputError, StoreError
from ringfence.core.time import stamp
from ringfence.evidence.backup_check import check_rows
from ringfence.evidence.store import DATABASE_FILE, Store

LIST: Final = "backup.json"
BATCH: Final = 500
_VERSION: Final = "alembic_version"


class Backup(msgspec.Struct, frozen=True):
    """What a backup holds: the log's ``size`` and ``root`` (64 hex digits) in its snapshot, and every file
    by its path in the folder with its SHA-256 (64 hex digits). ``v`` is the version of this form."""

    made: str
    revision: str
    size: int
    root: str
    files: dict[str, str]
    v: int = 1


def backup(store: Store, out: Path) -> Backup:
    """Write a backup to a folder that must not exist. Others may write to the store meanwhile: what they
    add after the snapshot is not in it. Raises `StoreError` where the store contradicts its log (a
    damaged store makes no backup that looks whole) or a file cannot be written."""
    if out.exists():
        raise InputError(f"{out} is there already", hint="name a folder that does not exist")
    beside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        beside.mkdir(parents=True, mode=0o700)
        _snapshot(store.database, beside / DATABASE_FILE)
        # A blob is on the disk before its row is, so every blob of the snapshot is there by now.
        for path in _others(store.folder):
            _copy(store.folder / path, beside / path)
        size, root = check_rows(beside / DATABASE_FILE, beside / "blobs")
        files = {str(path.relative_to(beside)): _sha256(path) for path in _all(beside)}
        made = Backup(stamp(), migrations.HEAD, size, root, files)
        _write(beside / LIST, msgspec.json.format(msgspec.json.encode(made, order="sorted"), indent=1))
        beside.rename(out)
        _sync(out.parent)
    except OSError as error:
        raise StoreError(f"cannot write {out}: {error.strerror}", hint="free some space there") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return made


def verify(folder: Path) -> Backup:
    """The list of a backup whose every file is as it was written and whose rows and blobs agree with its
    log. Raises `StoreError` for a damaged one, naming the first file or row that is wrong."""
    try:
        made = msgspec.json.decode((folder / LIST).read_bytes(), type=Backup)
    except (OSError, msgspec.DecodeError) as error:
        raise StoreError(f"{folder} is no backup: its {LIST} cannot be read", hint="use another") from error
    there = {str(path.relative_to(folder)) for path in _all(folder)} - {LIST}
    for name in sorted(there ^ made.files.keys()):
        state = "is not of the backup" if name in there else "is missing"
        raise StoreError(f"damaged backup: {name} {state}", hint="use another backup")
    for name, wanted in made.files.items():
        if _sha256(folder / name) != wanted:
            raise StoreError(f"damaged backup: {name} was changed", hint="use another backup")
    size, root = check_rows(folder / DATABASE_FILE, folder / "blobs")
    if (size, root) != (made.size, made.root):
        raise StoreError("damaged backup: its log is not the one it lists", hint="use another backup")
    return made


def restore(folder: Path, to: Path, address: str | None = None) -> Backup:
    """Make a store from a backup, in a folder that must not exist (and an empty database at the PostgreSQL
    ``address``). Nothing is made from a damaged backup. Raises as `verify`."""
    if to.exists():
        raise InputError(f"{to} is there already", hint="name a folder that does not exist with --store")
    made = verify(folder)
    beside = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    try:
        for name in made.files:
            if name != DATABASE_FILE or address is None:
                _copy(folder / name, beside / name)
        if address is not None:
            _fill(folder / DATABASE_FILE, address)
        beside.mkdir(exist_ok=True)
        beside.rename(to)
        _sync(to.parent)
    except OSError as error:
        raise StoreError(f"cannot write {to}: {error.strerror}", hint="free some space there") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return made


# --- the database ----------------------------------------------------------------------------------
def _snapshot(database: Database, out: Path) -> None:
    if database.path is not None:
        with closing(sqlite3.connect(database.path)) as source, closing(sqlite3.connect(out)) as copy:
            source.backup(copy)  # in one step: one state, whoever writes meanwhile
            copy.execute("pragma journal_mode=delete")
        return
    tables, rules = migrations.split("sqlite")
    with closing(sqlite3.connect(out)) as made:
        for statement in tables:
            made.execute(statement)
        made.commit()
    engine = create_engine(f"sqlite:///{out}")
    with engine.begin() as target, database.read() as source:
        _rows(source, target)
        for statement in rules:  # after the rows: a rule on how an order begins refuses one that has begun
            target.exec_driver_sql(statement)
        target.execute(text(f"create table {_VERSION} (version_num varchar(32) not null primary key)"))
        target.execute(text(f"insert into {_VERSION} values ('{migrations.HEAD}')"))  # noqa: S608
        target.execute(text(f"pragma user_version = {SCHEMA_VERSION}"))
    engine.dispose()


def _fill(source: Path, address: str) -> None:
    """Fill an empty PostgreSQL database from a backup's file, all or nothing."""

    def rows(target: Connection) -> None:
        engine = create_engine(f"sqlite:///{source}")
        with engine.connect() as reader:
            _rows(reader, target)
        engine.dispose()

    Database(address, filled=rows).close()


def _rows(source: Connection, target: Connection) -> None:
    """Copy every row of every table. The SQLite side says what tables and columns there are."""
    tables = MetaData()
    tables.reflect(source if source.dialect.name == "sqlite" else target)
    for table in tables.sorted_tables:
        if table.name == _VERSION:
            continue
        found = source.execute(select(table), execution_options={"yield_per": BATCH})
        for page in found.partitions(BATCH):
            target.execute(insert(table), [dict(row._mapping) for row in page])
        if target.dialect.name == "postgresql":
            _count_on(target, table.name)


def _count_on(connection: Connection, table: str) -> None:
    """Let a numbered table go on after its last row."""
    for column in inspect(connection).get_columns(table):
        if "nextval" in str(column["default"]):
            name = column["name"]
            connection.execute(
                text(
                    f"select setval(pg_get_serial_sequence('{table}', '{name}'), "  # noqa: S608 (names are ours)
                    f"coalesce(max({name}), 0) + 1, false) from {table}"
                )
            )


# --- files -----------------------------------------------------------------------------------------
def _others(folder: Path) -> list[Path]:
    """The files of a store besides its database: blobs, keys, tiles; no locks, nothing half written."""
    found = (path.relative_to(folder) for path in _all(folder))
    return [
        path for path in found if not path.name.startswith((".", DATABASE_FILE)) and path.suffix != ".lock"
    ]


def _all(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    target.chmod(source.stat().st_mode & 0o700)
    with target.open("rb") as file:
        os.fsync(file.fileno())


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
