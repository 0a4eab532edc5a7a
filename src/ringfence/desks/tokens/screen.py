"""Screen: one contract, what its code can do, whether it trades, and the same in the shape others use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from ringfence.desks.tokens import trade
from ringfence.desks.tokens.bytecode import MAX_CODE, keccak
from ringfence.desks.tokens.capability import Capability, Chain, capabilities
from ringfence.desks.tokens.facts import Facts, fixed
from ringfence.desks.tokens.flags import flags
from ringfence.desks.tokens.goplus import goplus
from ringfence.desks.tokens.offering import Offering, offering
from ringfence.desks.tokens.proxy import Proxy, kind_of
from ringfence.desks.tokens.search import Searched, search
from ringfence.desks.tokens.synthesis import Token, synthesise
from ringfence.desks.tokens.traded import Trade

VERSION: Final = "1"  # of the rules: what is tried, and what counts as which capability
Depth = Literal["quick", "deep"]
# Runs of one function with one filling, and instructions for all of them.
FIXED: Final = ("constant", "eip1167", "eip7702")  # what they hand on to stands in the code
EFFORT: Final[dict[Depth, tuple[int, int]]] = {"quick": (12, 3_000_000), "deep": (96, 25_000_000)}


class Screening(msgspec.Struct, frozen=True):
    """The answer for one contract. ``resolved`` says whether its code was read as a token; ``why`` says why
    not, or what else stands in the way. Nothing that is unknown is taken for safe."""

    code_hash: str
    resolved: bool
    why: str | None
    depth: str
    capabilities: tuple[Capability, ...]
    trade: dict[str, Any]
    goplus: dict[str, Any]
    facts: dict[str, Any]
    offering: Offering | None = None
    version: str = VERSION

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
            "version": self.version,
        }


@dataclass(frozen=True)
class Read:
    """What was read in code, whatever its state: nothing here depends on a chain."""

    token: Token
    searched: Searched
    offering: Offering | None


Reading = Callable[[bytes, Depth], Read]


def read(code: bytes, depth: Depth = "quick") -> Read:
    """A state in which code works, and what the search found in it: what takes the time."""
    token = synthesise(code)
    runs, steps = EFFORT[depth]
    return Read(token, search(token, runs=runs, steps=steps), offering(token))


def screen(
    code: bytes, depth: Depth = "quick", chain: Chain | None = None, reading: Reading = read
) -> Screening:
    """Screen runtime code as it stands; with a ``chain``, as powers are held and used there. ``reading`` is
    `read`, or what remembers it."""
    hashed = "0x" + keccak(code).hex()
    why = _refused(code)
    if why:
        nothing = Token(b"", (), synthesise(b"").setting, why)
        found = capabilities(nothing, Searched(complete=False))
        traded = Trade(None, why=why)
        return Screening(hashed, False, why, depth, found, traded.to_dict(), {}, {"why": {"decimals": why}})
    found_in = reading(code, depth)
    token, searched = found_in.token, found_in.searched
    shown = capabilities(token, searched, chain)
    traded = trade.of(token) if chain is None else chain.trade(token)
    why = token.why
    step = None if token.resolved else kind_of(code)
    if step is not None:
        why = f"a proxy ({step.kind}): give the code behind it, or a node"
        if step.kind not in FIXED:
            shown = tuple(_replaceable(one, step) if one.id == "upgrade" else one for one in shown)
    facts = fixed(code) if token.resolved else Facts(why={"decimals": why})
    fields = goplus(shown, traded, flags(token, searched, shown), facts)
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
    )


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
