"""Sweep: every typology over a whole ledger, by an engine that Ibis speaks to (DuckDB, Spark)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.dormant import dormant
from ringfence.desks.payments.flows import deepened, passed
from ringfence.desks.payments.legs import legs_of
from ringfence.desks.payments.rules import TYPOLOGIES, Rules
from ringfence.desks.payments.typologies import Typologies
from ringfence.desks.payments.watch import FIRST, measured, members, of_accounts, stretches

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from ringfence.desks.payments.engine import Engine


def sweep(
    engine: Engine, transactions: Table, rules: Rules, currencies: Sequence[str], parts: int = 1
) -> list[Seen]:
    """What the typologies see, in the order of its ends. ``transactions`` is the ledger with its signs
    (`signs.COLUMNS`); ``parts`` bounds memory: so many groups of accounts, one after another."""
    whole = legs_of(transactions)
    paid = [
        engine.keep(passed(_part(whole, part, parts), rules, currencies), f"paid_{part}")
        for part in range(parts)
    ]
    together = paid[0] if parts == 1 else paid[0].union(*paid[1:])
    flows = engine.keep(deepened(together, whole, rules, engine.keep), "flows")
    found: list[Seen] = []
    for part in range(parts):
        mark = engine.mark()
        legs = engine.keep(_part(whole, part, parts), "legs")
        found += _of_legs(engine, legs, flows, rules, currencies)
        engine.forget(mark)
    return sorted(found)


def _part(legs: Table, part: int, parts: int) -> Table:
    return legs if parts == 1 else legs.filter(legs.account % parts == part)


def _of_legs(
    engine: Engine, legs: Table, flows: Table, rules: Rules, currencies: Sequence[str]
) -> Iterator[Seen]:
    by: dict[str, tuple[list[Table], list[Table]]] = {name: ([], []) for name in TYPOLOGIES}
    for at, watch in enumerate(Typologies(legs, rules, currencies).all(flows)):
        stretched = engine.keep(stretches(measured(watch), watch.keys), f"stretches_{at}")
        inside = members(watch.legs, stretched, watch.keys)
        by[watch.typology][0].append(stretched)
        by[watch.typology][1].append(inside)
    woke, awake = dormant(legs, rules)
    stretched = engine.keep(woke, "stretches_dormant")
    by["dormant_burst"][0].append(stretched)
    by["dormant_burst"][1].append(members(awake, stretched, ("book",)))
    for name, (windows, legs_in) in by.items():
        yield from _seen(engine, name, windows, legs_in)


def _seen(engine: Engine, typology: str, windows: list[Table], legs_in: list[Table]) -> Iterator[Seen]:
    """Stretches of all keys of an account as one, with their transactions."""
    columns = ("account", "start", "end", *FIRST)
    every = [one.select(*columns) for one in windows]
    whole = engine.keep(
        of_accounts(every[0] if len(every) == 1 else every[0].union(*every[1:])), f"of_{typology}"
    )
    rows = legs_in[0] if len(legs_in) == 1 else legs_in[0].union(*legs_in[1:])
    rows = rows.distinct()
    placed = rows.join(
        whole.select("account", "start", "end"),
        [rows.account == whole.account, rows.o >= whole.start, rows.o <= whole.end],
        rname="w_{name}",
    ).select("account", "start", "row")
    told = _arrays(engine.arrow(whole.select(*columns)), columns)
    inside = _arrays(engine.arrow(placed), ("account", "start", "row"))
    order = np.lexsort((inside["row"], inside["start"], inside["account"]))
    account, start, row = (inside[name][order] for name in ("account", "start", "row"))
    cuts = np.flatnonzero((np.diff(account) != 0) | (np.diff(start) != 0)) + 1
    lists = {
        (int(account[at[0]]), int(start[at[0]])): tuple(row[at].tolist())
        for at in np.split(np.arange(len(row)), cuts)
        if len(at)
    }
    for values in zip(*(told[name].tolist() for name in columns), strict=True):
        who, begin, end, *first = values
        yield Seen(end, who, typology, begin, tuple(first), lists[who, begin])


def _arrays(table: Any, names: Sequence[str]) -> dict[str, Any]:  # noqa: ANN401 (an Arrow table)
    return {name: table.column(name).to_numpy() for name in names}
