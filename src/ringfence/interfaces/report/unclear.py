"""Unclear: everything in a case that is not known, or not beyond doubt, said plainly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from ringfence.interfaces.report.gather import Looked
from ringfence.interfaces.report.words import MARKS, outcome
from ringfence.rulebook.assessment import Assessment, Node
from ringfence.verify.check import Check
from ringfence.verify.expectation import Expectation


class Doubt(msgspec.Struct, frozen=True):
    """``weighs`` says whether it could change the result, or stands beside it."""

    weighs: Literal["decides", "beside"]
    about: str
    words: str


def doubts(
    assessment: Assessment | None,
    looked: Looked | None,
    checks: Iterable[tuple[Expectation, Check | None]],
) -> Iterator[Doubt]:
    """What is unclear, the weighty first."""
    found = [*_of_assessment(assessment), *_of_access(looked), *_of_checks(checks)]
    yield from (doubt for doubt in found if doubt.weighs == "decides")
    yield from (doubt for doubt in found if doubt.weighs == "beside")


def doubtful(note: str) -> bool:
    """Whether a note of the rulebook tells of something that is not known."""
    return "unconfirmed" in note or "unclear" in note


def _of_assessment(assessment: Assessment | None) -> Iterator[Doubt]:
    if assessment is None:
        yield Doubt("decides", "assessment", "none is filed")
        return
    yield from _of_node(assessment.tree, decided=assessment.tree.state != "unclear")
    for exclusion in assessment.exclusions:
        if exclusion.state == "unclear":
            yield Doubt("decides", f"exclusion {exclusion.id}", exclusion.reason)
    if assessment.reach == "unclear":
        yield Doubt("decides", "reach", assessment.reach_reason)
    elif assessment.reach == "reading":
        yield Doubt("decides", "reach", f"It rests on {assessment.reach_reason}.")
    yield from _of_marks(assessment)
    for text in assessment.context:
        if ": unclear" in text:
            yield Doubt("beside", "context", text)
    for note in assessment.notes:
        if doubtful(note):
            yield Doubt("beside", "note of the rulebook", note)


def _of_node(node: Node, *, decided: bool) -> Iterator[Doubt]:
    """Unclear elements; below a node that is decided without them they only stand beside."""
    if node.op == "element":
        if node.state == "unclear":
            yield Doubt("beside" if decided else "decides", node.text or node.element or "", node.reason)
        return
    for child in node.children:
        yield from _of_node(child, decided=decided or node.state != "unclear")


def _of_marks(assessment: Assessment) -> Iterator[Doubt]:
    if assessment.mark in MARKS and assessment.mark != "S":
        words = f"its text is marked {assessment.mark}: {MARKS[assessment.mark]}"
        yield Doubt("decides", assessment.citation or assessment.provision, words)
    for measure in assessment.measures:
        if measure.mark in MARKS and measure.mark != "S":
            words = f"the grant is marked {measure.mark}: {MARKS[measure.mark]}"
            yield Doubt("decides", f"power for {measure.measure.replace('_', ' ')}", words)


def _of_access(looked: Looked | None) -> Iterator[Doubt]:
    if looked is None:
        yield Doubt("beside", "access", "no screening of this subject is in the store")
        return
    if looked.inside is None:
        yield Doubt("beside", "access", "nobody looked from inside")
    elif looked.inside == "inconclusive":
        yield Doubt("beside", "access from inside", f"inconclusive: {outcome(looked.outcome)}")


def _of_checks(checks: Iterable[tuple[Expectation, Check | None]]) -> Iterator[Doubt]:
    for expectation, check in checks:
        if check is None or check.met is None:
            why = check.why if check else "nobody has looked yet"
            where = f"{expectation.host} from {expectation.vantage}"
            yield Doubt("beside", f"expectation {expectation.expect}, {where}", why)
