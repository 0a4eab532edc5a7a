"""Cases, people and roles have no sealed record of their own: each column must be what the events say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select, text

from ringfence.cases.event import Event
from ringfence.cases.tables import case_events, cases, people, roles
from ringfence.evidence.sealed import Problem, audit

_Rows = dict[str, dict[str, Any]]


@audit
def cases_as_told(connection: Connection) -> Iterator[Problem]:
    """Cases against *opened*, *assessed* and *closed*."""
    told: _Rows = {}
    for event in _events(connection, "opened", "assessed", "closed"):
        row = told.setdefault(event.case or "", {"state": "open", "closed_at": None})
        if event.kind == "opened":
            row["opened_at"] = event.at
        elif event.kind == "closed":
            row |= {"state": "closed", "closed_at": event.at}
        elif "assessment" in event.body:
            said = event.body["assessment"]
            row |= {name: said[name] for name in ("subject", "jurisdiction", "provision", "laboratory")}
    yield from _compare(connection, cases, told)


@audit
def people_as_told(connection: Connection) -> Iterator[Problem]:
    """People against *added*."""
    added = _events(connection, "added")
    yield from _compare(
        connection, people, {e.about or "": {"name": e.body["name"], "added_at": e.at} for e in added}
    )


@audit
def roles_as_told(connection: Connection) -> Iterator[Problem]:
    """Roles against *granted* and *ended*."""
    told: _Rows = {}
    for event in _events(connection, "granted", "ended"):
        if event.kind == "granted":
            told[event.body["grant"]] = {
                "person": event.about,
                "role": event.body["role"],
                "since": event.at,
                "until": None,
                "granted_by": event.actor,
                "ended_by": None,
            }
            continue
        for row in told.values():
            if (row["person"], row["role"], row["until"]) == (event.about, event.body["role"], None):
                row |= {"until": event.at, "ended_by": event.actor}
    yield from _compare(connection, roles, told)


def _events(connection: Connection, *kinds: str) -> Iterator[Event]:
    wanted = select(case_events.c.record).where(case_events.c.kind.in_(kinds)).order_by(case_events.c.seq)
    for record in connection.execute(wanted).scalars():
        try:
            yield Event.from_record(record)
        except (msgspec.DecodeError, ValueError, TypeError):
            continue  # a record that cannot be read is told by the check of its row


def _compare(connection: Connection, table: Table, told: _Rows) -> Iterator[Problem]:
    names = ", ".join(column.name for column in table.columns)
    # As text: values as they are kept.
    there = {
        row["id"]: row
        for row in connection.execute(text(f"select {names} from {table.name}")).mappings()  # noqa: S608
    }
    for key in sorted({*there, *told}, key=str):
        if key not in told:
            yield Problem(f"{table.name} {key}", "no event tells of it")
        elif key not in there:
            yield Problem(f"{table.name} {key}", "the events tell of it, and it is missing")
        else:
            for column in table.columns:
                if column.name != "id" and there[key][column.name] != told[key].get(column.name):
                    yield Problem(f"{table.name} {key}.{column.name}", "it is not what the events say")
