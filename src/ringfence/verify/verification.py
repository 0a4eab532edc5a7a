"""Verification: expectations planned and checks recorded, append-only and sealed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, insert, select

from ringfence.cases.seal import Seal
from ringfence.core.canonical import digest
from ringfence.core.database import Database, Wide, append_only, metadata
from ringfence.evidence.sealed import named_after, sealed
from ringfence.verify.check import Check
from ringfence.verify.expectation import Expectation

expectations = Table(
    "expectations",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("order_id", String, nullable=False),
    Column("vantage", String, nullable=False),
    Column("host", String, nullable=False),
    Column("expect", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("since", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("expectations_by_order", "order_id"),
)
append_only(expectations)
sealed(expectations, "event", room=__name__, id=named_after("expectation"), order_id="order")

checks = Table(
    "checks",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("order_id", String, nullable=False),
    Column("expectation", String, nullable=False),
    Column("met", Boolean),
    Column("after_ms", Wide),
    Column("observed_at", String),
    Column("evidence", String),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("checks_by_order", "order_id"),
)
append_only(checks)
sealed(checks, "event", room=__name__, id=named_after("check"), order_id="order")


class Verification:
    """What is expected and what was found, over one database."""

    def __init__(self, database: Database, seal: Seal) -> None:
        self.database = database
        self.seal = seal

    def plan(self, planned: Iterable[Expectation]) -> int:
        """Record expectations; those already there are left. Returns how many are new."""
        new = 0
        with self.database.begin() as connection:
            for expectation in planned:
                known = select(expectations.c.seq).where(expectations.c.id == expectation.id)
                if connection.execute(known).first() is not None:
                    continue
                record = expectation.record
                connection.execute(
                    insert(expectations).values(
                        id=expectation.id, order_id=expectation.order, vantage=expectation.vantage,
                        host=expectation.host, expect=expectation.expect, purpose=expectation.purpose,
                        since=expectation.since, laboratory=expectation.laboratory,
                        record=record, digest=digest(record),
                    )
                )  # fmt: skip
                self.seal(connection, "event", expectation.id, record)
                new += 1
        return new

    def record(self, found: Iterable[Check]) -> int:
        """Record checks; one already there (same looks, same result) is left. Returns how many are new."""
        new = 0
        with self.database.begin() as connection:
            for check in found:
                known = select(checks.c.seq).where(checks.c.id == check.id)
                if connection.execute(known).first() is not None:
                    continue
                record = check.record
                connection.execute(
                    insert(checks).values(
                        id=check.id, order_id=check.order, expectation=check.expectation, met=check.met,
                        after_ms=check.after_ms, observed_at=check.observed_at, evidence=check.evidence,
                        record=record, digest=digest(record),
                    )
                )  # fmt: skip
                self.seal(connection, "event", check.id, record)
                new += 1
        return new

    def expectations(self, *orders: str) -> list[Expectation]:
        """What is expected of these orders (of all, if none is named), oldest first."""
        wanted = select(expectations.c.record).order_by(expectations.c.seq)
        if orders:
            wanted = wanted.where(expectations.c.order_id.in_(orders))
        with self.database.read() as connection:
            records = connection.execute(wanted).scalars()
            return [msgspec.json.decode(record, type=Expectation) for record in records]

    def lifted(self) -> frozenset[str]:
        """The orders that were seen lifted: of what was expected after their end, all has been met."""
        expected: dict[str, set[str]] = {}
        for expectation in self.expectations():
            if expectation.purpose == "lifted":
                expected.setdefault(expectation.order, set()).add(expectation.id)
        met = {check.expectation for check in self.checks() if check.met is True}
        return frozenset(order for order, ids in expected.items() if ids <= met)

    def checks(self, *orders: str) -> list[Check]:
        """Every check of these orders (of all, if none is named), oldest first."""
        wanted = select(checks.c.record).order_by(checks.c.seq)
        if orders:
            wanted = wanted.where(checks.c.order_id.in_(orders))
        with self.database.read() as connection:
            return [
                msgspec.json.decode(record, type=Check) for record in connection.execute(wanted).scalars()
            ]
