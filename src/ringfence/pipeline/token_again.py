"""Tokens again: everything that was judged of tokens, from the bytes that were kept, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor

import msgspec
from sqlalchemy import select

from ringfence.core.bulk import map_batches
from ringfence.core.work import run_items, runs
from ringfence.desks.tokens.observe import Sealed
from ringfence.evidence.redaction import erasure, gone
from ringfence.evidence.store import Store
from ringfence.pipeline.target import TOKENS
from ringfence.pipeline.token import Judged, Under, judge_again

Kept = tuple[Sealed, str, Under]


def again(house: Store, pool: Executor, erased: list[str]) -> Iterator[Judged]:
    """Every token that was judged, judged again in the pool; ``erased`` is told of those whose bytes are
    gone by order. Raises `StoreError` where they are gone without one."""
    return map_batches(pool, _one, _kept(house, erased))


def _one(kept: Kept) -> Judged:
    return judge_again(*kept)


def _kept(house: Store, erased: list[str]) -> Iterator[Kept]:
    with house.database.read() as connection:
        rows = connection.execute(
            select(run_items.c.item, run_items.c.result)
            .join(runs, runs.c.id == run_items.c.run)
            .where(runs.c.kind == TOKENS)
            .order_by(runs.c.started, runs.c.id)
        ).all()
    for row in rows:
        plan = msgspec.json.decode(row.result)
        observation = house.observation(plan["observation"])
        with house.database.read() as connection:
            order = erasure(connection, observation.capture)
        if order is not None:
            erased.append(f"{row.item}: {gone(order)}")
            continue
        under = msgspec.convert(plan, Under, strict=False)
        yield Sealed(observation, house.blobs.get(observation.capture)), plan["depth"], under
