"""Sight: what of a token is watched, as it stands at a block, and how two of them differ.

Watched are the code, every implementation behind it, the owner, and the storage that the analysis named: who
may use a power, and what using one changes. Balances and supply are not: they move every day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

import msgspec

from ringfence.core.canonical import canonical
from ringfence.core.errors import InputError
from ringfence.desks.tokens import facts
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.proxy import Proxy, follow
from ringfence.desks.tokens.run import view
from ringfence.desks.tokens.screen import Depth, Screening
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Slot

FACETS: Final = bytes.fromhex("7a0ed627")  # facets(), EIP-2535: which function is where

VERSION: Final = 1  # of the form of `Sights`
_HINT: Final = "remove the file to begin anew, or name another"

Analyse = Callable[[bytes, Depth], Screening]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word of storage: its value, and the capabilities that it decides on (``authority``: who may) or that
    change it (``storage``)."""

    what: str
    value: str
    capabilities: tuple[str, ...] = ()


class Sight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A token at a block. ``behind`` has the hash of each implementation's code by address; ``facets`` a
    digest of a diamond's table, else empty; ``places`` are by ``address:slot``."""

    block: int
    hash: str
    code: str
    behind: dict[str, str]
    facets: str
    owner: str | None
    places: dict[str, Place]


class Sights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen of the tokens of a chain, by subject, for a later run to go on from."""

    chain: str
    subjects: dict[str, Sight]
    version: int = VERSION

    def to_bytes(self) -> bytes:
        """Canonical bytes."""
        return canonical(self) + b"\n"

    @classmethod
    def from_bytes(cls, data: bytes) -> Sights:
        """Read back. Raises `InputError`."""
        try:
            made = msgspec.json.decode(data, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise InputError(f"not what a watch has seen: {error}", hint=_HINT) from error
        if made.version != VERSION:
            raise InputError(f"what a watch of version {made.version} has seen, not {VERSION}", hint=_HINT)
        return made


def see(
    state: State, address: int, analyse: Analyse, depth: Depth = "quick", also: Iterable[str] = ()
) -> Sight:
    """Look at a token. ``also`` are places that were watched before. Raises `NodeError`."""
    code = state.code(address)
    steps = [one for top in (follow(state, address) if code else ()) for one in top.all()]
    behind = dict.fromkeys(one.implementation for one in steps if one.implementation)
    codes = [code, *(state.code(one) for one in behind)]
    watched = _watched(address, steps, [analyse(one, depth) for one in codes if one])
    for name in also:
        watched.setdefault(_slot(name), ("storage", ()))
    state.fetch((), watched)
    return Sight(
        block=state.block.number,
        hash=state.block.hash,
        code=_hash(code),
        behind={f"0x{one:040x}": _hash(state.code(one)) for one in sorted(behind)},
        facets=_facets(state, address) if any(one.kind == "diamond" for one in steps) else "",
        owner=facts.owner(facts.asking(state, address)) if code else None,
        places={
            f"0x{slot[0]:040x}:{slot[1]:#066x}": Place(what, f"{state.slot(*slot):#066x}", ids)
            for slot, (what, ids) in sorted(watched.items())
        },
    )


def differences(old: Sight, new: Sight) -> list[dict[str, Any]]:
    """What changed: ``{what, from, to, block}``, for storage also ``{place, capabilities}``. What is code,
    implementation, owner, authority or storage; ``block`` where it was seen first."""
    return [{**one, "block": new.block} for one in _differences(old, new)]


def _differences(old: Sight, new: Sight) -> Iterator[dict[str, Any]]:
    if old.code != new.code:
        yield {"what": "code", "from": old.code, "to": new.code}
    if (old.behind, old.facets) != (new.behind, new.facets):
        before, after = (
            {**one.behind, **({"facets": one.facets} if one.facets else {})} for one in (old, new)
        )
        yield {"what": "implementation", "from": before, "to": after}
    if old.owner != new.owner:
        yield {"what": "owner", "from": old.owner, "to": new.owner}
    for name, was in old.places.items():
        now = new.places.get(name)
        if now is None or now.value == was.value:
            continue
        if _is(was.value, old.owner) and _is(now.value, new.owner):
            continue  # the same, told already
        ids = sorted({*was.capabilities, *now.capabilities})
        yield {"what": was.what, "from": was.value, "to": now.value, "place": name, "capabilities": ids}


def _watched(
    address: int, steps: list[Proxy], found: list[Screening]
) -> dict[Slot, tuple[str, tuple[str, ...]]]:
    may: dict[Slot, list[str]] = {}
    used: dict[Slot, list[str]] = {}
    for screening in found:
        for one in screening.capabilities:
            held = one.holder or {}
            for text in () if "why" in held or one.id == "external_call" else held.get("slots", ()):
                may.setdefault((address, int(text, 16)), []).append(one.id)
            for text in one.writes:
                used.setdefault((address, int(text, 16)), []).append(one.id)
    for step in steps:
        if step.admin is not None:
            may.setdefault(step.admin, []).append("upgrade")
    made: dict[Slot, tuple[str, tuple[str, ...]]] = {}
    for what, places in (("authority", may), ("storage", used)):  # one word may be both
        for slot, ids in places.items():
            made[slot] = (what, tuple(sorted({*ids, *made.get(slot, ("", ()))[1]})))
    return made


def _facets(state: State, address: int) -> str:
    told = view(state, address, FACETS)
    return "sha256:" + hashlib.sha256(told.data).hexdigest() if told.ok and told.data else ""


def _is(value: str, owner: str | None) -> bool:
    return owner is not None and int(value, 16) == int(owner, 16)


def _hash(code: bytes) -> str:
    return "0x" + keccak(code).hex()


def _slot(name: str) -> Slot:
    who, _, slot = name.partition(":")
    return int(who, 16), int(slot, 16)
