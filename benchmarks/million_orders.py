"""A store with a million active orders, for measuring only: the triggers are taken away to fill it, since
a million proposals and two million approvals are not what is measured."""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ringfence.cases.order import Order, Scope
from ringfence.cases.tables import orders
from ringfence.core.canonical import digest

BEGUN = "2026-11-20T09:00:00.000000Z"


def fill(folder: Path, names: list[str], until: str) -> None:
    """Make a store at ``folder`` with one active order a name, wildcard included."""
    importlib.import_module("ringfence.enforce.publish")
    store = importlib.import_module("ringfence.evidence.store").Store(folder)
    store.close()
    raw = sqlite3.connect(folder / "ringfence.sqlite")
    raw.execute("pragma synchronous=off")
    triggers = raw.execute(
        "select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'orders'"
    ).fetchall()
    for name, _ in triggers:
        raw.execute(f"drop trigger {name}")
    columns = [column.name for column in orders.columns]
    marks = ", ".join("?" * len(columns))
    raw.executemany(f"insert into orders values ({marks})", _rows(names, until, columns))
    for _, sql in triggers:
        raw.execute(sql)
    raw.commit()
    raw.close()


def _rows(names: list[str], until: str, columns: list[str]) -> Iterator[list[object]]:
    for at, host in enumerate(names):
        number = f"{at:012d}"
        order = Order(
            id=f"RF-{number[:4]}-{number[4:8]}-{number[8:]}",
            case=f"CA-{number}",
            subject=f"site:{host}",
            scope=Scope(host),
            assessment=f"assessment:{number}",
            provision="cn-2017-announcement",
            power="cn-2017-announcement-power",
            measure="block_access",
            form="request_to_authority",
            legal_basis="Announcement of seven authorities, 4 September 2017, paragraph 3",
            mark="S",
            reasons="an order book in yuan for residents",
            why_not_smaller={"contact": "two letters came back"},
            authority="financial authority",
            addressee="telecom authority",
            notice="after",
            appeal=("administrative reconsideration within 60 days",),
            policy="nodata",
            proposer="li",
            needed=2,
            proposed_at=BEGUN,
            expires_at=until,
            review_at=until,
            laboratory=False,
            salt="0" * 32,
            state="active",
            activated_at=BEGUN,
            moved_at=BEGUN,
        )
        record = order.record
        row = order.to_row() | {"record": record, "digest": digest(record)}
        yield [row[column] for column in columns]
