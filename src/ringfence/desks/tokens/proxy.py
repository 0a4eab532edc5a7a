"""Proxy: whose code runs where a contract hands on what it is asked, and who can change it.

Places that standards fix are read first; then the contract's own code is traced to a DELEGATECALL, and where
that call's address came from (storage, another contract, the code itself) says what kind it is. Without a
state only the kind is known, never what is behind it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from ringfence.desks.tokens.alive import HANDING, places
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.expression import STRANGER, Node, leaves
from ringfence.desks.tokens.functions import BALANCE_OF, TOTAL_SUPPLY, TRANSFER
from ringfence.desks.tokens.reach import explore
from ringfence.desks.tokens.run import addresses, view
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Call, Outward, Setting, Slot, Trace, program, trace

Kind = Literal[
    "eip1167", "eip1967", "eip1967-beacon", "eip1822", "zos", "slot0", "diamond", "eip7702",
    "constant", "slot", "answer",
]  # fmt: skip


def _place(text: str, minus: int = 0) -> int:
    return int.from_bytes(keccak(text.encode()), "big") - minus


IMPLEMENTATION: Final = _place("eip1967.proxy.implementation", 1)
BEACON: Final = _place("eip1967.proxy.beacon", 1)
ADMIN: Final = _place("eip1967.proxy.admin", 1)
PROXIABLE: Final = _place("PROXIABLE")
ZOS: Final = _place("org.zeppelinos.proxy.implementation")
ZOS_ADMIN: Final = _place("org.zeppelinos.proxy.admin")
_FIXED: Final[dict[int, Kind]] = {
    IMPLEMENTATION: "eip1967", BEACON: "eip1967-beacon", PROXIABLE: "eip1822", ZOS: "zos", 0: "slot0",
}  # fmt: skip
_ADMINS: Final = {"eip1967": ADMIN, "eip1967-beacon": ADMIN, "eip1822": ADMIN, "zos": ZOS_ADMIN}
FACETS: Final = bytes.fromhex("52ef6b2c")  # facetAddresses(), EIP-2535
CHILD: Final = bytes.fromhex("da525716")  # childImplementation(), older beacons
BEHIND: Final = bytes.fromhex("5c60da1b")  # implementation()
MAX_DEPTH: Final = 5
MAX_FACETS: Final = 64
RUNS: Final = 24
_ADDRESS: Final = (1 << 160) - 1
_ASKED: Final = bytes.fromhex("deadc0de") + bytes(64)  # a selector that no proxy keeps to itself
# Some hand on only what they know: what every token answers is tried as well.
_TRIED: Final = (_ASKED, *(one + bytes(64) for one in (TRANSFER, BALANCE_OF, TOTAL_SUPPLY)))
_CALLER: Final = 0xCA11E12 << 100


@dataclass(frozen=True)
class Proxy:
    """One step behind a contract. ``implementation`` is None where it is not known, and ``why`` says why;
    ``place`` is the storage (contract, slot) that names it; ``admin`` the storage that names who may change
    it, where a standard fixes it and something stands there. ``behind`` are the steps further on."""

    address: int | None
    kind: Kind
    implementation: int | None
    place: Slot | None = None
    beacon: int | None = None
    admin: Slot | None = None
    why: str = ""
    behind: tuple[Proxy, ...] = ()

    def all(self) -> Iterator[Proxy]:
        """This step and those behind it."""
        yield self
        for one in self.behind:
            yield from one.all()


def kind_of(code: bytes) -> Proxy | None:
    """What kind of proxy code is, by its bytes alone; None where it hands nothing on that was found."""
    fixed = _minimal(code)
    if fixed is not None:
        return Proxy(None, "eip1167", fixed)
    if code[:3] == b"\xef\x01\x00" and len(code) == 23:
        return Proxy(None, "eip7702", int.from_bytes(code[3:], "big"))
    if not _can_hand_on(code):
        return None
    setting = Setting({_SELF: program(code)}, people=frozenset({_CALLER}))
    setting.answers = {("R", (number, 0)): STRANGER for number in range(4)}  # as a beacon would
    found = _handed_on(setting, _SELF)
    for _ in range(2):
        if found is not None:
            break
        # What answers nothing cannot be turned: give an address to whatever was looked at.
        seen = trace(setting, Call(_CALLER, _SELF, _ASKED)).reads
        setting.storage = setting.storage | dict.fromkeys(seen, STRANGER)
        found = _handed_on(setting, _SELF)
    if found is None:
        return None
    kind, place, _ = _origin(found[0], found[1], _SELF)
    if kind == "constant":
        return Proxy(None, kind, found[1].to)
    return Proxy(
        None,
        kind,
        None,
        place=(0, place[1]) if place and place[0] == _SELF else None,
        why="what is behind stands in storage that only a node or a bundle has",
    )


def follow(state: State, address: int, depth: int = MAX_DEPTH) -> tuple[Proxy, ...]:
    """Every implementation behind a contract (several for a diamond, none where it is no proxy), each with
    those behind it. A cycle and what lies deeper than ``depth`` are named, not followed."""
    return _follow(state, address, depth, (address,))


def implementations(state: State, address: int) -> tuple[int, ...]:
    """The addresses of all code that runs behind a contract, nearest first, each once."""
    found = [one.implementation for top in follow(state, address) for one in top.all()]
    return tuple(dict.fromkeys(one for one in found if one))


def _follow(state: State, address: int, depth: int, above: tuple[int, ...]) -> tuple[Proxy, ...]:
    code = state.code(address)
    if not code:
        return ()
    made: list[Proxy] = []
    for one in _steps(state, address, code):
        target = one.implementation
        if not target:
            made.append(one)
        elif target in above:
            made.append(_with(one, why=f"a cycle: 0x{target:040x} is above it"))
        elif depth <= 1:
            made.append(_with(one, why="too deep; what is behind was not followed"))
        elif not state.code(target):
            made.append(_with(one, why="there is no code at the implementation"))
        else:
            made.append(_with(one, behind=_follow(state, target, depth - 1, (*above, target))))
    return tuple(made)


def _steps(state: State, address: int, code: bytes) -> list[Proxy]:
    fixed = _minimal(code)
    if fixed is not None:
        return [Proxy(address, "eip1167", fixed)]
    if code[:3] == b"\xef\x01\x00" and len(code) == 23:
        return [Proxy(address, "eip7702", int.from_bytes(code[3:], "big"))]
    if not _can_hand_on(code):
        return []
    state.fetch((), [(address, slot) for slot in (*_FIXED, ADMIN, ZOS_ADMIN)])  # in one request
    if FACETS in code:
        listed = view(state, address, FACETS)
        facets = addresses(listed.data, MAX_FACETS) if listed.ok else None
        if facets:
            return [Proxy(address, "diamond", one) for one in dict.fromkeys(facets)]
    setting = Setting(
        {},
        people=frozenset({_CALLER}),
        chain=state.block.chain,
        time=state.block.time,
        number=state.block.number,
    )
    setting.codes = state.setting_codes()
    setting.storage = state.setting_storage()
    tried = (_handed_on(setting, address, data, runs=1) for data in _TRIED)
    found = [one for one in tried if one is not None]
    if not found:
        return _standing(state, address)
    made: dict[int, Proxy] = {}
    for made_by, call in found:
        kind, place, beacon = _origin(made_by, call, address)
        why = "" if call.to else "the place of the implementation is empty"
        admin = _admin(state, address, kind)
        made.setdefault(call.to, Proxy(address, kind, call.to or None, place, beacon, admin, why))
    return list(made.values())


def _standing(state: State, address: int) -> list[Proxy]:
    """Where no run handed anything on (a gate, an odd dispatcher): the places of standards, if the code can
    hand on at all and something stands there."""
    asked = (IMPLEMENTATION, BEACON, PROXIABLE, ZOS)
    state.fetch((), [(address, slot) for slot in asked])
    for slot in asked:
        value = state.slot(address, slot) & _ADDRESS
        if not value:
            continue
        kind = _FIXED[slot]
        admin = _admin(state, address, kind)
        if slot != BEACON:
            return [Proxy(address, kind, value, (address, slot), None, admin)]
        for selector in (BEHIND, CHILD):
            told = view(state, value, selector).word()
            if told and told < 1 << 160:
                return [Proxy(address, kind, told, (address, slot), value, admin)]
        return [Proxy(address, kind, None, (address, slot), value, admin, "the beacon does not say")]
    return []


def _admin(state: State, address: int, kind: Kind) -> Slot | None:
    slot = _ADMINS.get(kind)
    return (address, slot) if slot is not None and state.slot(address, slot) else None


def _with(one: Proxy, why: str = "", behind: tuple[Proxy, ...] = ()) -> Proxy:
    return Proxy(
        one.address, one.kind, one.implementation, one.place, one.beacon, one.admin, why or one.why, behind
    )


# --- what the code does

_SELF: Final = 0x5E1F << 100


@lru_cache(4096)
def _can_hand_on(code: bytes) -> bool:
    """Whether a DELEGATECALL or CALLCODE stands where an instruction can stand."""
    if b"\xf4" not in code and b"\xf2" not in code:
        return False
    return bool(places(code, HANDING))


def _handed_on(
    setting: Setting, address: int, asked: bytes = _ASKED, runs: int = RUNS
) -> tuple[Trace, Outward] | None:
    """The first run of a function that hands the whole call on, and the call in it."""
    call = Call(_CALLER, address, asked)
    for run in explore(setting, call, may=lambda leaf, value, made: leaf[0] in ("S", "R"), runs=runs):
        for one in run.trace.calls:
            # What is handed on is what was asked; a library that is only helped by gets other data.
            if one.kind in ("delegate", "callcode") and one.sender == address and one.data == asked:
                return run.trace, one
    return None


def _origin(ran: Trace, call: Outward, address: int) -> tuple[Kind, Slot | None, int | None]:
    """Where the address of a call came from: (kind, storage that names it, beacon)."""
    node: Node | None = call.to_node
    if node is None:
        return "constant", None, None
    found = leaves(node)
    slots = [key for kind, key in found if kind == "S"]
    beacons = [
        one.to
        for one in ran.calls
        if one.kind in ("static", "call") and one.sender == address and one.to_node
    ]
    for slot in slots:
        if slot[0] != address:  # another contract's: it was asked for it
            return "eip1967-beacon", slot, slot[0]
    if any(kind == "R" for kind, _ in found):
        named = {key for kind, key in leaves(_of(ran, address)) if kind == "S"} if beacons else set()
        if (address, BEACON) in named or (address, BEACON) in ran.reads:
            return "eip1967-beacon", (address, BEACON), beacons[-1] if beacons else None
        return "answer", None, beacons[-1] if beacons else None
    for slot in slots:
        if slot[1] in _FIXED:
            return _FIXED[slot[1]], slot, None
        preimage = ran.hashes.get(slot[1])
        if preimage is not None and preimage[4:32] == bytes(28):
            return "diamond", slot, None
    return ("slot", slots[0], None) if slots else ("constant", None, None)


def _of(ran: Trace, address: int) -> Node | int:
    for one in ran.calls:
        if one.kind in ("static", "call") and one.sender == address and one.to_node is not None:
            return one.to_node
    return 0


# EIP-1167 and what is like it: the bytes before the address and those after it. The address may be shorter
# where it begins with zeros; then PUSH20 is a smaller push.
_BEFORE: Final = (
    bytes.fromhex("363d3d373d3d3d363d"),
    bytes.fromhex("3d3d3d3d363d3d37363d"),
    bytes.fromhex("363d3d373d3d363d"),
    bytes.fromhex("365f5f375f5f365f"),
)


@lru_cache(4096)
def _minimal(code: bytes) -> int | None:
    """The address in a minimal proxy, or None. Whatever follows (arguments of a clone) is not run."""
    if len(code) > 1024:
        return None
    for before in _BEFORE:
        if code.startswith(before):
            push = code[len(before)] if len(code) > len(before) else 0
            width = push - 0x5F
            if 8 <= width <= 20:
                at = len(before) + 1
                rest = code[at + width :]
                if rest[:2] == b"\x5a\xf4":
                    return int.from_bytes(code[at : at + width], "big")
    # Any small forwarder to an address that stands in the code: run it, and see.
    if len(code) <= 128 and b"\xf4" in code and b"\x73" in code:
        found = _handed_on(Setting({_SELF: program(code)}, people=frozenset({_CALLER})), _SELF, runs=2)
        if found is not None and found[1].to_node is None and found[1].to:
            return found[1].to
    return None
