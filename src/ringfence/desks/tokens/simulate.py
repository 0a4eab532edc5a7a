"""Simulate: what a transaction that nobody has signed yet would change, on the state of one block.

It runs in the engine on what is read (`run`); what the engine cannot run as the chain does (`beyond`) is left
to the node. Balances are asked for before and after, in the same state: what a token's events say is compared
with them and never taken for them. The transaction is taken to stand alone in the next block; fees are left
out of the changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.tokens import effects, simulated
from ringfence.desks.tokens.beyond import beyond
from ringfence.desks.tokens.effects import Allowed, Moved
from ringfence.desks.tokens.functions import (
    ALLOWANCE,
    BALANCE_OF,
    OWNER_OF,
    TOTAL_SUPPLY,
    call,
)
from ringfence.desks.tokens.node import JSON, NodeError, Refused, octets, quantity
from ringfence.desks.tokens.pinned import HERE
from ringfence.desks.tokens.revert import reason
from ringfence.desks.tokens.run import GAS, Machine, settle
from ringfence.desks.tokens.simulated import Approval, Change, Known, Simulation, asset, coin, text
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.transaction import NAMES, Transaction
from ringfence.desks.tokens.world import Log

BALANCE_1155: Final = bytes.fromhex("00fdd58e")  # balanceOf(address,uint256)
ASKER: Final = 0xA5CE12 << 128  # who asks for balances; nobody's address
MAX_VIEWS: Final = 400
VIEW_GAS: Final = 1_000_000
_COIN_LOGS: Final = (1 << 160) // 0xFF * 0xEE  # 0xeeee…ee, under which nodes write moves of the native coin

View = tuple[int, bytes]  # who is asked, and what


@dataclass
class _Ran:
    """What one way of running came to. ``native`` is by address; ``views`` by question (before, after)."""

    by: str
    reverted: bool | None
    why: str | None = None
    gas: int | None = None
    logs: Sequence[Log] = ()
    native: dict[int, int] | None = None
    views: dict[View, tuple[int | None, int | None]] = field(default_factory=dict)
    touched: frozenset[int] = frozenset()
    wrote: frozenset[int] = frozenset()
    cut: bool = False


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
        why=ran.why,
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


def _run(tx: Transaction, state: State) -> tuple[_Ran, bool]:
    state.fetch({tx.sender, ASKER, 0, *(() if tx.to is None else (tx.to,))})
    code = tx.to is None or bool(state.code(tx.to))
    if state.account(tx.sender).balance < tx.value:
        has = state.account(tx.sender).balance
        return _Ran("revm", True, f"the sender has {has} wei and sends {tx.value}", native={}), code
    if state.code(tx.sender):
        # A contract that acts, as wallets with several signers do: the engine takes only plain accounts.
        return _by_node(tx, state, "the sender is a contract"), code
    traced = not code or state.warm(tx.to_rpc()) == "debug_traceCall"
    environment = state.block.environment(tx.gas_price)
    ran = settle(state, environment, lambda make: _once(tx, state, make), _money(tx, state))
    codes = {who: one.code for who, one in state.accounts.items()}
    why = beyond(codes, ran.touched)
    if not why and ran.reverted and not traced and _goes_through(tx, state):
        # What an undone frame looked at may have been missed where the node cannot trace.
        why = "the engine and the node differ on whether it goes through"
    return (_by_node(tx, state, why) if why else ran), code


def _goes_through(tx: Transaction, state: State) -> bool:
    """Whether the node says so; without a node, or an answer that was kept, nobody does."""
    try:
        state.ask("eth_call", tx.to_rpc() | {"gas": hex(_gas(tx, state))}, HERE)
    except (Refused, MissingError):
        return False
    return True


def _gas(tx: Transaction, state: State) -> int:
    return min(tx.gas or GAS, GAS, state.block.gas_limit)


def _price(tx: Transaction, state: State) -> int:
    return state.block.base_fee if tx.gas_price is None else tx.gas_price


def _money(tx: Transaction, state: State) -> dict[int, int]:
    """The sender is lent what the gas costs, so that a poor account can be simulated; the fee is no
    change."""
    lent = _gas(tx, state) * _price(tx, state)
    return {tx.sender: state.account(tx.sender).balance + lent, ASKER: 1 << 128}


def _once(tx: Transaction, state: State, make: Callable[[], Machine]) -> _Ran:
    machine = make()
    gas = _gas(tx, state)
    if tx.to is None:
        done = machine.create(tx.sender, tx.data, tx.value, gas)
    else:
        done = machine.call(tx.sender, tx.to, tx.data, tx.value, gas, thorough=True)
    touched = machine.touched()
    ran = _Ran("revm", not done.ok, gas=done.gas, logs=done.logs, touched=frozenset(touched))
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
    views = _views(tx, ran)
    if len(views) > MAX_VIEWS:
        views, ran.cut = views[:MAX_VIEWS], True
    fresh = make()
    for who, data in views:
        was = fresh.call(ASKER, who, data, 0, VIEW_GAS).word()
        ran.views[who, data] = (was, machine.call(ASKER, who, data, 0, VIEW_GAS).word())
    return ran


def _views(tx: Transaction, ran: _Ran) -> list[View]:
    """What to ask before and after: the balances that events name, and those of the two parties wherever
    storage was written, since a token may move them and say nothing."""
    asked: dict[View, None] = {}
    for one in effects.transfers(ran.logs):
        for who in (one.giver, one.taker):
            if one.kind == "erc20":
                asked[one.token, call(BALANCE_OF, who)] = None
            elif one.kind == "erc1155":
                asked[one.token, call(BALANCE_1155, who, one.id)] = None
        if one.kind == "erc721":
            asked[one.token, call(OWNER_OF, one.id)] = None
        if one.kind == "erc20" and not one.giver:
            asked[one.token, TOTAL_SUPPLY] = None
    for leave in effects.approvals(ran.logs):
        if leave.id is None and not leave.all and leave.by is None:
            asked[leave.token, call(ALLOWANCE, leave.owner, leave.spender)] = None
    for token in sorted(ran.wrote):
        for party in (tx.sender, tx.to):
            if party is not None:
                asked[token, call(BALANCE_OF, party)] = None
    return list(asked)


def _changes(tx: Transaction, state: State, ran: _Ran) -> tuple[Change, ...] | None:
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


def _measured(ran: _Ran, kind: str, token: int, thing: int, who: int, declared: int) -> int | None:
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


def _approvals(state: State, ran: _Ran) -> tuple[Approval, ...] | None:
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


def _subjects(tx: Transaction, ran: _Ran, named: Mapping[int, str]) -> tuple[Known, ...]:
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


# --- by the node


def _by_node(tx: Transaction, state: State, why: str) -> _Ran:
    """The node's own simulation, where the engine is not enough."""
    note = f"run by the node, since {why}"
    try:
        first = _simulated(state, tx)
        if first is None:
            return _called(tx, state, why)
        logs, moved = _logs(first)
        ran = _Ran("eth_simulateV1", quantity(first.get("status")) == 0, note, quantity(first.get("gasUsed")))
        ran.native = {}
        if ran.reverted:
            failed = first.get("error")
            data = octets(first.get("returnData") or "0x")
            ran.why = reason(data) if data else f"stopped: {_said(failed)}"
            return ran
        ran.logs = logs
        for one in moved:
            for who, amount in ((one.giver, -one.amount), (one.taker, one.amount)):
                if who:
                    ran.native[who] = ran.native.get(who, 0) + amount
        ran.touched = frozenset({tx.sender, tx.to or 0, *(log.address for log in logs)})
        ran.wrote = frozenset({one for one in (tx.to, *(log.address for log in logs)) if one})
        views = _views(tx, ran)[:MAX_VIEWS]
        if views:
            ran.views = _both(state, tx, views)
        return ran
    except Refused as refused:
        return _called(tx, state, f"{why}, and the node does not simulate ({refused.said})")


def _simulated(state: State, tx: Transaction) -> dict[str, JSON] | None:
    (calls,) = _blocks(state, [tx.to_rpc() | {"gas": hex(_gas(tx, state))}])
    first = calls[0]
    return first if isinstance(first, dict) else None


def _blocks(state: State, calls: list[dict[str, str]]) -> list[list[JSON]]:
    asked = {
        "blockStateCalls": [{"calls": calls}],
        "traceTransfers": True,
        "validation": False,
    }
    got = state.ask("eth_simulateV1", asked, HERE)
    if (
        not isinstance(got, list) or len(got) != 1 or not isinstance(got[0], dict)
        or len(got[0].get("calls") or ()) != len(calls)
    ):  # fmt: skip
        raise NodeError("the node's simulation cannot be read", hint="name another node")
    return [got[0]["calls"]]


def _both(state: State, tx: Transaction, views: Sequence[View]) -> dict[View, tuple[int | None, int | None]]:
    asks = [
        {"from": text(ASKER), "to": text(who), "data": "0x" + data.hex(), "gas": hex(VIEW_GAS // 10)}
        for who, data in views
    ]
    (calls,) = _blocks(state, [*asks, tx.to_rpc() | {"gas": hex(_gas(tx, state))}, *asks])
    many = len(views)
    return {
        view: (_answer(calls[at]), _answer(calls[many + 1 + at])) for at, view in enumerate(views)
    }  # fmt: skip


def _answer(one: JSON) -> int | None:
    if not isinstance(one, dict) or quantity(one.get("status")) == 0:
        return None
    data = octets(one.get("returnData") or "0x")
    return int.from_bytes(data[:32], "big") if len(data) >= 32 else None


def _logs(one: dict[str, JSON]) -> tuple[list[Log], list[Moved]]:
    logs: list[Log] = []
    moved: list[Moved] = []
    for said in one.get("logs") or ():
        log = Log(
            int.from_bytes(octets(said.get("address"), 20), "big"),
            tuple(octets(each, 32) for each in said.get("topics") or ()),
            octets(said.get("data")),
        )
        if log.address == _COIN_LOGS:
            moved += effects.transfers((log,))
        else:
            logs.append(log)
    return logs, moved


def _called(tx: Transaction, state: State, why: str) -> _Ran:
    """Only whether it goes through: what it would change is not known."""
    try:
        state.ask("eth_call", tx.to_rpc() | {"gas": hex(_gas(tx, state))}, HERE)
    except Refused as refused:
        if refused.unknown:
            return _Ran("eth_call", None, why)
        data = bytes.fromhex(refused.data[2:]) if refused.data[:2] == "0x" else b""
        return _Ran("eth_call", True, reason(data) if data else refused.said, native={})
    return _Ran("eth_call", False, f"it goes through, and no more is known: {why}")


def _said(failed: JSON) -> str:
    return str(failed.get("message") if isinstance(failed, dict) else failed)[:200]
