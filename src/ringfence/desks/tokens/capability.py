"""Capability: one thing that code can do to holders, who can have it done, and the calls that show it.

What the search found is made again in a real engine first (`replay`); what does not come out the same there
is not said. Where nothing was found, absence is stated only if the search came through everything it had to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Protocol

import msgspec

from ringfence.desks.tokens.alive import CALL, HANDING, SELFDESTRUCT, SSTORE, STATICCALL, places
from ringfence.desks.tokens.expression import Node, leaves
from ringfence.desks.tokens.mapped import keys
from ringfence.desks.tokens.meter import Meter, SpentError, metered
from ringfence.desks.tokens.ownership import hidden, reclaimed
from ringfence.desks.tokens.powers import Power
from ringfence.desks.tokens.search import Searched
from ringfence.desks.tokens.shown import OF_TRANSFERS, made_again, step
from ringfence.desks.tokens.synthesis import TOKEN, Token
from ringfence.desks.tokens.trace import Setting, Slot
from ringfence.desks.tokens.traded import Trade

IDS: Final = (
    "mint", "burn_others", "seize", "freeze_account", "pause_transfers", "limit_transfers", "set_fee", "leak",
    "upgrade", "hidden_owner", "reclaim_ownership", "selfdestruct", "external_call",
)  # fmt: skip
# Without any of these instructions there is no such power, however little of the code was understood.
_CALLING: Final = frozenset({CALL, STATICCALL}) | HANDING
_NEEDS: Final = {
    "selfdestruct": frozenset({SELFDESTRUCT}) | HANDING,
    "upgrade": HANDING,
    "leak": frozenset({CALL, SELFDESTRUCT}) | HANDING,
    "reclaim_ownership": frozenset({SSTORE}) | HANDING,
}
_MET: Final = {"selfdestruct": frozenset({SELFDESTRUCT}), "upgrade": HANDING}  # each is the power itself
_STOPPED: Final = "the search was stopped before its end"
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


def capabilities(
    token: Token, found: Searched, chain: Chain | None = None, meter: Meter | None = None
) -> tuple[Capability, ...]:
    """Every id once, in the order of `IDS`; with a ``chain``, as things stand there. ``meter`` bounds the
    work of showing what was found; what it cut off is None."""
    powers: dict[str, list[Power]] = {}
    for power in found.powers:
        powers.setdefault(power.id, []).append(power)
    late: dict[str, str] = {}  # ids that nobody came to look for
    for name, looked in (("hidden_owner", hidden), ("reclaim_ownership", reclaimed)):
        try:
            with metered(meter):
                powers[name] = list(looked(token, found))
        except SpentError as spent:
            late[name] = str(spent)
    external = _external(token, found)
    if chain is not None and external.present:
        external = chain.asked(token, external)
    made = []
    for name in IDS:
        if name == "external_call":
            made.append(external)
            continue
        try:
            shown = _first_shown(token, found, powers.get(name, ()), chain, meter)
        except SpentError as spent:
            made.append(Capability(name, None, f"found, and making it again was stopped {spent}"))
            continue
        why = _unknown(token, found, name, late.get(name, ""))
        if powers.get(name):
            why = "found, and not made again in the engine"
        made.append(shown or Capability(name, None if why else False, why))
    return tuple(made)


def _unknown(token: Token, found: Searched, name: str, late: str) -> str:
    """Why it cannot be said that a power is absent; empty where it can."""
    needs = _NEEDS.get(name)
    if needs is not None and token.code and not places(token.code, needs):
        return ""  # whatever the rest of the code does
    if not token.resolved:
        return token.why
    if name in OF_TRANSFERS and not token.transfers:
        return token.still
    if found.proxied:
        return "it hands calls on to other code, which is not here"
    if not found.complete or late:
        why = found.why or late
        return f"the search was stopped before its end ({why})" if why else _STOPPED
    if name in found.behind:
        selector = found.behind[name].selector.hex()
        return f"0x{selector} would have it, behind a decision that no input was found to turn"
    missed = places(token.code, _MET[name]) - found.met if name in _MET else ()
    if missed:
        return f"no call came to the instruction at {min(missed):#x} of the code, which could do it"
    return ""


def _first_shown(
    token: Token, found: Searched, powers: Sequence[Power], chain: Chain | None, meter: Meter | None
) -> Capability | None:
    def effort(power: Power) -> tuple[bool, int, int, int]:
        run = power.reached
        # How transfers go in a state that was made says little of a chain's.
        made_up = chain is not None and power.function is None
        return made_up, len(run.change), int(run.paid > 0), len(run.call.data)

    shown: list[tuple[Power, Capability]] = []
    for power in sorted(powers, key=effort)[:_TRIES]:
        try:
            with metered(meter):
                steps = made_again(token, power)
        except SpentError:
            if shown:
                break
            raise
        if steps is None:
            continue
        selector = power.reached.calls[0].data[:4].hex() if power.function is not None else None
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


def _external(token: Token, found: Searched) -> Capability:
    """Whether a transfer asks a contract that the state names, and goes by its answer: where nobody is named
    there is nobody to ask, so that states in which somebody is are looked at too."""
    if token.code and not places(token.code, _CALLING):
        return Capability("external_call", False)
    if not token.transfers:
        return Capability("external_call", None, token.why or token.still)
    for run in found.calling:
        for one in run.trace.calls:
            if one.to_node is not None and one.kind in ("call", "static") and one.sender == TOKEN:
                slots = [key for key in _slots_of(one.to_node) if key not in token.pinned]
                if slots:
                    return Capability(
                        "external_call", True, "a transfer calls a contract that the state names",
                        holder={"kind": "unknown", "slots": [f"0x{slot:064x}" for _, slot in slots]},
                        proof=(step(run.call, run.setting),), state=_state(run.setting),
                    )  # fmt: skip
    why = "" if found.asked else f"{_STOPPED} ({found.why})"
    return Capability("external_call", None if why else False, why)


def _slots_of(node: Node) -> list[Slot]:
    return sorted(key for kind, key in leaves(node) if kind == "S")
