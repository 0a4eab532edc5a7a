"""Profile: what an account's whole history in a ledger looks like, as whole numbers and by any engine.

What separates a dealer from a shop is less how much moves than who pays, how often, and where it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

from ringfence.desks.payments.legs import IN, OUT

if TYPE_CHECKING:
    from ibis.expr.types import Table

COLUMNS: Final = (
    "account", "receipts", "payments", "got", "gave", "payers", "payees", "once", "top_payee", "amounts",
    "top_amount", "exchange_in", "exchange_out", "from_exchange", "to_exchange", "scans", "nights", "words",
    "neutral", "written", "coins", "days",
)  # fmt: skip


def profiles(legs: Table) -> Table:
    """By account: how many ``receipts`` and ``payments`` of how much (``got``, ``gave``; minor units of all
    its currencies together), how many ``payers`` and ``payees``, payers who paid ``once``, the share of the
    ``top_payee`` in what it gave (thousandths), different ``amounts`` received and how often the commonest;
    legs and money with exchanges; receipts by scan code, at night, with coin words, ``written`` and of
    these neutral ones; receipts that are a round quantity of a coin at some spread; ``days`` with a leg."""
    into, out = legs.side == IN, legs.side == OUT

    def count(where: ibis.Value) -> ibis.Value:
        return where.cast("int64").sum()

    whole = legs.group_by("account").agg(
        receipts=count(into),
        payments=count(out),
        got=ibis.ifelse(into, legs.amount, 0).sum().cast("int64"),
        gave=ibis.ifelse(out, legs.amount, 0).sum().cast("int64"),
        exchange_in=count(into & legs.exchange),
        exchange_out=count(out & legs.exchange),
        from_exchange=ibis.ifelse(into & legs.exchange, legs.amount, 0).sum().cast("int64"),
        to_exchange=ibis.ifelse(out & legs.exchange, legs.amount, 0).sum().cast("int64"),
        scans=count(into & legs.scan),
        nights=count(legs.night),
        words=count(into & (legs.memo == 3)),
        neutral=count(into & (legs.memo == 2)),
        written=count(into & (legs.memo > 0)),
        coins=count(into & (legs.coin != 0)),
        days=(legs.o // (86_400_000 << 20)).nunique(),
    )
    pairs = legs.group_by(["account", "side", "other"]).agg(times=legs.count(), value=legs.amount.sum())
    who = pairs.group_by("account").agg(
        payers=count(pairs.side == IN),
        payees=count(pairs.side == OUT),
        once=count((pairs.side == IN) & (pairs.times == 1)),
        most=ibis.ifelse(pairs.side == OUT, pairs.value, 0).max().cast("int64"),
    )
    received = legs.filter(into)
    prices = received.group_by(["account", "amount"]).agg(times=received.count())
    what = prices.group_by("account").agg(amounts=prices.count(), top_amount=prices.times.max())
    made = whole.join(who, "account").left_join(what, "account").drop("account_right")
    made = made.mutate(
        amounts=made.amounts.fill_null(0),
        top_amount=made.top_amount.fill_null(0),
        top_payee=ibis.ifelse(made.gave > 0, made.most // ((made.gave + 999) // 1000), 0),
    )
    return made.select(*COLUMNS)
