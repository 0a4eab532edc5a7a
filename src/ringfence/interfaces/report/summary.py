"""Summary: what the front page says of the whole store. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec

from ringfence.cases.triage import ranked
from ringfence.interfaces.report.curve import Curve, curve, times
from ringfence.interfaces.report.dossier import Dossier
from ringfence.interfaces.report.funnel import Step, funnel
from ringfence.interfaces.report.gather import Gathered, Looked
from ringfence.interfaces.report.stages import Stages, stages
from ringfence.interfaces.report.words import PURPOSES
from ringfence.rulebook.finding import State

NAMED = 120  # hosts named under one reason; further ones are counted


class Group(msgspec.Struct, frozen=True):
    """Subjects without a case that share an assessment and the reason for it."""

    assessment: str
    reason: str
    count: int
    kinds: tuple[tuple[str, int], ...]
    hosts: tuple[str, ...]


class Neighbours(msgspec.Struct, frozen=True):
    """What was expected of one kind of neighbour, and what was seen."""

    words: str
    expected: int
    accessible: int
    blocked: int
    unknown: int


class Hit(msgspec.Struct, frozen=True):
    """A neighbour that was seen blocked."""

    host: str
    order: str
    words: str
    why: str


class Rule(msgspec.Struct, frozen=True):
    """A rule in the version that made findings, and the states that it gave."""

    author: str
    rule: str
    version: str
    counts: dict[State, int]


class Summary(msgspec.Struct, frozen=True):
    """See the module. ``packs`` are (jurisdiction, version, digest); ``cases`` by priority."""

    subjects: int
    cases: tuple[Dossier, ...]
    states: dict[str, int]
    verified: int
    steps: tuple[Step, ...]
    stages: Stages
    curve: Curve | None
    groups: tuple[Group, ...]
    neighbours: tuple[Neighbours, ...]
    hits: tuple[Hit, ...]
    rules: tuple[Rule, ...]
    packs: tuple[tuple[str, str, str], ...]


def summary(gathered: Gathered, dossiers: Iterable[Dossier]) -> Summary:
    """Count everything once."""
    every = tuple(dossiers)
    cases = by_priority(every)
    neighbours, hits = _neighbours(every)
    assessed = [item.case.assessment for item in every if item.case.assessment is not None]
    packs = {(item.jurisdiction, item.pack_version, item.pack_digest) for item in assessed}
    with_case = {item.case.subject for item in every}
    return Summary(
        subjects=len(gathered.looked),
        cases=cases,
        states=dict(Counter(item.state for item in every)),
        verified=sum(item.verified is True for item in every),
        steps=funnel(gathered, every),
        stages=stages(gathered.looked.values()),
        curve=curve(times(every)),
        groups=_groups(item for item in gathered.looked.values() if item.subject not in with_case),
        neighbours=neighbours,
        hits=hits,
        rules=_rules(gathered.looked.values()),
        packs=tuple(sorted(packs)),
    )


def by_priority(dossiers: Iterable[Dossier]) -> tuple[Dossier, ...]:
    """In the order of triage; cases without an assessment last."""
    every = tuple(dossiers)
    first = [item for _, item in ranked((item.priority, item) for item in every if item.priority)]
    return (*first, *(item for item in every if item.priority is None))


def _groups(looked: Iterable[Looked]) -> tuple[Group, ...]:
    groups: dict[tuple[str, str], list[Looked]] = defaultdict(list)
    for item in looked:
        # A reason may end in what was seen of one site; what comes before it is shared by many.
        groups[item.assessment, _shared(item.reason)].append(item)
    order = {"unclear": 0, "not_made_out": 1}
    return tuple(
        Group(
            assessment,
            reason,
            len(items),
            tuple(Counter(item.kind for item in items).most_common()),
            tuple(sorted(item.host for item in items)[:NAMED]),
        )
        for (assessment, reason), items in sorted(
            groups.items(), key=lambda pair: (order.get(pair[0][0], 2), -len(pair[1]), pair[0])
        )
    )


def _shared(reason: str) -> str:
    parts = []
    for part in reason.split("; "):
        head, applies, _ = part.partition(" applies is unclear:")
        parts.append(head + " applies" if applies else part)
    known = [part for part in parts if not part.startswith(("score ", "seen: ", "some marks", "no venue"))]
    return "; ".join(dict.fromkeys(known)) or reason


def _neighbours(dossiers: Iterable[Dossier]) -> tuple[tuple[Neighbours, ...], tuple[Hit, ...]]:
    counts: dict[str, Counter[bool | None]] = defaultdict(Counter)
    hits: list[Hit] = []
    for item in dossiers:
        for ordered in item.orders:
            for expectation, check in ordered.checks:
                if not expectation.collateral:
                    continue
                met = check.met if check else None
                counts[expectation.purpose][met] += 1
                if check is not None and met is False:
                    words = PURPOSES[expectation.purpose]
                    hits.append(Hit(expectation.host, ordered.order.id, words, check.why))
    rows = tuple(
        Neighbours(PURPOSES[purpose], count.total(), count[True], count[False], count[None])
        for purpose, count in sorted(counts.items())
    )
    return rows, tuple(hits)


def _rules(looked: Iterable[Looked]) -> tuple[Rule, ...]:
    counts: dict[tuple[str, str, str], Counter[State]] = defaultdict(Counter)
    for item in looked:
        for finding in item.findings:
            counts[finding.author, finding.rule, finding.version][finding.state] += 1
    return tuple(Rule(*key, dict(count)) for key, count in sorted(counts.items()))
