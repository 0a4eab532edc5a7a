"""Unturned: what stands behind decisions that no input was found to turn.

A signature, a hash, an account written into the code: a function that asks for one goes through for nobody
here. Such a decision is then taken the other way all the same, and what the code would do is looked at. That
shows no power, since nobody knows who could get there; but that there is none cannot be said either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from ringfence.desks.tokens.expression import Leaf, Operand, leaves
from ringfence.desks.tokens.functions import Function
from ringfence.desks.tokens.moves import Moves, Watch
from ringfence.desks.tokens.powers import CLAIM, effects
from ringfence.desks.tokens.reach import Reached, explore
from ringfence.desks.tokens.trace import Slot, Trace, trace

_RUNS: Final = 6  # after each decision that was forced
_FORCED: Final = 12  # ways of forcing that are tried for one function
_LAST: Final = 3  # of the decisions of a run, from its end
# What the one who is named gives leave to by a signature of their own.
_LEFT: Final = frozenset({"seize", "burn_others", "freeze_account", "limit_transfers"})

May = Callable[[Leaf, int, Trace], bool]
Forced = dict[int, bool]


def behind(
    watch: Watch, function: Function, may: May, failed: Iterable[Reached], base: Moves, reads: set[Slot]
) -> frozenset[str]:
    """Ids of the powers that a function would have if it went through. ``failed`` are runs of it that did
    not."""
    token = watch.token
    found: set[str] = set()
    farthest = sorted(failed, key=lambda run: -run.trace.steps)[:1]
    todo: list[tuple[Reached, Forced, bool]] = [(run, {}, False) for run in farthest]
    seen: set[frozenset[tuple[int, bool]]] = set()
    while todo and len(seen) < _FORCED:
        run, forced, signed = todo.pop()
        for pc, (taken, condition) in _last(run, forced, token.pinned):
            more = {**forced, pc: not taken}
            key = frozenset(more.items())
            if key in seen:
                continue
            seen.add(key)
            leave = signed or _signed(condition)
            here = replace(run.setting, forced=more)
            best: Reached | None = None
            for made in explore(here, run.call, may=may, runs=_RUNS):
                if made.trace.ok:
                    names = _powers(watch, made, base, reads)
                    found |= names - _LEFT if leave else names
                elif best is None or made.trace.steps > best.trace.steps:
                    best = made
            if best is not None:
                todo.append((best, more, leave))
    return frozenset(found)


def _powers(watch: Watch, made: Reached, base: Moves, reads: set[Slot]) -> set[str]:
    free = replace(made, setting=replace(made.setting, forced=None))
    return {"mint" if name == CLAIM else name for name, _ in effects(watch, free, base, reads)}


def _last(
    run: Reached, forced: Forced, pinned: frozenset[Slot]
) -> list[tuple[int, tuple[bool, Operand]]]:
    """The last decisions of a run behind the dispatcher, the likeliest first; not those on what somebody has
    or allowed."""
    made = trace(replace(run.setting, forced=forced), run.call)
    ways = made.ways
    begin = max((at for at, (_, _, condition) in enumerate(ways) if _selects(condition)), default=-1) + 1
    found: dict[int, tuple[bool, Operand]] = {}
    for pc, taken, condition in reversed(ways[begin:]):
        if pc in forced or pc in found or any(key in pinned for key in _slots(condition)):
            continue
        found[pc] = taken, condition
        if len(found) == _LAST:
            break
    return list(reversed(found.items()))  # the last is taken up first


def _selects(condition: Operand) -> bool:
    """Whether a decision is on the selector."""
    return not isinstance(condition, int) and any(kind == "A" and key < 4 for kind, key in leaves(condition))


def _signed(condition: Operand) -> bool:
    """Whether a decision is whose signature it is, and that of somebody whom the call names."""
    if isinstance(condition, int):
        return False
    found = leaves(condition)
    return ("SIGNER", 0) in found and any(kind == "A" for kind, _ in found)


def _slots(condition: Operand) -> list[Slot]:
    return [] if isinstance(condition, int) else [key for kind, key in leaves(condition) if kind == "S"]
