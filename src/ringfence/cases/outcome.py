"""Outcome: what an assessment allows, once it is filed in a case. Pure."""

from __future__ import annotations

from typing import Literal

from ringfence.rulebook.assessment import Assessment

Allows = Literal["actionable", "not_actionable", "protected"]


def outcome(assessment: Assessment, *, by_person: bool) -> Allows:
    """*actionable*: made out, every exclusion found not to apply, that of the house among them.

    *protected*: journalism is found to apply; or a person cannot rule it out any more. An instrument that
    saw no page today says *unclear* of everything, which stops a new order and lifts none: otherwise a
    service could end a block by going dark for an hour.
    """
    house = [exclusion.state for exclusion in assessment.exclusions if exclusion.basis == "house"]
    if "met" in house or (by_person and (not house or set(house) != {"not_met"})):
        return "protected"
    ruled_out = all(exclusion.state == "not_met" for exclusion in assessment.exclusions)
    return "actionable" if assessment.state == "made_out" and house and ruled_out else "not_actionable"
