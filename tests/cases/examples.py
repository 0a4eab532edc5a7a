"""Parts that the tests of decisions share: people, an assessment, a clock, a recording seal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from ringfence.cases.docket import Cases
from ringfence.cases.order import Order, Scope
from ringfence.cases.people import People
from ringfence.core.database import Database
from ringfence.rulebook.assessment import Assessment, Exclusion, Measure, Node

START = datetime(2018, 8, 24, 9, tzinfo=UTC)
HOST = "huobi.pro"
SMALLER = {
    "contact": "two letters came back",
    "ask_geoblock": "asked on 20 August, no answer",
    "warn_public": "the warning of 2017 stands and the site still serves residents",
    "ask_host_registrar": "both are abroad and refused",
}


class Clock:
    """Time that passes only when told to."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Sealed:
    """Takes the place of the log and remembers every leaf."""

    leaves: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __call__(self, connection: Connection, kind: str, record_id: str, record: bytes) -> None:
        assert connection.in_transaction()
        self.leaves.append((kind, record_id, record))

    def kinds(self) -> list[str]:
        return [kind for kind, _, _ in self.leaves]


def assessment(
    host: str = HOST, *, laboratory: bool = False, grant: dict[str, object] | None = None, **changes: object
) -> Assessment:
    """A made-out assessment that grants some measures; ``grant`` changes how (notice, urgency …)."""
    measures = tuple(
        Measure(
            measure=name,
            provision="cn-2017-announcement-power",
            authority="financial authority",
            form="request_to_authority",
            addressee="telecom authority",
            condition="",
            notice="after",
            appeal=("administrative reconsideration within 60 days", "court within 15 days after that"),
            citation="Announcement of seven authorities, 4 September 2017, paragraph 3",
            mark="S",
        )
        for name in ("contact", "warn_public", "block_access")
    )
    measures = tuple(msgspec.structs.replace(measure, **(grant or {})) for measure in measures)
    made_out = Assessment(
        subject=f"site:{host}",
        jurisdiction="cn",
        provision="cn-2017-announcement",
        pack_version="1",
        pack_digest="sha256:" + "0" * 64,
        conduct="2018-08-24",
        decision="2018-08-24",
        state="made_out",
        reason="every element is met",
        tree=Node("element", "met", "provides an exchange service", "order book", element="exchange"),
        exclusions=(Exclusion("journalism", "house", "not_met", "reporting", "a trading page"),),
        reach="reading",
        reach_reason="adopted reading of 2018",
        context=(),
        measures=measures,
        laboratory=laboratory,
    )
    return msgspec.structs.replace(made_out, **changes)


class Desk:
    """A database with an analyst, three approvers, two appeals officers, an auditor, and a guest."""

    def __init__(self, place: Path | str) -> None:
        self.path = place
        self.clock = Clock()
        self.sealed = Sealed()
        self.database = Database(place)
        self.cases = Cases(self.database, self.sealed, self.clock)
        self.people = People(self.database, self.sealed, self.clock)
        self.people.add("li", "Li Analyst", "analyst")
        for person in ("wang", "chen", "zhao"):
            self.people.add(person, person.title(), "approver")
        for officer in ("sun", "wu"):
            self.people.add(officer, officer.title(), "appeals_officer")
        self.people.add("audit", "Audit", "auditor")
        self.people.add("guest", "Guest")

    def propose(
        self, host: str = HOST, *, measure: str = "block_access", needed: int = 2, days: float = 180,
        laboratory: bool = False, proposer: str = "li", grant: dict[str, object] | None = None,
        **changes: object,
    ) -> Order:  # fmt: skip
        found = assessment(host, laboratory=laboratory, grant=grant)
        options = {
            "why_not_smaller": SMALLER,
            "scope": Scope(host, True),
            "reasons": "an order book in yuan for residents",
            "expires": self.clock.at + timedelta(days=days),
        } | changes
        return self.cases.propose(
            self.cases.open(found).id, found, measure, proposer, needed=needed, **options
        )

    def active(self, host: str = HOST, **changes: object) -> Order:
        order = self.propose(host, **changes)
        for person in ("wang", "chen", "zhao")[: order.needed]:
            order = self.cases.approve(order.id, person)
        return order
