"""Machine: the interpreter's loop. Each value on the stack is a plain word, or the expression it came from.

What nearly every step is made of stands in the loop itself; the rest is in `instructions`, one function each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ringfence.desks.tokens.arithmetic import BINARY
from ringfence.desks.tokens.expression import MASK, Node, Operand
from ringfence.desks.tokens.memory import Limit, Memory

if TYPE_CHECKING:
    from ringfence.desks.tokens.bytecode import Program
    from ringfence.desks.tokens.trace import Setting, Slot, Trace

MAX_DEPTH: Final = 6
_PRECOMPILED: Final = 0xFFFF  # and what else is no account


class Stop(Exception):  # noqa: N818 (how a frame ends)
    """A frame ends: ``how`` is return, revert, invalid or selfdestruct."""

    def __init__(self, how: str, data: bytes = b"", nodes: dict[int, Node] | None = None) -> None:
        self.how = how
        self.data = data
        self.nodes = nodes or {}


class Run:
    """One call from outside with all the frames in it. ``left`` steps may still be made; ``current`` is what
    was written so far."""

    __slots__ = ("calls", "created", "current", "left", "made", "origin", "setting", "transient")

    def __init__(self, setting: Setting, made: Trace, origin: int, max_steps: int) -> None:
        self.setting = setting
        self.made = made
        self.origin = origin
        self.left = max_steps
        self.current: dict[Slot, Operand] = {}
        self.transient: dict[Slot, int] = {}
        self.calls = 0
        self.created = 0

    def enter(self, code: int, frame: Frame) -> Stop:
        """One frame on the code of an account; how it ended. What a failed frame wrote is undone."""
        kept = dict(self.current)
        program = self.setting.codes.get(code)
        if program is None:
            return Stop("return")
        try:
            frame.program = program
            execute(frame)
        except Stop as stop:
            end = stop
        except (IndexError, KeyError):
            end = Stop("invalid")
        if end.how not in ("return", "selfdestruct"):
            self.current = kept
        return end

    def contract(self, who: int) -> bool:
        """Whether an account that we do not have is taken for a contract."""
        return who > _PRECOMPILED and who not in self.setting.people


class Frame:
    """Code at work for the account ``this``. ``arguments`` are the expressions in its call data, by place;
    None in the outermost frame, where every word of the call is one of its own."""

    __slots__ = (
        "arguments", "caller", "data", "depth", "memory", "pc", "program", "returned", "returned_nodes",
        "run", "stack", "static", "this", "value",
    )  # fmt: skip
    program: Program

    def __init__(
        self, run: Run, this: int, caller: int, value: Operand, data: bytes,
        arguments: dict[int, Node] | None = None, depth: int = 0, *, static: bool = False,
    ) -> None:  # fmt: skip
        self.run = run
        self.this = this
        self.caller = caller
        self.value = value
        self.data = data
        self.arguments = arguments
        self.depth = depth
        self.static = static
        self.stack: list[Any] = []
        self.memory = Memory()
        self.returned = b""
        self.returned_nodes: dict[int, Node] = {}
        self.pc = 0

    def pop(self) -> int:
        """The word on top, whatever it came from."""
        x = self.stack.pop()
        return x if x.__class__ is int else x[1]


def execute(frame: Frame) -> None:
    """Run a frame to its end, which is raised: `Stop`, `Limit`, or an IndexError for an empty stack. One long
    loop: a call for each step would cost more than the step."""
    from ringfence.desks.tokens.instructions import HANDLERS
    from ringfence.desks.tokens.trace import Branch

    run, this, memory, program = frame.run, frame.this, frame.memory, frame.program
    ops, values, after, jumps = program.ops, program.value, program.after, program.jumps
    stack, storage, reads, branches = frame.stack, run.setting.storage, run.made.reads, run.made.branches
    pop, push, store, load = stack.pop, stack.append, memory.store, memory.load
    forced, ways = run.setting.forced, run.made.ways
    left = run.left
    pc = 0
    while True:
        left -= 1
        if left < 0:
            run.left = left
            raise Limit
        op = ops[pc]
        # --- the stack: most of all instructions
        if op >= 0x60:
            if op < 0x80:
                push(values[pc])
                pc = after[pc]
                continue
            if op < 0x90:
                push(stack[0x7F - op])
                pc += 1
                continue
            if op < 0xA0:
                at = 0x8E - op
                stack[-1], stack[at] = stack[at], stack[-1]
                pc += 1
                continue
        elif op >= 0x50:
            if op == 0x5B:  # JUMPDEST
                pc += 1
                continue
            if op == 0x50:  # POP
                pop()
                pc += 1
                continue
            if op == 0x57:  # JUMPI
                to, condition = pop(), pop()
                if condition.__class__ is int:
                    taken = condition != 0
                else:
                    taken = condition[1] != 0
                    branches.append(Branch(pc, this, condition, taken))
                if forced is not None:
                    taken = forced.get(pc, taken)
                    ways.append((pc, taken, condition))
                if not taken:
                    pc += 1
                    continue
                pc = to if to.__class__ is int else to[1]
                if pc not in jumps:
                    raise Stop("invalid")
                continue
            if op == 0x56:  # JUMP
                to = pop()
                pc = to if to.__class__ is int else to[1]
                if pc not in jumps:
                    raise Stop("invalid")
                continue
            if op == 0x52:  # MSTORE
                place = pop()
                store(place if place.__class__ is int else place[1], pop())
                pc += 1
                continue
            if op == 0x51:  # MLOAD
                place = pop()
                push(load(place if place.__class__ is int else place[1]))
                pc += 1
                continue
            if op == 0x5F:  # PUSH0
                push(0)
                pc += 1
                continue
            if op == 0x54:  # SLOAD
                place = pop()
                slot = (this, place if place.__class__ is int else place[1])
                written = run.current.get(slot)
                if written is None:
                    got = storage.get(slot, 0)
                    reads[slot] = got
                    written = ("S", got, slot, None)
                push(written)
                pc += 1
                continue
            if op == 0x55:  # SSTORE
                place = pop()
                if frame.static:
                    raise Stop("invalid")
                run.current[this, place if place.__class__ is int else place[1]] = pop()
                pc += 1
                continue
        # --- two operands
        elif op == 0x15:  # ISZERO
            x = pop()
            if x.__class__ is int:
                push(0 if x else 1)
            else:
                push(("ISZERO", 0 if x[1] else 1, x, None))
            pc += 1
            continue
        elif op == 0x19:  # NOT
            x = pop()
            push(x ^ MASK if x.__class__ is int else ("NOT", x[1] ^ MASK, x, None))
            pc += 1
            continue
        elif 0 < op < 0x1E and op != 0x08 and op != 0x09:
            x, y = pop(), pop()
            a = x if x.__class__ is int else x[1]
            b = y if y.__class__ is int else y[1]
            if op == 0x01:
                r, name = a + b & MASK, "ADD"
            elif op == 0x03:
                r, name = a - b & MASK, "SUB"
            elif op == 0x16:
                r, name = a & b, "AND"
            elif op == 0x14:
                r, name = 1 if a == b else 0, "EQ"
            elif op == 0x10:
                r, name = 1 if a < b else 0, "LT"
            elif op == 0x11:
                r, name = 1 if a > b else 0, "GT"
            elif op == 0x1C:
                r, name = b >> a if a < 256 else 0, "SHR"
            else:
                name, function = BINARY[op]  # what is none of them is invalid
                r = function(a, b)
            push(r if x is a and y is b else (name, r, x, y))
            pc += 1
            continue
        # --- the others
        run.left = left
        frame.pc = pc
        HANDLERS[op](frame)
        left = run.left
        pc += 1
