"""Screen: one contract, what its code can do, whether it trades, and the same in the shape others use."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any, Final, Literal

import msgspec

from ringfence.desks.tokens import trade
from ringfence.desks.tokens.bytecode import MAX_CODE, keccak
from ringfence.desks.tokens.capability import Capability, Holder, capabilities
from ringfence.desks.tokens.goplus import goplus
from ringfence.desks.tokens.known import facts
from ringfence.desks.tokens.moves import Watch
from ringfence.desks.tokens.pairs import Paired, pairs
from ringfence.desks.tokens.proxy import Proxy, kind_of
from ringfence.desks.tokens.search import Searched, search
from ringfence.desks.tokens.synthesis import Token, synthesise
from ringfence.desks.tokens.trace import Slot
from ringfence.desks.tokens.traded import Trade

VERSION: Final = "2"  # of the rules: what is tried, and what counts as which capability
Depth = Literal["quick", "deep"]
FIXED: Final = ("constant", "eip1167", "eip7702")  # what they hand on to stands in the code
# Runs of one function with one filling; instructions for all functions, and for all pairs of functions.
EFFORT: Final[dict[Depth, tuple[int, int, int]]] = {
    "quick": (12, 3_000_000, 0),
    "deep": (96, 10_000_000, 10_000_000),
}
SECONDS: Final = 30.0  # for a machine too slow for these; what it cut off is said


class Screening(msgspec.Struct, frozen=True):
    """The answer for one contract. ``resolved`` says whether its code was read as a token; ``why`` says why
    not, or what else stands in the way. Nothing that is unknown is taken for safe. ``searched`` is how far
    the search came, ``code`` what the bytes say of themselves (`known`)."""

    code_hash: str
    resolved: bool
    why: str | None
    depth: str
    capabilities: tuple[Capability, ...]
    trade: dict[str, Any]
    goplus: dict[str, Any]
    searched: dict[str, Any] = {}
    code: dict[str, Any] = {}
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
            "searched": self.searched,
            "code": self.code,
            "version": self.version,
        }


def screen(
    code: bytes, depth: Depth = "quick", holder_of: Callable[[Slot], Holder] | None = None
) -> Screening:
    """Screen runtime code as it stands, without any chain."""
    hashed = "0x" + keccak(code).hex()
    why = _refused(code)
    if why:
        nothing = Token(b"", (), synthesise(b"").setting, why)
        found = capabilities(nothing, Searched(complete=False))
        return Screening(hashed, False, why, depth, found, Trade(None, why=why).to_dict(), {},
                         code=facts(code))  # fmt: skip
    token = synthesise(code)
    runs, steps, more = EFFORT[depth]
    until = monotonic() + SECONDS
    watch = Watch(token)
    searched = search(token, runs=runs, steps=steps, until=until, watch=watch)
    paired = pairs(watch, searched, steps=more, until=until) if more else None
    if paired is not None:
        searched.powers += paired.powers
    shown = capabilities(token, searched, holder_of)
    traded = trade.of(token)
    why = token.why
    step = None if token.resolved else kind_of(code)
    if step is not None:
        why = f"a proxy ({step.kind}): give the code behind it, or a node"
        if step.kind not in FIXED:
            shown = tuple(_replaceable(one, step) if one.id == "upgrade" else one for one in shown)
    return Screening(
        hashed, token.resolved, why or None, depth, shown, traded.to_dict(), goplus(token, shown, traded),
        _effort(searched, paired), facts(code),
    )  # fmt: skip


def _effort(searched: Searched, paired: Paired | None) -> dict[str, Any]:
    """How far the search came."""
    said: dict[str, Any] = {"functions": searched.tried, "complete": searched.complete}
    if searched.why:
        said["why"] = f"stopped {searched.why}"
    said["pairs"] = paired.to_dict() if paired is not None else None
    return said


def _replaceable(found: Capability, step: Proxy) -> Capability:
    if found.present:
        return found
    slots = [f"0x{step.place[1]:064x}"] if step.place is not None else []
    return Capability(
        "upgrade", True, "the code behind it stands in storage", holder={"kind": "unknown", "slots": slots}
    )


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
