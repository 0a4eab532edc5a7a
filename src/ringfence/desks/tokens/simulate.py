"""Simulate: what a transaction that nobody has signed yet would change, on the state of one block.

It runs in the engine on what is read (`run`); what the engine cannot run as the chain does (`beyond`) is left
to the node. Balances are asked for before and after, in the same state: what a token's events say is compared
with them and never taken for them. The transaction is taken to stand alone in the next block; fees are left
out of the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.tokens import effects, simulated
from ringfence.desks.tokens.beyond import beyond
from ringfence.desks.tokens.by_node import by_node
from ringfence.desks.tokens.effects import Allowed
from ringfence.desks.tokens.functions import (
    ALLOWANCE,
    BALANCE_OF,
    OWNER_OF,
    TOTAL_SUPPLY,
    call,
)
from ringfence.desks.tokens.node import Refused
from ringfence.desks.tokens.pinned import HERE
from ringfence.desks.tokens.ran import ASKER, BALANCE_1155, MAX_VIEWS, VIEW_GAS, Ran, gas_of, views_of
from ringfence.desks.tokens.revert import reason
from ringfence.desks.tokens.run import Machine, settle
from ringfence.desks.tokens.simulated import Approval, Change, Known, Simulation, asset, coin, text
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.transaction import NAMES, Transaction

_CUT: Final = f"only {MAX_VIEWS} balances were asked for; what else moved is as events say"


def simulate(
    tx: Transaction,
    state: State,
    *,
    subjects: Mapping[int, str] | None = None,
    known: Mapping[tuple[int, bytes], Iterable[str]] | None = None,
) -> Simulation:
    """What would change. ``subjects`` names addresses of the register, ``known`` the capabilities that a
    screening found behind (contract, selector).

    Raises `InputError` for a transaction of another chain, `MissingError` where a bundle does not hold what
    is needed, and `NodeError`.
    """
    here = f"eip155:{state.block.chain}"
    if tx.chain is not None and tx.chain != here:
        raise InputError(f"a transaction for {tx.chain}, and a state of {here}", hint="name the chain's node")
    if tx.block not in (None, state.block.number, state.block.hash, *NAMES):
        raise InputError(
            f"a transaction for block {tx.block}, and a state of block {state.block.number}",
            hint="leave the block out, or read the state there",
        )
    ran, code = _run(tx, state)
    changes, approvals = _changes(tx, state, ran), _approvals(state, ran)
    powers = effects.used(ran.logs) | set((known or {}).get((tx.to or 0, tx.data[:4]), ()))
    if ran.reverted is not False:
        powers = set()
    elif any(_grew(told) for (_, asked), told in ran.views.items() if asked == TOTAL_SUPPLY):
        powers.add("mint")
    made = Simulation(
        chain=here,
        block=state.block.number,
        block_hash=state.block.hash,
        by=ran.by,
        reverted=ran.reverted,
        why=ran.why or (_CUT if ran.cut else None),
        gas=ran.gas,
        code=code,
        changes=changes,
        approvals=approvals,
        capabilities=tuple(sorted(powers)),
        subjects=_subjects(tx, ran, subjects or {}),
    )
    return msgspec.structs.replace(
        made,
        words=simulated.in_words(made, text(tx.sender)),
        words_zh=simulated.in_words(made, text(tx.sender), chinese=True),
    )


def _run(tx: Transaction, state: State) -> tuple[Ran, bool]:
    state.fetch({tx.sender, ASKER, 0, *(() if tx.to is None else (tx.to,))})
    code = tx.to is None or bool(state.code(tx.to))
    if state.account(tx.sender).balance < tx.value:
        has = state.account(tx.sender).balance
        return Ran("revm", True, f"the sender has {has} wei and sends {tx.value}", native={}), code
    if state.code(tx.sender):
        # A contract that acts, as wallets with several signers do: the engine takes only plain accounts.
        return by_node(tx, state, "the sender is a contract"), code
    traced = not code or state.warm(tx.to_rpc()) == "debug_traceCall"
    environment = state.block.environment(tx.gas_price)
    ran = settle(state, environment, lambda make: _once(tx, state, make), _money(tx, state))
    codes = {who: one.code for who, one in state.accounts.items()}
    why = beyond(codes, ran.touched)
    if not why and ran.reverted and not traced and _goes_through(tx, state):
        # What an undone frame looked at may have been missed where the node cannot trace.
        why = "the engine and the node differ on whether it goes through"
    return (by_node(tx, state, why) if why else ran), code


def _goes_through(tx: Transaction, state: State) -> bool:
    """Whether the node says so; without a node, or an answer that was kept, nobody does."""
    try:
        state.ask("eth_call", tx.to_rpc() | {"gas": hex(gas_of(tx, state))}, HERE)
    except (Refused, MissingError):
        return False
    return True


def _price(tx: Transaction, state: State) -> int:
    return state.block.base_fee if tx.gas_price is None else tx.gas_price


def _money(tx: Transaction, state: State) -> dict[int, int]:
    """The sender is lent what the gas costs, so that a poor account can be simulated; the fee is no
    change."""
    lent = gas_of(tx, state) * _price(tx, state)
    return {tx.sender: state.account(tx.sender).balance + lent, ASKER: 1 << 128}


def _once(tx: Transaction, state: State, make: Callable[[], Machine]) -> Ran:
    machine = make()
    gas = gas_of(tx, state)
    if tx.to is None:
        done = machine.create(tx.sender, tx.data, tx.value, gas)
    else:
        done = machine.call(tx.sender, tx.to, tx.data, tx.value, gas, thorough=True)
    touched = machine.touched()
    ran = Ran("revm", not done.ok, gas=done.gas, logs=done.logs, touched=frozenset(touched))
    if not done.ok:
        refused = bool(done.data) or done.why == "revert"
        ran.why = reason(done.data) if refused else f"stopped: {machine.halted() or done.why}"
        ran.native = {}
        return ran
    money = _money(tx, state)
    before = {who: state.accounts[who].balance if who in state.accounts else 0 for who in touched} | money
    ran.native = {who: one.balance - before.get(who, 0) for who, one in touched.items() if who != ASKER}
    ran.wrote = frozenset(
        who for who, one in touched.items() if any(was != now for was, now in one.storage.values())
    )
    views = views_of(tx, ran)
    if len(views) > MAX_VIEWS:
        views, ran.cut = views[:MAX_VIEWS], True
    fresh = make()
    for who, data in views:
        was = fresh.call(ASKER, who, data, 0, VIEW_GAS).word()
        ran.views[who, data] = (was, machine.call(ASKER, who, data, 0, VIEW_GAS).word())
    return ran


def _changes(tx: Transaction, state: State, ran: Ran) -> tuple[Change, ...] | None:
    if ran.native is None:
        return None
    chain = state.block.chain
    made = [
        Change(text(who), coin(chain), str(amount)) for who, amount in ran.native.items() if amount
    ]  # fmt: skip
    if ran.reverted:
        return ()
    moves = effects.transfers(ran.logs)
    said: dict[tuple[str, int, int, int], int] = {}  # kind, token, thing, who
    for one in moves:
        for who, amount in ((one.giver, -one.amount), (one.taker, one.amount)):
            if who:
                key = (one.kind, one.token, one.id, who)
                said[key] = said.get(key, 0) + amount
    single = {one.token for one in moves if one.kind != "erc20"}
    sure = {one.token for one in moves if not one.weak}
    for (token, data), (was, now) in ran.views.items():
        who = int.from_bytes(data[4:36], "big")
        if data[:4] == BALANCE_OF and token not in single and who and was is not None and now is not None:
            said.setdefault(("erc20", token, 0, who), 0)
    for (kind, token, thing, who), declared in said.items():
        measured = _measured(ran, kind, token, thing, who, declared)
        if measured is None and token not in sure:
            continue
        amount = declared if measured is None else measured
        if amount or declared:
            name = asset(chain, kind, token, None if kind == "erc20" else thing)
            other = str(declared) if amount != declared else None
            made.append(Change(text(who), name, str(amount), other, measured is None))
    return tuple(sorted(made, key=lambda one: (one.asset, one.address)))


def _measured(ran: Ran, kind: str, token: int, thing: int, who: int, declared: int) -> int | None:
    if kind == "erc721":
        was, now = ran.views.get((token, call(OWNER_OF, thing)), (None, None))
        if now is None and was is None:
            return None
        return int(now == who) - int(was == who)
    data = call(BALANCE_OF, who) if kind == "erc20" else call(BALANCE_1155, who, thing)
    was, now = ran.views.get((token, data), (None, None))
    if now is None:
        return None
    return now - (was or 0)  # a contract that was made just now answered nothing before


def _approvals(state: State, ran: Ran) -> tuple[Approval, ...] | None:
    if ran.native is None:
        return None
    chain = state.block.chain
    last: dict[tuple[object, ...], Allowed] = {}
    for one in effects.approvals(ran.logs) if ran.reverted is False else ():
        key = (one.token, one.owner, one.id if one.id is not None else one.spender, one.all, one.by)
        last.pop(key, None)
        last[key] = one
    singles = {one.token for one in last.values() if one.id is not None or one.all}
    made = []
    for one in last.values():
        amount = one.amount
        asked = ran.views.get((one.token, call(ALLOWANCE, one.owner, one.spender)))
        if asked is not None and asked[1] is not None and one.token not in singles:
            amount = asked[1]
        kind = "erc721" if one.id is not None or one.all else "erc20"
        everything = one.all and bool(one.amount)
        made.append(
            Approval(
                asset=asset(chain, kind, one.token, one.id),
                owner=text(one.owner),
                spender=text(one.spender),
                amount=None if everything else str(amount),
                unlimited=everything or (one.id is None and simulated.unlimited(amount)),
                by=None if one.by is None else text(one.by),
                declared=str(one.amount) if amount != one.amount else None,
            )
        )
    return tuple(made)


def _subjects(tx: Transaction, ran: Ran, named: Mapping[int, str]) -> tuple[Known, ...]:
    parties = {
        who
        for one in effects.transfers(ran.logs) for who in (one.token, one.giver, one.taker)
    } | {who for leave in effects.approvals(ran.logs) for who in (leave.token, leave.spender)}  # fmt: skip
    parties |= {who for who, amount in (ran.native or {}).items() if amount}
    made = []
    for who, subject in sorted(named.items()):
        how = (
            "called"
            if who == tx.to
            else "party"
            if who in parties
            else "touched"
            if who in ran.touched
            else ""
        )
        if how:
            made.append(Known(text(who), subject, how))
    return tuple(made)


def _grew(view: tuple[int | None, int | None]) -> bool:
    return view[0] is not None and view[1] is not None and view[1] > view[0]
