"""Replay: find and assess again over everything stored, and compare the bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select

from ringfence.core.bulk import map_batches, workers
from ringfence.core.canonical import canonical
from ringfence.core.offline import close_network
from ringfence.core.work import run_items, runs
from ringfence.evidence.redaction import erasure, gone
from ringfence.evidence.store import Store
from ringfence.pipeline.account import again as accounts_again
from ringfence.pipeline.analyse import analyse_batch, prepare
from ringfence.pipeline.target import ACCOUNTS, BATCH, TOKENS, Captured, Screened, Target
from ringfence.rulebook.records import (
    assessments,
    findings,
    unlike,
)


class Replayed(msgspec.Struct, frozen=True):
    """How many subjects, findings and assessments were made again; ids of those whose bytes differ. What
    cannot be made again because a body was ``erased`` by order is said in words, and is no difference."""

    subjects: int
    findings: int
    assessments: int
    different: tuple[str, ...]
    erased: tuple[str, ...] = ()

    @property
    def identical(self) -> bool:
        """Whether every byte came out the same."""
        return not self.different


def replay(house: Store, progress: Callable[[int], None] = lambda _: None) -> Replayed:
    """Find and assess again over everything stored, and compare the bytes. Touches no network: the
    processes that do the work refuse to open a socket."""
    subjects = made_findings = made_assessments = 0
    different: list[str] = []
    erased: list[str] = []
    with house.database.read() as connection:
        screenings = [
            (run, json)
            for run, json in connection.execute(
                select(runs.c.id, runs.c.parameters)
                .where(runs.c.kind == "screen")
                .order_by(runs.c.started, runs.c.id)
            )
        ]
    for run, json in screenings:
        plan = msgspec.json.decode(json)
        arguments = (
            plan["jurisdiction"],
            house.blobs.path(plan["countries"]) if plan["countries"] else None,
            date.fromisoformat(plan["conduct"]),
            date.fromisoformat(plan["decision"]),
            house.blobs.path(plan["authorised"]) if plan["authorised"] else None,
        )
        with workers(_prepare_offline, arguments) as pool:
            for batch in map_batches(pool, analyse_batch, _stored(house, run, erased)):
                with house.database.read() as connection:
                    for analysed in batch:
                        subjects += 1
                        made_findings += len(analysed.findings)
                        made_assessments += len(analysed.assessments)
                        different += unlike(connection, findings, analysed.findings)
                        different += unlike(connection, assessments, analysed.assessments)
                progress(len(batch))
    if any_tokens(house):
        from ringfence.pipeline.token_again import again  # an extra: not everybody has the engine

        with workers(close_network, ()) as pool:
            for judged in again(house, pool, erased):
                with house.database.read() as connection:
                    subjects += 1
                    made_findings += len(judged.findings)
                    made_assessments += len(judged.assessments)
                    different += unlike(connection, findings, judged.findings)
                    different += unlike(connection, assessments, judged.assessments)
                progress(1)
    with house.database.read() as connection:
        any_accounts = connection.execute(select(runs.c.id).where(runs.c.kind == ACCOUNTS).limit(1)).scalar()
    for told in accounts_again(house, erased) if any_accounts is not None else ():
        with house.database.read() as connection:
            subjects += 1
            made_findings += len(told.findings)
            made_assessments += len(told.assessments)
            different += unlike(connection, findings, told.findings)
            different += unlike(connection, assessments, told.assessments)
        progress(1)
    return Replayed(subjects, made_findings, made_assessments, tuple(different), tuple(erased))


def any_tokens(house: Store) -> bool:
    """Whether tokens were judged in this store."""
    with house.database.read() as connection:
        return (
            connection.execute(select(runs.c.id).where(runs.c.kind == TOKENS).limit(1)).scalar() is not None
        )


def _prepare_offline(*arguments: Any) -> None:  # noqa: ANN401 (what `Bench` takes)
    close_network()
    prepare(*arguments)


def _stored(house: Store, run: str, erased: list[str]) -> Iterator[list[Captured]]:
    """What a run captured, read back from the store, in batches. A subject with a body that was erased by
    order is left out, and ``erased`` told so; one that is gone without an order is a `StoreError`."""
    of_run = select(run_items.c.item, run_items.c.result).where(run_items.c.run == run)
    after = ""
    while True:
        with house.database.read() as connection:
            rows = connection.execute(
                of_run.where(run_items.c.item > after).order_by(run_items.c.item).limit(BATCH)
            ).all()
        if not rows:
            return
        after = rows[-1].item
        batch = []
        for row in rows:
            screened = msgspec.json.decode(row.result, type=Screened)
            sides: dict[str, tuple[bytes, bytes]] = {}
            seen = [house.observation(name) for name in screened.observations]
            with house.database.read() as connection:
                orders = [erasure(connection, observation.capture) for observation in seen]
            if gone_by := [gone(order) for order in orders if order is not None]:
                erased.append(f"{screened.subject}: {'; '.join(gone_by)}")
                continue
            for observation in seen:
                sides[observation.role] = (canonical(observation), house.blobs.get(observation.capture))
            target = Target(screened.subject, screened.host, screened.host)
            batch.append(Captured(target, sides.get("outside"), sides.get("inside")))
        yield batch
