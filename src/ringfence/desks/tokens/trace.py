"""Trace: run code by hand and remember what every decision stood on.

The interpreter (`machine`) is for finding things out, not for judging them: it keeps no gas, and each value
carries the expression it came from (`expression`). What it finds is shown again in a real engine (`world`)
before anything is said about a contract. Storage that nobody has set reads as zero; other contracts answer
what they are told to (`Setting.answers`), by default the word 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from ringfence.desks.tokens.bytecode import Program
from ringfence.desks.tokens.expression import Change, Node, Operand
from ringfence.desks.tokens.machine import Frame, Run
from ringfence.desks.tokens.memory import Limit
from ringfence.desks.tokens.meter import CALL, owe, pay

MAX_STEPS: Final = 10_000

Slot = tuple[int, int]  # contract, slot


@dataclass
class Setting:
    """The world a call meets: ``storage`` by (contract, slot), ``codes`` by address, block and chain."""

    codes: dict[int, Program]
    storage: dict[Slot, int] = field(default_factory=dict)
    balances: dict[int, int] = field(default_factory=dict)
    people: frozenset[int] = frozenset()  # accounts without code; whoever else is named may have some
    answers: Change = field(default_factory=dict)
    time: int = 1_700_000_000
    number: int = 18_000_000
    chain: int = 1
    base_fee: int = 10**10
    coinbase: int = 0xC0FFEE
    signer: int = 0  # who is said to have signed whatever is asked about
    forced: dict[int, bool] | None = None  # decisions by place that are taken so, whatever they stand on


class Branch(NamedTuple):
    """A decision: where, on what, and which way it went."""

    pc: int
    contract: int
    condition: Node
    taken: bool


@dataclass(frozen=True)
class Outward:
    """A call to somewhere else, or a creation: ``kind`` call, static, delegate, callcode, create,
    selfdestruct."""

    kind: str
    sender: int
    to: int
    to_node: Node | None
    value: int
    value_node: Node | None
    data: bytes
    pc: int


@dataclass
class Trace:
    """What one call did. ``reads`` and ``writes`` are by slot; a write holds the value before and after."""

    how: str = ""
    data: bytes = b""
    nodes: dict[int, Node] = field(default_factory=dict)
    branches: list[Branch] = field(default_factory=list)
    reads: dict[Slot, int] = field(default_factory=dict)
    writes: dict[Slot, tuple[int, int, Node | None]] = field(default_factory=dict)
    calls: list[Outward] = field(default_factory=list)
    logs: list[tuple[int, tuple[int, ...], bytes]] = field(default_factory=list)
    hashes: dict[int, bytes] = field(default_factory=dict)
    environment: set[str] = field(default_factory=set)
    steps: int = 0
    # Every decision, those on nothing but numbers as well; kept where some are forced.
    ways: list[tuple[int, bool, Operand]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the call went through."""
        return self.how in ("return", "selfdestruct")

    def word(self) -> int | None:
        """The first word returned, or None where there is none."""
        return int.from_bytes(self.data[:32], "big") if self.ok and len(self.data) >= 32 else None


@dataclass(frozen=True)
class Call:
    """An unsigned call of an account without code."""

    caller: int
    to: int
    data: bytes
    value: int = 0


@lru_cache(64)  # a large one takes half a megabyte
def _program(code: bytes) -> Program:
    return Program(code)


def program(code: bytes) -> Program:
    """Code, decoded; the same code is decoded once."""
    return _program(code)


def trace(setting: Setting, call: Call, *, max_steps: int = MAX_STEPS) -> Trace:
    """Run a call. The setting is not changed: ``writes`` says what would be. Raises `SpentError`."""
    pay(CALL)
    made = Trace()
    run = Run(setting, made, call.caller, max_steps)
    try:
        end = run.enter(call.to, Frame(run, call.to, call.caller, call.value, call.data))
        made.how, made.data, made.nodes = end.how, end.data, end.nodes
    except (Limit, RecursionError):
        made.how = "limit"
    if made.ok:
        for slot, word in run.current.items():
            before = setting.storage.get(slot, 0)
            value, node = (word, None) if isinstance(word, int) else (word[1], word)
            made.writes[slot] = (before, value, node)
    made.steps = max_steps - max(run.left, 0)
    owe(made.steps)
    return made
