"""Find: inside against outside over our own sealed observations. Pure."""

from __future__ import annotations

import msgspec

from ringfence.desks.access import judge as judging
from ringfence.desks.access.ours import Bodies, alike_landing, control_of, evidence, landing, probe_of
from ringfence.desks.access.verdict import Verdict, Word, conclude
from ringfence.evidence.observation import Observation


def outside_word(observation: Observation | None) -> Word:
    """What the outside says by itself: *accessible* if it answers, else *down* as seen from there."""
    exchange = landing(observation)
    if exchange is None:
        return "inconclusive"
    return "accessible" if exchange.outcome == "ok" else "down"


def judge(inside: Observation | None, outside: Observation | None, bodies: Bodies) -> Verdict:
    """Judge reachability inside. ``bodies`` holds decoded bodies by digest (missing ones count as
    unknown). Returns `Verdict`; *inconclusive* where nothing can be compared."""
    theirs = landing(outside)
    ours = alike_landing(inside, theirs)
    if ours is None:
        return conclude("inconclusive", None, "control.failed", "control.absent")
    probe = probe_of(ours, bodies, inside.cross if inside is not None else ())
    control = control_of(theirs, bodies, outside.cross if outside is not None else ())
    found = judging.judge(probe, control)
    return msgspec.structs.replace(found, evidence=evidence(ours))
