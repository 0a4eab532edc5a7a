"""Pairs: one function and then another, where the second looks at storage that the first wrote.

A function alone is tried in every state that it asks for (`search`). What nobody may choose there, because it
is somebody's balance or allowance, and what only passes through storage, such as a fee that is proposed and
then applied, shows when the function that writes it is called first. A pair is told only where no function
alone has the power.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Final

from ringfence.desks.tokens.asking import choosing, fillings, livelier
from ringfence.desks.tokens.functions import Function, word
from ringfence.desks.tokens.meter import SpentError
from ringfence.desks.tokens.moves import Watch
from ringfence.desks.tokens.powers import CLAIM, Power, authority, effects
from ringfence.desks.tokens.reach import Reached, apply, explore
from ringfence.desks.tokens.search import CLOCK, MOVE, Searched
from ringfence.desks.tokens.synthesis import ACTOR, HOLDER, TOKEN, settled
from ringfence.desks.tokens.trace import Call, Slot, Trace, trace

_FIRST: Final = 8  # runs of one function, each with other effects, that a second is tried after
_RUNS: Final = 8  # of the second, with one filling


@dataclass
class Paired:
    """What pairs showed: ``tried`` of ``possible`` ones; ``why`` where it was stopped."""

    powers: list[Power] = field(default_factory=list)
    possible: int = 0
    tried: int = 0
    steps: int = 0
    why: str = ""

    @property
    def complete(self) -> bool:
        """Whether every pair was tried."""
        return not self.why

    def to_dict(self) -> dict[str, object]:
        """As `tokens screen` writes it."""
        said: dict[str, object] = {"possible": self.possible, "tried": self.tried, "complete": self.complete}
        return said | ({"why": self.why} if self.why else {})


def pairs(watch: Watch, found: Searched, *, steps: int, until: float | None = None) -> Paired:
    """Try every pair of functions of which the second looks at what the first wrote; ``steps`` and ``until``
    as in `search`."""
    made = Paired()
    base, reads = watch.suite(watch.token.setting) if watch.token.transfers else ({}, {})
    todo = [
        (one, run, two)
        for one, runs in found.went.items()
        if one != MOVE
        for run in _firsts(one, runs)
        for two, looked in found.looks.items()
        if one != two and _written(run.trace) & looked
    ]
    made.possible = len({(one, two) for one, _, two in todo})
    known = {power.id for power in found.powers}
    tried: set[tuple[Function, Function]] = set()
    for one, run, two in todo:
        if made.steps > steps:
            made.why = f"stopped after {steps} instructions"
            break
        if until is not None and monotonic() > until:
            made.why = f"stopped {CLOCK}"
            break
        tried.add((one, two))
        try:
            for both in _after(watch, run, two, made):
                for name, note in effects(watch, both, base, set(reads)):
                    if two == MOVE and name not in ("seize", "burn_others"):
                        continue  # what holders may do with one another's leave
                    if name != CLAIM and name not in known and _own(watch, name, both, set(reads)):
                        made.powers.append(Power(name, two, both, _authority(both), _note(note)))
        except SpentError as spent:
            made.why = f"stopped {spent}"
            break
    made.tried = len(tried)
    return made


def _note(note: str) -> str:
    return f"in two calls {note}".strip()


def _written(made: Trace) -> set[Slot]:
    return {slot for slot, (old, new, _) in made.writes.items() if old != new}


def _firsts(one: Function, runs: list[Reached]) -> list[Reached]:
    """The runs of a function that a second is tried after: those that write in other places, and then those
    that write something else there; what needs least first."""
    runs = sorted(runs, key=lambda run: (len(run.change), run.call.value))
    places: dict[object, Reached] = {}
    values: dict[object, Reached] = {}
    for run in [*runs, *(named for run in runs if (named := _of_actor(one, run)) is not None)]:
        written = frozenset(_written(run.trace))
        if written and run.trace.how == "return":
            places.setdefault(written, run)
            values.setdefault(frozenset((slot, run.trace.writes[slot][1]) for slot in written), run)
    others = [run for run in values.values() if not any(run is one for one in places.values())]
    return [*places.values(), *others][:_FIRST]


def _of_actor(one: Function, run: Reached) -> Reached | None:
    """The same run with the actor named where a holder was."""
    for at, kind in enumerate(one.types):
        place = 4 + 32 * at
        if kind == "address" and int.from_bytes(run.call.data[place : place + 32], "big") == HOLDER:
            data = run.call.data[:place] + word(ACTOR) + run.call.data[place + 32 :]
            asked = replace(run.call, data=data)
            made = trace(run.setting, asked)
            return Reached(run.setting, asked, made, run.change) if made.ok else None
    return None


def _after(watch: Watch, first: Reached, two: Function, spent: Paired) -> Iterator[Reached]:
    """Runs of a function after another that look at what it wrote, each from the state before both."""
    written = _written(first.trace)
    here = settled(first.setting, first.trace)
    may = choosing(two, watch.token.pinned | written)
    seen: set[frozenset[tuple[Slot, int]]] = set()
    for data in fillings(two):
        for run in explore(here, Call(ACTOR, TOKEN, data), may=may, pull=livelier, runs=_RUNS):
            spent.steps += run.trace.steps
            made = run.trace
            if not made.ok or not (made.writes or made.calls) or not written & made.reads.keys():
                continue
            key = frozenset((slot, new) for slot, (_, new, _) in made.writes.items())
            if key not in seen or made.calls:
                seen.add(key)
                both = _both(first, run)
                if both is not None:
                    spent.steps += both.trace.steps
                    yield both


def _both(first: Reached, second: Reached) -> Reached | None:
    """The two calls as one run, made again from a state in which all is set that either asked for."""
    if second.setting.time < first.setting.time or second.setting.number < first.setting.number:
        return None
    chosen = {leaf: value for leaf, value in second.change.items() if leaf[0] == "S"}
    answers = second.setting.answers
    if answers != first.setting.answers and first.trace.calls:
        return None  # whose answers are whose is not told apart
    start, _ = apply(first.setting, first.call, chosen)
    start = replace(start, answers=answers)
    one = trace(start, first.call)
    later = replace(settled(start, one), time=second.setting.time, number=second.setting.number)
    two = trace(later, second.call)
    if not one.ok or not two.ok:
        return None
    writes = dict(one.writes)
    for slot, (old, new, node) in two.writes.items():
        writes[slot] = (writes[slot][0] if slot in writes else old, new, node)
    joined = replace(
        two,
        reads={**two.reads, **one.reads},
        writes=writes,
        calls=[*one.calls, *two.calls],
        hashes={**one.hashes, **two.hashes},
        environment=one.environment | two.environment,
        steps=one.steps + two.steps,
    )
    before = replace(start, time=second.setting.time, number=second.setting.number)
    change = {**first.change, **second.change}
    return Reached(before, second.call, joined, change, Reached(start, first.call, one, first.change))


def _authority(both: Reached) -> frozenset[Slot]:
    """The storage that had to name the caller of either call, but for what the first one wrote."""
    assert both.first is not None  # noqa: S101
    return authority(both) | authority(both.first)


def _own(watch: Watch, name: str, both: Reached, reads: set[Slot]) -> bool:
    """Whether it is more than one function's doing and then another's, such as coins made for one's own and
    burnt elsewhere; and nothing that the first call paid for in another contract, which we do not see."""
    first = both.first
    assert first is not None  # noqa: S101
    asked = any(one.kind == "call" for one in first.trace.calls)
    if name == "leak":  # a sale or a share pays by what the state holds: only what nothing was paid into
        assumed = any(kind == "S" for kind, _ in (*first.change, *both.change))
        return not asked and not assumed and not both.paid
    if name == "mint":  # what the second has on record is what the first wrote there
        return not asked or bool(_authority(both))
    between = settled(first.setting, first.trace)
    between = replace(between, time=both.setting.time, number=both.setting.number)
    second = Reached(between, both.call, trace(between, both.call), both.change)
    moves, _ = watch.suite(between)
    return any(name == own for own, _ in effects(watch, second, moves, reads))
