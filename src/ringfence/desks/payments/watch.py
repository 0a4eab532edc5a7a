"""Watch: legs of one key seen through a window that ends at each of them, and those at which a test holds.

The shape that every typology has. Its result is a set of *stretches* (windows of one key that overlap, as
one) with their first window, and the legs in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from ringfence.desks.payments.windows import Windows

if TYPE_CHECKING:
    from ibis.expr.types import BooleanColumn, IntegerColumn, Table

    from ringfence.desks.payments.engine import Engine

FIRST = ("f_end", "f_length", "f_start", "f_count", "f_got", "f_gave")


@dataclass(frozen=True)
class Watch:
    """``legs`` are looked at together where ``keys`` agree, in windows of ``lengths`` (differences of order
    keys). ``sums`` name what is added up in a window, ``count``, ``got`` and ``gave`` among them, from
    columns of a leg; ``test`` is on the last leg of a window with these columns."""

    typology: str
    legs: Table
    keys: tuple[str, ...]
    lengths: tuple[int, ...]
    sums: Mapping[str, Callable[[Table], IntegerColumn]]
    test: Callable[[Table], BooleanColumn]
    counts: str = "count"  # the column that is told as the count


def measured(watch: Watch, engine: Engine, name: str) -> Table:
    """The windows that pass, as {keys, account, start, end, length, count, got, gave}."""
    legs = watch.legs
    needed = legs.select(
        *watch.keys,
        *(name for name in ("account", "book", "side", "o") if name not in watch.keys),
        *(name for name in legs.columns if name.startswith("at_")),
        **{f"in_{name}": make(legs) for name, make in watch.sums.items()},
    )
    sums = {name: (lambda t, name=name: t[f"in_{name}"]) for name in watch.sums}

    def passing(one: Table, length: int) -> Table:
        return one.filter(watch.test(one)).select(
            *watch.keys,
            *(() if "account" in watch.keys else ("account",)),
            start=one.start,
            end=one.o,
            length=ibis.literal(length).cast("int64"),
            count=one[watch.counts].cast("int64"),
            got=one.got.cast("int64"),
            gave=one.gave.cast("int64"),
        )

    return engine.windows(Windows(needed, watch.keys, watch.lengths, sums), passing, name)


def stretches(windows: Table, keys: tuple[str, ...]) -> Table:
    """Windows of one key that overlap, as one: {keys, account, start, end} and the first window. Of one key
    and length a later window never starts earlier."""
    by = (*keys, *(() if "account" in keys else ("account",)), "length")
    told = {"f_end": "end", "f_length": "length", "f_start": "start", "f_count": "count", "f_got": "got"}
    first = {name: windows[column] for name, column in (told | {"f_gave": "gave"}).items()}
    return _joined(windows.select(*by, "start", "end", **first), by)


def of_accounts(stretched: Table) -> Table:
    """Stretches of one account, whatever the key, as one: {account, start, end, first window}."""
    return _joined(stretched.select("account", "start", "end", *FIRST), ("account",))


def _joined(windows: Table, keys: tuple[str, ...]) -> Table:
    # One row for each start first: of rows that are alike, no order is sure.
    starts = _first_of(windows, (*keys, "start"))
    before = ibis.window(group_by=keys, order_by="start", preceding=(None, 1))
    starts = starts.mutate(reached=starts.end.max().over(before))
    begins = starts.reached.isnull() | (starts.start > starts.reached)
    starts = starts.mutate(begins=begins.cast("int64"))
    upto = ibis.window(group_by=keys, order_by="start", preceding=None, following=0)
    return _first_of(starts.mutate(island=starts.begins.sum().over(upto)), (*keys, "island"))


def _first_of(windows: Table, by: tuple[str, ...]) -> Table:
    """Windows of a group as one, with its first."""
    ranked = windows.mutate(rank=ibis.row_number().over(group_by=by, order_by=list(FIRST)))
    head = ranked["rank"] == 0
    start = {} if "start" in by else {"start": ranked.start.min()}
    first = {name: ranked[name].max(where=head) for name in FIRST}
    made = ranked.group_by(list(by)).agg(**start, end=ranked.end.max(), **first)
    return made.drop("island") if "island" in by else made


def members(legs: Table, stretched: Table, keys: tuple[str, ...], whole: Table) -> Table:
    """The legs in the stretches of their key, each with the number (``nth``) of the account's stretch in
    ``whole`` that this lies in: {nth, row}."""
    lies = (stretched.start >= whole.start) & (stretched.end <= whole.end)
    numbered = whole.select("account", "start", "end", "nth")
    placed = stretched.join(numbered, ["account", lies], rname="w_{name}")
    placed = placed.select(*keys, "start", "end", "nth")
    where = [legs[key] == placed[key] for key in keys]
    inside = (legs.o >= placed.start) & (legs.o <= placed.end)
    return legs.join(placed, [*where, inside], rname="s_{name}").select("nth", "row")
