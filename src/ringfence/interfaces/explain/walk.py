"""Walk: from an order back to what it rests on, and forward to what carries it. Reads the store."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import func, select

from ringfence.cases.order import Order
from ringfence.cases.records import Records
from ringfence.core.database import Database
from ringfence.core.errors import InputError
from ringfence.enforce.artefact import artefact_orders, artefacts
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.records import load_findings


class Carrier(msgspec.Struct, frozen=True):
    """The last artefact of a target that carries the order; ``current`` if it is the target's last."""

    artefact: str
    target: str
    serial: int
    made_at: str
    current: bool


class Walk(msgspec.Struct, frozen=True):
    """artefact → order → assessment → findings → observations."""

    carriers: tuple[Carrier, ...]
    order: Order
    assessment: Assessment | None
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """The ids, in that order."""
        seen = dict.fromkeys(name for finding in self.findings for name in finding.observations)
        return {
            "artefacts": [msgspec.to_builtins(carrier) for carrier in self.carriers],
            "order": self.order.id,
            "case": self.order.case,
            "assessment": self.order.assessment,
            "findings": [
                {
                    "id": finding.id,
                    "element": finding.element,
                    "state": finding.state,
                    "reason": finding.reason,
                }
                for finding in self.findings
            ],
            "observations": list(seen),
        }


def walk(database: Database, order: str) -> Walk:
    """The walk of one order. Raises `InputError` if there is none of this id."""
    records = Records(database)
    found = records.order(order)
    try:
        assessment = records.assessment(found.assessment)
    except InputError:
        assessment = None
    used = set(assessment.findings) if assessment else set()
    with database.read() as connection:
        findings = tuple(item for item in load_findings(connection, found.subject) if item.id in used)
        latest = dict(
            connection.execute(
                select(artefacts.c.target, func.max(artefacts.c.seq))
                .where(artefacts.c.laboratory == found.laboratory)
                .group_by(artefacts.c.target)
            ).all()
        )
        rows = connection.execute(
            select(
                artefacts.c.id, artefacts.c.target, artefacts.c.serial, artefacts.c.made_at,
                func.max(artefacts.c.seq).label("seq"),
            )
            .join(artefact_orders, artefact_orders.c.artefact == artefacts.c.id)
            .where(artefact_orders.c.order_id == order)
            .group_by(artefacts.c.target)
            .order_by(artefacts.c.target)
        ).all()  # fmt: skip
    carriers = tuple(
        Carrier(row.id, row.target, row.serial, row.made_at, latest.get(row.target) == row.seq)
        for row in rows
    )
    return Walk(carriers, found, assessment, findings)
