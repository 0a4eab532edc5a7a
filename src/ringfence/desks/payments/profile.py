"""Profile: what an account's whole history in a ledger looks like, as whole numbers and by any engine.

What separates a dealer from a shop is less how much moves than who pays, how often, and where it goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import ibis

from ringfence.desks.payments.legs import IN, OUT
from ringfence.desks.payments.parameters import SPREADS
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signs import ASSETS
from ringfence.desks.payments.typologies import by_currency

if TYPE_CHECKING:
    from ibis.expr.types import Table

HOUR: Final = 3_600_000 << 20  # as a difference of order keys
DAY: Final = 24 * HOUR
_MINUTE: Final = 60_000 << 20
_MUCH: Final = 10**11  # of money held, where more would not fit when added up; no account needs it told apart
COLUMNS: Final = (
    "account", "receipts", "payments", "got", "gave", "payers", "payees", "once", "top_payee",
    "amounts", "top_amount", "exchange_in", "exchange_out", "from_exchange", "to_exchange", "scans",
    "nights", "words", "neutral", "written", "coins", "days", "worth", "same_day", "both", "once_got",
    "hundreds", "coin_in", "coin_out", "sums_out", "held", "held_of", "hours", "top_hour", "busiest",
)  # fmt: skip


def profiles(legs: Table, rules: Rules | None = None, currencies: Sequence[str] = ()) -> Table:
    """By account: how many ``receipts`` and ``payments`` of how much (``got``, ``gave``; minor units of all
    its currencies together), how many ``payers`` and ``payees``, payers who paid ``once``, the share of
    the ``top_payee`` in what it gave (thousandths), different ``amounts`` received and how often the
    commonest; legs and money with exchanges; receipts by scan code, at night, with coin words,
    ``written`` and of these neutral ones; receipts that are a round quantity of a coin at some spread;
    ``days`` with a leg; ``worth``, what it got in CNY (0 without ``rules``); what went in and out on the
    ``same_day`` (UTC); payers who are payees too (``both``); what payers who paid once gave
    (``once_got``); receipts of whole hundreds; different sums, received and paid, that are round
    quantities of a coin at the one spread that fits most of them (``coin_in``, ``coin_out``), and how
    many different sums were paid (``sums_out``); money by minutes that it lay here within its day
    (``held``; of ``held_of``, both in hundreds of minor units), hours of the day with receipts, payments
    in the commonest hour (``top_hour``), legs on the ``busiest`` day."""
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
        days=(legs.o // DAY).nunique(),
        worth=(_worth(legs, rules, currencies) if rules else legs.amount * 0).sum().cast("int64"),
        hundreds=count(into & (legs.amount % 10_000 == 0)),
    )
    pairs = legs.group_by(["account", "side", "other"]).agg(times=legs.count(), value=legs.amount.sum())
    who = pairs.group_by("account").agg(
        payers=count(pairs.side == IN),
        payees=count(pairs.side == OUT),
        once=count((pairs.side == IN) & (pairs.times == 1)),
        most=ibis.ifelse(pairs.side == OUT, pairs.value, 0).max().cast("int64"),
        once_got=ibis.ifelse((pairs.side == IN) & (pairs.times == 1), pairs.value, 0).sum().cast("int64"),
    )
    ways = pairs.group_by(["account", "other"]).agg(ways=pairs.count())
    mutual = ways.group_by("account").agg(both=count(ways.ways == 2))
    sums = legs.group_by(["account", "side", "amount"]).agg(times=legs.count())
    what = sums.group_by("account").agg(
        amounts=count(sums.side == IN),
        sums_out=count(sums.side == OUT),
        top_amount=ibis.ifelse(sums.side == IN, sums.times, 0).max().cast("int64"),
    )
    made = whole
    for more in (who, mutual, what, _days(legs), _coins(legs), _held(legs), _hours(legs)):
        made = made.left_join(more, "account").drop("account_right")
    made = made.mutate(
        same_day=made.same_day.fill_null(0),
        coin_in=made.coin_in.fill_null(0),
        coin_out=made.coin_out.fill_null(0),
        top_payee=ibis.ifelse(made.gave > 0, made.most // ((made.gave + 999) // 1000), 0),
    )
    return made.select(*COLUMNS)


def pairs_of(transactions: Table) -> Table:
    """{payer, payee, times, value}: who paid whom, exchanges too."""
    of = transactions.group_by(["payer", "payee"])
    return of.agg(times=transactions.count(), value=transactions.amount.sum().cast("int64"))


def _worth(legs: Table, rules: Rules, currencies: Sequence[str]) -> Any:  # noqa: ANN401 (an expression)
    thousand = by_currency(legs.book, currencies, lambda name: max(1, rules.minor(1000, name)))
    return ibis.ifelse(legs.side == IN, legs.amount * 1000 // thousand, 0)


def _days(legs: Table) -> Table:
    of = legs.mutate(day=legs.o // DAY)
    by = of.group_by(["book", "account", "day"]).agg(
        got=ibis.ifelse(of.side == IN, of.amount, 0).sum(),
        gave=ibis.ifelse(of.side == OUT, of.amount, 0).sum(),
    )
    less = ibis.ifelse(by.got < by.gave, by.got, by.gave)
    return by.mutate(less=less).group_by("account").agg(same_day=lambda t: t.less.sum().cast("int64"))


def _held(legs: Table) -> Table:
    """By Little's law: what lay on a book, added up over the minutes of a day, is what came times how long it
    stayed. What lay there when the day began is not known: the least of the day counts as nothing."""
    of = legs.mutate(day=legs.o // DAY, moved=ibis.ifelse(legs.side == IN, legs.amount, -legs.amount))
    order = ibis.window(group_by=[of.book, of.day], order_by=of.o)
    upto = ibis.window(group_by=[of.book, of.day], order_by=of.o, preceding=None, following=0)
    of = of.mutate(
        lies=of.moved.sum().over(upto).cast("int64"),
        until=ibis.coalesce(of.o.lead(1).over(order), (of.day + 1) * DAY),
    )
    least = of.lies.min().over(ibis.window(group_by=[of.book, of.day]))
    of = of.mutate(above=of.lies - ibis.ifelse(least < 0, least, 0))
    above = ibis.ifelse(of.above // 100 > _MUCH, _MUCH, of.above // 100)
    of = of.mutate(area=above * ((of.until - of.o) // _MINUTE))
    return of.group_by("account").agg(
        held=of.area.sum().cast("int64"),
        held_of=ibis.ifelse(of.side == IN, of.amount // 100, 0).sum().cast("int64"),
    )


def _hours(legs: Table) -> Table:
    by = legs.mutate(hour=legs.o // HOUR % 24, day=legs.o // DAY)
    at = by.group_by(["account", "side", "hour"]).agg(times=by.count())
    on = by.group_by(["account", "day"]).agg(times=by.count())
    hours = at.group_by("account").agg(
        hours=(at.side == IN).cast("int64").sum(),
        top_hour=ibis.ifelse(at.side == OUT, at.times, 0).max().cast("int64"),
    )
    days = on.group_by("account").agg(busiest=on.times.max().cast("int64"))
    return hours.join(days, "account")


def _coins(legs: Table) -> Table:
    of = legs.filter(legs.coin != 0).select("account", "side", "amount", "coin").distinct()
    of = of.mutate(bits=ibis.array(list(range(SPREADS * ASSETS))))
    of = of.mutate(bit=of.bits.unnest()).drop("bits")
    of = of.filter((of.coin >> of.bit.cast("int64")) & 1 == 1)
    by = of.group_by(["account", "side", "bit"]).agg(sums=of.amount.nunique())
    return by.group_by("account").agg(
        coin_in=ibis.ifelse(by.side == IN, by.sums, 0).max().cast("int64"),
        coin_out=ibis.ifelse(by.side == OUT, by.sums, 0).max().cast("int64"),
    )
