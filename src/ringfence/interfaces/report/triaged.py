"""Triaged: the priority of a case from what the store knows of its subject."""

from __future__ import annotations

from typing import Final, cast

from ringfence.cases.triage import Features, Priority, Reachable, priority
from ringfence.interfaces.report.gather import Docketed, Gathered

# The languages of the residents that a pack protects (BCP 47 primary tags).
RESIDENTS: Final = {"cn": ("zh",)}
LANGUAGE: Final = frozenset({"residents.language", "residents.language_menu"})


def triaged(gathered: Gathered, case: Docketed) -> Priority | None:
    """The priority, with its reasons; None without an assessment.

    A site that an order of ours keeps from sight is not *already* unreachable, so that a measure which
    works does not lose the case its place.
    """
    if case.assessment is None:
        return None
    looked = gathered.looked.get(case.subject)
    subject = gathered.register.get(case.subject)
    ranks = sorted((rank.as_of, -rank.place) for rank in subject.ranks) if subject else []
    residents = RESIDENTS.get(case.jurisdiction, ())
    addressed = any(
        feature.id in LANGUAGE and feature.weight > 0
        for name in case.assessment.findings
        if (finding := gathered.findings.get(case.subject, {}).get(name))
        for feature in finding.features
    )
    reachable = looked.inside if looked else None
    if looked is not None and reachable == "blocked" and not looked.already_unreachable:
        reachable = None
    known = Features(
        volume_rank=-ranks[-1][1] if ranks else None,
        languages=residents if addressed else (),
        resident_languages=residents,
        reachable=cast(Reachable | None, reachable),
    )
    return priority(case.assessment, known)
