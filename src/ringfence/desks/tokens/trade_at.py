"""Trade at: bought, moved and sold on a chain as it stands, in the token's own pool where it has one.

Taxes are those in force at that block. Where nobody can buy, nothing is said of sales: a market that is not
open yet looks the same as one that never opens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from ringfence.desks.tokens import trade
from ringfence.desks.tokens.functions import TOTAL_SUPPLY
from ringfence.desks.tokens.gates import passes
from ringfence.desks.tokens.ground import Ground
from ringfence.desks.tokens.run import view
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.synthesis import POOL, Token
from ringfence.desks.tokens.trade import PLAIN
from ringfence.desks.tokens.traded import Trade
from ringfence.desks.tokens.trial import Plan, Trial, attempt
from ringfence.desks.tokens.venue import Venue, venue
from ringfence.desks.tokens.world import address as text

SCALES: Final = (Fraction(1), Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000))
MOVED: Final = Plan("moved", holder="moved")
_OPEN: Final = 10**24  # of the token in a pool of ours, or half of all there is


def trade_at(state: State, address: int, token: Token, pair: int | None = None) -> Trade:
    """The trade of a token on the chain; in a pool of ours, beside what its code says, where it has none.

    Raises `InputError` where a pair is named that is none of its own."""
    if token.why or token.single:
        return trade.of(token)
    where = venue(state, address, pair)
    if where is None:
        return _ours(state, address, token)
    ground, first = _begin(_ground(state, address, where))
    now = _now(ground, first)
    place = _place(state, where, now)
    if first.stage in ("open", "buy"):
        why = f"nobody buys at this block: {first.why}"
        cannot = first.stage == "buy" or None
        return Trade(None, cannot_buy=cannot, why=why, place=place, proof={"stopped": first.steps}, trials=1)
    made = trade.judged(replace(ground, thorough=False))
    taxes = (first.buy_tax, first.sell_tax) if passes(first) else (made.buy_tax, made.sell_tax)
    return replace(made, buy_tax=taxes[0], sell_tax=taxes[1], place=place)


def _ground(state: State, address: int, where: Venue | None) -> Ground:
    return Ground(
        state.code(address), {}, {}, where.pair if where else POOL, address, state.block.environment(),
        state=state, venue=where, thorough=True,
    )  # fmt: skip


def _begin(ground: Ground) -> tuple[Ground, Trial]:
    """The largest stake of a hundredth of the pool and its tenths that is let through."""
    if ground.venue is not None and ground.venue.router is not None:
        # Read in one request what a purchase needs, where the node can trace: the wrapped coin has money.
        asked = {"from": ground.venue.path[0], "to": ground.venue.router}
        data, value = ground.buy(ground.buyers()[0]).hex(), hex(ground.stake(PLAIN.stake))
        ground.state.warm({k: text(who) for k, who in asked.items()} | {"data": "0x" + data, "value": value})
    tried: list[tuple[Ground, Trial]] = []
    for one in _scaled(ground):
        made = attempt(one, PLAIN)
        tried.append((one, made))
        if made.stage == "" and passes(made):
            return one, made
        if made.stage == "open":
            break
    bought = [one for one in tried if one[1].stage not in ("open", "buy")]
    return (bought or tried)[0]


def _scaled(ground: Ground) -> Iterator[Ground]:
    for scale in SCALES:
        yield replace(ground, scale=scale)


def _now(ground: Ground, first: Trial) -> dict[str, Any]:
    """What goes through at this block, each by itself; None where what comes before it does not."""
    bought = first.stage not in ("open", "buy")
    moved = attempt(ground, MOVED) if bought else None
    return {
        "buy": True if bought else False if first.stage == "buy" else None,
        "transfer": None if moved is None else moved.stage != "move",
        "sell": passes(first) if bought and first.stage in ("sell", "") else None,
        "buy_tax": _number(first.buy_tax),
        "sell_tax": _number(first.sell_tax),
        "why": first.why or None,
    }


def _place(state: State, where: Venue | None, now: dict[str, Any] | None) -> dict[str, Any]:
    told = where.to_dict() if where else {"venue": None, "pair": None, "coin": None}
    return {**told, "block": state.block.number, "now": now}


def _number(tax: Fraction | None) -> float | None:
    return None if tax is None else round(float(tax), 9)


def _ours(state: State, address: int, token: Token) -> Trade:
    """What the code says, and how trades go now in a pool that the token does not know."""
    said = trade.of(token)
    slots = token.balance_slots.get(POOL, frozenset())
    if token.base is None or len(slots) != 1:
        return replace(said, place=_place(state, None, None))
    supply = view(state, address, TOTAL_SUPPLY).word() or 0
    given = {(address, slot): min(_OPEN, supply // 2) or _OPEN for _, slot in slots}
    ground = replace(_ground(state, address, None), storage=given)
    return replace(said, place=_place(state, None, _now(ground, attempt(ground, PLAIN))))
