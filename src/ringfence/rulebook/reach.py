"""Reach: does a provision of this country apply to a service run from abroad? Pure."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ringfence.rulebook.combine import Combined
from ringfence.rulebook.provision import Breach, Pack

Reached = Literal["domestic", "express", "reading", "none", "unclear"]


def reach(pack: Pack, breach: Breach, domestic: Combined, conduct: date) -> tuple[Reached, str]:
    """How the provision reaches the subject on the date of conduct, and the reason in words.

    A domestic operator is within reach of every text. For others the text must say so, or a
    reading that was adopted by that date must; a reading adopted later is unclear, not none,
    because the text itself was silent. Hosting is never asked: it is no element of breach.
    """
    if domestic.state == "met":
        return "domestic", f"a domestic operator is within reach of the text: {domestic.reason}"
    if breach.reach.form == "express":
        return "express", f"the text says so: {breach.reach.text}"
    if breach.reach.form == "none":
        if domestic.state == "not_met":
            return "none", f"the text does not reach services run from abroad: {breach.reach.text}"
        doubt = f"whether this is one is unclear: {domestic.reason}"
        return "unclear", f"the text reaches domestic operators only, and {doubt}"
    reading = breach.reach.reading
    if reading is None:  # refused by the check of packs
        return "unclear", "the pack names no reading"
    sources = f"{pack.mark(reading.mark, reading.sources)} {', '.join(reading.sources)}"
    where = f"{reading.by}, {reading.adopted.isoformat()} ({sources})"
    if reading.adopted <= conduct:
        return "reading", f"a reading and not the text: {reading.text}; adopted by: {where}"
    return (
        "unclear",
        f"the text is silent on services run from abroad, and the reading that extends it was adopted only "
        f"after the conduct of {conduct.isoformat()}: {where}",
    )
