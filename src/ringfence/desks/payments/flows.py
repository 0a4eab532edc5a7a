"""Flows: which payments pass on what their payer received, how deep, and from whom.

``depth`` counts the accounts that passed the money on, one after another, up to and with a transaction (at
most 4); ``origin`` is who paid the payer what is paid on, where that is one receipt and not the payee's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import ibis

from ringfence.desks.payments.legs import IN, OUT
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.typologies import by_currency

if TYPE_CHECKING:
    from ibis.expr.types import Table

DEEPEST: Final = 4
Keep = Callable[["Table", str], "Table"]


def passed(legs: Table, rules: Rules, currencies: Sequence[str]) -> Table:
    """{row, book, o, on (bool), origin} of the payments that pass something on in either sense."""
    of, hop = rules["pool_hops"], rules.window("pool_hops", "hop")
    turn, length = rules["u_turn"], rules.window("u_turn")
    within = ibis.range_window(group_by="book", order_by="o", preceding=hop, following=0)
    upto = ibis.window(group_by="book", order_by="o", preceding=None, following=0)
    into = (legs.side == IN).cast("int64")
    seen = legs.select(
        "row", "book", "o", "side", "amount", "other",
        got=ibis.ifelse(legs.side == IN, legs.amount, 0).sum().over(within),
        gave=ibis.ifelse(legs.side == OUT, legs.amount, 0).sum().over(within),
        receipts=into.sum().over(within),
        number=into.sum().over(upto),
    )  # fmt: skip
    # Legs with one number follow one receipt, which is the first of them.
    after = ibis.window(group_by=["book", "number"], order_by="o", preceding=None, following=0)
    seen = seen.mutate(
        last_o=seen.o.first().over(after),
        last_amount=seen.amount.first().over(after),
        last_other=seen.other.first().over(after),
    )
    least = by_currency(seen.book, currencies, lambda name: rules.minor(of["least"], name))
    on = (seen.receipts >= 1) & (seen.got >= least)
    on &= (of["low"] * seen.got <= 1000 * seen.gave) & (1000 * seen.gave <= of["high"] * seen.got)
    near = (seen.number > 0) & (seen.o - seen.last_o <= length) & (seen.last_other != seen.other)
    near &= (turn["low"] * seen.last_amount <= 1000 * seen.amount) & (
        1000 * seen.amount <= turn["high"] * seen.last_amount
    )
    out = seen.mutate(on=on, origin=ibis.ifelse(near, seen.last_other, None)).filter(seen.side == OUT)
    return out.filter(out.on | out.origin.notnull()).select("row", "book", "o", "on", "origin")


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
