"""Typologies: what settling trades in coins looks like, one definition each, for DuckDB and Spark alike.

The same definitions by brute force stand in tests/desks/payments/reference.py, in words in
docs/method/payments.md; `online` holds them per event. Only whole numbers are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import ibis

from ringfence.desks.payments.legs import BOOKS, IN, OUT
from ringfence.desks.payments.parameters import SPREADS
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signs import ASSETS
from ringfence.desks.payments.watch import Watch

if TYPE_CHECKING:
    from ibis.expr.types import BooleanColumn, IntegerColumn, Table

BOOK = ("book",)


def _if(condition: Any, value: Any) -> Any:  # noqa: ANN401 (expressions)
    return ibis.ifelse(condition, value, 0)


def _got(t: Table) -> IntegerColumn:
    return _if(t.side == IN, t.amount)


def _gave(t: Table) -> IntegerColumn:
    return _if(t.side == OUT, t.amount)


def _ins(t: Table) -> IntegerColumn:
    return (t.side == IN).cast("int64")


def _outs(t: Table) -> IntegerColumn:
    return (t.side == OUT).cast("int64")


def _one(t: Table) -> IntegerColumn:
    return ibis.ifelse(t.o.notnull(), 1, 0).cast("int64")


def _amount(t: Table) -> IntegerColumn:
    return t.amount


def _none(t: Table) -> IntegerColumn:
    return ibis.ifelse(t.o.notnull(), 0, 0).cast("int64")


def fresh(legs: Table, keys: Sequence[str], length: int) -> Table:
    """The legs with ``fresh``: 1 where the same keys had no leg for longer than a window, else 0; so that
    what is counted in a window is counted once."""
    last = legs.o.lag().over(ibis.window(group_by=list(keys), order_by="o"))
    marked = legs.mutate(last=last)
    return marked.mutate(
        fresh=(marked["last"].isnull() | (marked.o - marked["last"] > length)).cast("int64")
    ).drop("last")


class Typologies:
    """Watches for the books of some legs. ``currencies`` as in the ledger."""

    def __init__(self, legs: Table, rules: Rules, currencies: Sequence[str]) -> None:
        self._legs = legs
        self._rules = rules
        self._currencies = tuple(currencies)

    def all(self, flows: Table) -> Iterator[Watch]:
        """Every watch but that for dormant accounts. ``flows`` is {row, depth, origin} of the transactions
        that pass something on (see `flows`)."""
        yield self.pass_through()
        yield from self.exchange_match()
        yield from self.same_amount_scan()
        yield self.coin_multiple()
        yield self.structuring()
        yield from self.pool_hops(flows)
        yield self.night()
        yield self.p2p_ad()
        yield from self.memo()
        yield from self.u_turn(flows)

    def pass_through(self) -> Watch:
        """Money goes out about as it came in, after several receipts."""
        of = self._rules["pass_through"]
        sums = {"count": _ins, "got": _got, "gave": _gave}
        lengths = self._rules.windows("pass_through")
        test = self._passed_on("pass_through", of["receipts"])
        return Watch("pass_through", self._legs, BOOK, lengths, sums, test)

    def exchange_match(self) -> Iterator[Watch]:
        """Receipts that a settlement with an exchange matches; an exchange's payout that payments match."""
        parts = self._rules.number("exchange_match", "parts")
        lengths = self._rules.windows("exchange_match")
        legs = self._legs
        for counted, settles in ((_ins, OUT), (_outs, IN)):
            with_exchange = legs.filter(legs.exchange & (legs.side == settles)).select("book").distinct()
            mine = legs.filter(legs.exchange == (legs.side == settles)).semi_join(with_exchange, "book")
            sums = {"count": counted, "got": _got, "gave": _gave}
            test = self._passed_on("exchange_match", parts)
            yield Watch("exchange_match", mine, BOOK, lengths, sums, test)

    def same_amount_scan(self) -> Iterator[Watch]:
        """Many pay one amount by scan code within hours. Two amounts no further apart than the tolerance
        share a bucket in one phase at least."""
        of = self._rules["same_amount_scan"]
        length = self._rules.window("same_amount_scan")
        legs = self._legs.filter((self._legs.side == IN) & self._legs.scan)
        width = self._by_currency(legs, lambda name: max(1, self._rules.minor(of["tolerance"], name)))
        for phase in (0, 1):
            mine = legs.mutate(bucket=(legs.amount + phase * width) // (2 * width))
            mine = fresh(mine, ("book", "bucket", "other"), length)
            sums = {"count": lambda t: t.fresh, "got": _amount, "gave": _none}
            yield Watch(
                "same_amount_scan", mine, ("book", "bucket"), (length,), sums,
                lambda t: t["count"] >= of["payers"],
            )  # fmt: skip

    def coin_multiple(self) -> Watch:
        """Different receipts, each a round quantity of a coin at the price of its time and one spread."""
        of = self._rules["coin_multiple"]
        length = self._rules.window("coin_multiple")
        legs = self._legs.filter((self._legs.side == IN) & (self._legs.coin != 0))
        mine = legs.mutate(bits=ibis.array(list(range(SPREADS * ASSETS))))
        mine = mine.mutate(at=mine.bits.unnest()).drop("bits")
        mine = mine.mutate(bit=mine["at"].cast("int64")).drop("at")
        mine = mine.filter((mine.coin >> mine.bit) & 1 == 1)
        mine = fresh(mine, ("book", "bit", "amount"), length)
        sums = {"count": lambda t: t.fresh, "got": _amount, "gave": _none}
        return Watch(
            "coin_multiple", mine, ("book", "bit"), (length,), sums, lambda t: t["count"] >= of["amounts"]
        )

    def structuring(self) -> Watch:
        """Amounts just below a limit, again and again."""
        times = self._rules.number("structuring", "times")
        mine = self._legs.filter(self._legs.band > 0)
        sums = {"count": _one, "got": _amount, "gave": _none}
        length = self._rules.window("structuring")
        return Watch(
            "structuring", mine, ("book", "side", "band"), (length,), sums, lambda t: t["count"] >= times
        )

    def pool_hops(self, flows: Table) -> Iterator[Watch]:
        """Several collectors, each of whom passes on what it received, feed one account; or what is passed
        on had been passed on before."""
        of, hop = self._rules["pool_hops"], self._rules.window("pool_hops", "hop")
        length = self._rules.window("pool_hops")
        deep = flows.filter(flows.depth >= 1).select("row", "depth")
        fed = self._legs.filter(self._legs.side == IN).join(deep, "row")
        fed = fresh(fed, ("book", "other"), length)
        sums = {"count": lambda t: t.fresh, "got": _amount, "gave": _none}
        yield Watch("pool_hops", fed, BOOK, (length,), sums, lambda t: t["count"] >= of["collectors"])
        links = flows.filter(flows.depth >= 2).select(d_row="row", at_depth="depth")
        here = (
            self._legs.filter(self._legs.side == OUT)
            .join(links, [("row", "d_row")])
            .select("book")
            .distinct()
        )
        mine = self._legs.semi_join(here, "book").left_join(links, [("row", "d_row")]).drop("d_row")
        mine = mine.mutate(at_depth=ibis.ifelse(mine.side == OUT, mine.at_depth.fill_null(0), 0))
        yield Watch(
            "pool_hops", mine, BOOK, (hop,), {"count": _none, "got": _got, "gave": _gave},
            lambda t: t.at_depth >= 2, counts="at_depth",
        )  # fmt: skip

    def night(self) -> Watch:
        """Most of the value moves at night."""
        of = self._rules["night"]
        books = self._legs.filter(self._legs.night).select("book").distinct()
        mine = self._legs.semi_join(books, "book")
        sums = {"count": _one, "got": _amount, "gave": lambda t: _if(t.night, t.amount)}

        def test(t: Table) -> BooleanColumn:
            enough = (t["count"] >= of["legs"]) & (t.got >= self._least(t, "night"))
            return enough & (1000 * t.gave > of["share"] * t.got)

        return Watch("night", mine, BOOK, (self._rules.window("night"),), sums, test)

    def p2p_ad(self) -> Watch:
        """Receipts of an account that was advertised for trades between persons."""
        receipts = self._rules.number("p2p_ad", "receipts")
        mine = self._legs.filter((self._legs.side == IN) & self._legs.advertised)
        sums = {"count": _one, "got": _amount, "gave": _none}
        length = self._rules.window("p2p_ad")
        return Watch("p2p_ad", mine, BOOK, (length,), sums, lambda t: t["count"] >= receipts)

    def memo(self) -> Iterator[Watch]:
        """Words of the trade; or many payers who all write words that say nothing."""
        of, length = self._rules["memo"], self._rules.window("memo")
        legs = self._legs.filter(self._legs.side == IN)
        sums = {"count": _one, "got": _amount, "gave": _none}
        yield Watch(
            "memo", legs.filter(legs.memo == 3), BOOK, (length,), sums, lambda t: t["count"] >= of["words"]
        )
        written = fresh(legs.filter(legs.memo > 0), ("book", "other"), length)

        def test(t: Table) -> BooleanColumn:
            return (t["count"] >= of["payers"]) & (1000 * t.gave >= of["share"] * t.written)

        sums = {
            "count": lambda t: t.fresh,
            "got": _amount,
            "gave": lambda t: (t.memo == 2).cast("int64"),
            "written": _one,
        }
        yield Watch("memo", written, BOOK, (length,), sums, test)

    def u_turn(self, flows: Table) -> Iterator[Watch]:
        """What somebody paid goes back to them, directly or over one other account."""
        legs = self._legs
        sums = {"count": _ins, "got": _got, "gave": _gave}
        lengths = (self._rules.window("u_turn"),)
        test = self._passed_on("u_turn", 1)
        yield Watch("u_turn", self._both_ways(legs, "other"), ("book", "other"), lengths, sums, test)
        tagged = flows.filter(flows.origin.notnull()).select("row", "origin")
        back = legs.filter(legs.side == IN).join(tagged, "row")
        back = back.mutate(far=back.origin).drop("origin")
        out = legs.filter(legs.side == OUT)
        third = back.union(out.mutate(far=out.other).select(*back.columns))
        yield Watch("u_turn", self._both_ways(third, "far"), ("book", "far"), lengths, sums, test)

    def _both_ways(self, legs: Table, end: str) -> Table:
        """Legs of the pairs between which money went both ways."""
        both = (
            legs.group_by(["book", end])
            .agg(ways=legs.side.max() - legs.side.min())
            .filter(lambda t: t.ways > 0)
            .select("book", end)
        )
        return legs.semi_join(both, ["book", end])

    def _passed_on(self, typology: str, parts: int) -> Callable[[Table], BooleanColumn]:
        """Whether about as much went out as came in, when something goes out."""
        of = self._rules[typology]

        def test(t: Table) -> BooleanColumn:
            enough = (t.side == OUT) & (t["count"] >= parts) & (t.got >= self._least(t, typology))
            return enough & (of["low"] * t.got <= 1000 * t.gave) & (1000 * t.gave <= of["high"] * t.got)

        return test

    def _least(self, t: Table, typology: str) -> IntegerColumn:
        return self._by_currency(t, lambda name: self._rules.minor(self._rules[typology]["least"], name))

    def _by_currency(self, t: Table, minor: Callable[[str], int]) -> IntegerColumn:
        """A threshold by the currency of a book."""
        return by_currency(t.book, self._currencies, minor)


def by_currency(book: Any, currencies: Sequence[str], minor: Callable[[str], int]) -> Any:  # noqa: ANN401
    """A number for each currency, by book."""
    values = [minor(name) for name in currencies]
    if len(set(values)) <= 1:  # none: a ledger without payments has no currency either
        return ibis.literal(values[0] if values else 0).cast("int64")
    code = book % BOOKS
    return ibis.cases(*((code == at, value) for at, value in enumerate(values)), else_=0).cast("int64")
