"""Screen: one contract, what its code can do, whether it trades, and the same in the shape others use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, Literal

import msgspec

from ringfence.desks.tokens import known, trade
from ringfence.desks.tokens.bytecode import MAX_CODE, keccak
from ringfence.desks.tokens.capability import Capability, Chain, capabilities
from ringfence.desks.tokens.facts import Facts, fixed
from ringfence.desks.tokens.flags import Flags, flags
from ringfence.desks.tokens.goplus import goplus
from ringfence.desks.tokens.meter import Meter, SpentError, metered
from ringfence.desks.tokens.moves import Watch
from ringfence.desks.tokens.offering import Offering, offering
from ringfence.desks.tokens.pairs import Paired, pairs
from ringfence.desks.tokens.proxy import Proxy, kind_of
from ringfence.desks.tokens.search import CLOCK, Searched, search
from ringfence.desks.tokens.synthesis import Token, synthesise
from ringfence.desks.tokens.traded import Trade

VERSION: Final = "3"  # of the rules: what is tried, and what counts as which capability
Depth = Literal["quick", "deep"]
FIXED: Final = ("constant", "eip1167", "eip7702")  # what they hand on to stands in the code


@dataclass(frozen=True)
class Effort:
    """``runs`` of one function with one filling, and the work that each part may cost at most, in
    instructions (`Meter`): the state and the search, pairs of functions, ways to buy, what is made again in
    the engine, trades."""

    runs: int
    searching: int
    pairs: int
    selling: int
    showing: int
    trading: int


EFFORT: Final[dict[Depth, Effort]] = {
    "quick": Effort(12, 2_400_000, 0, 400_000, 600_000, 600_000),
    "deep": Effort(96, 40_000_000, 10_000_000, 4_000_000, 6_000_000, 3_000_000),
}
_LOOKING: Final = 4  # times the work of pairs themselves, for looking at transfers after them
SECONDS: Final = 30.0  # of depth deep, for a machine too slow for these; what it cut off is said


class Screening(msgspec.Struct, frozen=True):
    """The answer for one contract. ``resolved`` says whether its code was read as a token; ``why`` says why
    not, or what else stands in the way. Nothing that is unknown is taken for safe. ``searched`` is how far
    the search came, ``code`` what the bytes say of themselves (`known`)."""

    code_hash: str | None  # None where not even the code is known
    resolved: bool
    why: str | None
    depth: str
    capabilities: tuple[Capability, ...]
    trade: dict[str, Any]
    goplus: dict[str, Any]
    facts: dict[str, Any]
    offering: Offering | None = None
    searched: dict[str, Any] = {}
    code: dict[str, Any] = {}
    version: str = VERSION

    @property
    def lasting(self) -> bool:
        """Whether it would come out the same again: the clock cut nothing off."""
        whys = (self.searched.get("why"), (self.searched.get("pairs") or {}).get("why"))
        return not any(why.endswith(CLOCK) for why in whys if why)

    def to_dict(self) -> dict[str, Any]:
        """As `tokens screen` writes it."""
        return {
            "code_hash": self.code_hash,
            "resolved": self.resolved,
            "why": self.why,
            "depth": self.depth,
            "capabilities": [one.to_dict() for one in self.capabilities],
            "trade": self.trade,
            "goplus": self.goplus,
            "facts": self.facts,
            "offering": msgspec.to_builtins(self.offering),
            "searched": self.searched,
            "code": self.code,
            "version": self.version,
        }


@dataclass(frozen=True)
class Read:
    """What was read in code, whatever its state: nothing here depends on a chain."""

    token: Token
    searched: Searched
    offering: Offering | None
    paired: Paired | None = None  # at depth deep; what it showed is among what was searched
    unsold: str = ""  # why ways to buy were not all looked at

    @property
    def lasting(self) -> bool:
        """Whether it would come out the same again: the clock cut nothing off."""
        return not any(
            why.endswith(CLOCK) for why in (self.searched.why, self.paired.why if self.paired else "")
        )


Reading = Callable[[bytes, Depth], Read]


def read(code: bytes, depth: Depth = "quick") -> Read:
    """A state in which code works, and what the search found in it: what takes the time."""
    effort = EFFORT[depth]
    until = monotonic() + SECONDS if effort.pairs else None
    with metered(Meter(effort.searching)):
        token = synthesise(code)
        watch = Watch(token)
        searched = search(token, runs=effort.runs, until=until, watch=watch)
    with metered(Meter(_LOOKING * effort.pairs)):
        paired = pairs(watch, searched, steps=effort.pairs, until=until) if effort.pairs else None
    if paired is not None:
        searched.powers += paired.powers
    selling = Meter(effort.selling)
    with metered(selling):
        sold = offering(token)
    return Read(token, searched, sold, paired, selling.why)


def screen(
    code: bytes, depth: Depth = "quick", chain: Chain | None = None, reading: Reading = read
) -> Screening:
    """Screen runtime code as it stands; with a ``chain``, as powers are held and used there. ``reading`` is
    `read`, or what remembers it."""
    hashed = "0x" + keccak(code).hex()
    why = _refused(code)
    if why:
        return msgspec.structs.replace(unread(why, depth), code_hash=hashed, code=known.facts(code))
    found_in = reading(code, depth)
    token, searched = found_in.token, found_in.searched
    effort = EFFORT[depth]
    showing = Meter(effort.showing)
    shown = capabilities(token, searched, chain, showing)
    traded = _traded(token, effort) if chain is None else chain.trade(token)
    why = token.why
    with metered(Meter(effort.showing)):
        step = None if token.resolved else _kind(code)
    if step is not None:
        why = f"a proxy ({step.kind}): give the code behind it, or a node"
        if step.kind not in FIXED:
            shown = tuple(_replaceable(one, step) if one.id == "upgrade" else one for one in shown)
    facts = fixed(code) if token.resolved else Facts(why={"decimals": why})
    fields = goplus(shown, traded, _flags(token, searched, shown, showing), facts)
    if step is not None:
        fields["is_proxy"] = "1"
    return Screening(
        hashed,
        token.resolved,
        why or None,
        depth,
        shown,
        traded.to_dict(),
        fields,
        facts.to_dict(),
        found_in.offering,
        _searched(found_in),
        known.facts(code),
    )


def unread(why: str, depth: Depth = "quick") -> Screening:
    """The answer for a contract whose runtime code is not known, so that nothing can be told."""
    nothing = Token(b"", (), synthesise(b"").setting, why)
    found = capabilities(nothing, Searched(complete=False))
    traded = Trade(None, why=why).to_dict()
    return Screening(None, False, why, depth, found, traded, {}, {"why": {"decimals": why}})


def _traded(token: Token, effort: Effort) -> Trade:
    try:
        with metered(Meter(effort.trading)):
            return trade.of(token)
    except SpentError as spent:
        return Trade(None, why=f"trials were stopped {spent}")


def _flags(token: Token, searched: Searched, shown: Iterable[Capability], meter: Meter) -> Flags:
    try:
        with metered(meter):
            return flags(token, searched, shown)
    except SpentError:
        return Flags()


def _kind(code: bytes) -> Proxy | None:
    try:
        return kind_of(code)
    except SpentError:
        return None  # then nothing is said of the code but that it is not resolved


def _searched(found: Read) -> dict[str, Any]:
    """How far the search came."""
    searched, paired = found.searched, found.paired
    said: dict[str, Any] = {"functions": searched.tried, "complete": searched.complete}
    if searched.why:
        said["why"] = f"stopped {searched.why}"
    said["pairs"] = paired.to_dict() if paired is not None else None
    if found.unsold:
        said["offering"] = f"stopped {found.unsold}"
    return said


def _replaceable(found: Capability, step: Proxy) -> Capability:
    if found.present:
        return found
    slots = [f"0x{step.place[1]:064x}"] if step.place is not None else []
    holder = {"kind": "unknown", "slots": slots, "why": "the code is named there; who may change it is not"}
    return Capability("upgrade", True, "the code behind it stands in storage", holder=holder)


def _refused(code: bytes) -> str:
    """Why code is not run at all; empty where it is."""
    if not code:
        return "no code: an account of a person, or one that was removed"
    if code[:2] == b"\xef\x00":
        return "code in the EOF format, which is not read here"
    if code[:3] == b"\xef\x01\x00" and len(code) == 23:
        return f"an account that hands its calls to 0x{code[3:].hex()} (EIP-7702)"
    if len(code) > 2 * MAX_CODE:
        return f"{len(code)} bytes of code; a chain takes {MAX_CODE}"
    return ""
