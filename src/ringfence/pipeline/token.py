"""Token: from a bundle that was read of a contract to findings and assessments, kept and made again."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from ringfence.cases.docket import Cases
from ringfence.core.canonical import canonical
from ringfence.core.work import Run
from ringfence.desks.tokens.bundle import Bundle
from ringfence.desks.tokens.find import find
from ringfence.desks.tokens.observe import Sealed
from ringfence.desks.tokens.offering import Offering
from ringfence.desks.tokens.onchain import asked_of, screen_at
from ringfence.evidence import log, store
from ringfence.evidence.store import Store
from ringfence.pipeline.target import TOKENS
from ringfence.rulebook.assess import assess
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.choose import best
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.records import keep_assessments, keep_findings


class Under(msgspec.Struct, frozen=True):
    """The law that is asked: a jurisdiction, the day of the conduct and the day of the decision."""

    jurisdiction: str
    conduct: date
    decision: date


class Judged(msgspec.Struct, frozen=True):
    """What is said of a token: findings, and an assessment of every provision that a token can breach."""

    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]


def judge(said: dict[str, Any], sealed: Sealed, under: Under) -> Judged:
    """From a screening (as `screen_at` says it) of what was sealed. The same bytes give the same result."""
    observation = sealed.observation
    way = said["offering"]
    found = find(
        observation.subject,
        None if way is None else msgspec.convert(way, Offering),
        evidence=observation.capture,
        observation=store.observation_id(observation),
        laboratory=observation.laboratory,
    )
    pack = load_pack(under.jurisdiction)
    return Judged(found, assess(pack, found, conduct=under.conduct, decision=under.decision))


def judge_again(sealed: Sealed, depth: Any, under: Under) -> Judged:  # noqa: ANN401 (`Depth`, as it was kept)
    """The same from the sealed bytes alone, without a network."""
    bundle = Bundle.from_bytes(sealed.capture)
    address, pair = asked_of(bundle.about)
    return judge(screen_at(bundle.state(), address, depth, pair), sealed, under)


def keep_token(house: Store, sealed: Sealed, said: dict[str, Any], under: Under) -> dict[str, Any]:
    """Keep what was seen and what is said of it, all or nothing, and open a case where a provision is made
    out; what to tell of it. Raises `StoreError`."""
    judged = judge(said, sealed, under)
    parameters = {
        "subject": sealed.observation.subject,
        "depth": said["depth"],
        "observation": store.observation_id(sealed.observation),
        **msgspec.to_builtins(under),
    }
    house.blobs.put(sealed.capture)
    run = Run.begin(house.database, TOKENS, parameters)
    with house.database.begin() as connection:
        store.keep(connection, sealed.observation)
        keep_findings(connection, judged.findings)
        keep_assessments(connection, judged.assessments)
        if run.result(sealed.observation.subject) is None:
            run.done(connection, sealed.observation.subject, 0, canonical(parameters))
    run.end()
    chosen = best(judged.assessments)
    told: dict[str, Any] = {"findings": [_told(one) for one in judged.findings]}
    told |= {"assessment": None, "case": None}
    if chosen is not None:
        one = chosen.assessment
        told["assessment"] = {"provision": one.provision, "state": one.state, "reason": one.reason}
        if one.state == "made_out":
            told["case"] = Cases(house.database, log.seal).open(one).id
    return told


def _told(one: Finding) -> dict[str, Any]:
    return {"element": one.element, "state": one.state, "reason": one.reason}
