"""Findings and assessments as rows, each with its leaf in the log. They are never changed."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    LargeBinary,
    String,
    Table,
    select,
)

from ringfence.core.canonical import canonical
from ringfence.core.database import append_only, metadata
from ringfence.core.errors import StoreError
from ringfence.evidence import log
from ringfence.evidence.log import leaves
from ringfence.evidence.sealed import named_after, sealed
from ringfence.evidence.store import observations
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.finding import Finding

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("element", String, nullable=False),
    Column("state", String, nullable=False),
    Column("author", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
)
append_only(findings)
sealed(findings, "finding", room=__name__, id=named_after("finding"))

assessments = Table(
    "assessments",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("provision", String, nullable=False),
    Column("state", String, nullable=False),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
)
append_only(assessments)
sealed(assessments, "assessment", room=__name__, id=named_after("assessment"))


# Findings stand in the order of their leaves: it is the order of keeping on either engine.
_KEPT = (leaves.c.id == findings.c.id, leaves.c.kind == "finding")


def keep_findings(connection: Connection, items: Iterable[Finding]) -> list[str]:
    """Keep findings; returns their ids. One already kept stays as it is."""
    return [
        _keep(connection, findings, "finding", item, element=item.element, author=item.author)
        for item in items
    ]


def keep_assessments(connection: Connection, items: Iterable[Assessment]) -> list[str]:
    """Keep assessments; returns their ids. One already kept stays as it is."""
    return [_keep(connection, assessments, "assessment", item, provision=item.provision) for item in items]


def _keep(connection: Connection, table: Table, kind: str, item: Finding | Assessment, **columns: str) -> str:
    name = item.id
    if connection.execute(select(table.c.id).where(table.c.id == name)).scalar() is None:
        record = canonical(item)
        row = {"subject": item.subject, "state": item.state, "laboratory": item.laboratory, **columns}
        connection.execute(table.insert().values(id=name, record=record, **row))
        log.append(connection, kind, name, record)
    return name


def load_findings(connection: Connection, subject: str) -> list[Finding]:
    """Every finding on a subject, in the order in which they were kept."""
    wanted = select(findings.c.record).where(findings.c.subject == subject, *_KEPT).order_by(leaves.c.idx)
    rows = connection.execute(wanted).scalars()
    return [msgspec.json.decode(record, type=Finding) for record in rows]


def counting(connection: Connection, found: Iterable[Finding]) -> list[Finding]:
    """The findings that count now: of each author, rule and element the one from the latest look, and of
    those without a look (people's) the one kept last."""
    newest: dict[tuple[str, str, str], tuple[str, Finding]] = {}
    for finding in found:
        times = select(observations.c.started).where(observations.c.id.in_(finding.observations))
        seen = max(connection.execute(times).scalars(), default="")
        key = (finding.author, finding.rule, finding.element)
        if key not in newest or seen >= newest[key][0]:
            newest[key] = (seen, finding)
    return [finding for _, finding in newest.values()]


def subjects_found(connection: Connection, element: str, state: str) -> set[str]:
    """The subjects whose latest finding on an element has this state."""
    seen = select(findings.c.subject, findings.c.state).where(findings.c.element == element, *_KEPT)
    # In the order of keeping, so that the last one said of a subject stays.
    latest = {row[0]: row[1] for row in connection.execute(seen.order_by(leaves.c.idx))}
    return {subject for subject, said in latest.items() if said == state}


def load_assessment(connection: Connection, name: str) -> Assessment:
    """One assessment. Raises `StoreError` if there is none with this id."""
    record = connection.execute(select(assessments.c.record).where(assessments.c.id == name)).scalar()
    if record is None:
        raise StoreError(f"no assessment {name}", hint="list cases with ringfence cases list")
    return msgspec.json.decode(record, type=Assessment)


def unlike(connection: Connection, table: Table, items: Iterable[Finding | Assessment]) -> list[str]:
    """Ids of items whose canonical bytes are not those kept under their id."""
    return [
        item.id
        for item in items
        if connection.execute(select(table.c.record).where(table.c.id == item.id)).scalar() != canonical(item)
    ]
