"""Gather: everything a report tells, read from the store in one transaction and a dozen queries."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, inspect, select
from sqlalchemy.sql import visitors

from ringfence.cases.appeal import Appeal, Ruling
from ringfence.cases.approval import Approval
from ringfence.cases.event import Event
from ringfence.cases.hearing_tables import appeals, deferrals, deliveries, notices, rulings
from ringfence.cases.notice import Deferral, Delivery, Notice
from ringfence.cases.order import Order
from ringfence.cases.tables import approvals, case_events, cases, orders, people
from ringfence.core.work import run_items, runs
from ringfence.enforce.artefact import artefact_orders, artefacts
from ringfence.evidence.log import head, leaves
from ringfence.evidence.observation import Observation
from ringfence.evidence.store import Store, observations
from ringfence.interfaces.report.heard import Told
from ringfence.register.subject import Subject
from ringfence.register.table import subjects
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.finding import Finding, State
from ringfence.rulebook.records import findings
from ringfence.verify.check import Check
from ringfence.verify.expectation import Expectation
from ringfence.verify.verification import checks, expectations

_SHOWN = ("evidence", "assessment", "order", "approval", "notice", "appeal", "artefact")


class Ruled(msgspec.Struct, frozen=True):
    """As much of a finding as the summary counts."""

    element: str
    state: State
    author: str
    rule: str
    version: str


class Looked(msgspec.Struct, frozen=True):
    """As much of a screening's result as the summary counts; the latest of each subject."""

    subject: str
    host: str
    kind: str
    inside: str | None
    outside: str | None
    stage: str | None
    outcome: str | None
    already_unreachable: bool
    assessment: str
    reason: str
    laboratory: bool
    findings: tuple[Ruled, ...]


class Leaf(msgspec.Struct, frozen=True):
    """Where a record stands in the log, and since when."""

    index: int
    time: str


class Standing(msgspec.Struct, frozen=True):
    """An artefact that an order stands in, without its content."""

    id: str
    target: str
    serial: int
    made_at: str
    digest: str


class Docketed(msgspec.Struct, frozen=True):
    """A row of the cases, and the latest assessment filed in it."""

    id: str
    subject: str
    jurisdiction: str
    provision: str
    state: str
    opened_at: str
    closed_at: str | None
    laboratory: bool
    assessment: Assessment | None

    @property
    def host(self) -> str:
        """The subject without its kind."""
        return self.subject.partition(":")[2]


class Gathered(msgspec.Struct, frozen=True):
    """See the module. Mappings go by id (``looked``, ``register`` and the findings by subject; what
    belongs to orders by order; ``events`` by case), each in the order in which it happened."""

    looked: dict[str, Looked]
    register: dict[str, Subject]
    cases: tuple[Docketed, ...]
    findings: dict[str, dict[str, Finding]]
    observations: dict[str, tuple[tuple[str, Observation], ...]]
    orders: dict[str, tuple[Order, ...]]
    approvals: dict[str, tuple[Approval, ...]]
    told: dict[str, Told]
    events: dict[str, tuple[Event, ...]]
    people: dict[str, str]
    standing: dict[str, tuple[Standing, ...]]
    expectations: dict[str, tuple[Expectation, ...]]
    checks: dict[str, tuple[Check, ...]]
    leaves: dict[str, Leaf]
    log_size: int
    log_root: str

    @property
    def laboratory(self) -> bool:
        """Whether anything here was made in the laboratory."""
        screened = any(item.laboratory for item in self.looked.values())
        return screened or any(case.laboratory for case in self.cases)


class _Reader:
    """Runs queries; a table that this store does not have is empty."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._there = set(inspect(connection).get_table_names())

    def rows(self, query: Select[Any]) -> list[Any]:
        asked = {item.name for item in visitors.iterate(query) if isinstance(item, Table)}
        if not asked <= self._there:
            return []
        return list(self._connection.execute(query).all())


def gather(house: Store) -> Gathered:
    """Everything, in one transaction, so that the pages agree with each other."""
    with house.database.begin() as connection:
        read = _Reader(connection)
        size, root = head(connection)
        of_cases = select(cases.c.subject)
        happened = select(case_events.c.case_id, case_events.c.record).order_by(case_events.c.seq)
        sites = select(subjects.c.id, subjects.c.record).where(subjects.c.kind == "site")
        filed = _grouped(
            (row.case_id or "", msgspec.json.decode(row.record, type=Event)) for row in read.rows(happened)
        )
        return Gathered(
            looked=_looked(read),
            register={row.id: Subject.from_json(row.record) for row in read.rows(sites)},
            cases=tuple(
                _case(row, filed) for row in read.rows(select(cases).order_by(cases.c.opened_at, cases.c.id))
            ),
            findings=_findings(read, of_cases),
            observations=_grouped(
                (row.subject, (row.id, msgspec.json.decode(row.record, type=Observation)))
                for row in read.rows(
                    select(observations.c.id, observations.c.subject, observations.c.record)
                    .where(observations.c.subject.in_(of_cases))
                    .order_by(observations.c.started, observations.c.id)
                )
            ),
            orders=_grouped(
                (order.case, order)
                for order in (
                    Order.from_record(row.record)
                    for row in read.rows(select(orders.c.record).order_by(orders.c.proposed_at, orders.c.id))
                )
            ),
            approvals=_grouped(
                (row.order_id, Approval.from_record(row.record))
                for row in read.rows(
                    select(approvals.c.order_id, approvals.c.record).order_by(approvals.c.at, approvals.c.id)
                )
            ),
            told=_told(read),
            events=filed,
            people={row.id: row.name for row in read.rows(select(people.c.id, people.c.name))},
            standing=_standing(read),
            expectations=_grouped(
                (row.order_id, msgspec.json.decode(row.record, type=Expectation))
                for row in read.rows(
                    select(expectations.c.order_id, expectations.c.record).order_by(expectations.c.seq)
                )
            ),
            checks=_grouped(
                (row.order_id, msgspec.json.decode(row.record, type=Check))
                for row in read.rows(select(checks.c.order_id, checks.c.record).order_by(checks.c.seq))
            ),
            leaves={
                # The latest leaf of an id is the record as it stands.
                row.id: Leaf(row.idx, row.time)
                for row in read.rows(
                    select(leaves.c.id, leaves.c.idx, leaves.c.time)
                    .where(leaves.c.kind.in_(_SHOWN))
                    .order_by(leaves.c.idx)
                )
            },
            log_size=size,
            log_root=root,
        )


def _told(read: _Reader) -> dict[str, Told]:
    def of(table: Table, at: str, kind: Any) -> dict[str, tuple[Any, ...]]:  # noqa: ANN401 (a record's class)
        query = select(table.c.order_id, table.c.record).order_by(table.c[at], table.c.id)
        return _grouped((row.order_id, kind.from_record(row.record)) for row in read.rows(query))

    every = {
        "notices": of(notices, "at", Notice),
        "deliveries": of(deliveries, "at", Delivery),
        "deferrals": of(deferrals, "at", Deferral),
        "appeals": of(appeals, "filed_at", Appeal),
        "rulings": of(rulings, "at", Ruling),
    }
    named = dict.fromkeys(order for found in every.values() for order in found)
    return {order: Told(**{name: found.get(order, ()) for name, found in every.items()}) for order in named}


def _looked(read: _Reader) -> dict[str, Looked]:
    query = (
        select(run_items.c.result)
        .join(runs, runs.c.id == run_items.c.run)
        .where(runs.c.kind == "screen")
        .order_by(runs.c.started, run_items.c.position)
    )
    every = (msgspec.json.decode(row.result, type=Looked) for row in read.rows(query))
    return {looked.subject: looked for looked in every}


def _case(row: Any, filed: dict[str, tuple[Event, ...]]) -> Docketed:  # noqa: ANN401 (a row of the table)
    assessed = [event for event in filed.get(row.id, ()) if event.kind == "assessed"]
    latest = msgspec.convert(assessed[-1].body["assessment"], Assessment) if assessed else None
    return Docketed(
        id=row.id,
        subject=row.subject,
        jurisdiction=row.jurisdiction,
        provision=row.provision,
        state=row.state,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        laboratory=bool(row.laboratory),
        assessment=latest,
    )


def _findings(read: _Reader, of_cases: Select[Any]) -> dict[str, dict[str, Finding]]:
    found: dict[str, dict[str, Finding]] = defaultdict(dict)
    query = select(findings.c.id, findings.c.subject, findings.c.record)
    for row in read.rows(query.where(findings.c.subject.in_(of_cases))):
        found[row.subject][row.id] = msgspec.json.decode(row.record, type=Finding)
    return found


def _standing(read: _Reader) -> dict[str, tuple[Standing, ...]]:
    table = artefacts.c
    query = (
        select(
            artefact_orders.c.order_id,
            table.id,
            table.target,
            table.serial,
            table.made_at,
            table.content_digest,
        )
        .join(artefacts, table.id == artefact_orders.c.artefact)
        .order_by(table.seq)
    )
    return _grouped((order, Standing(*rest)) for order, *rest in read.rows(query))


def _grouped(pairs: Any) -> dict[str, tuple[Any, ...]]:  # noqa: ANN401 (any pairs of a key and an item)
    groups: dict[str, list[Any]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return {key: tuple(items) for key, items in groups.items()}
