"""Windows: what is added up over the legs of one key in a window that ends at each of them.

Said once as a relation, which Spark works out as it stands. For DuckDB the same is worked out here over
sorted columns, in one pass for each length: its range frames search the begin of every window anew for every
sum, which was most of the time of a sweep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import BooleanColumn, IntegerColumn, Table

_EXACT: Final = 2.0**62  # sums below it are exact in 64 bits, however they were rounded on the way to it


@dataclass(frozen=True)
class Windows:
    """For each of ``lengths`` (differences of order keys) the ``legs`` with ``start``, the order key of the
    first leg of a window, and ``sums`` over it by name. ``last`` are columns of the last leg of the key, up
    to and with each, for which ``of`` holds: {name: column}, null where there is none."""

    legs: Table
    keys: tuple[str, ...]
    lengths: tuple[int, ...]
    sums: Mapping[str, Callable[[Table], IntegerColumn]]
    of: Callable[[Table], BooleanColumn] | None = None
    last: Mapping[str, str] = field(default_factory=dict)

    def related(self) -> Iterator[Table]:
        """As relations."""
        legs = self.legs
        if self.of is not None:
            upto = ibis.window(group_by=self.keys, order_by="o", preceding=None, following=0)
            legs = legs.mutate(number=self.of(legs).cast("int64").sum().over(upto))
            # Legs with one number follow one such leg, which is the first of them.
            after = ibis.window(group_by=[*self.keys, "number"], order_by="o", preceding=None, following=0)
            legs = legs.mutate(
                **{
                    name: ibis.ifelse(legs.number > 0, legs[column].first().over(after), None)
                    for name, column in self.last.items()
                }
            ).drop("number")
        for length in self.lengths:
            window = ibis.range_window(group_by=self.keys, order_by="o", preceding=length, following=0)
            yield legs.mutate(
                start=legs.o.first().over(window),
                **{name: make(legs).sum().over(window) for name, make in self.sums.items()},
            )

    def sorted(self) -> Table:
        """The legs with what is to be added up (``add_…``) and ``mark``, by key and order."""
        legs = self.legs
        more: dict[str, Any] = {f"add_{name}": make(legs).cast("int64") for name, make in self.sums.items()}
        if self.of is not None:
            more["mark"] = self.of(legs)
        return legs.mutate(**more).order_by([*self.keys, "o"])


def passes(of: Windows, columns: dict[str, Any]) -> Iterator[dict[str, Any]] | None:
    """The columns of `Windows.related` for each length, from those of `Windows.sorted` (arrays, which are
    taken out of the dict); None where a sum might not fit 64 bits."""
    import numpy as np

    from ringfence.desks.payments.pass_over import last_marked, summed

    adds = [columns.pop(f"add_{name}") for name in of.sums]
    if any(float(np.abs(one, dtype=np.float64).sum()) > _EXACT for one in adds):
        return None
    o = columns["o"]
    new = np.ones(len(o), np.bool_)
    if len(o):
        new[1:] = False
        for key in of.keys:
            new[1:] |= columns[key][1:] != columns[key][:-1]
    if of.of is not None:
        at = last_marked(new, columns.pop("mark"))
        for name, column in of.last.items():
            columns[name] = np.ma.masked_array(columns[column][np.maximum(at, 0)], at < 0)

    def each() -> Iterator[dict[str, Any]]:
        for length in of.lengths:
            start = np.empty(len(o), np.int64)
            made = {name: np.empty(len(o), np.int64) for name in of.sums}
            for name, values in zip(of.sums, adds, strict=True):
                summed(new, o, values, length, start, made[name])
            yield {**columns, "start": start, **made}

    return each()
