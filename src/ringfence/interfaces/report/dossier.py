"""Dossier: everything there is to say of one case, ready to be set on a page. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from ringfence.cases.approval import Approval
from ringfence.cases.event import Event
from ringfence.cases.ladder import rung
from ringfence.cases.order import Order
from ringfence.cases.triage import Priority
from ringfence.interfaces.report.gather import Docketed, Gathered, Leaf, Looked, Standing
from ringfence.interfaces.report.heard import Heard, Told, heard
from ringfence.interfaces.report.seen import Sight, sights
from ringfence.interfaces.report.standing import why_no_order
from ringfence.interfaces.report.triaged import triaged
from ringfence.interfaces.report.unclear import Doubt, doubtful, doubts
from ringfence.rulebook.finding import Finding
from ringfence.verify.check import Check
from ringfence.verify.compliance import Compliance, compliance
from ringfence.verify.expectation import Expectation

_UNSAFE = re.compile(r"[^A-Za-z0-9-]")


class Ordered(msgspec.Struct, frozen=True):
    """An order with what was done about it. ``state`` is the one that counts now."""

    order: Order
    state: str
    approvals: tuple[Approval, ...]
    heard: Heard
    leaf: Leaf | None
    standing: tuple[Standing, ...]
    checks: tuple[tuple[Expectation, Check | None], ...]
    compliance: Compliance | None

    @property
    def smaller(self) -> list[tuple[str, str]]:
        """Why each smaller measure does not do, up the ladder (a record's keys are sorted by letter)."""
        return sorted(self.order.why_not_smaller.items(), key=lambda item: rung(item[0]))


class Dossier(msgspec.Struct, frozen=True):
    """See the module. ``findings`` by id; ``omitted`` looks are in the store and not on the page."""

    case: Docketed
    looked: Looked | None
    priority: Priority | None
    findings: dict[str, Finding]
    beside: tuple[Finding, ...]
    sights: tuple[Sight, ...]
    omitted: int
    orders: tuple[Ordered, ...]
    why_no_order: str
    doubts: tuple[Doubt, ...]
    events: tuple[Event, ...]
    leaf: Leaf | None

    @property
    def file(self) -> str:
        """The page's file name. A case's id is ours, but a file name is no place for trust."""
        return _UNSAFE.sub("_", self.case.id) + ".html"

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes of the rulebook that are not said among what is unclear."""
        every = self.case.assessment.notes if self.case.assessment else ()
        return tuple(note for note in every if not doubtful(note))

    @property
    def digests(self) -> tuple[str, ...]:
        """Every digest that the page shortens, each once, in order."""
        return tuple(dict.fromkeys(value for value in _digests(self) if value))

    @property
    def state(self) -> str:
        """Where its orders stand: the state that comes first in this list, or none."""
        states = {item.state for item in self.orders}
        return next(
            (s for s in ("active", "suspended", "approved", "proposed", "expired", "revoked") if s in states),
            "none",
        )

    @property
    def verified(self) -> bool | None:
        """Whether the order in force was seen to work; None while not known, or without one."""
        found = [item.compliance for item in self.orders if item.state == "active"]
        return next((item.verified for item in found if item is not None), None)


def dossier(gathered: Gathered, case: Docketed, now: datetime) -> Dossier:
    """The dossier of one case at an instant."""
    assessment = case.assessment
    every = gathered.findings.get(case.subject, {})
    used = set(assessment.findings) if assessment else set()
    latest = _latest(every)
    shown = {name: finding for name, finding in every.items() if name in used or name in latest}
    rests = frozenset(name for used_id in used if used_id in every for name in every[used_id].observations)
    seen, omitted = sights(gathered.observations.get(case.subject, ()), gathered.leaves, rests)
    looked = gathered.looked.get(case.subject)
    orders = tuple(_ordered(gathered, order, now) for order in gathered.orders.get(case.id, ()))
    return Dossier(
        case=case,
        looked=looked,
        priority=triaged(gathered, case),
        findings=shown,
        beside=tuple(every[name] for name in latest if name in every and name not in _in_tree(case)),
        sights=seen,
        omitted=omitted,
        orders=orders,
        why_no_order="" if orders else why_no_order(case, looked),
        doubts=tuple(doubts(assessment, looked, [pair for item in orders for pair in item.checks])),
        events=gathered.events.get(case.id, ()),
        leaf=gathered.leaves.get(assessment.id) if assessment else None,
    )


def _ordered(gathered: Gathered, order: Order, now: datetime) -> Ordered:
    expected = gathered.expectations.get(order.id, ())
    checks = gathered.checks.get(order.id, ())
    latest = {check.expectation: check for check in checks}
    summaries = compliance(expected, checks)
    return Ordered(
        order=order,
        state=order.standing(now),
        approvals=gathered.approvals.get(order.id, ()),
        heard=heard(
            gathered.told.get(order.id, Told()),
            gathered.events.get(order.case, ()),
            order.id,
            lambda name: leaf.index if (leaf := gathered.leaves.get(name)) else None,
        ),
        leaf=gathered.leaves.get(order.id),
        standing=gathered.standing.get(order.id, ()),
        checks=tuple((expectation, latest.get(expectation.id)) for expectation in expected),
        compliance=summaries[0] if summaries else None,
    )


def _latest(every: dict[str, Finding]) -> list[str]:
    """The ids of the last finding kept by each author on each element."""
    latest = {(finding.element, finding.author): name for name, finding in every.items()}
    return list(latest.values())


def _in_tree(case: Docketed) -> set[str]:
    """The findings that stand in the element tree or behind an exclusion, and so are shown there."""
    if case.assessment is None:
        return set()
    return set(_names(case)) | {name for item in case.assessment.exclusions for name in item.findings}


def _names(case: Docketed) -> Iterator[str]:
    stack = [case.assessment.tree] if case.assessment else []
    while stack:
        node = stack.pop()
        yield from node.findings
        stack.extend(node.children)


def _digests(item: Dossier) -> Iterator[str | None]:
    if item.case.assessment is not None:
        yield item.case.assessment.pack_digest
    for finding in item.findings.values():
        yield from (feature.evidence for feature in finding.features)
    for sight in item.sights:
        yield sight.capture
        yield from (request.body for request in sight.requests)
    for ordered in item.orders:
        yield from (place.digest for place in ordered.standing)
