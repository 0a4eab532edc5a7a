"""Unturned: what stands behind decisions that no input was found to turn.

A signature, a hash, an account written into the code: a function that asks for one goes through for nobody
here. Such a decision is then taken the other way all the same, and what the code would do is looked at. That
shows no power, since nobody knows who could get there; but that there is none cannot be said either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.desks.tokens.expression import FREE, STRANGER, Leaf, Operand, leaves
from ringfence.desks.tokens.functions import call
from ringfence.desks.tokens.moves import Moves, Watch
from ringfence.desks.tokens.powers import CLAIM, effects
from ringfence.desks.tokens.reach import Reached, explore
from ringfence.desks.tokens.synthesis import BALANCE, HOLDER, SECOND
from ringfence.desks.tokens.trace import Slot, Trace, trace

_RUNS: Final = 5  # after each decision that was forced
_TRIES: Final = 12  # decisions that are forced in one function
_DEEP: Final = 6  # of them at once
_LAST: Final = 3  # decisions of a run, from its end, that may be the one that stopped it
_SIGNER: Final[Leaf] = ("SIGNER", 0)
# What the one who is named gives leave to by a signature of their own.
_LEFT: Final = frozenset({"seize", "burn_others", "freeze_account", "limit_transfers"})

May = Callable[[Leaf, int, Trace], bool]
Forced = dict[int, bool]


@dataclass
class _Looking:
    """One function that is forced through: what is known of the token, what may be chosen, what was found."""

    watch: Watch
    may: May
    base: Moves
    reads: set[Slot]
    found: set[str] = field(default_factory=set)
    left: int = _TRIES

    def through(self, run: Reached, forced: Forced, leave: bool) -> bool:
        """Whether a run that fails goes through once one of its last decisions, or several, are forced."""
        for pc, (taken, condition) in _last(run, forced, self.watch.token.pinned):
            if self.left <= 0 or len(forced) >= _DEEP:
                return False
            self.left -= 1
            more, own = {**forced, pc: not taken}, leave or _signed(condition)
            made = self.tried(replace(run, setting=replace(run.setting, forced=more)), own)
            if made is None or self.through(made, more, own):
                return True
        return False

    def tried(self, run: Reached, leave: bool) -> Reached | None:
        """Keep what runs show that go through; where none does, the one that came farthest."""
        runs = list(explore(run.setting, run.call, may=self.may, runs=_RUNS))
        passed = [made for made in runs if made.trace.ok]
        for made in passed:
            names = _powers(self.watch, made, self.base, self.reads)
            self.found |= names - _LEFT if leave else names
        return None if passed else max(runs, key=lambda made: made.trace.steps)


def behind(watch: Watch, failed: Reached, may: May, base: Moves, reads: set[Slot]) -> frozenset[str]:
    """Ids of the powers that a function would have if it went through. ``failed`` is the run of it that came
    farthest, and did not."""
    looking = _Looking(watch, may, base, reads)
    for run in _asked(failed):
        looking.left = _TRIES
        ways = _ways(run, {})
        if any(not isinstance(one, int) and _SIGNER in leaves(one) for _, _, one in ways):
            signed = looking.tried(replace(run, setting=replace(run.setting, signer=STRANGER)), leave=False)
            if signed is None:
                continue
            run = signed
        looking.through(run, {}, leave=False)
    return frozenset(looking.found)


def beside(watch: Watch, runs: Iterable[Reached], base: Moves, reads: set[Slot]) -> frozenset[str]:
    """Ids of the powers that a function would have, which goes through in ``runs``, if an account that stands
    in its code called it. What it would do where a hash is right is not seen."""
    passed = [(named, run, _ways(run, {})) for one in runs for named, run in enumerate(_asked(one))]
    seen = {(pc, taken) for _, _, ways in passed for pc, taken, _ in ways}
    done: set[tuple[int, int]] = set()
    found: set[str] = set()
    for named, run, ways in passed:
        for pc, taken, condition in ways:
            if (pc, not taken) in seen or (named, pc) in done or not _personal(condition):
                continue
            done.add((named, pc))
            forced = replace(run.setting, forced={pc: not taken})
            made = trace(forced, run.call)
            if made.ok:
                found |= _powers(watch, replace(run, setting=forced, trace=made), base, reads)
    return frozenset(found)


def _asked(run: Reached) -> list[Reached]:
    """The same, and where it takes nothing with words behind the selector: what a function reads only behind
    such a decision was not seen when it was asked what it takes."""
    if len(run.call.data) != 4:
        return [run]
    asked = replace(run.call, data=call(run.call.data, HOLDER, BALANCE, SECOND))
    return [run, replace(run, call=asked, trace=trace(run.setting, asked))]


def _personal(condition: Operand) -> bool:
    """Whether a decision is on an account that stands in the code."""
    while not isinstance(condition, int) and condition[0] == "ISZERO":
        condition = condition[2]
    if isinstance(condition, int) or condition[0] not in ("EQ", "SUB", "XOR"):
        return False
    return any(
        isinstance(side, int) and side >> 80 and side >> 160 == 0 for side in condition[2:]
    ) and not any(kind in FREE for kind, _ in leaves(condition))


def _ways(run: Reached, forced: Forced) -> list[tuple[int, bool, Operand]]:
    """The decisions of a run behind the dispatcher."""
    ways = trace(replace(run.setting, forced=forced), run.call).ways
    begin = max((at for at, (_, _, condition) in enumerate(ways) if _selects(condition)), default=-1) + 1
    return ways[begin:]


def _powers(watch: Watch, made: Reached, base: Moves, reads: set[Slot]) -> set[str]:
    free = replace(made, setting=replace(made.setting, forced=None, signer=0))
    return {"mint" if name == CLAIM else name for name, _ in effects(watch, free, base, reads)}


def _last(run: Reached, forced: Forced, pinned: frozenset[Slot]) -> list[tuple[int, tuple[bool, Operand]]]:
    """The last decisions of a run behind the dispatcher, the likeliest first; not those on what somebody has
    or allowed."""
    found: dict[int, tuple[bool, Operand]] = {}
    for pc, taken, condition in reversed(_ways(run, forced)):
        if pc in forced or pc in found or any(key in pinned for key in _slots(condition)):
            continue
        found[pc] = taken, condition
        if len(found) == _LAST:
            break
    return list(found.items())


def _selects(condition: Operand) -> bool:
    """Whether a decision is on the selector."""
    return not isinstance(condition, int) and any(kind == "A" and key < 4 for kind, key in leaves(condition))


def _signed(condition: Operand) -> bool:
    """Whether a decision is whose signature it is, and that of somebody whom the call names."""
    if isinstance(condition, int):
        return False
    found = leaves(condition)
    return _SIGNER in found and any(kind == "A" for kind, _ in found)


def _slots(condition: Operand) -> list[Slot]:
    return [] if isinstance(condition, int) else [key for kind, key in leaves(condition) if kind == "S"]
