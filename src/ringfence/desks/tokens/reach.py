"""Reach: look for inputs under which a call ends as wanted, by turning one decision after another.

Storage that nobody gave, words of the call, answers of other contracts, the time and the money sent may be
chosen, unless they are pinned. What is found is one world in which the code does the thing: whether that is
the present world, only its real state says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from ringfence.desks.tokens.expression import BUDGET, Change, Leaf, steer
from ringfence.desks.tokens.meter import DECISION, owe
from ringfence.desks.tokens.trace import Branch, Call, Setting, Trace, trace

RUNS: Final = 40
LATEST: Final = 1 << 40  # seconds and blocks that a chain may come to: nodes take no more than 64 bits
_WIDE: Final = 4  # ways tried to turn one decision


@dataclass(frozen=True)
class Reached:
    """A call that ended as wanted, the setting it met, and what of both was chosen. Where another call had to
    come ``first``, the setting is that before both (at the time of the second), and the trace is of both."""

    setting: Setting
    call: Call
    trace: Trace
    change: Change
    first: Reached | None = None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls in order."""
        return (*self.first.calls, self.call) if self.first is not None else (self.call,)

    @property
    def paid(self) -> int:
        """The money sent with them."""
        return sum(one.value for one in self.calls)


def apply(setting: Setting, call: Call, change: Change) -> tuple[Setting, Call]:
    """A setting and a call with changes made."""
    if not change:
        return setting, call
    storage, answers, data = setting.storage, setting.answers, call.data
    time, number, value = setting.time, setting.number, call.value
    for (kind, key), new in change.items():
        if kind == "S":
            if storage is setting.storage:
                storage = storage.copy()  # one that reads on stays one
            storage[key] = new
        elif kind == "R":
            if answers is setting.answers:
                answers = dict(answers)
            answers[kind, key] = new
        elif kind == "A":
            data = data[:key] + new.to_bytes(32, "big") + data[key + 32 :]
        elif kind == "TIME":
            time = new
        elif kind == "NUMBER":
            number = new
        elif kind == "VALUE":
            value = new
    return (
        replace(setting, storage=storage, answers=answers, time=time, number=number),
        Call(call.caller, call.to, data, value),
    )


def explore(
    setting: Setting,
    call: Call,
    *,
    may: Callable[[Leaf, int, Trace], bool] = lambda leaf, value, made: True,
    pull: Callable[[Trace], Iterable[Change]] = lambda made: (),
    runs: int = RUNS,
    begin: Change | None = None,
) -> Iterator[Reached]:
    """Every run that was made, good or bad, the likeliest way to success first; at most ``runs``.

    ``may`` says whether a leaf may be given a value. ``pull`` proposes changes from a run that went through
    and is not yet as wanted.
    """
    todo: list[Change] = [begin or {}]
    seen: set[frozenset[tuple[Leaf, int]]] = set()
    turned: dict[tuple[int, int, bool], int] = {}
    while todo and runs:
        change = todo.pop()
        key = frozenset(change.items())
        if key in seen:
            continue
        seen.add(key)
        runs -= 1
        here, asked = apply(setting, call, change)
        made = trace(here, asked)
        yield Reached(here, asked, made, change)
        ways: list[Change] = []
        looked = DECISION * len(made.branches)
        if made.ok:
            ways += list(pull(made))[:_WIDE]
        for branch in reversed(_decisions(made)):
            way = (branch.contract, branch.pc, not branch.taken)
            if turned.get(way, 0) >= 2:
                continue
            turned[way] = turned.get(way, 0) + 1
            left = [BUDGET]
            for found, _ in zip(
                steer(branch.condition, not branch.taken, 0, left), range(_WIDE), strict=False
            ):
                ways.append(found)
            looked += BUDGET - left[0]
        owe(looked)
        for found in reversed(ways):
            allowed = (_can_be(leaf, value) and may(leaf, value, made) for leaf, value in found.items())
            if found and all(allowed):
                todo.append({**change, **found})


def reach(
    setting: Setting,
    call: Call,
    goal: Callable[[Trace], bool],
    **more: object,
) -> Reached | None:
    """The first run that ends as wanted, with nothing chosen that it does not need; or None."""
    for run in explore(setting, call, **more):  # type: ignore[arg-type]
        if goal(run.trace):
            return least(setting, call, run, lambda one: goal(one.trace))
    return None


def least(setting: Setting, call: Call, run: Reached, good: Callable[[Reached], bool]) -> Reached:
    """The same without the changes that it does not need: what was tried on the way stays with a run."""
    for leaf in list(run.change):
        fewer = {one: value for one, value in run.change.items() if one != leaf}
        here, asked = apply(setting, call, fewer)
        again = Reached(here, asked, trace(here, asked), fewer)
        if good(again):
            run = again
    return run


def _can_be(leaf: Leaf, value: int) -> bool:
    """Whether a chain could come to such a time."""
    return leaf[0] not in ("TIME", "NUMBER") or value < LATEST


def _decisions(made: Trace) -> list[Branch]:
    """The decisions of a run, the same one in a loop once (its last turn)."""
    last: dict[tuple[int, int, bool], Branch] = {}
    for branch in made.branches:
        at = (branch.contract, branch.pc, branch.taken)
        last.pop(at, None)
        last[at] = branch
    return list(last.values())
