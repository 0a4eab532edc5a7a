"""Account: from what monitoring said of payment accounts to findings, assessments and cases; and again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import select

from ringfence import __version__
from ringfence.cases.docket import Cases
from ringfence.core.canonical import canonical, digest
from ringfence.core.time import stamp
from ringfence.core.work import Run, run_items, runs
from ringfence.desks.payments.find import find
from ringfence.desks.payments.result import AccountResult
from ringfence.evidence import log, store
from ringfence.evidence.observation import Observation
from ringfence.evidence.redaction import erasure, gone
from ringfence.evidence.store import Store
from ringfence.pipeline.target import ACCOUNTS
from ringfence.rulebook.assess import assess
from ringfence.rulebook.assessment import Assessment
from ringfence.rulebook.choose import best
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.pack import load_pack
from ringfence.rulebook.records import keep_assessments, keep_findings

_TOGETHER = 200  # accounts a transaction


class Under(msgspec.Struct, frozen=True):
    """The law that is asked: a jurisdiction, the day of the conduct and the day of the decision."""

    jurisdiction: str
    conduct: date
    decision: date


class Judged(msgspec.Struct, frozen=True):
    """What is said of an account."""

    findings: tuple[Finding, ...]
    assessments: tuple[Assessment, ...]


def judge(result: AccountResult, observation: Observation, under: Under) -> Judged:
    """Findings, and an assessment of every provision that an account can breach. The same bytes give the
    same result."""
    found = find(result, evidence=observation.capture, observation=store.observation_id(observation))
    pack = load_pack(under.jurisdiction)
    return Judged(found, assess(pack, found, conduct=under.conduct, decision=under.decision))


def keep_accounts(house: Store, results: Iterable[AccountResult], under: Under) -> Iterator[dict[str, Any]]:
    """Keep what was said of each account and what follows from it, a batch at once, and open a case where a
    provision is made out; what to tell of each. Nothing but pseudonyms is kept. Raises `StoreError`."""
    run = Run.begin(house.database, ACCOUNTS, {**msgspec.to_builtins(under), "started": stamp()})
    position = 0
    every = iter(results)
    while batch := list(islice(every, _TOGETHER)):
        told = []
        with house.database.begin() as connection:
            for result in batch:
                result.check()
                seen = _seen(result)
                house.blobs.put(result.record)
                name = store.keep(connection, seen)
                judged = judge(result, seen, under)
                keep_findings(connection, judged.findings)
                keep_assessments(connection, judged.assessments)
                kept = {"observation": name, **msgspec.to_builtins(under)}
                run.done(connection, name, position, canonical(kept))
                position += 1
                told.append((result, judged))
        for result, judged in told:
            yield _told(house, result, judged)
    run.end()


def again(house: Store, erased: list[str]) -> Iterator[Judged]:
    """Every account that was judged, judged again from the bytes that were kept; ``erased`` is told of
    those whose bytes are gone by order. Raises `StoreError` where they are gone without one."""
    with house.database.read() as connection:
        rows = connection.execute(
            select(run_items.c.item, run_items.c.result)
            .join(runs, runs.c.id == run_items.c.run)
            .where(runs.c.kind == ACCOUNTS)
            .order_by(runs.c.started, runs.c.id, run_items.c.position)
        ).all()
    for row in rows:
        plan = msgspec.json.decode(row.result)
        observation = house.observation(plan["observation"])
        with house.database.read() as connection:
            order = erasure(connection, observation.capture)
        if order is not None:
            erased.append(f"{observation.subject}: {gone(order)}")
            continue
        result = AccountResult.from_json(house.blobs.get(observation.capture))
        yield judge(result, observation, msgspec.convert(plan, Under, strict=False))


def kept_result(house: Store, account: str) -> AccountResult | None:
    """What was said of an account last, as it is kept; None where nothing was, or it was erased."""
    with house.database.read() as connection:
        found = connection.execute(
            select(store.observations.c.capture)
            .where(store.observations.c.subject == account)
            .order_by(store.observations.c.started.desc())
            .limit(1)
        ).scalar()
        if found is None or erasure(connection, found) is not None:
            return None
    return AccountResult.from_json(house.blobs.get(found))


def _seen(result: AccountResult) -> Observation:
    return Observation(
        subject=result.account, instrument="payments", version=__version__, vantage="ledger", role="account",
        country=None, started=stamp(), took_us=0, exchanges=(), capture=digest(result.record),
        laboratory=result.laboratory,
    )  # fmt: skip


def _told(house: Store, result: AccountResult, judged: Judged) -> dict[str, Any]:
    told: dict[str, Any] = {
        "account": result.account,
        "findings": [
            {"element": one.element, "state": one.state, "reason": one.reason} for one in judged.findings
        ],
        "assessment": None,
        "case": None,
    }
    chosen = best(judged.assessments)
    if chosen is not None:
        one = chosen.assessment
        told["assessment"] = {"provision": one.provision, "state": one.state, "reason": one.reason}
        # What people found of the account goes into its open case, and what protects it is filed there too.
        if one.state == "made_out" or _open(house, one):
            told["case"] = Cases(house.database, log.seal).open(one).id
    return told


def _open(house: Store, assessment: Assessment) -> bool:
    from ringfence.cases.tables import cases

    with house.database.read() as connection:
        found = select(cases.c.id).where(
            cases.c.subject == assessment.subject, cases.c.provision == assessment.provision,
            cases.c.laboratory == assessment.laboratory, cases.c.state == "open",
        )  # fmt: skip
        return connection.execute(found).first() is not None
