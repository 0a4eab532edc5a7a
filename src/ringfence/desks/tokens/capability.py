"""Capability: one thing that code can do to holders, who can have it done, and the calls that show it.

What the search found is made again in a real engine first (`replay`); what does not come out the same there
is not said. Where nothing was found, absence is stated only if the search came through everything it had to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

import msgspec

from ringfence.desks.tokens import replay
from ringfence.desks.tokens.expression import Node, leaves
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.mapped import keys
from ringfence.desks.tokens.ownership import hidden, reclaimed
from ringfence.desks.tokens.reach import Reached
from ringfence.desks.tokens.search import SUITE, Power, Searched
from ringfence.desks.tokens.synthesis import PEOPLE, TOKEN, Token
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, trace
from ringfence.desks.tokens.traded import Trade
from ringfence.desks.tokens.world import World

IDS: Final = (
    "mint", "burn_others", "seize", "freeze_account", "pause_transfers", "limit_transfers", "set_fee", "leak",
    "upgrade", "hidden_owner", "reclaim_ownership", "selfdestruct", "external_call",
)  # fmt: skip
OF_TRANSFERS: Final = frozenset({"freeze_account", "pause_transfers", "limit_transfers", "set_fee"})
OF_BALANCES: Final = frozenset({"mint", "burn_others", "seize"})
_PLACES: Final = 32  # that one capability names
_TRIES: Final = 8  # powers of one kind that are made again, until one comes out the same

Holder = dict[str, Any]


class Capability(msgspec.Struct, frozen=True, omit_defaults=True):
    """``present`` None where it cannot be told, and ``why`` then says why. ``holder`` is {kind: anyone,
    address, renounced, contract, multisig, timelock, list or unknown; address?, addresses?, slots?};
    ``exercised`` whether it was ever used, None without a chain to ask, and ``used`` where that was seen, or
    why it cannot be told. ``proof`` is the sequence of transactions, in the storage ``state`` (by slot, of
    the token) where that had to be assumed, ``writes`` are the places
    of storage that using it changes: when one of them does, it may have been used."""

    id: str
    present: bool | None
    why: str = ""
    holder: Holder | None = None
    exercised: bool | None = None
    selector: str | None = None
    proof: tuple[dict[str, Any], ...] = ()
    state: dict[str, str] = {}
    used: dict[str, Any] = {}
    writes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As `tokens screen` writes it."""
        made: dict[str, Any] = msgspec.to_builtins(self)
        made["present"] = self.present
        made["exercised"] = self.exercised
        return made


class Chain(Protocol):
    """What a chain or a bundle of it adds to a power that the code has."""

    def holder(self, token: Token, found: Searched, power: Power) -> Holder:
        """Who holds it now."""

    def told(
        self, token: Token, found: Searched, same: Sequence[Power], power: Power, said: Capability
    ) -> Capability:
        """The capability with what the chain says; ``same`` are all powers of its id."""

    def asked(self, token: Token, said: Capability) -> Capability:
        """The capability by which a transfer asks another contract, with the one that is asked there."""

    def trade(self, token: Token) -> Trade:
        """Whether it trades there."""


def capabilities(token: Token, found: Searched, chain: Chain | None = None) -> tuple[Capability, ...]:
    """Every id once, in the order of `IDS`; with a ``chain``, as things stand there."""
    powers: dict[str, list[Power]] = {}
    for power in found.powers:
        powers.setdefault(power.id, []).append(power)
    for extra in (*hidden(token, found), *reclaimed(token)):
        powers.setdefault(extra.id, []).append(extra)
    external = _external(token)
    if chain is not None and external.present:
        external = chain.asked(token, external)
    made = []
    for name in IDS:
        if name == "external_call":
            made.append(external)
            continue
        shown = _first_shown(token, found, powers.get(name, ()), chain)
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
    token: Token, found: Searched, powers: Sequence[Power], chain: Chain | None
) -> Capability | None:
    def effort(power: Power) -> tuple[bool, int, int, int]:
        run = power.reached
        # How transfers go in a state that was made says little of a chain's.
        made_up = chain is not None and power.function is None
        return made_up, len(run.change), int(run.call.value > 0), len(run.call.data)

    shown: list[tuple[Power, Capability]] = []
    for power in sorted(powers, key=effort)[:_TRIES]:
        steps = _made_again(token, power)
        if steps is None:
            continue
        selector = power.reached.call.data[:4].hex() if power.function is not None else None
        said = Capability(
            power.id,
            True,
            why=power.note.strip(),
            holder=_holder(token, found, power, chain),
            selector=f"0x{selector}" if selector else None,
            proof=tuple(steps),
            state=_state(power.reached.setting),
            writes=_writes(token, powers),
        )
        shown.append((power, said))
        # On a chain a power that somebody has is looked for before one that was given up.
        if chain is None or (said.holder or {}).get("kind") != "renounced":
            break
    if not shown:
        return None
    power, said = next((one for one in shown[::-1] if _live(one[1])), shown[0])
    return said if chain is None else chain.told(token, found, powers, power, said)


def _writes(token: Token, powers: Iterable[Power]) -> tuple[str, ...]:
    """The places that using a power changes, whoever is meant: no account's entry, no balance, no supply."""
    places = {
        place
        for power in powers
        for (contract, place), (old, new, _) in power.reached.trace.writes.items()
        if contract == TOKEN and old != new and place not in power.reached.trace.hashes
        and (contract, place) not in token.pinned
    }  # fmt: skip
    return tuple(f"0x{place:064x}" for place in sorted(places)[:_PLACES])


def _live(said: Capability) -> bool:
    return (said.holder or {}).get("kind") != "renounced"


def _holder(token: Token, found: Searched, power: Power, chain: Chain | None) -> Holder:
    if not power.authority:
        return {"kind": "anyone"}
    if chain is not None:
        return chain.holder(token, found, power)
    slots = sorted(power.authority)
    listed = [f"0x{slot:064x}" for _, slot in slots]
    if any(keys(power.reached.trace.hashes, slot) for _, slot in slots):
        why = "a list by account: storage does not tell who is on it"
        return {"kind": "unknown", "slots": listed, "why": why}
    return {"kind": "unknown", "slots": listed}


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
            return [_step(run.call, run.setting)] if moves["plain"][0] and not moves[name][0] else None
        now = _moves(there)
        other = [name for name in SUITE if moves[name] != now[name]]
        if not other:
            return None
        giver, taker, amount = SUITE[other[0]]
        steps.append(_step(Call(giver, TOKEN, call(TRANSFER, taker, amount)), run.setting))
    return steps


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
    for name in ("plain", "sell"):
        giver, taker, amount = SUITE[name]
        asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
        made = trace(token.setting, asked)
        for one in made.calls:
            if one.to_node is not None and one.kind in ("call", "static") and one.sender == TOKEN:
                slots = [key for key in _slots_of(one.to_node) if key not in token.pinned]
                if slots:
                    return Capability(
                        "external_call", True, "a transfer calls a contract that the state names",
                        holder={"kind": "unknown", "slots": [f"0x{slot:064x}" for _, slot in slots]},
                        proof=(_step(asked, token.setting),), state=_state(token.setting),
                    )  # fmt: skip
    return Capability("external_call", False)


def _slots_of(node: Node) -> list[Slot]:
    return sorted(key for kind, key in leaves(node) if kind == "S")
