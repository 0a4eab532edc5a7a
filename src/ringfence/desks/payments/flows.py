"""Flows: which payments pass on what their payer received, how deep, and from whom.

``depth`` counts the accounts that passed the money on, one after another, up to and with a transaction (at
most 4); ``origin`` is who paid the payer what is paid on, where that is one receipt and not the payee's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import ibis

from ringfence.desks.payments.legs import IN, OUT
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.typed import LARGEST
from ringfence.desks.payments.typologies import by_currency
from ringfence.desks.payments.windows import Windows

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from ringfence.desks.payments.engine import Engine

DEEPEST: Final = 4
Keep = Callable[["Table", str], "Table"]


def passed(legs: Table, rules: Rules, currencies: Sequence[str], engine: Engine, name: str) -> Table:
    """{row, book, o, on (bool), origin} of the payments that pass something on in either sense."""
    of, hop = rules["pool_hops"], rules.window("pool_hops", "hop")
    turn, length = rules["u_turn"], rules.window("u_turn")
    sums: dict[str, Callable[[Table], Any]] = {
        "got": lambda t: ibis.ifelse(t.side == IN, t.amount, 0),
        "gave": lambda t: ibis.ifelse(t.side == OUT, t.amount, 0),
        "receipts": lambda t: (t.side == IN).cast("int64"),
    }

    def wide(amount: Any) -> Any:  # noqa: ANN401 (an expression)
        # Some 10**15 times some thousandths has room in 64 bits, but not times very many.
        return amount.cast("decimal(20,0)") if turn["high"] * LARGEST >= 2**63 else amount

    def passing(seen: Table, _: int) -> Table:
        least = by_currency(seen.book, currencies, lambda name: rules.minor(of["least"], name))
        on = (seen.receipts >= 1) & (seen.got >= least)
        on &= (of["low"] * seen.got <= 1000 * seen.gave) & (1000 * seen.gave <= of["high"] * seen.got)
        near = (seen.o - seen.last_o <= length) & (seen.last_other != seen.other)
        got, gave = wide(seen.last_amount), wide(seen.amount)
        near &= (turn["low"] * got <= 1000 * gave) & (1000 * gave <= turn["high"] * got)
        near = near.fill_null(False)  # nothing was received before
        out = seen.mutate(on=on, origin=ibis.ifelse(near, seen.last_other, None)).filter(seen.side == OUT)
        return out.filter(out.on | out.origin.notnull()).select("row", "book", "o", "on", "origin")

    seen = legs.select("row", "book", "o", "side", "amount", "other")
    last = {"last_o": "o", "last_amount": "amount", "last_other": "other"}
    return engine.windows(Windows(seen, ("book",), (hop,), sums, lambda t: t.side == IN, last), passing, name)


def deepened(paid: Table, legs: Table, rules: Rules, keep: Keep) -> Table:
    """{row, depth, origin}: ``paid`` with how deep each is. ``keep`` makes a step's result lasting."""
    on = paid.filter(paid.on)
    into = legs.filter(legs.side == IN).semi_join(on, "row").select("row", "book", "o")
    into = keep(into, "into")  # receipts of what somebody passed on
    depth = keep(on.select("row", "book", "o", depth=ibis.literal(1).cast("int64")), "depth_1")
    window = ibis.range_window(
        group_by="book", order_by="o", preceding=rules.window("pool_hops", "hop"), following=0
    )
    for step in range(2, DEEPEST + 1):
        fed = into.join(depth.select("row", "depth"), "row").select("row", "book", "o", "depth", own=False)
        both = fed.union(depth.select("row", "book", "o", depth=ibis.literal(0).cast("int64"), own=True))
        both = both.mutate(before=both.depth.max().over(window))
        depth = keep(both.filter(both.own).select("row", "book", "o", depth=both.before + 1), f"depth_{step}")
    told = depth.select("row", "depth")
    made = paid.select("row", "origin").left_join(told, "row")
    return made.select("row", "origin", depth=made.depth.fill_null(0))
