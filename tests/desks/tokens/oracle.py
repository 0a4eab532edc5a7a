"""Oracle: a proof carried out on a node, step by step, by accounts it lends us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .anvil import Anvil

GAS = 12_000_000
RICH = 10**24


@dataclass(frozen=True)
class Done:
    """How one transaction ended: whether it went through, what it answered, what it wrote to the log."""

    ok: bool
    data: bytes
    logs: tuple[tuple[int, tuple[int, ...], bytes], ...]


def carried_out(
    anvil: Anvil, proof: Sequence[Mapping[str, Any]], state: Mapping[str, str], token: str,
    *, returns: bool = True, price: int = 0, lend: int = RICH,
) -> list[Done]:  # fmt: skip
    """Every step of a proof as a transaction, in storage of ``token`` set as assumed. Nothing is undone."""
    for slot, value in state.items():
        anvil.rpc("anvil_setStorageAt", token, slot, value)
    return [step(anvil, one, returns=returns, price=price, lend=lend) for one in proof]


def step(
    anvil: Anvil, one: Mapping[str, Any], *, returns: bool = True, price: int = 0, lend: int = RICH
) -> Done:
    """One transaction by an account that need not be ours."""
    sender = one["from"]
    anvil.rpc("anvil_impersonateAccount", sender)
    if lend:
        anvil.rpc("anvil_setBalance", sender, hex(lend))
    if one.get("time"):
        now = int(anvil.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        if one["time"] > now:
            anvil.rpc("evm_setNextBlockTimestamp", hex(one["time"]))
    asked = {"gas": hex(GAS), "gasPrice": hex(price)}
    receipt = anvil.send(
        int(sender, 16), int(one["to"], 16), bytes.fromhex(one["data"][2:]), one["value"], **asked
    )
    data = b""
    if returns:
        traced = anvil.rpc("debug_traceTransaction", receipt["transactionHash"], {"tracer": "callTracer"})
        data = bytes.fromhex((traced.get("output") or "0x")[2:])
    logs = tuple(
        (int(log["address"], 16), tuple(int(t, 16) for t in log["topics"]), bytes.fromhex(log["data"][2:]))
        for log in receipt["logs"]
    )
    return Done(receipt["status"] == "0x1", data, logs)
