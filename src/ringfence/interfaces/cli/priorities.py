"""Which case comes first: what the store knows of each, put before `cases.triage`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from ringfence.cases.case import Case
from ringfence.cases.docket import Cases
from ringfence.cases.triage import Features, Priority, Reachable, priority, ranked
from ringfence.evidence.store import Store
from ringfence.register.store import Register
from ringfence.rulebook.finding import Finding

# Primary tags of the residents' languages, by jurisdiction; a sign of a language comes from the findings.
RESIDENT_LANGUAGES = {"cn": ("zh",)}
_LANGUAGE_SIGNS = ("residents.language", "residents.language_menu")


def features(house: Store, case: Case, found: Sequence[Finding]) -> Features:
    """What is known of a case's subject besides the assessment."""
    subject = Register(house.database).get(case.subject)
    ranks = subject.ranks if subject is not None else ()
    signs = {
        feature.id
        for finding in found
        if finding.element == "serves_residents"
        for feature in finding.features
    }
    residents = RESIDENT_LANGUAGES.get(case.jurisdiction, ())
    access = next((finding for finding in found if finding.element == "accessible_inside"), None)
    word = access.reason.partition(":")[0] if access is not None else None
    return Features(
        volume_rank=max(ranks, key=lambda rank: rank.as_of).place if ranks else None,
        languages=residents if signs.intersection(_LANGUAGE_SIGNS) else (),
        resident_languages=residents,
        reachable=cast("Reachable", word)
        if word in ("accessible", "blocked", "down", "inconclusive")
        else None,
    )


def of_case(house: Store, cases: Cases, case: Case) -> Priority:
    """The priority of one case, on its latest assessment and the latest look."""
    from ringfence.rulebook.records import counting, load_findings

    with house.database.begin() as connection:
        found = counting(connection, load_findings(connection, case.subject))
    return priority(cases.assessment(case.assessment), features(house, case, found))


def in_order(house: Store, cases: Cases, state: str | None) -> list[tuple[Priority, Case]]:
    """Cases, the first to be taken up first."""
    return ranked((of_case(house, cases, case), case) for case in cases.cases(state))
