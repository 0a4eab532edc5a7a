"""Agreement: what our engine did with a proof, beside what a node does with the same transactions.

Code, assumed storage and money are put on the node, the senders are lent to us, and all steps go into one
block as they did here. Compared are how each ended, what it answered and wrote to the log, the storage that
the run looked at or wrote, and the money of all contracts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from ringfence.desks.tokens import trade
from ringfence.desks.tokens.capability import Capability, Holder, capabilities
from ringfence.desks.tokens.powers import Power
from ringfence.desks.tokens.replay import codes_of, world
from ringfence.desks.tokens.screen import EFFORT
from ringfence.desks.tokens.search import Searched, search
from ringfence.desks.tokens.synthesis import Token, synthesise
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, trace
from ringfence.desks.tokens.traded import Trade
from ringfence.desks.tokens.world import CALL_GAS, World

from .anvil import Anvil, running

NUMBER, PRICE, GAS_LIMIT = 18_000_000, 10**10, 30_000_000
OPTIONS = (
    "--chain-id", "1", "--hardfork", "cancun", "--timestamp", "1", "--gas-limit", str(GAS_LIMIT),
    "--no-mining", "--order", "fifo", "--disable-code-size-limit",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A proof with the world that it was made in."""

    name: str
    setting: Setting
    traces: tuple[Trace, ...]
    steps: tuple[Call, ...]


@dataclass
class Agreed:
    """How many proofs, how many came out the same, and what differed in the others."""

    proofs: int = 0
    same: int = 0
    differ: list[tuple[str, str]] = field(default_factory=list)


class _Listening:
    """Takes down the power behind each capability."""

    def __init__(self) -> None:
        self.shown: list[tuple[Power, Capability]] = []

    def holder(self, token: Token, found: Searched, power: Power) -> Holder:
        return {"kind": "unknown"}

    def told(
        self, token: Token, found: Searched, same: Sequence[Power], power: Power, said: Capability
    ) -> Capability:
        self.shown.append((power, said))
        return said

    def asked(self, token: Token, said: Capability) -> Capability:
        return said

    def trade(self, token: Token) -> Trade:
        return trade.of(token)


def cases(name: str, code: bytes) -> list[Case]:
    """Every proof of a contract's capabilities, as `tokens screen` gives them."""
    token = synthesise(code)
    if not code:
        return []
    listening = _Listening()
    made = capabilities(token, search(token, runs=EFFORT["quick"].runs), listening)
    found = [(power.reached.setting, said) for power, said in listening.shown]
    found += [(token.setting, said) for said in made if said.id == "external_call" and said.proof]
    out = []
    for setting, said in found:
        calls = tuple(_call(one) for one in said.proof)
        out.append(Case(f"{name} {said.id}", setting, tuple(trace(setting, one) for one in calls), calls))
    return out


def _call(step: Mapping[str, Any]) -> Call:
    return Call(
        int(step["from"], 16), int(step["to"], 16), bytes.fromhex(step["data"][2:]), int(step["value"])
    )


def compare(wanted: Iterable[Case]) -> Agreed:
    """Carry every case out in both."""
    made = Agreed()
    by_number: dict[int, list[Case]] = {}
    for case in wanted:
        by_number.setdefault(case.setting.number, []).append(case)
    for number, some in sorted(by_number.items()):
        with ExitStack() as held:
            # The node counts its next block from the one it begins with.
            anvil = held.enter_context(running(*OPTIONS, "--number", str(max(0, number - 1))))
            for case in some:
                made.proofs += 1
                differs = difference(anvil, case)
                made.same += not differs
                if differs:
                    made.differ.append((case.name, differs))
    return made


def difference(anvil: Anvil, case: Case) -> str:
    """What differs; empty where nothing does."""
    here = world(case.setting, case.traces)
    mark = anvil.rpc("evm_snapshot")
    try:
        return _difference(anvil, case, here)
    finally:
        anvil.rpc("evm_revert", mark)


def _difference(anvil: Anvil, case: Case, here: World) -> str:
    setting = case.setting
    if setting.time >= 1 << 62:
        return f"a time that no chain has: {setting.time:#x}"
    codes = codes_of(setting, case.traces)
    for who, code in codes.items():
        anvil.rpc("anvil_setCode", text(who), "0x" + code.hex())
    for (who, slot), value in setting.storage.items():
        anvil.rpc("anvil_setStorageAt", text(who), f"0x{slot:064x}", f"0x{value:064x}")
    for who, has in setting.balances.items():
        anvil.rpc("anvil_setBalance", text(who), hex(has))
    anvil.rpc("anvil_setCoinbase", text(setting.coinbase))
    anvil.rpc("anvil_setNextBlockBaseFeePerGas", hex(PRICE))
    anvil.rpc("evm_setNextBlockTimestamp", hex(setting.time))
    outcomes = [here.call(one.caller, one.to, one.data, one.value) for one in case.steps]
    names = []
    for one in case.steps:
        anvil.rpc("anvil_impersonateAccount", text(one.caller))
        asked = {
            "from": text(one.caller), "to": text(one.to), "data": "0x" + one.data.hex(),
            "value": hex(one.value), "gas": hex(CALL_GAS), "gasPrice": hex(PRICE),
        }  # fmt: skip
        names.append(anvil.rpc("eth_sendTransaction", asked))
    anvil.rpc("evm_mine")
    for at, (name, ours) in enumerate(zip(names, outcomes, strict=True)):
        receipt = anvil.rpc("eth_getTransactionReceipt", name)
        if receipt is None:
            return f"step {at}: not mined"
        if (receipt["status"] == "0x1") != ours.ok:
            return f"step {at}: ours {'goes through' if ours.ok else ours.why}, the node's does not agree"
        traced = anvil.rpc("debug_traceTransaction", name, {"tracer": "callTracer"})
        data = bytes.fromhex((traced.get("output") or "0x")[2:])
        if data != ours.data:
            return f"step {at}: ours answers {ours.data.hex()[:64]}, the node {data.hex()[:64]}"
        logs = [
            (int(log["address"], 16), tuple(bytes.fromhex(t[2:]) for t in log["topics"]), log["data"][2:])
            for log in receipt["logs"]
        ]
        if ours.ok and logs != [(log.address, log.topics, log.data.hex()) for log in ours.logs]:
            return f"step {at}: the events differ"
    return _state(anvil, case, here, codes)


def _state(anvil: Anvil, case: Case, here: World, codes: Mapping[int, bytes]) -> str:
    slots: set[Slot] = set()
    for made in case.traces:
        slots |= {*made.reads, *made.writes}
    for who, slot in sorted(slots):
        there = int(anvil.rpc("eth_getStorageAt", text(who), f"0x{slot:064x}", "latest"), 16)
        if there != here.slot(who, slot):
            return f"storage {slot:#x}: ours {here.slot(who, slot):#x}, the node {there:#x}"
    senders = {one.caller for one in case.steps}  # who pay for gas
    for who in sorted({*codes, *case.setting.balances} - senders - {case.setting.coinbase}):
        if anvil.balance(who) != here.balance(who):
            return f"money of {text(who)}: ours {here.balance(who)}, the node {anvil.balance(who)}"
    return ""


def text(who: int) -> str:
    """An address in hexadecimal."""
    return f"0x{who:040x}"
