"""Find and assess: the pure part, from sealed bytes to findings and assessments.

The same bytes and the same reference data give the same result, here or in another process.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from ringfence.core.country import Countries
from ringfence.desks.access.find import judge, outside_word
from ringfence.desks.access.finding import to_finding
from ringfence.desks.access.verdict import Verdict
from ringfence.desks.platforms.find import find
from ringfence.desks.platforms.look import Look
from ringfence.evidence import store, warc
from ringfence.evidence.observation import Observation
from ringfence.pipeline.target import Captured, Screened, Target
from ringfence.register.licence import AuthorisedRegister
from ringfence.rulebook.assess import assess
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.choose import best
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.provision import Pack


class Analysed(msgspec.Struct, frozen=True):
    """The pure part's result: what is said, and the records it rests on."""

    screened: Screened
    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]


class Bench:
    """The reference data that the pure part reads, loaded once a process."""

    def __init__(
        self,
        jurisdiction: str,
        countries: Path | None,
        conduct: date,
        decision: date,
        authorised: Path | None = None,
    ) -> None:
        self.pack: Pack = load_pack(jurisdiction)
        self.countries = Countries.load(countries)
        self.conduct = conduct
        self.decision = decision
        self.authorised = (
            AuthorisedRegister.from_json(authorised.read_bytes()) if authorised is not None else None
        )


def analyse(captured: Captured, bench: Bench) -> Analysed:
    """From sealed bytes to findings and assessments. The same bytes and bench give the same result."""
    target = captured.target
    outside, outside_id, bodies = _open(captured.outside)
    inside, inside_id, more = _open(captured.inside)
    bodies |= more
    verdict = judge(inside, outside, bodies)
    names = tuple(name for name in (outside_id, inside_id) if name)
    lab = any(o.laboratory for o in (outside, inside) if o is not None)
    found = find(
        Look(
            subject=target.subject,
            host=target.host,
            outside=outside,
            outside_id=outside_id,
            inside=inside,
            inside_id=inside_id,
            bodies=bodies,
            geoblocked=verdict.outcome == "http.geoblock",
            geoblock_evidence=verdict.evidence[-1:],
        ),
        bench.countries,
        bench.authorised,
        bench.conduct,
    )
    made = (*found.findings, to_finding(verdict, target.subject, names, laboratory=lab))
    assessed = assess(bench.pack, made, conduct=bench.conduct, decision=bench.decision)
    screened = _screened(target, found.kind, verdict, inside, outside, made, assessed, names, lab)
    return Analysed(screened, made, assessed)


def _screened(
    target: Target,
    kind: str,
    verdict: Verdict,
    inside: Observation | None,
    outside: Observation | None,
    made: tuple[Finding, ...],
    assessed: tuple[Assessment, ...],
    observations: tuple[str, ...],
    laboratory: bool,
) -> Screened:
    choice = best(assessed)
    chosen = choice.assessment if choice is not None else None
    return Screened(
        subject=target.subject,
        host=target.host,
        kind=kind,
        inside=verdict.verdict if inside is not None else None,
        outside=outside_word(outside) if outside is not None else None,
        stage=verdict.stage if inside is not None else None,
        outcome=verdict.outcome if inside is not None else None,
        rules=verdict.rules,
        already_unreachable=False,  # said when it is kept: it depends on the orders in force
        findings=made,
        assessment=chosen.state if chosen is not None else "unclear",
        assessment_id=chosen.id if chosen is not None else None,
        provision=chosen.provision if chosen is not None else None,
        reason=chosen.reason if chosen is not None else "no provision was in force on that date",
        laboratory=laboratory,
        observations=observations,
    )


def _open(sealed: tuple[bytes, bytes] | None) -> tuple[Observation | None, str | None, dict[str, bytes]]:
    if sealed is None:
        return None, None, {}
    observation = msgspec.json.decode(sealed[0], type=Observation)
    bodies = {kept.digest: kept.data for kept in warc.read(sealed[1]) if kept.kind == "response"}
    return observation, store.observation_id(observation), bodies


_bench: Bench | None = None


def prepare(*arguments: Any) -> None:  # noqa: ANN401 (what `Bench` takes)
    global _bench
    _bench = Bench(*arguments)


def analyse_batch(batch: list[Captured]) -> list[Analysed]:
    if _bench is None:
        raise RuntimeError("the worker was not prepared")
    return [analyse(captured, _bench) for captured in batch]
