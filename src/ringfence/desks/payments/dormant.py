"""Dormant burst: an account that rested for weeks and then receives much in days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from ringfence.desks.payments.legs import IN
from ringfence.desks.payments.rules import Rules

if TYPE_CHECKING:
    from ibis.expr.types import Table


def dormant(legs: Table, rules: Rules) -> tuple[Table, Table]:
    """(stretches, the receipts they are made of). An account without a past did not rest, as far as is
    known."""
    of, length = rules["dormant_burst"], rules.window("dormant_burst")
    quiet = rules.window("dormant_burst", "quiet")
    last = legs.o.lag().over(ibis.window(group_by="book", order_by="o"))
    marked = legs.select("book", "account", "row", "o", "side", "amount", last=last)
    marked = marked.mutate(woke=ibis.ifelse(marked.o - marked["last"] >= quiet, marked.o, None))
    upto = ibis.window(group_by="book", order_by="o", preceding=None, following=0)
    marked = marked.mutate(since=marked.woke.max().over(upto))
    into = marked.filter((marked.side == IN) & marked.since.notnull() & (marked.o - marked.since <= length))
    burst = ibis.window(group_by=["book", "since"], order_by="o", preceding=None, following=0)
    into = into.mutate(
        count=ibis.row_number().over(ibis.window(group_by=["book", "since"], order_by="o")) + 1,
        got=into.amount.sum().over(burst),
        start=into.o.first().over(burst),
    )
    hits = into.filter(into["count"] >= of["receipts"])
    first = hits["count"] == of["receipts"]
    made = hits.group_by(["book", "account", "since"]).agg(
        start=hits.start.min(),
        end=hits.o.max(),
        f_end=hits.o.min(),
        f_length=ibis.literal(length).cast("int64"),
        f_start=hits.start.min(),
        f_count=hits["count"].min().cast("int64"),
        f_got=hits.got.max(where=first).cast("int64"),
        f_gave=ibis.literal(0).cast("int64"),
    )
    return made.drop("since"), into.select("book", "account", "row", "o")
