"""Foresee: what a call will look at, found by the tracer.

The engine forgets what a frame looked at when the frame is undone. The tracer remembers, but keeps no gas and
knows few precompiled contracts: so what it finds is read as well, and nothing is concluded from how it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from ringfence.desks.tokens.bytecode import Program
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Call, Setting, Slot, program, trace
from ringfence.desks.tokens.world import RICH, Environment

STEPS: Final = 200_000


class _Seen:
    """What was looked at and is not there."""

    def __init__(
        self, state: State, now: Callable[[int, int], int] | None, codes: Mapping[int, bytes],
        storage: Mapping[Slot, int],
    ) -> None:  # fmt: skip
        self.state = state
        self.now = now
        self.codes = codes
        self.storage = storage
        self.accounts: set[int] = set()
        self.slots: set[Slot] = set()

    def code(self, who: int) -> bytes:
        return self.codes[who] if who in self.codes else self.state.accounts[who].code

    def has_code(self, who: int) -> bool:
        if who in self.codes:
            return bool(self.codes[who])
        one = self.state.accounts.get(who)
        if one is None and who > 0xFFFF:
            self.accounts.add(who)
        return one is not None and bool(one.code)


class _Storage(dict[Slot, int]):
    def __init__(self, seen: _Seen) -> None:
        super().__init__()
        self.seen = seen

    def get(self, slot: Slot, default: Any = 0) -> Any:  # noqa: ANN401
        found = self.seen.storage.get(slot, self.seen.state.slots.get(slot))
        if found is None and self.seen.codes.get(slot[0]):
            found = 0  # of a contract of ours
        if found is None:
            self.seen.slots.add(slot)
            return default
        return found if self.seen.now is None else self.seen.now(*slot)


class _Codes(dict[int, Program]):
    def __init__(self, seen: _Seen) -> None:
        super().__init__()
        self.seen = seen

    def get(self, who: int, default: Any = None) -> Any:  # noqa: ANN401
        return program(self.seen.code(who)) if self.seen.has_code(who) else default

    def __contains__(self, who: object) -> bool:
        return isinstance(who, int) and self.seen.has_code(who)

    def __getitem__(self, who: int) -> Program:
        return program(self.seen.code(who))


class _Rich(dict[int, int]):
    def get(self, who: int, default: Any = 0) -> Any:  # noqa: ANN401
        return RICH


class _People(frozenset[int]):
    seen: _Seen

    def __contains__(self, who: object) -> bool:
        return isinstance(who, int) and not self.seen.has_code(who)


def foresee(
    state: State,
    environment: Environment,
    call: Call,
    now: Callable[[int, int], int] | None = None,
    codes: Mapping[int, bytes] | None = None,
    storage: Mapping[Slot, int] | None = None,
) -> tuple[set[int], set[Slot]]:
    """(accounts, storage) that a call looks at and the state does not hold. ``now`` tells storage as it is,
    where calls before this one have written; ``codes`` and ``storage`` lie over the state."""
    seen = _Seen(state, now, codes or {}, storage or {})
    people = _People()
    people.seen = seen
    has = {who: one.balance for who, one in state.accounts.items()}
    has[call.to] = has.get(call.to, 0) + call.value
    setting = Setting(
        _Codes(seen), _Storage(seen), has, people,
        time=environment.time, number=environment.number, chain=environment.chain,
        base_fee=environment.base_fee, coinbase=environment.coinbase,
    )  # fmt: skip
    made = trace(setting, call, max_steps=STEPS)
    if not made.ok and any(one.value for one in made.calls):
        # The tracer moves no native coin: whoever passes some on may have got it on the way.
        trace(replace(setting, balances=_Rich()), call, max_steps=STEPS)
    return seen.accounts, seen.slots
