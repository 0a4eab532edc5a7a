"""Offering: whether a contract sells its token, and whether it gives the money back.

A sale is a call by which somebody who holds no role pays and has more of the token afterwards. A contract
that returns the money for the tokens on demand (a wrapper of the coin) is a deposit, and no sale is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Final

import msgspec

from ringfence.desks.tokens import replay
from ringfence.desks.tokens.expression import Leaf
from ringfence.desks.tokens.functions import (
    BALANCE_OF,
    STANDARD,
    TRANSFER,
    TRANSFER_FROM,
    Function,
    call,
    filled,
)
from ringfence.desks.tokens.meter import SpentError
from ringfence.desks.tokens.powers import authority
from ringfence.desks.tokens.reach import Reached, explore
from ringfence.desks.tokens.run import Machine, settle
from ringfence.desks.tokens.search import MONEY
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.synthesis import ACTOR, PEOPLE, TOKEN, Token, agreed, settled
from ringfence.desks.tokens.trace import Call, Trace, trace

PAID: Final = 10**18
_RUNS: Final = 16  # of one function
_BACK: Final = 900  # thousandths of the price, from which on it counts as given back


class Offering(msgspec.Struct, frozen=True):
    """A way to buy: ``selector`` ("" for money sent with nothing said), ``pays`` with *money* (the chain's
    coin) or *tokens* (of another contract), ``back`` the selector by which the money is had back at about
    the price, None where no such function was found. ``data`` and ``value`` are the call, ``state`` the
    storage under which it goes through (from code alone, that is one which could be). ``open`` is whether it
    goes through at a block, None where there is none or that was not tried."""

    selector: str
    pays: str
    data: str
    value: int
    gets: int
    back: str | None
    state: dict[str, str]
    open: bool | None = None


def offering(token: Token) -> Offering | None:
    """The first way to buy that comes out in the engine too, or None: then this code sells nothing that we
    found, which does not say that nobody sells the token. Where the work is bounded (`Meter`), what was found
    until then."""
    if not token.resolved or token.single:
        return None
    best: list[Offering] = []
    with suppress(SpentError):
        return _sold(token, best)
    return best[0] if best else None


def _sold(token: Token, best: list[Offering]) -> Offering | None:
    """See `offering`; the first deposit is put into ``best``."""
    for function in (MONEY, *token.functions):
        if function.reads_only or function.selector in STANDARD:
            continue
        for value in (PAID, 0) if function.mutability == "payable" else (0,):
            for run in _runs(token, function, value):
                found = _bought(token, function, run)
                if found is not None:
                    if found.back is None:
                        return found
                    best.append(found)
                    break
    return best[0] if best else None


def _runs(token: Token, function: Function, value: int) -> Iterator[Reached]:
    asked = Call(ACTOR, TOKEN, filled(function, [ACTOR], (PAID,), 1), value)

    def may(leaf: Leaf, new: int, made: Trace) -> bool:
        kind, key = leaf
        if kind == "S":
            return key not in token.pinned - token.supply_slots and not _names(new)
        if kind == "A":
            return key >= 4 and new < 1 << 128
        return kind != "VALUE" or (value > 0 and 0 < new <= 100 * PAID)

    return explore(token.setting, asked, may=may, runs=_RUNS)


def _names(value: int) -> bool:
    """Whether a word holds somebody's address: then a role was given, or a record of their own made up."""
    return any(value & (1 << 160) - 1 == who or value >> 8 & (1 << 160) - 1 == who for who in PEOPLE)


def _bought(token: Token, function: Function, run: Reached) -> Offering | None:
    made = run.trace
    if not agreed(made) or authority(run):
        return None
    own = [key for (kind, key) in run.change if kind == "S" and _keyed_by_actor(made, key[1])]
    paid = run.call.value if run.call.value else _paid_in_tokens(made)
    if not paid or own:
        return None
    had, has = token.balance(run.setting, ACTOR), token.balance(settled(run.setting, made), ACTOR)
    if had is None or has is None or has <= had:
        return None
    there = replay.world(run.setting, [made])
    if not replay.agrees(there, run):
        return None
    if (there.call(ACTOR, TOKEN, call(BALANCE_OF, ACTOR)).word() or 0) <= had:
        return None
    return Offering(
        selector=f"0x{function.selector.hex()}" if function.selector else "",
        pays="money" if run.call.value else "tokens",
        data="0x" + run.call.data.hex(),
        value=run.call.value,
        gets=has - had,
        back=_back(token, run, has - had, paid),
        state={
            f"0x{slot:064x}": f"0x{value:064x}"
            for (contract, slot), value in sorted(run.setting.storage.items())
            if contract == TOKEN and value
        },
    )


def _keyed_by_actor(made: Trace, slot: int) -> bool:
    return int.from_bytes(made.hashes.get(slot, b"")[:32], "big") == ACTOR


def _paid_in_tokens(made: Trace) -> int:
    """What the caller gave of another contract's tokens."""
    for one in made.calls:
        if one.kind == "call" and one.to != TOKEN and one.data[:4] == TRANSFER_FROM and len(one.data) >= 100:
            giver = int.from_bytes(one.data[4:36], "big")
            if giver == ACTOR:
                return int.from_bytes(one.data[68:100], "big")
    return 0


def _back(token: Token, run: Reached, gets: int, paid: int) -> str | None:
    """The function by which the buyer has the money back at once, asking nobody."""
    after = settled(run.setting, run.trace)
    money = {**after.balances, TOKEN: after.balances.get(TOKEN, 0) + run.call.value}
    setting = replace(after, balances=money)
    for function in token.functions:
        if function.reads_only or function.selector in STANDARD or function.mutability == "payable":
            continue
        for amount in (gets, paid):
            asked = Call(ACTOR, TOKEN, filled(function, [ACTOR], (amount,), 1))
            made = trace(setting, asked)
            returned = sum(
                one.value if run.call.value else _sent(one.data)
                for one in made.calls
                if made.ok and one.kind == "call" and (one.to == ACTOR or not run.call.value)
            )
            if returned * 1000 >= paid * _BACK:
                return f"0x{function.selector.hex()}"
    return None


def _sent(data: bytes) -> int:
    """What a call of transfer(address,uint256) gives the buyer."""
    if data[:4] == TRANSFER and len(data) >= 68 and int.from_bytes(data[4:36], "big") == ACTOR:
        return int.from_bytes(data[36:68], "big")
    return 0


def open_at(state: State, address: int, one: Offering) -> bool | None:
    """Whether somebody who has the money can buy so at a block; None where that was not tried (paid in
    tokens). Raises `MissingError` where a bundle does not hold what is needed, and `NodeError`."""
    if one.pays != "money":
        return None
    asked = bytes.fromhex(one.data[2:])

    def bought(make: Callable[[], Machine]) -> bool:
        machine = make()
        had = machine.call(ACTOR, address, call(BALANCE_OF, ACTOR)).word() or 0
        if not machine.call(ACTOR, address, asked, one.value, thorough=True).ok:
            return False
        return (machine.call(ACTOR, address, call(BALANCE_OF, ACTOR)).word() or 0) > had

    state.fetch((ACTOR, address))
    return settle(state, state.block.environment(0), bought, {ACTOR: 1000 * PAID})
