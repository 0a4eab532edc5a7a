"""Delta: the lines to take away and to add between two lists. Both ways are one merge in constant memory.

A delta is lines again, in the order of the list they change: ``-`` or ``+`` and the whole line. Taking
away names the whole line too, so a delta fits one list and no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ringfence.core.errors import InputError


def diff(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[bytes]:
    """The delta between two sorted lists of lines (each line with its newline)."""
    ours, theirs = iter(old), iter(new)
    one, other = next(ours, b""), next(theirs, b"")
    while one or other:
        if one == other:
            one, other = next(ours, b""), next(theirs, b"")
        elif other == b"" or (one and one < other):
            yield b"-" + one
            one = next(ours, b"")
        else:
            yield b"+" + other
            other = next(theirs, b"")


def merge(old: Iterable[bytes], delta: Iterable[bytes]) -> Iterator[bytes]:
    """The list after a delta. Raises `InputError` where the delta is not one of this list."""
    lines = iter(old)
    line = next(lines, b"")
    before = b""
    for number, change in enumerate(delta, 1):
        sign, changed = change[:1], change[1:]
        if sign not in (b"-", b"+") or not changed.endswith(b"\n") or changed <= before:
            raise InputError(f"line {number} of the delta is none, or not in order")
        before = changed
        while line and line < changed:
            yield line
            line = next(lines, b"")
        if (line == changed) != (sign == b"-"):
            raise InputError(f"line {number} of the delta does not fit this list")
        if sign == b"-":
            line = next(lines, b"")
        else:
            yield changed
    while line:
        yield line
        line = next(lines, b"")
