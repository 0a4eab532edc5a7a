"""Venue: where a token is traded on its chain: pairs of Uniswap V2 and of markets with the same interface.

Factories and routers by chain are data (`pool/venues.json`), each with its source; a pair can also be named.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from ringfence.core.errors import InputError
from ringfence.desks.tokens.functions import call
from ringfence.desks.tokens.pool.formula import amount_out
from ringfence.desks.tokens.run import view, words
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.world import address as text

GET_PAIR: Final = bytes.fromhex("e6a43905")  # getPair(address,address)
RESERVES: Final = bytes.fromhex("0902f1ac")  # getReserves()
TOKEN0: Final = bytes.fromhex("0dfe1681")
TOKEN1: Final = bytes.fromhex("d21220a7")
FACTORY: Final = bytes.fromhex("c45a0155")
WETH: Final = bytes.fromhex("ad5c4648")


@dataclass(frozen=True)
class Venue:
    """A pair of a token and a coin. ``path`` leads from the wrapped native coin to the token; ``router`` None
    where none is known for its factory; ``depth`` is what the pair holds, in the native coin's wei (None
    where that is not known)."""

    name: str
    factory: int
    router: int | None
    pair: int
    path: tuple[int, ...]
    depth: int | None

    def to_dict(self) -> dict[str, Any]:
        """As `tokens screen` writes it."""
        return {"venue": self.name, "pair": text(self.pair), "coin": text(self.path[-2])}


@lru_cache(1)
def known() -> dict[str, Any]:
    """Factories, routers and coins by chain, as recorded."""
    source = resources.files("ringfence.desks.tokens.pool").joinpath("venues.json").read_text("utf-8")
    made: dict[str, Any] = json.loads(source)["chains"]
    return made


def venue(state: State, token: int, pair: int | None = None) -> Venue | None:
    """The pair that is named, or the deepest that the known factories have; None where there is none.

    Raises `InputError` where the pair that is named is none of this token."""
    here = known().get(f"eip155:{state.block.chain}", {"venues": [], "quotes": []})
    if pair is not None:
        return _named(state, token, pair, here)
    found = []
    for one in here["venues"]:
        factory, router = int(one["factory"], 16), int(one["router"], 16)
        native = _address(state, router, WETH) if state.code(factory) and state.code(router) else None
        for coin in (native, *(int(each, 16) for each in here["quotes"])):
            if native is None or coin is None or coin == token:
                continue
            got = _address(state, factory, call(GET_PAIR, token, coin))
            if got and state.code(got):
                path = (native, token) if coin == native else (native, coin, token)
                depth = _depth(state, factory, got, path)
                if depth:
                    found.append(Venue(one["name"], factory, router, got, path, depth))
    return max(found, key=lambda one: (one.depth or 0, one.pair), default=None)


def _named(state: State, token: int, pair: int, here: dict[str, Any]) -> Venue:
    sides = [_address(state, pair, side) for side in (TOKEN0, TOKEN1)]
    factory = _address(state, pair, FACTORY)
    if token not in sides or factory is None or None in sides:
        raise InputError(
            f"{text(pair)} is no pair of {text(token)}", hint="name a pair of the Uniswap V2 interface"
        )
    (coin,) = [side for side in sides if side != token and side is not None]
    for one in here["venues"]:
        if int(one["factory"], 16) == factory:
            router = int(one["router"], 16)
            native = _address(state, router, WETH)
            if native is not None:
                path = (native, token) if coin == native else (native, coin, token)
                return Venue(one["name"], factory, router, pair, path, _depth(state, factory, pair, path))
    return Venue("", factory, None, pair, (coin, token), _depth(state, factory, pair, (coin, token)))


def _depth(state: State, factory: int, pair: int, path: tuple[int, ...]) -> int | None:
    mine = _reserve(state, pair, path[-2])
    if len(path) == 2 or not mine:
        return mine
    between = _address(state, factory, call(GET_PAIR, path[0], path[1]))
    if not between or not state.code(between):
        return None
    native, coin = _reserve(state, between, path[0]), _reserve(state, between, path[1])
    return amount_out(mine, coin, native) if native and coin else None


def _reserve(state: State, pair: int, coin: int) -> int | None:
    first = _address(state, pair, TOKEN0)
    got = list(words(view(state, pair, RESERVES).data))
    return None if len(got) < 2 else got[0] if first == coin else got[1]


def _address(state: State, who: int, data: bytes) -> int | None:
    got = view(state, who, data).word()
    return got if got is not None and got < 1 << 160 else None
