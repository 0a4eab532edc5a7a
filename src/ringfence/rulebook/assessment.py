"""Assessment: a provision's tree filled with findings: the explanation itself."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived
from ringfence.rulebook.finding import State

Outcome = Literal["made_out", "not_made_out", "unclear"]


class Node(msgspec.Struct, frozen=True):
    """One node of the filled tree: ``op`` is ``all``, ``any`` or ``element``.

    ``findings`` are the ids behind an element's state; a node of ``all`` or ``any`` has
    children instead. ``text`` says in words what is to be shown.
    """

    op: Literal["all", "any", "element"]
    state: State
    text: str
    reason: str
    element: str | None = None
    findings: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()


class Exclusion(msgspec.Struct, frozen=True):
    """An exclusion and whether it applies. It must be ``not_met`` before any measure; ``basis`` is
    ``law`` (cited) or ``house`` (ours, which no pack can remove)."""

    id: str
    basis: Literal["law", "house"]
    state: State
    text: str
    reason: str
    findings: tuple[str, ...] = ()


class Measure(msgspec.Struct, frozen=True):
    """A measure that a power in force on the decision date grants, with its form and its mark.

    ``form``: order, request_to_authority, court_application or voluntary_request. ``notice``:
    before (then ``reply_days`` to answer), after, deferred or none (then ``notice_basis`` says by what
    text). ``urgency`` cites the rule that lets the measure come before the answer. ``language`` is that of
    notices. ``mark``: S seen, R recalled, U unconfirmed (shown to approvers;
    ``S*`` second-hand). ``review`` says when the measure is looked at again.
    """

    measure: str
    provision: str
    authority: str
    form: str
    addressee: str
    condition: str
    notice: str
    appeal: tuple[str, ...]
    citation: str
    mark: str
    review: str = ""
    note: str = ""
    notice_basis: str = ""
    reply_days: int = 0
    urgency: str = ""
    language: str = "en"
    title_zh: str = ""


class Assessment(msgspec.Struct, frozen=True, dict=True):
    """One breach provision assessed for one subject on two dates: conduct and decision.

    ``state`` is made_out only if the whole tree is met, every exclusion is found not to apply and
    the provision's reach is given on the date of conduct. ``measures`` are what may be ordered
    (empty unless made out). ``reach`` is domestic, express, reading, none or unclear. ``mark``,
    ``sources`` and ``citation`` are the provision's own; ``notes`` tell of changes of law between
    the dates and of measures that are withheld; ``context_findings`` are the ids behind reach,
    context and the conditions of measures.
    """

    subject: str
    jurisdiction: str
    provision: str
    pack_version: str
    pack_digest: str
    conduct: str
    decision: str
    state: Outcome
    reason: str
    tree: Node
    exclusions: tuple[Exclusion, ...]
    reach: str
    reach_reason: str
    context: tuple[str, ...]
    measures: tuple[Measure, ...]
    laboratory: bool = False
    title: str = ""
    title_zh: str = ""
    citation: str = ""
    mark: str = ""
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    context_findings: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        """Derived from the content."""
        return derived("assessment", digest(canonical(self)))

    @property
    def findings(self) -> tuple[str, ...]:
        """The ids of all findings used, each once: the tree's, the exclusions', the context's."""
        ids: list[str] = []
        stack = [self.tree]
        while stack:
            node = stack.pop(0)
            ids.extend(node.findings)
            stack[:0] = node.children
        for exclusion in self.exclusions:
            ids.extend(exclusion.findings)
        ids.extend(self.context_findings)
        return tuple(dict.fromkeys(ids))
