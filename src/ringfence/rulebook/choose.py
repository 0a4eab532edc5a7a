"""Choose: of several provisions assessed for one subject, the one a case is opened on. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ringfence.rulebook.assessment import Assessment, Node

_REACH = ("domestic", "express", "reading", "unclear", "none")


class Choice(msgspec.Struct, frozen=True):
    """The assessment chosen, why, and the others in the order they would follow."""

    assessment: Assessment
    reason: str
    others: tuple[Assessment, ...]


def best(assessments: Sequence[Assessment]) -> Choice | None:
    """The assessment to act on or to report; None where no provision was in force.

    Made out before unclear before not made out; but an assessment that is unclear only because
    nobody looked comes last, so that it does not hide a clear answer. Among equals: one that
    grants a measure, one that only an exclusion or the reach defeats, the firmer reach
    (domestic, express, reading), then the one that comes later in the pack.
    """
    shared = _shared(assessments)
    ranked = sorted(enumerate(assessments), key=lambda pair: (_rank(pair[1], shared), -pair[0]))
    if not ranked:
        return None
    first, *others = (assessment for _, assessment in ranked)
    return Choice(first, _reason(first, others, shared), tuple(others))


def _shared(assessments: Sequence[Assessment]) -> frozenset[str]:
    """Elements of every tree, such as *serves residents*: they say nothing of a provision's own matter."""
    if len(assessments) < 2:
        return frozenset()
    return frozenset.intersection(
        *(frozenset(leaf.element or "" for leaf in _leaves(item.tree)) for item in assessments)
    )


def _unexamined(assessment: Assessment, shared: frozenset[str]) -> bool:
    """Whether nobody looked: no element of the provision's own matter has a finding."""
    own = [leaf for leaf in _leaves(assessment.tree) if leaf.element not in shared]
    return assessment.state == "unclear" and not any(leaf.findings for leaf in own)


def _rank(assessment: Assessment, shared: frozenset[str]) -> tuple[int, int, int, int]:
    order = {"made_out": 0, "unclear": 1, "not_made_out": 2}
    state = 3 if _unexamined(assessment, shared) else order[assessment.state]
    defeated = {"met": 0, "unclear": 1, "not_met": 2}[assessment.tree.state]
    return state, 0 if assessment.measures else 1, defeated, _REACH.index(assessment.reach)


def _reason(first: Assessment, others: Iterable[Assessment], shared: frozenset[str]) -> str:
    def said(assessment: Assessment) -> str:
        if _unexamined(assessment, shared):
            return "not examined (no finding)"
        words = {"made_out": "made out", "unclear": "unclear", "not_made_out": "not made out"}
        count = len(assessment.measures)
        plural = "" if count == 1 else "s"
        tail = f", {count} measure{plural}" if assessment.state == "made_out" else ""
        return f"{words[assessment.state]}, reach {assessment.reach}{tail}"

    return "; ".join(f"{item.provision}: {said(item)}" for item in (first, *others))


def _leaves(node: Node) -> Iterator[Node]:
    if node.op == "element":
        yield node
    for child in node.children:
        yield from _leaves(child)
