"""Sweep: every typology over a whole ledger, by an engine that Ibis speaks to (DuckDB, Spark)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np

from ringfence.desks.payments.dormant import dormant
from ringfence.desks.payments.flows import deepened, passed
from ringfence.desks.payments.legs import legs_of
from ringfence.desks.payments.rules import TYPOLOGIES, Rules
from ringfence.desks.payments.sights import Gathered, Sights
from ringfence.desks.payments.typologies import Typologies
from ringfence.desks.payments.watch import FIRST, measured, members, of_accounts, stretches

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from ringfence.desks.payments.engine import Engine


def sweep(
    engine: Engine, transactions: Table, rules: Rules, currencies: Sequence[str], parts: int = 1
) -> Sights:
    """What the typologies see, in the order of its ends. ``transactions`` is the ledger with its signs
    (`signs.COLUMNS`); ``parts`` bounds memory: so many groups of accounts, one after another."""
    whole = legs_of(transactions)
    divided = engine.split(whole, "account", parts)
    paid = [
        engine.keep(passed(legs, rules, currencies, engine, "passed"), f"paid_{part}")
        for part, legs in enumerate(divided)
    ]
    together = paid[0] if parts == 1 else paid[0].union(*paid[1:])
    flows = engine.keep(deepened(together, whole, rules, engine.keep), "flows")
    found = Gathered()
    for part in divided:
        mark = engine.mark()
        _of_legs(engine, engine.keep(part, "legs"), flows, rules, currencies, found)
        engine.forget(mark)
    return found.sights()


def _of_legs(
    engine: Engine, legs: Table, flows: Table, rules: Rules, currencies: Sequence[str], found: Gathered
) -> None:
    by: dict[str, list[tuple[Table, Table, tuple[str, ...]]]] = {name: [] for name in TYPOLOGIES}
    for at, watch in enumerate(Typologies(legs, rules, currencies).all(flows)):
        windows = measured(watch, engine, f"windows_{at}")
        stretched = engine.keep(stretches(windows, watch.keys), f"stretches_{at}")
        by[watch.typology].append((stretched, watch.legs, watch.keys))
    woke, awake = dormant(legs, rules, engine)
    by["dormant_burst"].append((engine.keep(woke, "stretches_dormant"), awake, ("book",)))
    for name, watched in by.items():
        _gather(engine, name, watched, found)


def _gather(
    engine: Engine, typology: str, watched: list[tuple[Table, Table, tuple[str, ...]]], found: Gathered
) -> None:
    """Stretches of all keys of an account as one, with their transactions."""
    columns = ("account", "start", "end", *FIRST)
    every = [stretched.select(*columns) for stretched, _, _ in watched]
    joined = of_accounts(every[0] if len(every) == 1 else every[0].union(*every[1:]))
    number = ibis.row_number().over(order_by=["account", "start"])
    whole = engine.keep(joined.mutate(nth=number), f"of_{typology}")
    told = _arrays(engine.arrow(whole.select(*columns).order_by(["account", "start"])), columns)
    if not len(told["account"]):
        return
    inside = [members(legs, stretched, keys, whole) for stretched, legs, keys in watched]
    rows = inside[0] if len(inside) == 1 else inside[0].union(*inside[1:])
    placed = _arrays(engine.arrow(rows.distinct()), ("nth", "row"))
    order = np.lexsort((placed["row"], placed["nth"]))
    counts = np.bincount(placed["nth"], minlength=len(told["account"]))
    found.add(typology, [told[name] for name in columns], counts, placed["row"][order])


def _arrays(table: Any, names: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401 (an Arrow table)
    return {name: table.column(name).to_numpy() for name in names}
