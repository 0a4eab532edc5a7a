"""Why a case has no order, in one sentence."""

from __future__ import annotations

from ringfence.interfaces.report.gather import Docketed, Looked
from ringfence.interfaces.report.words import outcome


def why_no_order(case: Docketed, looked: Looked | None) -> str:
    """The first reason that holds; where none does, a person has not decided yet."""
    assessment = case.assessment
    if assessment is None:
        return "No assessment is filed in this case, and an order needs one."
    if assessment.state != "made_out":
        return f"The latest assessment is {assessment.state.replace('_', ' ')}: nothing may be ordered."
    if looked is not None and looked.already_unreachable:
        how = outcome(looked.outcome)
        return (
            f"The site was already unreachable from inside before any order of ours ({how}). "
            "A block would gain nothing; the site is kept under watch."
        )
    if looked is not None and looked.inside == "down":
        return "The site was down from everywhere. A block would gain nothing; it is kept under watch."
    if not assessment.measures:
        return "No power in force on the date of decision grants a measure."
    if case.state == "closed":
        return "The case was closed without an order."
    return "Nobody has proposed one yet. Instruments propose nothing by themselves: people decide."
