"""By the node: a transaction that the engine cannot run as the chain does, simulated by the node itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ringfence.desks.tokens import effects
from ringfence.desks.tokens.effects import Moved
from ringfence.desks.tokens.node import JSON, NodeError, Refused, octets, quantity
from ringfence.desks.tokens.pinned import HERE
from ringfence.desks.tokens.ran import ASKER, MAX_VIEWS, VIEW_GAS, Ran, View, gas_of, views_of
from ringfence.desks.tokens.revert import reason
from ringfence.desks.tokens.simulated import text
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.transaction import Transaction
from ringfence.desks.tokens.world import Log

_COIN_LOGS: Final = (1 << 160) // 0xFF * 0xEE  # 0xeeee…ee, under which nodes write moves of the native coin


def by_node(tx: Transaction, state: State, why: str) -> Ran:
    """The node's own simulation, where the engine is not enough."""
    note = f"run by the node, since {why}"
    try:
        first = _simulated(state, tx)
        if first is None:
            return _called(tx, state, why)
        logs, moved = _logs(first)
        ran = Ran("eth_simulateV1", quantity(first.get("status")) == 0, note, quantity(first.get("gasUsed")))
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
        views = views_of(tx, ran)
        views, ran.cut = views[:MAX_VIEWS], len(views) > MAX_VIEWS
        if views:
            ran.views = _both(state, tx, views)
        return ran
    except Refused as refused:
        return _called(tx, state, f"{why}, and the node does not simulate ({refused.said})")


def _simulated(state: State, tx: Transaction) -> dict[str, JSON] | None:
    (calls,) = _blocks(state, [tx.to_rpc() | {"gas": hex(gas_of(tx, state))}])
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
    (calls,) = _blocks(state, [*asks, tx.to_rpc() | {"gas": hex(gas_of(tx, state))}, *asks])
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


def _called(tx: Transaction, state: State, why: str) -> Ran:
    """Only whether it goes through: what it would change is not known."""
    try:
        state.ask("eth_call", tx.to_rpc() | {"gas": hex(gas_of(tx, state))}, HERE)
    except Refused as refused:
        if refused.unknown:
            return Ran("eth_call", None, why)
        data = bytes.fromhex(refused.data[2:]) if refused.data[:2] == "0x" else b""
        return Ran("eth_call", True, reason(data) if data else refused.said, native={})
    return Ran("eth_call", False, f"it goes through, and no more is known: {why}")


def _said(failed: JSON) -> str:
    return str(failed.get("message") if isinstance(failed, dict) else failed)[:200]
