"""Expressions: what a value on the stack depends on, and which inputs would give it another value.

A node is ``(op, value, a, b)``: an operation, the value it had, and its operands, each a node or a plain
integer. A leaf is ``(kind, value, key, None)`` for something that somebody chooses: a storage slot
(``S``, (address, slot)), a word of the call (``A``, offset), what another contract returned (``R``, (call,
offset)), the time (``TIME``), the money sent (``VALUE``). Others (``CALLER``, ``GAS``, ``SIGNER`` …) are
fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

Node = tuple[str, int, Any, Any]
Operand = Node | int
Leaf = tuple[str, Any]  # its kind and key
Change = dict[Leaf, int]

WORD: Final = 1 << 256
MASK: Final = WORD - 1
SIGN: Final = 1 << 255
FREE: Final = frozenset({"S", "A", "R", "TIME", "VALUE", "NUMBER"})
STRANGER: Final = 0x57A7E0F7E57A7E0F7E57A7E0F7E57A7E0F7E57A7  # some contract that we do not have
_LIMIT: Final = 48  # steps into an expression; deeper ones are left alone
BUDGET: Final = 600  # nodes looked at for one answer: where they are shared there are ever more ways to them


def value_of(x: Operand) -> int:
    """The concrete value."""
    return x if isinstance(x, int) else x[1]


def leaves(x: Operand, limit: int = 200) -> set[Leaf]:
    """The leaves that an expression stands on."""
    found: set[Leaf] = set()
    stack: list[Operand] = [x]
    seen: set[int] = set()
    while stack and limit:
        node = stack.pop()
        if isinstance(node, int) or node is None or id(node) in seen:
            continue
        seen.add(id(node))
        limit -= 1
        if node[3] is None and node[0] not in _UNARY:
            found.add((node[0], node[2]))
        else:
            stack.append(node[2])
            stack.append(node[3])
    return found


_UNARY: Final = frozenset({"NOT", "ISZERO"})


def steer(x: Operand, true: bool, depth: int = 0, left: list[int] | None = None) -> Iterator[Change]:
    """Changes of leaves that would make a condition true (not zero) or false (zero), the likeliest first."""
    left = [BUDGET] if left is None else left
    left[0] -= 1
    if isinstance(x, int) or depth > _LIMIT or left[0] < 0:
        return
    op, value, a, b = x
    if (value != 0) == true:
        yield {}
        return
    if op == "ISZERO":
        yield from steer(a, not true, depth + 1, left)
    elif op == "EQ":
        if true:
            yield from equal(a, value_of(b), depth + 1, left)
            yield from equal(b, value_of(a), depth + 1, left)
        else:
            yield from _differs(a, depth, left)
            yield from _differs(b, depth, left)
    elif op in ("LT", "GT", "SLT", "SGT"):
        less, more = (a, b) if op in ("LT", "SLT") else (b, a)
        low, high = value_of(less), value_of(more)
        if true:  # less < more
            if high > 0:
                yield from equal(less, high - 1, depth + 1, left)
                yield from equal(less, 0, depth + 1, left)
            if low < MASK:
                yield from equal(more, low + 1, depth + 1, left)
                yield from equal(more, min(MASK >> 1, max(low * 2, 1 << 100)), depth + 1, left)
        else:  # less >= more
            yield from equal(less, high, depth + 1, left)
            yield from equal(less, min(MASK >> 1, max(high * 2, 1 << 100)), depth + 1, left)
            yield from equal(more, low, depth + 1, left)
            yield from equal(more, 0, depth + 1, left)
    elif op in ("AND", "OR", "MUL") and not true:
        for side in (a, b):
            yield from equal(side, 0, depth + 1, left)
    elif op == "CODE":
        if true:
            yield from equal(a, STRANGER, depth + 1, left)
    elif op in ("MUL", "DIV") and true:
        ways: list[Change] = [{}]
        for side in (a, b) if op == "MUL" else (a,):
            if value_of(side) == 0:
                ways = [
                    {**one, **two} for one in ways for two in list(steer(side, True, depth + 1, left))[:2]
                ]
        yield from ways
    elif op == "OR" and true:
        for side in (a, b):
            yield from steer(side, true, depth + 1, left)
    elif op == "AND" and true:
        if isinstance(b, int) or isinstance(a, int):
            mask, side = (b, a) if isinstance(b, int) else (a, b)
            low = mask & -mask
            yield from equal(x, low, depth + 1, left)
            yield from equal(x, mask, depth + 1, left)
            del side
        else:
            for one in steer(a, True, depth + 1, left):
                for two in steer(b, True, depth + 1, left):
                    yield {**one, **two}
                    return
    elif true:
        for wanted in (1, 1 << 64):
            yield from equal(x, wanted, depth + 1, left)
    else:
        yield from equal(x, 0, depth + 1, left)


def _differs(x: Operand, depth: int, left: list[int]) -> Iterator[Change]:
    value = value_of(x)
    for other in (value ^ 1, value + 1 & MASK, 0, 1):
        if other != value:
            yield from equal(x, other, depth + 1, left)


def equal(x: Operand, wanted: int, depth: int = 0, left: list[int] | None = None) -> Iterator[Change]:
    """Changes of leaves that would make an expression this value; everything else stays as it was."""
    wanted &= MASK
    left = [BUDGET] if left is None else left
    left[0] -= 1
    if isinstance(x, int) or depth > _LIMIT or left[0] < 0:
        return
    op, value, a, b = x
    if value == wanted:
        yield {}
        return
    if op in FREE:
        yield {(op, a): wanted}
        return
    if b is None and op not in _UNARY:
        return  # a leaf that nobody chooses
    if op == "ISZERO":
        if wanted < 2:
            yield from steer(a, wanted == 0, depth + 1, left)
    elif op == "NOT":
        yield from equal(a, wanted ^ MASK, depth + 1, left)
    elif op in ("EQ", "LT", "GT", "SLT", "SGT"):
        if wanted < 2:
            yield from steer(x, wanted == 1, depth + 1, left)
    elif op != "CODE":
        yield from _inverse(op, a, b, wanted, depth + 1, left)


def _inverse(op: str, a: Operand, b: Operand, wanted: int, depth: int, left: list[int]) -> Iterator[Change]:
    va, vb = value_of(a), value_of(b)
    if op == "ADD":
        yield from equal(a, wanted - vb, depth, left)
        yield from equal(b, wanted - va, depth, left)
    elif op == "SUB":
        yield from equal(a, wanted + vb, depth, left)
        yield from equal(b, va - wanted, depth, left)
    elif op == "MUL":
        if vb and wanted % vb == 0:
            yield from equal(a, wanted // vb, depth, left)
        if va and wanted % va == 0:
            yield from equal(b, wanted // va, depth, left)
    elif op in ("DIV", "SDIV"):
        if vb:
            # Above it by as much as the rest was, so that fields packed below stay as they are.
            yield from equal(a, wanted * vb + va % vb, depth, left)
        if wanted and va // wanted:
            yield from equal(b, va // wanted, depth, left)
    elif op == "MOD":
        if wanted < vb:
            yield from equal(a, va - va % vb + wanted, depth, left)
    elif op == "AND":
        if not wanted & ~vb:
            yield from equal(a, va & ~vb | wanted, depth, left)
        if not wanted & ~va:
            yield from equal(b, vb & ~va | wanted, depth, left)
    elif op == "OR":
        if wanted & vb == vb:
            yield from equal(a, wanted & ~vb, depth, left)
        if wanted & va == va:
            yield from equal(b, wanted & ~va, depth, left)
    elif op == "XOR":
        yield from equal(a, wanted ^ vb, depth, left)
        yield from equal(b, wanted ^ va, depth, left)
    elif op == "SHL" and va < 256:
        if wanted & ((1 << va) - 1) == 0:
            yield from equal(b, wanted >> va, depth, left)
    elif op == "SHR" and va < 256:
        if wanted < 1 << (256 - va):
            yield from equal(b, wanted << va | vb & ((1 << va) - 1), depth, left)
    elif op == "SIGNEXTEND" and va < 31:
        yield from equal(b, wanted & ((1 << (8 * (va + 1))) - 1), depth, left)
    elif op == "BYTE" and va < 32 and wanted < 256:
        at = 8 * (31 - va)
        yield from equal(b, vb & ~(255 << at) | wanted << at, depth, left)
