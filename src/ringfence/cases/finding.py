"""Finding by a person: somebody read the evidence and says what it shows. It goes before any instrument's.

The case is assessed again at once under its law and dates; an assessment that can no longer rule
journalism out takes the case's orders out of force in the same transaction (`Acts._file`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from ringfence.cases.acts import Acts, said
from ringfence.cases.reading import case_by, filed_assessment
from ringfence.cases.tables import cases
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.time import stamp
from ringfence.rulebook.assess import assess
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.combine import PERSON
from ringfence.rulebook.finding import Feature, Finding, State
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.provision import HOUSE, Pack
from ringfence.rulebook.records import (
    counting,
    findings,
    keep_assessments,
    keep_findings,
    load_findings,
)

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Finds(Acts):
    """Findings of people in open cases."""

    def find(
        self, case: str, element: str, state: State, reason: str, person: str, evidence: Iterable[str] = ()
    ) -> tuple[Finding, Assessment]:
        """Record what an analyst or approver finds, and the case's assessment with it.

        ``evidence`` are digests of bytes in the store; a finding that speaks for a measure needs some (an
        element met, an exclusion not met). Raises `InputError`, and `RefusedError` for a closed case, one
        that was never assessed, or a person without the role.
        """
        at = stamp(self.clock())
        with self._act() as connection:
            there = case_by(connection, case)
            if there.state != "open" or not there.assessment:
                raise RefusedError(f"case {case} is {there.stage}", hint="assess the subject in an open case")
            pack = load_pack(there.jurisdiction)
            digests = _checked(pack, element, state, tuple(evidence))
            finding = Finding(
                subject=there.subject,
                element=element,
                state=state,
                reason=said(reason, "the reason"),
                features=tuple(Feature("person", 0, "read by a person", digest) for digest in digests),
                author=f"{PERSON}{person}",
                rule="person",
                version=at,  # found again later, it is another finding, and the later one counts
                observations=(),
                references={},
                laboratory=there.laboratory,
            )
            self._event(connection, "found", at, person, case=case, about=finding.id)
            keep_findings(connection, [finding])
            before = filed_assessment(connection, there.assessment)
            made = _again(connection, pack, before)
            keep_assessments(connection, made)
            for one in made:
                # What was found of a subject counts in every open case of it, not in this one alone.
                open_case = connection.execute(
                    select(cases.c.id).where(
                        cases.c.subject == one.subject, cases.c.provision == one.provision,
                        cases.c.laboratory == one.laboratory, cases.c.state == "open",
                    )
                ).scalar()  # fmt: skip
                if open_case is not None and case_by(connection, open_case).assessment != one.id:
                    self._file(connection, open_case, one, at, person)
            own = next((one for one in made if one.provision == there.provision), before)
        return finding, own


def with_people(connection: Connection, assessment: Assessment) -> Assessment:
    """The same assessment with what people have found of the subject: an instrument that looks again does
    not undo what a person found."""
    found = select(findings.c.id).where(
        findings.c.subject == assessment.subject, findings.c.author.startswith(PERSON)
    )
    if connection.execute(found.limit(1)).first() is None:
        return assessment
    made = _again(connection, load_pack(assessment.jurisdiction), assessment)
    keep_assessments(connection, made)
    return next((one for one in made if one.provision == assessment.provision), assessment)


def _again(connection: Connection, pack: Pack, before: Assessment) -> tuple[Assessment, ...]:
    return assess(
        pack,
        counting(connection, load_findings(connection, before.subject)),
        conduct=date.fromisoformat(before.conduct),
        decision=date.fromisoformat(before.decision),
    )


def _checked(pack: Pack, element: str, state: State, evidence: tuple[str, ...]) -> tuple[str, ...]:
    exclusions = {rule.id for breach in pack.breaches for rule in breach.exclusions} | set(HOUSE)
    if element not in pack.head.elements and element not in exclusions:
        raise InputError(
            f"the pack {pack.head.jurisdiction} has no element or exclusion {element!r}",
            hint="see ringfence cases show: the words before each colon",
        )
    for digest in evidence:
        if not _DIGEST.fullmatch(digest):
            raise InputError(f"not a digest: {digest!r}", hint="sha256: and 64 hexadecimal digits")
    if state == ("not_met" if element in exclusions else "met") and not evidence:
        raise InputError(
            "a finding that speaks for a measure needs evidence", hint="--evidence sha256:… of what was read"
        )
    return tuple(dict.fromkeys(evidence))
