"""Foresee: what a call will look at, found by the tracer.

The engine forgets what a frame looked at when the frame is undone. The tracer remembers, but keeps no gas and
knows few precompiled contracts: so what it finds is read as well, and nothing is concluded from how it ends.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ringfence.desks.tokens.bytecode import Program
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Call, Setting, Slot, program, trace
from ringfence.desks.tokens.world import Environment

STEPS: Final = 200_000


class _Seen:
    """What was looked at and is not there."""

    def __init__(self, state: State, now: Callable[[int, int], int] | None) -> None:
        self.state = state
        self.now = now
        self.accounts: set[int] = set()
        self.slots: set[Slot] = set()

    def has_code(self, who: int) -> bool:
        one = self.state.accounts.get(who)
        if one is None and who > 0xFFFF:
            self.accounts.add(who)
        return one is not None and bool(one.code)


class _Storage(dict[Slot, int]):
    def __init__(self, seen: _Seen) -> None:
        super().__init__()
        self.seen = seen

    def get(self, slot: Slot, default: Any = 0) -> Any:  # noqa: ANN401
        found = self.seen.state.slots.get(slot)
        if found is None:
            self.seen.slots.add(slot)
            return default
        return found if self.seen.now is None else self.seen.now(*slot)


class _Codes(dict[int, Program]):
    def __init__(self, seen: _Seen) -> None:
        super().__init__()
        self.seen = seen

    def get(self, who: int, default: Any = None) -> Any:  # noqa: ANN401
        return program(self.seen.state.accounts[who].code) if self.seen.has_code(who) else default

    def __contains__(self, who: object) -> bool:
        return isinstance(who, int) and self.seen.has_code(who)

    def __getitem__(self, who: int) -> Program:
        return program(self.seen.state.accounts[who].code)


class _People(frozenset[int]):
    seen: _Seen

    def __contains__(self, who: object) -> bool:
        return isinstance(who, int) and not self.seen.has_code(who)


def foresee(
    state: State,
    environment: Environment,
    call: Call,
    now: Callable[[int, int], int] | None = None,
) -> tuple[set[int], set[Slot]]:
    """(accounts, storage) that a call looks at and the state does not hold. ``now`` tells storage as it is,
    where calls before this one have written."""
    seen = _Seen(state, now)
    people = _People()
    people.seen = seen
    setting = Setting(
        _Codes(seen), _Storage(seen), {who: one.balance for who, one in state.accounts.items()}, people,
        time=environment.time, number=environment.number, chain=environment.chain,
        base_fee=environment.base_fee, coinbase=environment.coinbase,
    )  # fmt: skip
    trace(setting, call, max_steps=STEPS)
    return seen.accounts, seen.slots
