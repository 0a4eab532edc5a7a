"""Reference: the typologies by brute force, as they are defined, to hold the engines to.

Nothing clever: for every event the whole window is looked through again. The definitions in words are in
docs/method/payments.md. A *leg* is one side of a transaction: in for the payee, out for the payer. A *book*
is an account in one currency. A window of length w that ends at leg e
holds the legs with e.o - w <= o <= e.o.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ringfence.desks.payments.rules import Rules

IN, OUT = 1, -1


@dataclass(frozen=True)
class Leg:
    """One side of a transaction. ``other`` is the other account; ``exchange`` says whether that is one."""

    row: int
    o: int
    account: int
    currency: str
    side: int
    other: int
    amount: int
    exchange: bool
    scan: bool
    night: bool
    memo: int
    band: int
    coin: int
    advertised: bool

    @property
    def book(self) -> tuple[int, str]:
        return self.account, self.currency


Measures = tuple[int, int, int]  # how many, got, gave: what the typology counted


@dataclass(frozen=True)
class Hit:
    """A window in which a typology was seen: the order keys of its first and last leg, its length, what was
    measured in it, and its transactions."""

    typology: str
    account: int
    start: int
    end: int
    length: int
    measures: Measures
    rows: frozenset[int]

    @property
    def first(self) -> tuple[int, ...]:
        """By which the first of several hits is told: (end, length, start, how many, got, gave)."""
        return (self.end, self.length, self.start, *self.measures)


@dataclass(frozen=True)
class Merged:
    """Hits of one typology and account whose windows overlap, and the first of them."""

    account: int
    typology: str
    start: int
    end: int
    first: tuple[int, ...]
    rows: tuple[int, ...]


Window = list[Leg]
Test = Callable[[Leg, Window], Measures | None]


def legs_of(columns: Mapping[str, Sequence[int]], currencies: Sequence[str]) -> list[Leg]:
    """Both legs of every transaction, but none of an exchange's own."""
    made = []
    for at, row in enumerate(columns["row"]):
        value = {name: listed[at] for name, listed in columns.items()}
        common = {
            "row": int(row), "o": int(value["o"]), "currency": currencies[value["currency"]],
            "amount": int(value["amount"]), "scan": bool(value["scan"]), "night": bool(value["night"]),
            "memo": int(value["memo"]), "band": int(value["band"]), "coin": int(value["coin"]),
        }  # fmt: skip
        sides = (
            (OUT, "payer", "payee", False),
            (IN, "payee", "payer", bool(value["advertised"])),
        )
        for side, own, other, advertised in sides:
            if not value[f"{own}_exchange"]:
                exchange = bool(value[f"{other}_exchange"])
                made.append(
                    Leg(
                        side=side,
                        account=int(value[own]),
                        other=int(value[other]),
                        exchange=exchange,
                        advertised=advertised,
                        **common,
                    )
                )
    return made


def hits(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    """Every hit of every typology. ``legs`` in the order of o (the two of a transaction in either order)."""
    yield from _pass_through(legs, rules)
    yield from _exchange_match(legs, rules)
    yield from _same_amount(legs, rules)
    yield from _coin_multiple(legs, rules)
    yield from _structuring(legs, rules)
    yield from _pool_hops(legs, rules)
    yield from _dormant_burst(legs, rules)
    yield from _night(legs, rules)
    yield from _p2p_ad(legs, rules)
    yield from _memo(legs, rules)
    yield from _u_turn(legs, rules)


def merge(found: Iterable[Hit]) -> list[Merged]:
    """Alerts: windows of one typology and account that overlap (or touch) are one."""
    by: dict[tuple[int, str], list[Hit]] = defaultdict(list)
    for hit in found:
        by[hit.account, hit.typology].append(hit)
    made = []
    for (account, typology), listed in by.items():
        listed.sort(key=lambda hit: hit.start)
        together: list[list[Hit]] = []
        end = -1
        for hit in listed:
            if hit.start > end:
                together.append([])
            together[-1].append(hit)
            end = max(end, hit.end)
        for group in together:
            rows = frozenset().union(*(hit.rows for hit in group))
            span = group[0].start, max(hit.end for hit in group)
            first = min(hit.first for hit in group)
            made.append(Merged(account, typology, *span, first, tuple(sorted(rows))))
    return sorted(made, key=lambda one: (one.end, one.account, one.typology))


def _windows(
    typology: str, legs: Iterable[Leg], key: Callable[[Leg], Hashable], length: int, test: Test
) -> Iterator[Hit]:
    """The windows, over the legs given, that end at a leg and pass a test; one key's legs together."""
    by: dict[Hashable, list[Leg]] = defaultdict(list)
    for leg in legs:
        mine = by[key(leg)]
        mine.append(leg)
        window = [one for one in mine if one.o >= leg.o - length]
        measures = test(leg, window)
        if measures is not None:
            rows = frozenset(one.row for one in window)
            yield Hit(typology, leg.account, window[0].o, leg.o, length, measures, rows)


def _sum(window: Window, side: int) -> int:
    return sum(leg.amount for leg in window if leg.side == side)


def _count(window: Window, side: int) -> int:
    return sum(leg.side == side for leg in window)


def _all(window: Window) -> int:
    return sum(leg.amount for leg in window)


def _passed_on(
    of: Mapping[str, int], least: int, parts: int, side: int, leg: Leg, window: Window
) -> Measures | None:
    """Where about as much went out as came in: (legs of the side that is counted, got, gave)."""
    got, gave, count = _sum(window, IN), _sum(window, OUT), _count(window, side)
    enough = leg.side == OUT and count >= parts and got >= least
    return (count, got, gave) if enough and of["low"] * got <= 1000 * gave <= of["high"] * got else None


def _fresh(legs: Iterable[Leg], key: Callable[[Leg], Hashable], length: int) -> set[tuple[Hashable, int]]:
    """(key, o) of the legs before which the same key had none for longer than a window: so that what is
    counted in a window is counted once. Never more than there are different ones."""
    last: dict[Hashable, int] = {}
    made = set()
    for leg in legs:
        name = key(leg)
        if name not in last or leg.o - last[name] > length:
            made.add((name, leg.o))
        last[name] = leg.o
    return made


def _many(window: Window, least: int) -> Measures | None:
    return (len(window), _all(window), 0) if len(window) >= least else None


def _pass_through(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of = rules["pass_through"]

    def test(leg: Leg, window: Window) -> Measures | None:
        return _passed_on(of, rules.minor(of["least"], leg.currency), of["receipts"], IN, leg, window)

    for length in rules.windows("pass_through"):
        yield from _windows("pass_through", legs, lambda leg: leg.book, length, test)


def _exchange_match(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of = rules["exchange_match"]

    def settles(leg: Leg, window: Window) -> Measures | None:
        return _passed_on(of, rules.minor(of["least"], leg.currency), of["parts"], IN, leg, window)

    def pays_out(leg: Leg, window: Window) -> Measures | None:
        return _passed_on(of, rules.minor(of["least"], leg.currency), of["parts"], OUT, leg, window)

    towards = [leg for leg in legs if leg.exchange == (leg.side == OUT)]
    back = [leg for leg in legs if leg.exchange == (leg.side == IN)]
    for length in rules.windows("exchange_match"):
        yield from _windows("exchange_match", towards, lambda leg: leg.book, length, settles)
        yield from _windows("exchange_match", back, lambda leg: leg.book, length, pays_out)


def _same_amount(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of, length = rules["same_amount_scan"], rules.window("same_amount_scan")
    mine = [leg for leg in legs if leg.side == IN and leg.scan]
    for phase in (0, 1):

        def bucket(leg: Leg, phase: int = phase) -> Hashable:
            # Two amounts no further apart than the tolerance share a bucket in one phase at least.
            width = max(1, rules.minor(of["tolerance"], leg.currency))
            return leg.book, (leg.amount + phase * width) // (2 * width)

        fresh = _fresh(mine, lambda leg, bucket=bucket: (bucket(leg), leg.other), length)

        def test(leg: Leg, window: Window, bucket=bucket, fresh=fresh) -> Measures | None:
            payers = sum(((bucket(one), one.other), one.o) in fresh for one in window)
            return (payers, _all(window), 0) if payers >= of["payers"] else None

        yield from _windows("same_amount_scan", mine, bucket, length, test)


def _coin_multiple(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of, length = rules["coin_multiple"], rules.window("coin_multiple")
    for bit in range(52):
        mine = [leg for leg in legs if leg.side == IN and leg.coin >> bit & 1]
        fresh = _fresh(mine, lambda leg: (leg.book, leg.amount), length)

        def test(leg: Leg, window: Window, fresh=fresh) -> Measures | None:
            amounts = sum(((one.book, one.amount), one.o) in fresh for one in window)
            return (amounts, _all(window), 0) if amounts >= of["amounts"] else None

        yield from _windows("coin_multiple", mine, lambda leg: leg.book, length, test)


def _structuring(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    times = rules["structuring"]["times"]
    yield from _windows(
        "structuring",
        [leg for leg in legs if leg.band],
        lambda leg: (leg.book, leg.side, leg.band),
        rules.window("structuring"),
        lambda leg, window: _many(window, times),
    )


def depths(legs: list[Leg], rules: Rules) -> dict[int, int]:
    """By row: how many accounts passed the money on, one after another, up to and with this transaction
    (0: its payer passed nothing on), at most 4."""
    of, hop = rules["pool_hops"], rules.window("pool_hops", "hop")
    by: dict[tuple[int, str], list[Leg]] = defaultdict(list)
    depth: dict[int, int] = {}
    for leg in sorted(legs, key=lambda leg: (leg.o, leg.side)):  # out before in: the payer's depth is known
        by[leg.book].append(leg)
        if leg.side == IN:
            continue
        window = [one for one in by[leg.book] if one.o >= leg.o - hop]
        got, gave = _sum(window, IN), _sum(window, OUT)
        passed = (
            _count(window, IN) >= 1
            and got >= rules.minor(of["least"], leg.currency)
            and of["low"] * got <= 1000 * gave <= of["high"] * got
        )
        before = max((depth.get(one.row, 0) for one in window if one.side == IN), default=0)
        depth[leg.row] = min(4, 1 + before) if passed else 0
    return depth


def _pool_hops(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of, length = rules["pool_hops"], rules.window("pool_hops")
    depth = depths(legs, rules)
    fed = [leg for leg in legs if leg.side == IN and depth.get(leg.row, 0) >= 1]
    fresh = _fresh(fed, lambda leg: (leg.book, leg.other), length)

    def gathers(leg: Leg, window: Window) -> Measures | None:
        payers = sum(((one.book, one.other), one.o) in fresh for one in window)
        return (payers, _all(window), 0) if payers >= of["collectors"] else None

    def hands_on(leg: Leg, window: Window) -> Measures | None:
        if leg.side == IN or depth[leg.row] < 2:
            return None
        return depth[leg.row], _sum(window, IN), _sum(window, OUT)

    yield from _windows("pool_hops", fed, lambda leg: leg.book, length, gathers)
    yield from _windows("pool_hops", legs, lambda leg: leg.book, rules.window("pool_hops", "hop"), hands_on)


def _dormant_burst(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of, quiet, length = (
        rules["dormant_burst"],
        rules.window("dormant_burst", "quiet"),
        rules.window("dormant_burst"),
    )
    by: dict[tuple[int, str], list[Leg]] = defaultdict(list)
    woke: dict[tuple[int, str], int] = {}
    for leg in legs:
        mine = by[leg.book]
        if mine and leg.o - mine[-1].o >= quiet:
            woke[leg.book] = leg.o
        mine.append(leg)
        since = woke.get(leg.book)
        if leg.side == IN and since is not None and leg.o - since <= length:
            window = [one for one in mine if one.side == IN and one.o >= since]
            if len(window) >= of["receipts"]:
                rows = frozenset(one.row for one in window)
                measures = (len(window), _all(window), 0)
                yield Hit("dormant_burst", leg.account, window[0].o, leg.o, length, measures, rows)


def _night(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of = rules["night"]

    def test(leg: Leg, window: Window) -> Measures | None:
        whole = _all(window)
        dark = sum(one.amount for one in window if one.night)
        enough = whole >= rules.minor(of["least"], leg.currency)
        seen = len(window) >= of["legs"] and enough and 1000 * dark > of["share"] * whole
        return (len(window), whole, dark) if seen else None

    yield from _windows("night", legs, lambda leg: leg.book, rules.window("night"), test)


def _p2p_ad(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    receipts = rules["p2p_ad"]["receipts"]
    mine = [leg for leg in legs if leg.side == IN and leg.advertised]
    yield from _windows(
        "p2p_ad",
        mine,
        lambda leg: leg.book,
        rules.window("p2p_ad"),
        lambda leg, window: _many(window, receipts),
    )


def _memo(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of, length = rules["memo"], rules.window("memo")
    words = [leg for leg in legs if leg.side == IN and leg.memo == 3]
    yield from _windows(
        "memo", words, lambda leg: leg.book, length, lambda leg, window: _many(window, of["words"])
    )
    written = [leg for leg in legs if leg.side == IN and leg.memo]
    fresh = _fresh(written, lambda leg: (leg.book, leg.other), length)

    def test(leg: Leg, window: Window) -> Measures | None:
        neutral = sum(one.memo == 2 for one in window)
        payers = sum(((one.book, one.other), one.o) in fresh for one in window)
        seen = payers >= of["payers"] and 1000 * neutral >= of["share"] * len(window)
        return (payers, _all(window), neutral) if seen else None

    yield from _windows("memo", written, lambda leg: leg.book, length, test)


def _u_turn(legs: list[Leg], rules: Rules) -> Iterator[Hit]:
    of, length = rules["u_turn"], rules.window("u_turn")

    def test(leg: Leg, window: Window) -> Measures | None:
        return _passed_on(of, rules.minor(of["least"], leg.currency), 1, IN, leg, window)

    yield from _windows("u_turn", legs, lambda leg: (leg.book, leg.other), length, test)
    tag = origins(legs, rules)
    third = [leg for leg in legs if leg.side == OUT or tag.get(leg.row) is not None]

    def end(leg: Leg) -> Hashable:
        return leg.book, leg.other if leg.side == OUT else tag.get(leg.row)

    yield from _windows("u_turn", third, end, length, test)


def origins(legs: list[Leg], rules: Rules) -> dict[int, int | None]:
    """By row: who paid the payer what is paid on here (the payer's last receipt, if about as large, within a
    window), where that is not the payee."""
    of, length = rules["u_turn"], rules.window("u_turn")
    last: dict[tuple[int, str], Leg] = {}
    made: dict[int, int | None] = {}
    for leg in sorted(legs, key=lambda leg: (leg.o, leg.side)):
        if leg.side == IN:
            last[leg.book] = leg
            continue
        got = last.get(leg.book)
        near = (
            got is not None
            and leg.o - got.o <= length
            and of["low"] * got.amount <= 1000 * leg.amount <= of["high"] * got.amount
            and got.other != leg.other
        )
        made[leg.row] = got.other if got is not None and near else None
    return made
