"""Capability: one thing that code can do to holders, who can have it done, and the calls that show it.

What the search found is made again in a real engine first (`replay`); what does not come out the same there
is not said. Where nothing was found, absence is stated only if the search came through everything it had to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from ringfence.desks.tokens import replay
from ringfence.desks.tokens.expression import Leaf, Node, leaves
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.ownership import hidden, reclaimed
from ringfence.desks.tokens.reach import Reached, explore
from ringfence.desks.tokens.search import AGAIN, SUITE, Power, Searched
from ringfence.desks.tokens.synthesis import PEOPLE, TOKEN, Token, agreed
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, trace
from ringfence.desks.tokens.world import World

IDS: Final = (
    "mint", "burn_others", "seize", "freeze_account", "pause_transfers", "limit_transfers", "set_fee", "leak",
    "upgrade", "hidden_owner", "reclaim_ownership", "selfdestruct", "external_call",
)  # fmt: skip
OF_TRANSFERS: Final = frozenset({"freeze_account", "pause_transfers", "limit_transfers", "set_fee"})
OF_BALANCES: Final = frozenset({"mint", "burn_others", "seize"})
_TRIES: Final = 8  # powers of one kind that are made again, until one comes out the same

Holder = dict[str, Any]


class Capability(msgspec.Struct, frozen=True, omit_defaults=True):
    """``present`` None where it cannot be told, and ``why`` then says why. ``holder`` is {kind: anyone,
    address, renounced, contract, multisig, timelock or unknown; address?, slots?}; ``exercised`` whether it
    was ever used, None without a chain to ask. ``proof`` is the sequence of transactions, in the storage
    ``state`` (by slot, of the token) where that had to be assumed."""

    id: str
    present: bool | None
    why: str = ""
    holder: Holder | None = None
    exercised: bool | None = None
    selector: str | None = None
    proof: tuple[dict[str, Any], ...] = ()
    state: dict[str, str] = {}

    def to_dict(self) -> dict[str, Any]:
        """As `tokens screen` writes it."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        made["present"] = self.present
        made["exercised"] = self.exercised
        return made


def capabilities(
    token: Token, found: Searched, holder_of: Callable[[Slot], Holder] | None = None
) -> tuple[Capability, ...]:
    """Every id once, in the order of `IDS`. ``holder_of`` tells who stands in a slot now, where a chain or
    a bundle was given."""
    powers: dict[str, list[Power]] = {}
    for power in found.powers:
        powers.setdefault(power.id, []).append(power)
    for extra in (*hidden(token, found), *reclaimed(token)):
        powers.setdefault(extra.id, []).append(extra)
    external = _external(token)
    made = []
    for name in IDS:
        if name == "external_call":
            made.append(external)
            continue
        shown = _first_shown(token, powers.get(name, ()), holder_of)
        made.append(shown or _not_found(token, found, name, bool(powers.get(name))))
    return tuple(made)


def _not_found(token: Token, found: Searched, name: str, seen: bool) -> Capability:
    if seen:
        return Capability(name, None, "found, and not made again in the engine")
    if name in OF_BALANCES and not token.resolved:
        return Capability(name, None, token.why)
    if name in OF_TRANSFERS and not token.transfers:
        return Capability(name, None, token.why or "no state was found in which it transfers")
    if name == "hidden_owner" and not token.resolved:
        return Capability(name, None, token.why)
    if found.proxied:
        return Capability(name, None, "it hands calls on to other code, which is not here")
    if not found.complete:
        return Capability(name, None, "the search was stopped before its end")
    return Capability(name, False)


def _first_shown(
    token: Token, powers: list[Power] | tuple[Power, ...], holder_of: Callable[[Slot], Holder] | None
) -> Capability | None:
    def effort(power: Power) -> tuple[int, int, int]:
        run = power.reached
        return len(run.change), int(run.call.value > 0), len(run.call.data)

    for power in sorted(powers, key=effort)[:_TRIES]:
        steps = _made_again(token, power)
        if steps is None:
            continue
        selector = power.reached.call.data[:4].hex() if power.function is not None else None
        return Capability(
            power.id,
            True,
            why=power.note.strip(),
            holder=_holder(power, holder_of),
            selector=f"0x{selector}" if selector else None,
            proof=tuple(steps),
            state=_state(power.reached.setting),
        )
    return None


def _holder(power: Power, holder_of: Callable[[Slot], Holder] | None) -> Holder:
    if not power.authority:
        return {"kind": "anyone"}
    slots = sorted(power.authority)
    if any(slot in power.reached.trace.hashes for _, slot in slots):
        listed = [f"0x{slot:064x}" for _, slot in slots]
        return {
            "kind": "unknown",
            "slots": listed,
            "why": "a list by account: storage does not tell who is on it",
        }
    if holder_of is not None:
        held = [holder_of(slot) for slot in slots]
        if len(held) == 1:
            return held[0]
    return {"kind": "unknown", "slots": [f"0x{slot:064x}" for _, slot in slots]}


def _state(setting: Setting) -> dict[str, str]:
    return {
        f"0x{slot:064x}": f"0x{value:064x}"
        for (contract, slot), value in sorted(setting.storage.items())
        if contract == TOKEN and value
    }


def _made_again(token: Token, power: Power) -> list[dict[str, Any]] | None:
    """The steps, if the engine comes out as the tracer did; else None."""
    run = power.reached
    there = replay.world(run.setting, [run.trace, *_transfers_of(power, run)])
    before = _balances(there) if power.id in OF_BALANCES else {}
    moves = _moves(there) if power.id in OF_TRANSFERS else {}
    if not replay.agrees(there, run.call, run.trace) and power.function is not None:
        return None
    steps = [_step(run.call, run.setting)]
    if power.id in OF_BALANCES:
        after = _balances(there)
        changed = {who: after[who] - before[who] for who in PEOPLE if after[who] != before[who]}
        # Where balances are a plain mapping, equal storage is equal balances, whoever's they are.
        if not _as_said(power.id, changed, run.call.caller) and token.base is None:
            return None
    if power.id in OF_TRANSFERS:
        if power.function is None:  # as it stands: the large one fails where the small one passes
            name = power.note.rpartition(" ")[2]
            if name == AGAIN:
                return [steps[0], steps[0]] if not _goes(there, run.call) else None
            return [_step(run.call, run.setting)] if moves["plain"][0] and not moves[name][0] else None
        if power.note.endswith(AGAIN):
            giver, taker, amount = SUITE["plain"]
            asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
            step = _step(asked, run.setting)
            went = [_goes(there, asked), _goes(there, asked)]
            return [*steps, step, step] if went == [True, False] else None
        now = _moves(there)
        other = [name for name in SUITE if moves[name] != now[name]]
        if not other:
            return None
        giver, taker, amount = SUITE[other[0]]
        steps.append(_step(Call(giver, TOKEN, call(TRANSFER, taker, amount)), run.setting))
    return steps


def _goes(there: World, asked: Call) -> bool:
    outcome = there.call(asked.caller, TOKEN, asked.data)
    return outcome.ok and outcome.word() != 0


def _as_said(name: str, changed: Mapping[int, int], actor: int) -> bool:
    up = sum(change for change in changed.values() if change > 0)
    down = -sum(change for who, change in changed.items() if change < 0 and who != actor)
    return up > 0 if name == "mint" else down > 0 and (up > 0) == (name == "seize")


def _transfers_of(power: Power, run: Reached) -> list[Trace]:
    if power.id not in OF_TRANSFERS:
        return []
    return [
        trace(run.setting, Call(giver, TOKEN, call(TRANSFER, taker, amount)))
        for giver, taker, amount in SUITE.values()
    ]


def _balances(there: World) -> dict[int, int]:
    return {who: there.call(PEOPLE[0], TOKEN, call(BALANCE_OF, who)).word() or 0 for who in PEOPLE}


def _moves(there: World) -> dict[str, tuple[bool, int]]:
    made = {}
    for name, (giver, taker, amount) in SUITE.items():
        with there.trial():
            had = there.call(giver, TOKEN, call(BALANCE_OF, taker)).word() or 0
            outcome = there.call(giver, TOKEN, call(TRANSFER, taker, amount))
            has = there.call(giver, TOKEN, call(BALANCE_OF, taker)).word() or 0
            went = outcome.ok and outcome.word() != 0 and has > had
            made[name] = (went, has - had if went else 0)
    return made


def _step(one: Call, setting: Setting) -> dict[str, Any]:
    return {
        "from": f"0x{one.caller:040x}",
        "to": f"0x{one.to:040x}",
        "value": one.value,
        "data": "0x" + one.data.hex(),
        "time": setting.time,
    }


def _external(token: Token) -> Capability:
    """Whether a transfer asks a contract that the state names, and goes by its answer."""
    if not token.transfers:
        return Capability("external_call", None, token.why or "no state was found in which it transfers")

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        return leaf[0] == "S" and leaf[1] not in token.pinned

    for name in ("plain", "sell"):
        giver, taker, amount = SUITE[name]
        asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
        # Where nobody is named there is nobody to ask: also in states in which somebody is.
        for run in explore(token.setting, asked, may=may, runs=12):
            for one in run.trace.calls if agreed(run.trace) else ():
                if one.to_node is not None and one.kind in ("call", "static") and one.sender == TOKEN:
                    slots = [key for key in _slots_of(one.to_node) if key not in token.pinned]
                    if slots:
                        return Capability(
                            "external_call", True, "a transfer calls a contract that the state names",
                            holder={"kind": "unknown", "slots": [f"0x{slot:064x}" for _, slot in slots]},
                            proof=(_step(asked, run.setting),), state=_state(run.setting),
                        )  # fmt: skip
    return Capability("external_call", False)


def _slots_of(node: Node) -> list[Slot]:
    return sorted(key for kind, key in leaves(node) if kind == "S")
