"""The laboratory's people. They read the assessment and nothing else: no label, no page, no host list.

Real deciders weigh; these apply the least that the house demands of anyone who approves, so
that the demonstration runs through the same gate without a person at the keyboard.
"""

from __future__ import annotations

from typing import Final

from ringfence.rulebook.assessment import Assessment, Node

ANALYST: Final = ("lab-analyst", "Analyst of the laboratory", "analyst")
APPROVERS: Final = (
    ("lab-approver-1", "First approver of the laboratory", "approver"),
    ("lab-approver-2", "Second approver of the laboratory", "approver"),
)
PUBLISHER: Final = ("lab-publisher", "Publisher of the laboratory", "publisher")
OFFICER: Final = ("lab-officer", "Appeals officer of the laboratory", "appeals_officer")
ADMINISTRATOR: Final = ("lab-administrator", "Administrator of the laboratory", "administrator")
NOT_DELIVERED: Final = "laboratory: the operator of an invented site has no address"
WHY_NOT_SMALLER: Final = {
    "contact": "laboratory: the operator of an invented site answers no letter",
    "ask_geoblock": "laboratory: nobody is there to be asked",
    "warn_public": "laboratory: nobody is there to be warned",
    "ask_host_registrar": "laboratory: hosts and registrars of invented names do not exist",
}


def objection(assessment: Assessment) -> str | None:
    """Why an approver of the laboratory would not sign, or None.

    Signed is only what is made out with evidence behind every element that carries it, with every
    exclusion found not to apply, and with reach and a measure given.
    """
    if assessment.state != "made_out":
        return f"it is {assessment.state}"
    if any(exclusion.state != "not_met" for exclusion in assessment.exclusions):
        return "an exclusion is not ruled out"
    if bare := [leaf.element for leaf in _carrying(assessment.tree) if not leaf.evidence]:
        return f"no evidence behind {', '.join(filter(None, bare))}"
    if assessment.reach not in ("domestic", "express", "reading"):
        return f"its reach is {assessment.reach}"
    if not any(measure.measure == "block_access" for measure in assessment.measures):
        return "no power in force grants a block"
    return None


def _carrying(node: Node) -> list[Node]:
    """The leaves that are met and that the outcome rests on."""
    if node.op == "element":
        return [node] if node.state == "met" else []
    return [leaf for child in node.children for leaf in _carrying(child)]
