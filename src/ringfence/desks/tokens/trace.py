"""Trace: run code by hand and remember what every decision stood on.

An interpreter for finding things out, not for judging them: it keeps no gas, and each value carries the
expression it came from (`expression`). What it finds is shown again in a real engine (`world`) before
anything is said about a contract. Storage that nobody has set reads as zero; other contracts answer what
they are told to (`Setting.answers`), by default the word 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from ringfence.desks.tokens.bytecode import Program, keccak
from ringfence.desks.tokens.expression import MASK, SIGN, WORD, Change, Node

MAX_STEPS: Final = 10_000
MAX_MEMORY: Final = 1 << 16
MAX_DEPTH: Final = 6
GAS: Final = 3_000_000

Slot = tuple[int, int]  # contract, slot


class Stop(Exception):  # noqa: N818 (how a frame ends)
    """A frame ends: ``how`` is return, revert, invalid, selfdestruct or limit."""

    def __init__(self, how: str, data: bytes = b"", nodes: dict[int, Node] | None = None) -> None:
        self.how = how
        self.data = data
        self.nodes = nodes or {}


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


@dataclass(frozen=True)
class Branch:
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


@lru_cache(4096)
def _program(code: bytes) -> Program:
    return Program(code)


def program(code: bytes) -> Program:
    """Code, decoded; the same code is decoded once."""
    return _program(code)


def trace(setting: Setting, call: Call, *, max_steps: int = MAX_STEPS) -> Trace:
    """Run a call. The setting is not changed: ``writes`` says what would be."""
    made = Trace()
    run = _Run(setting, made, call.caller, max_steps)
    try:
        end = run.enter(call.to, call.to, call.caller, call.value, None, call.data, None, 0, static=False)
        made.how, made.data, made.nodes = end.how, end.data, end.nodes
    except _Limit:
        made.how = "limit"
    except RecursionError:
        made.how = "limit"
    if not made.ok:
        run.current.clear()
    for slot, (value, node) in run.current.items():
        before = setting.storage.get(slot, 0)
        made.writes[slot] = (before, value, node)
    made.steps = max_steps - max(run.left, 0)
    return made


class _Limit(Exception):  # noqa: N818
    """Too many steps or too much memory."""


class _Run:
    def __init__(self, setting: Setting, made: Trace, origin: int, max_steps: int) -> None:
        self.setting = setting
        self.made = made
        self.origin = origin
        self.left = max_steps
        self.current: dict[Slot, tuple[int, Node | None]] = {}
        self.transient: dict[Slot, int] = {}
        self.calls = 0
        self.created = 0

    def enter(
        self, storage: int, code: int, caller: int, value: int, value_node: Node | None, data: bytes,
        nodes: dict[int, Node] | None, depth: int, *, static: bool,
    ) -> Stop:  # fmt: skip
        """One frame; how it ended. What a failed frame wrote is undone."""
        kept = dict(self.current)
        program = self.setting.codes.get(code)
        if program is None:
            return Stop("return")
        try:
            self._execute(program, storage, caller, value, value_node, data, nodes, depth, static)
            end = Stop("return")
        except Stop as stop:
            end = stop
        except (IndexError, KeyError):
            end = Stop("invalid")
        if end.how not in ("return", "selfdestruct"):
            self.current = kept
        return end

    def _execute(
        self, program: Program, this: int, caller: int, value: int, value_node: Node | None, data: bytes,
        argument_nodes: dict[int, Node] | None, depth: int, static: bool,
    ) -> None:  # fmt: skip
        ops, values, after, jumps = program.op, program.value, program.after, program.jumps
        made, setting = self.made, self.setting
        st: list[int] = []  # the stack, and what each value on it depends on
        sy: list[Node | None] = []
        mem = bytearray()
        msy: dict[int, Node] = {}
        residue: int | None = None  # of the places in msy, where it is the same for all of them
        returned = b""
        returned_nodes: dict[int, Node] = {}
        pc = 0
        left = self.left
        pop, popy, push, pushy = st.pop, sy.pop, st.append, sy.append

        def grow(to: int) -> None:
            if to > MAX_MEMORY:
                raise _Limit
            if to > len(mem):
                mem.extend(bytes(to - len(mem) + 31 & ~31))

        def forget(start: int, size: int) -> None:
            if msy and size:
                for at in [at for at in msy if start - 32 < at < start + size]:
                    del msy[at]

        def slice_nodes(source: dict[int, Node], start: int, size: int) -> dict[int, Node]:
            return {at - start: node for at, node in source.items() if start <= at <= start + size - 32}

        while True:
            left -= 1
            if left < 0:
                self.left = left
                raise _Limit
            op = ops[pc]
            # --- the stack: most of all instructions
            if 0x60 <= op <= 0x7F:
                push(values[pc])
                pushy(None)
                pc = after[pc]
                continue
            if 0x80 <= op <= 0x8F:
                push(st[0x7F - op])
                pushy(sy[0x7F - op])
                pc += 1
                continue
            if 0x90 <= op <= 0x9F:
                at = 0x8E - op
                st[-1], st[at] = st[at], st[-1]
                sy[-1], sy[at] = sy[at], sy[-1]
                pc += 1
                continue
            if op == 0x5B:
                pc += 1
                continue
            if op == 0x57:  # JUMPI
                to, cond = pop(), pop()
                popy()
                node = popy()
                taken = cond != 0
                if node is not None:
                    made.branches.append(Branch(pc, this, node, taken))
                if taken:
                    if to not in jumps:
                        raise Stop("invalid")
                    pc = to
                else:
                    pc += 1
                continue
            if op == 0x56:  # JUMP
                pc = pop()
                popy()
                if pc not in jumps:
                    raise Stop("invalid")
                continue
            if op == 0x50:
                pop()
                popy()
                pc += 1
                continue
            if op == 0x5F:
                push(0)
                pushy(None)
                pc += 1
                continue
            # --- two operands
            if op <= 0x1D and op and op not in (0x15, 0x19, 0x08, 0x09):
                a, b = pop(), pop()
                na, nb = popy(), popy()
                if op == 0x01:
                    r, name = a + b & MASK, "ADD"
                elif op == 0x03:
                    r, name = a - b & MASK, "SUB"
                elif op == 0x16:
                    r, name = a & b, "AND"
                elif op == 0x14:
                    r, name = int(a == b), "EQ"
                elif op == 0x10:
                    r, name = int(a < b), "LT"
                elif op == 0x11:
                    r, name = int(a > b), "GT"
                elif op == 0x02:
                    r, name = a * b & MASK, "MUL"
                elif op == 0x04:
                    r, name = (a // b if b else 0), "DIV"
                elif op == 0x1B:
                    r, name = (b << a & MASK if a < 256 else 0), "SHL"
                elif op == 0x1C:
                    r, name = (b >> a if a < 256 else 0), "SHR"
                elif op == 0x17:
                    r, name = a | b, "OR"
                elif op == 0x18:
                    r, name = a ^ b, "XOR"
                elif op == 0x06:
                    r, name = (a % b if b else 0), "MOD"
                elif op == 0x0A:
                    r, name = pow(a, b, WORD), "EXP"
                elif op == 0x1A:
                    r, name = (b >> 8 * (31 - a) & 255 if a < 32 else 0), "BYTE"
                elif op == 0x0B:
                    if a < 31:
                        bit = 8 * a + 7
                        r = b | MASK ^ (1 << bit) - 1 if b >> bit & 1 else b & (1 << bit) - 1
                    else:
                        r = b
                    name = "SIGNEXTEND"
                else:
                    sa = a - WORD if a & SIGN else a
                    sb = b - WORD if b & SIGN else b
                    if op == 0x12:
                        r, name = int(sa < sb), "SLT"
                    elif op == 0x13:
                        r, name = int(sa > sb), "SGT"
                    elif op == 0x05:
                        quotient = abs(sa) // abs(sb) if sb else 0
                        r, name = (quotient if (sa < 0) == (sb < 0) else -quotient) & MASK, "SDIV"
                    elif op == 0x07:
                        rest = abs(sa) % abs(sb) if sb else 0
                        r, name = (-rest if sa < 0 else rest) & MASK, "SMOD"
                    elif op == 0x1D:
                        r, name = (sb >> min(a, 255)) & MASK, "SAR"
                    else:
                        raise Stop("invalid")
                push(r)
                pushy(
                    None
                    if na is None and nb is None
                    else (name, r, a if na is None else na, b if nb is None else nb)
                )
                pc += 1
                continue
            if op == 0x15 or op == 0x19:
                a, na = pop(), popy()
                r = int(a == 0) if op == 0x15 else a ^ MASK
                push(r)
                pushy(None if na is None else ("ISZERO" if op == 0x15 else "NOT", r, na, None))
                pc += 1
                continue
            if op == 0x08 or op == 0x09:
                a, b, c = pop(), pop(), pop()
                popy()
                popy()
                popy()
                push(((a + b) % c if op == 0x08 else a * b % c) if c else 0)
                pushy(None)
                pc += 1
                continue
            # --- memory and storage
            if op == 0x52:  # MSTORE
                at, word = pop(), pop()
                popy()
                node = popy()
                grow(at + 32)
                mem[at : at + 32] = word.to_bytes(32, "big")
                if msy:
                    if residue == at & 31:
                        msy.pop(at, None)  # all that is known lies at the same step: nothing overlaps
                    else:
                        forget(at, 32)
                if node is not None:
                    residue = at & 31 if residue is None or residue == at & 31 else -1
                    msy[at] = node
                pc += 1
                continue
            if op == 0x51:  # MLOAD
                at = pop()
                popy()
                grow(at + 32)
                push(int.from_bytes(mem[at : at + 32], "big"))
                pushy(msy.get(at))
                pc += 1
                continue
            if op == 0x53:  # MSTORE8
                at, word = pop(), pop()
                popy()
                popy()
                grow(at + 1)
                mem[at] = word & 255
                forget(at, 1)
                pc += 1
                continue
            if op == 0x54:  # SLOAD
                slot = (this, pop())
                popy()
                written = self.current.get(slot)
                if written is not None:
                    push(written[0])
                    pushy(written[1])
                else:
                    got = setting.storage.get(slot, 0)
                    made.reads[slot] = got
                    push(got)
                    pushy(("S", got, slot, None))
                pc += 1
                continue
            if op == 0x55:  # SSTORE
                slot = (this, pop())
                popy()
                if static:
                    raise Stop("invalid")
                self.current[slot] = (pop(), popy())
                pc += 1
                continue
            if op == 0x20:  # SHA3
                at, size = pop(), pop()
                popy()
                popy()
                grow(at + size)
                hashed = bytes(mem[at : at + size])
                got = int.from_bytes(keccak(hashed), "big")
                if size <= 96:
                    made.hashes[got] = hashed
                push(got)
                pushy(None)
                pc += 1
                continue
            # --- the call
            if op == 0x35:  # CALLDATALOAD
                at = pop()
                popy()
                got = int.from_bytes(data[at : at + 32].ljust(32, b"\0"), "big") if at < len(data) else 0
                push(got)
                if argument_nodes is not None:
                    pushy(argument_nodes.get(at))
                else:
                    pushy(("A", got, at, None) if at < len(data) else None)
                pc += 1
                continue
            if op == 0x36:
                push(len(data))
                pushy(None)
                pc += 1
                continue
            if op == 0x37 or op == 0x39 or op == 0x3E:  # copies
                to, at, size = pop(), pop(), pop()
                popy()
                popy()
                popy()
                grow(to + size)
                if op == 0x3E and at + size > len(returned):
                    raise Stop("invalid")
                source = data if op == 0x37 else program.code if op == 0x39 else returned
                mem[to : to + size] = (
                    source[at : at + size].ljust(size, b"\0") if at < len(source) else bytes(size)
                )
                forget(to, size)
                if op == 0x37 and size:
                    residue = -1
                    if argument_nodes is not None:
                        for k, node in slice_nodes(argument_nodes, at, size).items():
                            msy[to + k] = node
                    else:
                        for k in range(0, min(size, 2048) - 31, 32):
                            word = int.from_bytes(mem[to + k : to + k + 32], "big")
                            msy[to + k] = ("A", word, at + k, None)
                elif op == 0x3E:
                    residue = -1
                    for k, node in slice_nodes(returned_nodes, at, size).items():
                        msy[to + k] = node
                pc += 1
                continue
            if op == 0x33:
                push(caller)
                pushy(("CALLER", caller, 0, None))
                pc += 1
                continue
            if op == 0x34:
                push(value)
                pushy(value_node if depth else ("VALUE", value, 0, None))
                pc += 1
                continue
            if op == 0x30:
                push(this)
                pushy(None)
                pc += 1
                continue
            if op in _ENVIRONMENT:
                name = _ENVIRONMENT[op]
                got = {
                    "ORIGIN": self.origin, "TIME": setting.time, "NUMBER": setting.number,
                    "GASPRICE": setting.base_fee, "COINBASE": setting.coinbase, "RANDOM": 7,
                    "GASLIMIT": 30_000_000, "CHAIN": setting.chain, "BASEFEE": setting.base_fee,
                    "BLOBFEE": 1, "GAS": GAS,
                }[name]  # fmt: skip
                if name != "GAS":
                    made.environment.add(name)
                push(got)
                pushy((name, got, 0, None))
                pc += 1
                continue
            if op == 0x38:
                push(len(program.code))
                pushy(None)
                pc += 1
                continue
            if op == 0x3D:
                push(len(returned))
                pushy(None)
                pc += 1
                continue
            if op == 0x31 or op == 0x47:  # BALANCE, SELFBALANCE
                who = this
                if op == 0x31:
                    who = pop()
                    popy()
                got = setting.balances.get(who, 0)
                push(got)
                pushy(("BALANCE", got, who, None))
                pc += 1
                continue
            if op == 0x3B or op == 0x3F:  # EXTCODESIZE, EXTCODEHASH
                who, node = pop(), popy()
                there = setting.codes.get(who)
                if op == 0x3B:
                    # An unknown contract that is named by the state is there; a person has no code.
                    got = len(there.code) if there else int(node is not None and self._contract(who))
                else:
                    got = int.from_bytes(keccak(there.code), "big") if there else 0
                made.environment.add("CODE")
                push(got)
                pushy(None if node is None else ("CODE", got, node, 0))
                pc += 1
                continue
            if op == 0x3C:  # EXTCODECOPY
                who, to, at, size = pop(), pop(), pop(), pop()
                del sy[-4:]
                there = setting.codes.get(who)
                grow(to + size)
                mem[to : to + size] = (there.code if there else b"")[at : at + size].ljust(size, b"\0")
                forget(to, size)
                pc += 1
                continue
            if op == 0x40 or op == 0x49:  # BLOCKHASH, BLOBHASH
                pop()
                popy()
                made.environment.add("HASH")
                push(int.from_bytes(keccak(b"block"), "big"))
                pushy(("HASH", st[-1], 0, None))
                pc += 1
                continue
            if 0xA0 <= op <= 0xA4:
                at, size = pop(), pop()
                popy()
                popy()
                topics = tuple(pop() for _ in range(op - 0xA0))
                if op > 0xA0:
                    del sy[-(op - 0xA0) :]
                grow(at + size)
                made.logs.append((this, topics, bytes(mem[at : at + size])))
                pc += 1
                continue
            # --- ends
            if op == 0xF3 or op == 0xFD:
                at, size = pop(), pop()
                grow(at + size)
                self.left = left
                raise Stop(
                    "return" if op == 0xF3 else "revert",
                    bytes(mem[at : at + size]),
                    slice_nodes(msy, at, size),
                )
            if op == 0x00:
                self.left = left
                raise Stop("return")
            if op == 0xFF:
                who, node = pop(), popy()
                if static:
                    raise Stop("invalid")
                self.left = left
                made.calls.append(
                    Outward("selfdestruct", this, who, node, setting.balances.get(this, 0), None, b"", pc)
                )
                raise Stop("selfdestruct")
            # --- other contracts
            if op in (0xF1, 0xF2, 0xF4, 0xFA):
                pop()
                popy()
                who, node = pop() & (1 << 160) - 1, popy()
                sent, sent_node = 0, None
                if op in (0xF1, 0xF2):
                    sent, sent_node = pop(), popy()
                at, size, out, out_size = pop(), pop(), pop(), pop()
                del sy[-4:]
                grow(at + size)
                grow(out + out_size)
                kind = {0xF1: "call", 0xF2: "callcode", 0xF4: "delegate", 0xFA: "static"}[op]
                if sent and static and op == 0xF1:
                    raise Stop("invalid")
                passed = bytes(mem[at : at + size])
                passed_nodes = slice_nodes(msy, at, size)
                self.left = left
                number = self.calls
                self.calls += 1
                if who not in range(1, 10):
                    made.calls.append(Outward(kind, this, who, node, sent, sent_node, passed, pc))
                has = setting.balances.get(this, 0)
                if sent_node is not None and op == 0xF1:
                    made.branches.append(
                        Branch(pc, this, ("GT", int(sent > has), sent_node, has), sent > has)
                    )
                if sent > has and op == 0xF1:
                    end = Stop("revert")
                elif who in range(1, 10):
                    end = _precompiled(who, passed, passed_nodes)
                elif who in setting.codes and depth < MAX_DEPTH:
                    where = this if op in (0xF2, 0xF4) else who
                    speaker = caller if op == 0xF4 else this
                    worth, worth_node = (value, value_node) if op == 0xF4 else (sent, sent_node)
                    end = self.enter(
                        where, who, speaker, worth, worth_node, passed, passed_nodes, depth + 1,
                        static=static or op == 0xFA,
                    )  # fmt: skip
                else:
                    end = self._unknown(number, self._contract(who), size, out_size)
                left = self.left
                if end.how == "selfdestruct":
                    end = Stop("return")
                returned, returned_nodes = end.data, end.nodes
                width = min(out_size, len(returned))
                mem[out : out + width] = returned[:width]
                forget(out, width)
                for k, got_node in slice_nodes(returned_nodes, 0, width).items():
                    residue = -1
                    msy[out + k] = got_node
                good = int(end.how == "return")
                push(good)
                # Whether another contract agrees is its own matter: somebody could arrange it.
                pushy(("R", good, (number, -1), None) if who not in setting.codes and who > 9 else None)
                pc += 1
                continue
            if op == 0xF0 or op == 0xF5:
                sent, at, size = pop(), pop(), pop()
                del sy[-3:]
                if op == 0xF5:
                    pop()
                    popy()
                if static:
                    raise Stop("invalid")
                grow(at + size)
                self.created += 1
                where = 0xC0DE0000000000000000 + self.created << 64
                made.calls.append(
                    Outward("create", this, where, None, sent, None, bytes(mem[at : at + size]), pc)
                )
                push(where)
                pushy(None)
                pc += 1
                continue
            # --- rare ones
            if op == 0x58:
                push(pc)
                pushy(None)
            elif op == 0x59:
                push(len(mem))
                pushy(None)
            elif op == 0x5C:
                push(self.transient.get((this, pop()), 0))
                popy()
                pushy(None)
            elif op == 0x5D:
                key = (this, pop())
                self.transient[key] = pop()
                del sy[-2:]
            elif op == 0x5E:  # MCOPY
                to, at, size = pop(), pop(), pop()
                del sy[-3:]
                grow(max(to, at) + size)
                moved = slice_nodes(msy, at, size)
                mem[to : to + size] = mem[at : at + size]
                forget(to, size)
                for k, node in moved.items():
                    residue = -1
                    msy[to + k] = node
            else:
                raise Stop("invalid")
            pc += 1

    def _contract(self, who: int) -> bool:
        return who > _PRECOMPILED and who not in self.setting.people

    def _unknown(self, number: int, contract: bool, size: int, out_size: int) -> Stop:
        """What a contract that we do not have answers: the word 1, unless told otherwise."""
        answers = self.setting.answers
        if answers.get(("R", (number, -1))) == 0:
            return Stop("revert")
        if not contract or not size:
            return Stop("return")
        words = max(1, min(8, (out_size + 31) // 32))
        data, nodes = b"", {}
        for k in range(words):
            word = answers.get(("R", (number, 32 * k)), 1)
            data += word.to_bytes(32, "big")
            nodes[32 * k] = ("R", word, (number, 32 * k), None)
        return Stop("return", data, nodes)


_PRECOMPILED: Final = 0xFFFF  # and what else is no account
_ENVIRONMENT: Final = {
    0x32: "ORIGIN", 0x3A: "GASPRICE", 0x41: "COINBASE", 0x42: "TIME", 0x43: "NUMBER", 0x44: "RANDOM",
    0x45: "GASLIMIT", 0x46: "CHAIN", 0x48: "BASEFEE", 0x4A: "BLOBFEE", 0x5A: "GAS",
}  # fmt: skip


def _precompiled(which: int, data: bytes, nodes: dict[int, Node]) -> Stop:
    import hashlib

    if which == 4:
        return Stop("return", data, nodes)
    if which == 2:
        return Stop("return", hashlib.sha256(data).digest())
    if which == 1:  # a signature that nobody made here
        return Stop("return", bytes(32))
    return Stop("return", bytes(32))
