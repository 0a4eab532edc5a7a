"""Register: the subjects in the store. Adding the same again changes nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec
from sqlalchemy import Connection, func, select

from ringfence.core.database import Database, upsert
from ringfence.core.errors import InputError
from ringfence.core.ids import reference
from ringfence.core.time import stamp
from ringfence.register.host import canonical_host, site_host
from ringfence.register.merge import merge
from ringfence.register.subject import Kind, Subject
from ringfence.register.table import subject_keys, subject_versions, subjects

BATCH = 500  # subjects a transaction; a page of memory


class Added(msgspec.Struct, frozen=True):
    """What an import did. ``merged`` are further rows of subjects that this same import had written."""

    new: int = 0
    changed: int = 0
    merged: int = 0
    unchanged: int = 0


class Version(msgspec.Struct, frozen=True):
    """What the register said of a subject from ``time`` on."""

    version: int
    time: str
    digest: str
    subject: Subject


class Register:
    """Subjects in a database: ``Register(database)``."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def add(self, items: Iterable[Subject]) -> Added:
        """Add or merge subjects, a page at a time, in flat memory. A subject that already says all
        this is left alone; a changed one gets a new version and the old one is kept."""
        batch = reference("IM")
        counts = dict.fromkeys(Added.__struct_fields__, 0)
        source = iter(items)
        while page := list(islice(source, BATCH)):
            with self.database.begin() as connection:
                for outcome in _put(connection, page, batch):
                    counts[outcome] += 1
        return Added(**counts)

    def get(self, subject: str) -> Subject | None:
        """The subject with this id as it is now, or None."""
        with self.database.read() as connection:
            row = connection.execute(select(subjects.c.record).where(subjects.c.id == subject)).scalar()
        return None if row is None else Subject.from_json(row)

    def history(self, subject: str) -> tuple[Version, ...]:
        """Every version of a subject, oldest first; empty if it is unknown."""
        table = subject_versions
        query = select(table.c.version, table.c.time, table.c.digest, table.c.record)
        with self.database.read() as connection:
            rows = connection.execute(query.where(table.c.id == subject).order_by(table.c.version)).all()
        return tuple(
            Version(number, time, digest, Subject.from_json(record)) for number, time, digest, record in rows
        )

    def __iter__(self) -> Iterator[Subject]:
        return self.iterate()

    def iterate(self, *, kind: Kind | None = None) -> Iterator[Subject]:
        """Every subject, ordered by id, in flat memory; each page sees the store as it is then."""
        last = ""
        while True:
            query = select(subjects.c.id, subjects.c.record).where(subjects.c.id > last)
            if kind is not None:
                query = query.where(subjects.c.kind == kind)
            with self.database.read() as connection:
                rows = connection.execute(query.order_by(subjects.c.id).limit(BATCH)).all()
            if not rows:
                return
            for _, record in rows:
                yield Subject.from_json(record)
            last = rows[-1][0]

    def __len__(self) -> int:
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(subjects)).scalar_one())

    def by_host(self, text: str) -> tuple[Subject, ...]:
        """The subjects that a host or URL as written identifies. Raises `InputError`."""
        host = canonical_host(text)
        return self._named([host, site_host(host)], "host")

    def search(self, text: str, *, limit: int = 20) -> tuple[Subject, ...]:
        """Subjects by host, name or alias: exact first, then those that begin so, then those that
        contain it; at most ``limit``."""
        folded = fold(text)
        if not folded:
            return ()
        keys = [folded]
        try:
            host = canonical_host(text)
            keys += [host, site_host(host)]
        except InputError:
            pass  # not a host: search names only
        found = {subject.id: subject for subject in self._named(keys, None)}
        escaped = folded.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        for pattern in (f"{escaped}%", f"%{escaped}%"):
            if len(found) >= limit:
                break
            query = (
                select(subjects.c.record)
                .where(
                    subjects.c.id.in_(
                        select(subject_keys.c.id).where(subject_keys.c.key.like(pattern, escape="\\"))
                    )
                )
                .order_by(subjects.c.id)
                .limit(limit)
            )
            with self.database.read() as connection:
                for record in connection.execute(query).scalars():
                    subject = Subject.from_json(record)
                    found.setdefault(subject.id, subject)
        return tuple(found.values())[:limit]

    def _named(self, keys: list[str], what: str | None) -> tuple[Subject, ...]:
        ids = select(subject_keys.c.id).where(subject_keys.c.key.in_(keys))
        if what is not None:
            ids = ids.where(subject_keys.c.what == what)
        query = select(subjects.c.record).where(subjects.c.id.in_(ids))
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(subjects.c.id)).scalars().all()
        return tuple(Subject.from_json(row) for row in rows)


def fold(text: str) -> str:
    """A name for comparison: NFKC, case folded, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class _Row(msgspec.Struct):
    """A subject while a page is worked on; ``version`` 0 is not in the store yet."""

    subject: Subject
    version: int
    batch: str


def _put(connection: Connection, page: list[Subject], batch: str) -> list[str]:
    """Add or merge a page; what happened to each, in order. One query and three writes a page."""
    ids = {subject.id for subject in page}
    columns = select(subjects.c.id, subjects.c.record, subjects.c.version, subjects.c.batch)
    rows = connection.execute(columns.where(subjects.c.id.in_(ids))).all()
    known = {row.id: _Row(Subject.from_json(row.record), row.version, row.batch) for row in rows}
    outcomes: list[str] = []
    written: list[_Row] = []
    for subject in page:
        row = known.get(subject.id)
        if row is None:
            # Through merge all the same, so that one subject's own repetitions are folded as well.
            known[subject.id] = _Row(merge(subject, subject), 1, batch)
            written.append(msgspec.structs.replace(known[subject.id]))
            outcomes.append("new")
            continue
        both = merge(row.subject, subject, rename=row.batch != batch)
        outcomes.append("merged" if row.batch == batch else "unchanged" if both == row.subject else "changed")
        if both != row.subject:
            row.subject, row.version, row.batch = both, row.version + 1, batch
            written.append(msgspec.structs.replace(row))
    if written:
        _write(connection, written)
    return outcomes


def _write(connection: Connection, rows: list[_Row]) -> None:
    time = stamp()
    versions = [
        {
            "key": f"{row.subject.id}@{row.version}",
            "id": row.subject.id,
            "version": row.version,
            "digest": row.subject.digest,
            "record": row.subject.to_json(),
            "batch": row.batch,
            "time": time,
        }
        for row in rows
    ]
    connection.execute(subject_versions.insert(), versions)
    now = [
        {
            **{name: version[name] for name in ("id", "version", "digest", "record", "batch")},
            "kind": row.subject.kind,
            "name": row.subject.name,
            "laboratory": row.subject.laboratory,
        }
        for row, version in zip(rows, versions, strict=True)
    ]
    statement = upsert(connection, subjects)
    replaced = {name: statement.excluded[name] for name in now[0] if name != "id"}
    connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=replaced), now)
    keys = [
        {"key": key, "what": what, "id": row.subject.id} for row in rows for what, key in _keys(row.subject)
    ]
    connection.execute(upsert(connection, subject_keys).on_conflict_do_nothing(), keys)


def _keys(subject: Subject) -> Iterator[tuple[str, str]]:
    for host in subject.hosts:
        yield "host", host
    for name in subject.names:
        yield "name", fold(name)
