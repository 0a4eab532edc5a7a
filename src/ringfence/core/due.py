"""Due work: what is to be done again and again, when next, and how it went.

Rows spread themselves over their interval, so that a thousand sites planned at once are not looked at
at once; what fails is tried again later each time. On SQLite one process loops over the due rows; on
PostgreSQL they are handed to workers in batches (`ringfence.core.workers`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Column, Integer, String, Table, func, or_, select, update

from ringfence.core.database import Database, append_only, metadata, upsert
from ringfence.core.time import now, stamp

BATCH = 50  # targets a job: a transaction and a message each would cost more than most of the work
LEASE = timedelta(minutes=10)  # for a batch; whoever takes longer may find it done twice, and once kept
DOUBLINGS = 6  # what always fails is tried every 64 intervals

duties = Table(
    "duties",
    metadata,
    Column("kind", String, primary_key=True, nullable=False),
    Column("target", String, primary_key=True, nullable=False),
    Column("due", String, nullable=False, index=True),
    Column("every", Integer, nullable=False),  # seconds
    Column("failures", Integer, nullable=False),
    Column("claimed_until", String),
    sqlite_with_rowid=False,
)
# What was done for each time it was due: done twice by two workers, it is kept once.
duty_results = Table(
    "duty_results",
    metadata,
    Column("kind", String, primary_key=True, nullable=False),
    Column("target", String, primary_key=True, nullable=False),
    Column("due", String, primary_key=True, nullable=False),
    Column("done", String, nullable=False),
    Column("result", String, nullable=False),
    sqlite_with_rowid=False,
)
append_only(duty_results)


class Batch(msgspec.Struct, frozen=True):
    """Some targets of one kind, each with the instant (UTC stamp) at which it was due."""

    kind: str
    targets: dict[str, str]


# Does a batch and returns the digest of what came of each target; a target left out has failed.
Doer = Callable[[tuple[str, ...]], Awaitable[Mapping[str, str]]]


class Due:
    """The due rows of one database; ``clock`` is the present instant (tests turn it)."""

    def __init__(self, database: Database, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self.clock = clock

    def plan(self, kind: str, targets: Iterable[str], every: timedelta) -> None:
        """Have targets done every so often, the first time at a moment within that time which depends on
        the target. One already planned keeps its turn."""
        at, seconds = self.clock(), max(1, int(every.total_seconds()))
        rows = [
            {
                "kind": kind,
                "target": target,
                "due": stamp(at + every * _share(kind, target)),
                "every": seconds,
                "failures": 0,
            }
            for target in dict.fromkeys(targets)
        ]
        if rows:
            with self.database.begin() as connection:
                connection.execute(upsert(connection, duties).on_conflict_do_nothing(), rows)

    def hasten(self, kind: str, targets: Iterable[str]) -> None:
        """Have targets done now, also where somebody is at one: that was begun without knowing why."""
        targets = list(targets)
        if not targets:
            return
        with self.database.begin() as connection:
            chosen = duties.c.kind == kind, duties.c.target.in_(targets)
            connection.execute(
                update(duties).where(*chosen).values(due=stamp(self.clock()), claimed_until=None)
            )

    def claim(
        self, most: int = BATCH, kinds: Iterable[str] | None = None, lease: timedelta = LEASE
    ) -> Batch | None:
        """The longest due targets of one kind (of ``kinds``, if given), at most ``most``, for a time; None
        if nothing is due. What was claimed and not finished in that time may be claimed again."""
        at = self.clock()
        free = or_(duties.c.claimed_until.is_(None), duties.c.claimed_until <= stamp(at))
        ready = [duties.c.due <= stamp(at), free]
        if kinds is not None:
            ready.append(duties.c.kind.in_(list(kinds)))
        with self.database.begin() as connection:
            kind = connection.execute(
                select(duties.c.kind).where(*ready).order_by(duties.c.due).limit(1)
            ).scalar()
            if kind is None:
                return None
            found = connection.execute(
                select(duties.c.target, duties.c.due)
                .where(duties.c.kind == kind, *ready)
                .order_by(duties.c.due, duties.c.target)
                .limit(most)
            ).all()
            targets = {row.target: row.due for row in found}
            connection.execute(
                update(duties)
                .where(duties.c.kind == kind, duties.c.target.in_(list(targets)))
                .values(claimed_until=stamp(at + lease))
            )
        return Batch(kind, targets)

    def hold(self, batch: Batch) -> None:
        """Hold what was claimed for `LEASE` from now."""
        until = stamp(self.clock() + LEASE)
        with self.database.begin() as connection:
            connection.execute(
                update(duties)
                .where(
                    duties.c.kind == batch.kind,
                    duties.c.target.in_(list(batch.targets)),
                    duties.c.claimed_until.is_not(None),
                )
                .values(claimed_until=until)
            )

    def finish(self, batch: Batch, results: Mapping[str, str]) -> int:
        """Keep what came of a batch and set when each target is due next; returns how many results are
        new. A target without a result waits twice as long as the time before. A batch that another
        worker has finished changes nothing."""
        at, new = self.clock(), 0
        with self.database.begin() as connection:
            for target, due in batch.targets.items():
                mine = (
                    duties.c.kind == batch.kind, duties.c.target == target, duties.c.due == due,
                )  # fmt: skip
                row = connection.execute(select(duties.c.every, duties.c.failures).where(*mine)).first()
                if row is None:
                    continue
                failures = 0 if target in results else row.failures + 1
                wait = timedelta(seconds=row.every * 2 ** min(failures, DOUBLINGS))
                connection.execute(
                    update(duties)
                    .where(*mine)
                    .values(due=stamp(at + wait), failures=failures, claimed_until=None)
                )
                if target in results:
                    connection.execute(
                        duty_results.insert().values(
                            kind=batch.kind, target=target, due=due, done=stamp(at), result=results[target]
                        )
                    )
                    new += 1
        return new

    def results(self, kind: str) -> int:
        """How many results of a kind are kept."""
        counted = select(func.count()).select_from(duty_results).where(duty_results.c.kind == kind)
        with self.database.read() as connection:
            return int(connection.execute(counted).scalar_one())


async def do(due: Due, batch: Batch, doers: Mapping[str, Doer]) -> int:
    """Do a batch; returns how many results are new. An error is that of the whole batch."""
    try:
        results = await doers[batch.kind](tuple(batch.targets))
    except Exception:
        due.finish(batch, {})
        raise
    return due.finish(batch, results)


def _share(kind: str, target: str) -> float:
    """A number in [0, 1) that depends on nothing but the target."""
    return int.from_bytes(hashlib.sha256(f"{kind} {target}".encode()).digest()[:4], "big") / 2**32
