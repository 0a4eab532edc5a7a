"""Fsck: everything in a store against everything else.

Blobs against their names, rows against their records, records against their leaves, leaves against
tiles, roots against signed checkpoints. Nothing is changed.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable
from pathlib import Path

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from ringfence.core.bulk import map_batches, workers
from ringfence.core.errors import StoreError
from ringfence.evidence import log, logkey
from ringfence.evidence.check_guards import check_guards
from ringfence.evidence.check_leaves import check_leaves
from ringfence.evidence.check_published import check_published
from ringfence.evidence.check_rows import check_missing, check_rows, check_twice
from ringfence.evidence.publish import shelf_of
from ringfence.evidence.sealed import AUDITS, ERASED, LEFT, TABLES, Audit, Problem, rooms
from ringfence.evidence.store import Store

MANY = 50_000  # leaves from which on a second process earns its start
MOST = 1_000  # problems reported by one part: the rest would say the same


class Fsck(msgspec.Struct, frozen=True):
    """How much was looked at, and what is wrong."""

    entries: int
    rows: int
    blobs: int
    problems: tuple[Problem, ...]


class Part(msgspec.Struct, frozen=True):
    """What one part of the work found."""

    name: str
    count: int
    problems: list[Problem]


def fsck(house: Store, progress: Callable[[str, int], None] = lambda name, count: None) -> Fsck:
    """Look at the whole store. A damaged database is a problem found, not an error.

    Each part reads one state of the database; what is written meanwhile is whole in either.
    """
    parts = ["published", "leaves", *(f"rows {name}" for name in TABLES), "missing", "blobs", "audits"]
    try:
        with house.database.read() as connection:
            many = log.size(connection) >= MANY
    except (StoreError, SQLAlchemyError):
        many = False
    found: list[Part] = []

    def note(part: Part) -> None:
        found.append(part)
        progress(part.name, part.count)

    if many:
        with workers(_prepare, (house.folder, house.address, rooms())) as pool:
            for part in map_batches(pool, _apart, parts, ahead=len(parts)):
                note(part)
    else:
        for name in parts:
            note(_part(house, name))
    return Fsck(
        entries=sum(part.count for part in found if part.name == "leaves"),
        rows=sum(part.count for part in found if part.name.startswith("rows ")),
        blobs=sum(part.count for part in found if part.name == "blobs"),
        problems=tuple(problem for part in found for problem in part.problems),
    )


_house: Store


def _prepare(folder: Path, address: str | None, modules: tuple[str, ...]) -> None:
    global _house
    for module in modules:
        importlib.import_module(module)
    _house = Store(folder, address)


def _apart(name: str) -> Part:
    return _part(_house, name)


def _part(house: Store, name: str) -> Part:
    try:
        with house.database.read() as connection:
            count, problems = _look(house, connection, name)
    except (StoreError, SQLAlchemyError, OSError, OverflowError) as error:
        return Part(name, 0, [Problem(f"database ({name})", str(error).split("\n")[0])])
    if len(problems) > MOST:
        more = Problem(name, f"{len(problems) - MOST} more problems")
        problems = [*problems[:MOST], more]
    return Part(name, count, problems)


def _look(house: Store, connection: Connection, name: str) -> tuple[int, list[Problem]]:
    match name.split():
        case ["published"]:
            roots, problems = check_published(connection, house.folder / logkey.KEY_FILE)
            return len(roots), problems
        case ["leaves"]:
            shelf = shelf_of(house)
            files = shelf.files()  # before the first question to the database: see check_leaves
            roots, _ = check_published(connection, house.folder / logkey.KEY_FILE)
            return check_leaves(connection, shelf, roots, files)
        case ["rows", table]:
            return check_rows(
                connection, TABLES[table], house.blobs.path, _erased(connection), _left(connection)
            )
        case ["missing"]:
            return 0, [*check_missing(connection, _erased(connection)), *check_twice(connection)]
        case ["blobs"]:
            return _blobs(house.blobs.root)
        case _:
            audits = [problem for audit in AUDITS for problem in _audited(connection, audit)]
            return 0, [*audits, *check_guards(connection)]


def _audited(connection: Connection, audit: Audit) -> list[Problem]:
    try:
        return list(audit(connection))
    except (msgspec.MsgspecError, AttributeError, KeyError, TypeError, ValueError) as error:
        return [Problem(audit.__name__, f"a record that it reads cannot be read: {error}")]


def _erased(connection: Connection) -> frozenset[str]:
    return frozenset(one for ids in ERASED for one in ids(connection))


def _left(connection: Connection) -> dict[str, str]:
    return {name: digest for told in LEFT for name, digest in told(connection).items()}


def _blobs(root: Path) -> tuple[int, list[Problem]]:
    count = 0
    problems = []
    for path in sorted(root.rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        count += 1
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != path.name or path.parent != root / found[:2]:
            problems.append(Problem(f"blob sha256:{path.name}", "its bytes are others than its name says"))
    return count, problems
