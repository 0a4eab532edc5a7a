"""Guilty: dealers who sell and buy coins over the counter and settle with an exchange or a bigger dealer."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.world.amounts import COIN, FEN, TENS, YUAN
from ringfence.desks.payments.world.evasion import Tricks
from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.memos import SET
from ringfence.desks.payments.world.people import World
from ringfence.desks.payments.world.pools import POOL
from ringfence.desks.payments.world.rhythm import PROFILE
from ringfence.desks.payments.world.services import begin
from ringfence.desks.payments.world.shops import front

_DAY = ("day", "late", "evening", "shop")
# What customers write: mixed words of their own, coin words, drilled neutral words, nothing.
_WORDS = np.asarray([SET["friends"], SET["coin"], SET["neutral"], SET["none"]])


def exchanges(world: World, count: int) -> Array:
    """Settlement accounts of unlicensed exchanges."""
    made = world.take("exchange", count, guilty=True)
    world.join("exchanges", made)
    return made


def dealers(world: World, quota: int, exchange: Array) -> None:
    """So many guilty accounts of dealers: big ones, night desks, desks that rotate accounts, small ones."""
    if not quota:
        return
    big = world.take("otc_dealer_big", max(1, quota // 8), guilty=True)
    world.join("makers", big)
    left = quota - len(big)
    left -= _desk(world, big, exchange, (25, 110), (1_500, 12_000), _DAY, left // 3)
    if left >= 4:
        night = world.take("night_desk", max(1, quota // 8), guilty=True)
        left -= len(night)
        left -= _desk(world, night, exchange, (6, 40), (500, 6_000), ("night",), left // 4)
    turning = quota // 5
    while turning >= 2 and left >= 2:
        size = min(int(world.draw.rng.integers(2, 5)), turning, left)
        if size < 2:
            break
        several = world.take("rotating_dealer", size, guilty=True)
        left, turning = left - size, turning - size
        world.band(several)
        _desk(world, several, exchange, (8, 60), (500, 8_000), _DAY, 0, rotating=True)
    if left:
        cards = _relatives(world, left)
        small = world.take("otc_dealer_small", left - cards, guilty=True)
        _desk(world, small, exchange, (5, 15), (300, 5_000), _DAY, cards, exactly=True)


def _relatives(world: World, left: int) -> int:
    """How many of the accounts left are relatives' cards: as many as the level of evasion makes likely."""
    share = {"none": 0.0, "some": 0.1, "hard": 0.22}[world.evasion.level]
    return int(left * share)


def _desk(
    world: World, at: Array, exchange: Array, rate: tuple[float, float], worth: tuple[float, float],
    profiles: tuple[str, ...], cards: int, *, rotating: bool = False, exactly: bool = False,
) -> int:  # fmt: skip
    """Rows for dealers ``at``; ``rate`` trades a day, ``worth`` median of an order in major units.
    Returns how many relatives' cards were taken besides (at most ``cards``)."""
    n, role = len(at), world.roles[world.role[at[0]]]
    d = world.draw.about(role)
    tricks = world.evasion.tricks(d, n)
    settled = d.rng.choice(exchange, (n, 4))
    chosen = np.flatnonzero(tricks.relative)[:cards]
    if exactly:
        chosen = np.arange(min(cards, n))
    target, count = settled.copy(), d.whole("exchange_accounts", 1, 3, n)
    if len(chosen):
        relative = world.take("dealer_relative", len(chosen), guilty=True)
        for one, card in zip(chosen, relative, strict=True):
            world.band(np.asarray([at[one], card]))
        target[chosen], count[chosen] = relative[:, None], 1
        _pass_on(world, relative, settled[chosen])
        d.about(role)
    # Some buy their coins from a bigger dealer or from other customers instead of an exchange.
    source = d.rng.random(n)
    other = np.full(n, -1)
    if role != "otc_dealer_big":
        other = np.where(source > 0.85, POOL["coin_people"], np.where(source > 0.65, POOL["makers"], -1))
    other[chosen] = -1
    count = np.minimum(np.where(other >= 0, 0, count), 4)
    trades = d.scale("trades_a_day", *rate, n) * tricks.volume
    sold = d.share("sold_share", 0.1, 1, n)
    if rotating:
        trades[:] = trades[0]
    words = _WORDS[d.rng.integers(0, 4, n)]
    first = (d.rng.random(n) * world.days * 0.3 * (d.rng.random(n) < 0.3)).astype(int)
    asset = (d.rng.random(n) < 0.12).astype(int)
    common: dict[str, Array | float] = {
        "profile": np.asarray([PROFILE[p] for p in profiles])[d.rng.integers(0, len(profiles), n)],
        "first": first, "active": d.share("active_share", 0.7, 1, n), "kind": COIN,
        "a1": d.scale("median_order", *worth, n) * 100, "a2": d.uniform("order_sigma", 0.4, 1.1, n),
        "asset": asset, "round_share": d.share("round_coins_share", 0.6, 1, n) * (1 - tricks.plain),
        "jitter": tricks.jitter, "deed": 1, "pool": POOL["coin_people"], "begin": begin(world, n),
        "circle": d.scale("circle", 4, 40, n).astype(int), "repeat": d.share("regulars_share", 0.02, 0.35, n),
        "scan": d.share("scan_share", 0, 1, n), "memo": words,
        "ending": d.rng.choice([FEN, FEN, YUAN, TENS], n, p=[0.4, 0.2, 0.3, 0.1]),
        "memo_share": np.where(words == SET["friends"], 0.3, d.share("memo_share", 0.4, 1, n)),
    }  # fmt: skip
    if rotating:
        common |= {"turn": np.arange(n), "turns": n, "span": int(d.rng.integers(1, 4)), "active": 1.0}
    world.collect.add(
        at, rate=trades * sold, a3=d.uniform("sell_spread", 0.0, 0.02, n, floor=-0.01),
        **common, **_settling(world, tricks, n), targets=count, target=target, to_pool=other,
    )  # fmt: skip
    runs = d.uniform("buying_runs_a_day", 1, 4, n, floor=0.3)
    world.payout.add(
        at, rate=runs, count=np.maximum(trades * (1 - sold) / runs, 0.3), count_sigma=0.4,
        a3=-d.uniform("buy_spread", 0.0, 0.02, n, floor=-0.01), **common,
        lead_low=3.0, lead_high=d.scale("funded_minutes_before", 10, 120, n) * tricks.delay,
        spread=d.scale("pays_over_minutes", 20, 300, n) * np.sqrt(tricks.delay),
        margin=d.share("margin", 0, 0.03, n) + tricks.keep,
        fund_pieces=d.whole("funded_in", 1, 3, n) + tricks.pieces, targets=np.maximum(count, 1),
        target=settled,
    )  # fmt: skip
    if role == "otc_dealer_big":
        # Smaller dealers pay them for coins; they pay the exchange.
        world.relay.add(at, every=360.0, keep_low=0.0, keep_high=0.02, delay_low=10.0, delay_high=120.0,
                        targets=np.maximum(count, 1), target=settled)  # fmt: skip
    live(world, at, tricks)
    return len(chosen)


def _settling(world: World, tricks: Tricks, n: int) -> dict[str, Array | float]:
    d = world.draw
    every = d.scale("settles_every_minutes", 60, 1440, n)
    return {
        "every": every, "keep_low": tricks.keep * 0.5,
        "keep_high": d.share("fee", 0.0, 0.03, n) + tricks.keep,
        "delay_low": 2.0 * np.sqrt(tricks.delay),
        "delay_high": d.scale("settles_after_minutes", 5, 120, n) * tricks.delay,
        "pieces": d.whole("settles_in", 1, 3, n) + tricks.pieces,
        "gap": d.scale("gap_minutes", 1, 20, n) * np.sqrt(tricks.delay),
        "unit": d.rng.choice([1, 100, 10_000], n),
    }  # fmt: skip


def _pass_on(world: World, relative: Array, target: Array) -> None:
    n, d = len(relative), world.draw.about("dealer_relative")
    world.relay.add(
        relative, every=d.scale("passes_on_every_minutes", 30, 720, n), keep_low=0.0,
        keep_high=d.share("kept", 0.0, 0.05, n), delay_low=2.0,
        delay_high=d.scale("passes_on_after_minutes", 10, 600, n), pieces=d.whole("transfers", 1, 3, n),
        gap=10.0, targets=1, target=target,
    )  # fmt: skip
    live(world, relative, world.evasion.tricks(d, n))


def live(world: World, at: Array, tricks: Tricks) -> None:
    """Daily life and shop fronts, for those who hide behind them: they spend and earn as anybody does."""
    known = tricks.life > 0
    living = at[known]
    world.weight[living] = tricks.life[known]
    if len(living):
        world.join("persons", living)
        world.join("workers", world.some(living, 0.6))
    if tricks.front.any():
        front(world, at[tricks.front])
