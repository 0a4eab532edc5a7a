"""Worked cases: invented facts with the answer a pack must give; data beside the pack."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.rulebook.assess import assess, not_in_force
from ringfence.rulebook.assessment import Outcome
from ringfence.rulebook.choose import best
from ringfence.rulebook.finding import Finding, State
from ringfence.rulebook.provision import Pack, Value


class Fact(Value, frozen=True):
    """One invented finding."""

    element: str
    state: State
    reason: str
    author: str = "instrument:worked-case"


class Expect(Value, frozen=True):
    """What one provision must come to. ``measures`` must be exactly the measures granted, in order;
    ``says`` are words that the reason or the reason of reach must hold."""

    provision: str
    state: Outcome
    reach: str | None = None
    measures: tuple[str, ...] | None = None
    powers: tuple[str, ...] | None = None
    says: tuple[str, ...] = ()


class WorkedCase(Value, frozen=True, kw_only=True):
    """``wrong_date`` lists provisions that must not apply on the date of conduct; ``opened_on`` is the
    provision on which a case is opened."""

    title: str
    facts: str
    subject: str
    conduct: date
    decision: date
    finding: tuple[Fact, ...] = ()
    expect: tuple[Expect, ...] = ()
    wrong_date: tuple[str, ...] = ()
    opened_on: str | None = None


def load_case(path: Path) -> WorkedCase:
    """A case from its file. Raises `InputError`."""
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), WorkedCase)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(f"{path.name}: {error}", hint="docs/method/rulebook.md describes cases") from error


def bundled_cases(name: str) -> dict[str, WorkedCase]:
    """The worked cases of a bundled pack, by file name, in order."""
    with as_file(files("ringfence.rulebook") / "packs" / name / "cases") as folder:
        return {path.stem: load_case(path) for path in sorted(folder.glob("*.toml"))}


def failures(pack: Pack, case: WorkedCase) -> tuple[str, ...]:
    """Every way in which the pack does not give the answers of the case; empty if it does."""
    return tuple(_failures(pack, case))


def _failures(pack: Pack, case: WorkedCase) -> Iterator[str]:
    found = assess(
        pack,
        [_finding(case, fact) for fact in case.finding],
        conduct=case.conduct,
        decision=case.decision,
        subject=case.subject,
    )
    by_id = {assessment.provision: assessment for assessment in found}
    for expect in case.expect:
        got = by_id.get(expect.provision)
        if got is None:
            yield f"{expect.provision}: not assessed"
            continue
        pairs = (
            ("state", expect.state, got.state),
            ("reach", expect.reach or got.reach, got.reach),
            ("measures", expect.measures, tuple(item.measure for item in got.measures)),
            ("powers", expect.powers, tuple(dict.fromkeys(item.provision for item in got.measures))),
        )
        for name, wanted, is_now in pairs:
            if wanted is not None and wanted != is_now:
                yield f"{expect.provision}: {name} is {is_now}, not {wanted}: {got.reason}"
        said = " ".join((got.reason, got.reach_reason, *got.notes))
        yield from (
            f"{expect.provision}: does not say {word!r}: {said}" for word in expect.says if word not in said
        )
    for provision in case.wrong_date:
        if provision in by_id or not_in_force(pack, provision, case.conduct) is None:
            yield f"{provision}: applied on {case.conduct}, when it was not in force"
    choice = best(found)
    if case.opened_on is not None and (choice is None or choice.assessment.provision != case.opened_on):
        yield f"opened on {choice.assessment.provision if choice else None}, not {case.opened_on}"


def _finding(case: WorkedCase, fact: Fact) -> Finding:
    return Finding(
        subject=case.subject,
        element=fact.element,
        state=fact.state,
        reason=fact.reason,
        features=(),
        author=fact.author,
        rule="worked-case",
        version="1",
        observations=(),
        references={},
    )
