"""Legs: both sides of every transaction, as a relation that the typologies look through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis

if TYPE_CHECKING:
    from ibis.expr.types import Table

IN: Final = 1
OUT: Final = -1
BOOKS: Final = 256  # currencies there is room for: a book is an account in one currency


def legs_of(transactions: Table) -> Table:
    """From transactions with their signs, a row for each side, but none of an exchange's own: {row, o,
    account, book, side (1 in, -1 out), other, amount, exchange (the other is one), scan, night, memo, band,
    coin, advertised}."""

    def side(own: str, other: str, sign: int) -> Table:
        t = transactions
        return t.filter(~t[f"{own}_exchange"]).select(
            "row",
            "o",
            account=t[own].cast("int64"),
            book=t[own].cast("int64") * BOOKS + t.currency.cast("int64"),
            side=ibis.literal(sign).cast("int8"),
            other=t[other].cast("int64"),
            amount=t.amount,
            exchange=t[f"{other}_exchange"],
            scan=t.scan,
            night=t.night,
            memo=t.memo,
            band=t.band,
            coin=t.coin,
            advertised=t.advertised if sign == IN else ibis.literal(False),
        )

    return side("payer", "payee", OUT).union(side("payee", "payer", IN))
