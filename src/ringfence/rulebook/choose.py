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
    nobody looked (no finding) comes last, so that it does not hide a clear answer. Among equals:
    one that grants a measure, then the firmer reach (domestic, express, reading), then the one
    that comes later in the pack.
    """
    ranked = sorted(enumerate(assessments), key=lambda pair: (_rank(pair[1]), -pair[0]))
    if not ranked:
        return None
    first, *others = (assessment for _, assessment in ranked)
    return Choice(first, _reason(first, others), tuple(others))


def unexamined(assessment: Assessment) -> bool:
    """Whether it is unclear only for want of findings: no unclear element of the tree has any."""
    if assessment.state != "unclear" or assessment.tree.state != "unclear":
        return False
    return not any(leaf.findings for leaf in _leaves(assessment.tree) if leaf.state == "unclear")


def _rank(assessment: Assessment) -> tuple[int, int, int]:
    order = {"made_out": 0, "unclear": 1, "not_made_out": 2}
    state = 3 if unexamined(assessment) else order[assessment.state]
    return state, 0 if assessment.measures else 1, _REACH.index(assessment.reach)


def _reason(first: Assessment, others: Iterable[Assessment]) -> str:
    words = {"made_out": "made out", "unclear": "unclear", "not_made_out": "not made out"}
    reason = f"{first.provision} is {words[first.state]}, reach {first.reach}"
    if first.state == "made_out":
        reason += f", {len(first.measures)} measures available"
    if unexamined(first):
        reason += ", and not examined (no finding)"
    for other in others:
        said = "not examined (no finding)" if unexamined(other) else words[other.state]
        reason += f"; {other.provision}: {said}"
        if other.state == first.state and not unexamined(other):
            reason += f", reach {other.reach}, {len(other.measures)} measures"
    return reason


def _leaves(node: Node) -> Iterator[Node]:
    if node.op == "element":
        yield node
    for child in node.children:
        yield from _leaves(child)
