"""Which case comes first: what the store knows of each, put before `cases.triage`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from sqlalchemy import Connection

from ringfence.cases.case import Case
from ringfence.cases.docket import Cases
from ringfence.cases.triage import Features, Priority, Reachable, priority, ranked
from ringfence.evidence.store import Store
from ringfence.register.store import Register
from ringfence.rulebook.finding import Finding

# Primary tags of the residents' languages, by jurisdiction; a sign of a language comes from the findings.
RESIDENT_LANGUAGES = {"cn": ("zh",)}
_LANGUAGE_SIGNS = ("residents.language", "residents.language_menu")


def latest(connection: Connection, found: Iterable[Finding]) -> list[Finding]:
    """Of several findings by one author and rule on one element, those of the last look.

    A site changes: what an instrument found in May is no contradiction of what it found in June.
    Persons' findings stand until the person replaces them.
    """
    from sqlalchemy import select

    from ringfence.evidence.store import observations

    newest: dict[tuple[str, str, str], tuple[str, Finding]] = {}
    for finding in found:
        times = select(observations.c.started).where(observations.c.id.in_(finding.observations))
        seen = max(connection.execute(times).scalars(), default="")
        key = (finding.author, finding.rule, finding.element)
        if key not in newest or seen >= newest[key][0]:
            newest[key] = (seen, finding)
    return [finding for _, finding in newest.values()]


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
    from ringfence.rulebook.records import load_findings

    with house.database.begin() as connection:
        found = latest(connection, load_findings(connection, case.subject))
    return priority(cases.assessment(case.assessment), features(house, case, found))


def in_order(house: Store, cases: Cases, state: str | None) -> list[tuple[Priority, Case]]:
    """Cases, the first to be taken up first."""
    return ranked((of_case(house, cases, case), case) for case in cases.cases(state))
