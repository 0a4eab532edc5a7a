"""Here: what one chain at one block adds to the powers that code has: who holds them, and whether they were
used."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import msgspec

from ringfence.desks.tokens.capability import Capability, Holder
from ringfence.desks.tokens.cast import Cast, cast
from ringfence.desks.tokens.exercised import exercised
from ringfence.desks.tokens.holder import holder, holds
from ringfence.desks.tokens.mapped import keys
from ringfence.desks.tokens.placed import Placed, meeting, placed
from ringfence.desks.tokens.roster import candidates, standing
from ringfence.desks.tokens.search import Power, Searched
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.synthesis import Token
from ringfence.desks.tokens.trace import Slot
from ringfence.desks.tokens.trade_at import trade_at
from ringfence.desks.tokens.traded import Trade
from ringfence.desks.tokens.venue import venue

_ADDRESS = (1 << 160) - 1
_OTHERS = 4  # functions of one kind that are tried besides the first
_KINDS = 24  # members of a list whose kind is looked up


class Here:
    """A contract at ``address`` on a chain, whose code the search had (`capability.Chain`)."""

    def __init__(self, state: State, address: int, pair: int | None = None) -> None:
        self.state = state
        self.address = address
        self.pair = pair  # that trades are made in; None: it is looked for
        self._found: Searched | None = None

    def holder(self, token: Token, found: Searched, power: Power) -> Holder:
        """Who holds a power: one account, a list, or several conditions."""
        self._found = found
        slots = sorted(power.authority)
        held = [self._one(power, slot) for slot in slots]
        same = [one for one in held if one == held[0]]
        if len(same) == len(held):
            return held[0]
        # Several places have to name the caller: who stands in a list and in a place of its own is the one.
        single = [one for one in held if one.get("address")]
        lists = [one for one in held if one["kind"] == "list"]
        if len(single) == 1 and all(single[0]["address"] in one["addresses"] for one in lists):
            return single[0]
        listed = [f"0x{slot:064x}" for _, slot in slots]
        return {"kind": "unknown", "slots": listed, "why": "several places decide together"}

    def _one(self, power: Power, slot: Slot) -> Holder:
        who = power.reached.call.caller
        if who in keys(power.reached.trace.hashes, slot[1]):
            return self._list(power, slot)
        value = power.reached.change["S", slot]
        shift = next((one for one in range(0, 97, 8) if value >> one & _ADDRESS == who), None)
        return told(msgspec.to_builtins(holder(self.state, (self.address, slot[1]), shift=shift)))

    def _list(self, power: Power, slot: Slot) -> Holder:
        made = standing(self.state, self.address, power, slot, self._candidates)
        if not made["addresses"]:
            why = f"a list by account: none of {len(self._candidates)} accounts known here stands in it"
            return {"kind": "unknown", "slots": [f"0x{slot[1]:064x}"], "why": why}
        made["members"] = [
            told(msgspec.to_builtins(holds(self.state, one))) for one in made["addresses"][:_KINDS]
        ]
        made["addresses"] = [f"0x{one:040x}" for one in made["addresses"]]
        return made

    @cached_property
    def _candidates(self) -> tuple[int, ...]:
        assert self._found is not None  # noqa: S101 (a power was found)
        return candidates(self.state, self.address, self._found)

    def told(
        self, token: Token, found: Searched, same: Sequence[Power], power: Power, said: Capability
    ) -> Capability:
        """The capability with its use on this chain, and shown in its own place."""
        use = exercised(self.state, self.address, found, same)
        said = msgspec.structs.replace(said, exercised=use.exercised, used=use.details)
        said, shown = self._shown(token, found, same, power, said)
        if shown is None:
            note = "shown at an address of ours, in a state made for it"
            if power.function is None:
                note = "in a state made for it; not seen in the state of this block"
            why = "; ".join(filter(None, (said.why, note)))
            return msgspec.structs.replace(said, why=why)
        return msgspec.structs.replace(said, proof=shown.proof, state=shown.state)

    def _shown(
        self, token: Token, found: Searched, same: Sequence[Power], power: Power, said: Capability
    ) -> tuple[Capability, Placed | None]:
        """The power as it is shown here, or another function of the same kind that needs less assumed."""
        held = said.holder or {"kind": "unknown"}
        best = placed(self.state, self.address, token, power, held, self._cast)
        if held["kind"] in ("renounced", "unknown") and best is not None:
            return said, best
        others: dict[bytes, Power] = {}
        for one in sorted(same, key=lambda one: len(one.reached.change)):
            if one.function not in (None, power.function):
                others.setdefault(one.reached.call.data[:4], one)
        for selector, one in list(others.items())[:_OTHERS]:
            if best is not None and not best.state:
                break
            held = self.holder(token, found, one) if one.authority else {"kind": "anyone"}
            shown = placed(self.state, self.address, token, one, held, self._cast)
            live = held["kind"] not in ("renounced", "unknown")
            if shown is not None and live and (best is None or len(shown.state) < len(best.state)):
                best, why = shown, one.note.strip()
                said = msgspec.structs.replace(said, holder=held, selector="0x" + selector.hex(), why=why)
        return said, best

    def asked(self, token: Token, said: Capability) -> Capability:
        """Which contract a transfer asks at this block, and a transfer of a real holder that asks it."""
        slots = [int(one, 16) for one in (said.holder or {}).get("slots", ())]
        if len(slots) != 1:
            return said
        named = holder(self.state, (self.address, slots[0]))
        use = {"why": "every transfer uses it"}
        said = msgspec.structs.replace(said, holder=told(msgspec.to_builtins(named)), used=use)
        if named.address is None or named.kind == "renounced":
            return msgspec.structs.replace(said, why=f"{said.why}; it names none at this block")
        shown = meeting(self.state, self.address, self._cast, named.address)
        return msgspec.structs.replace(said, proof=shown, state={}) if shown else said

    @cached_property
    def _cast(self) -> Cast:
        where = venue(self.state, self.address, self.pair)
        return cast(self.state, self.address, where.pair if where else None)

    def trade(self, token: Token) -> Trade:
        """Bought and sold in its own pool."""
        return trade_at(self.state, self.address, token, self.pair)


def told(found: dict[str, Any]) -> Holder:
    """A holder as `tokens screen` writes it."""
    if found["kind"] == "account":
        found["kind"] = "address"
    for name in ("address", "owner"):
        found[name] = None if found[name] is None else f"0x{found[name]:040x}"
    found["owners"] = [f"0x{one:040x}" for one in found["owners"]]
    return {name: value for name, value in found.items() if value not in (None, "", [])}
