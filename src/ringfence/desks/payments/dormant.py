"""Dormant burst: an account that rested for weeks and then receives much in days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from ringfence.desks.payments.legs import IN
from ringfence.desks.payments.rules import Rules

if TYPE_CHECKING:
    from ibis.expr.types import Table

    from ringfence.desks.payments.engine import Engine


def dormant(legs: Table, rules: Rules, engine: Engine) -> tuple[Table, Table]:
    """(stretches, the receipts they are made of). An account without a past did not rest, as far as is
    known."""
    of, length = rules["dormant_burst"], rules.window("dormant_burst")
    quiet = rules.window("dormant_burst", "quiet")
    before = ibis.window(group_by="book", order_by="o")
    last = legs.select("book", rest=legs.o - legs.o.lag().over(before))
    # Few books ever rest so long: only theirs are looked through.
    rested = engine.keep(last.filter(last.rest >= quiet).select("book").distinct(), "rested")
    marked = legs.select("book", "account", "row", "o", "side", "amount").semi_join(rested, "book")
    marked = marked.mutate(rest=marked.o - marked.o.lag().over(before))
    marked = marked.mutate(woke=ibis.ifelse(marked.rest >= quiet, marked.o, None))
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
