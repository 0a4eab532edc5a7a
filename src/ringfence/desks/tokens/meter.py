"""Meter: how much work may still be done on a contract, counted so that every machine stops at one place.

The unit is an instruction of the interpreter. Whoever traces pays (`trace`), whoever turns decisions pays
(`explore`), and calls in the engine pay by their gas (`World`). Where nothing is metered nothing is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

CALL: Final = 40  # a call, besides its instructions
DECISION: Final = 4  # a decision that is looked at again
GAS: Final = 400  # that the engine gets through while the interpreter makes one instruction
BYTES: Final = 64  # that are hashed in the time of an instruction


class SpentError(Exception):
    """Nothing is left of what was to be spent. Its text says how much that was."""


class Meter:
    """``left`` of ``whole``; below zero by at most what the last run took."""

    __slots__ = ("left", "whole")

    def __init__(self, whole: int) -> None:
        self.whole = self.left = whole

    @property
    def why(self) -> str:
        """What is said where it ran out; empty where it did not."""
        return f"after the work of {self.whole} instructions" if self.left <= 0 else ""


_NOW: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered(meter: Meter | None) -> Iterator[None]:
    """Whatever is done inside is paid for, or not where there is no meter, and may raise `SpentError`."""
    mark = _NOW.set(meter)
    try:
        yield
    finally:
        _NOW.reset(mark)


def pay(steps: int) -> None:
    """Raises `SpentError` where nothing was left before."""
    meter = _NOW.get()
    if meter is None:
        return
    if meter.left <= 0:
        raise SpentError(meter.why)
    meter.left -= steps


def owe(steps: int) -> None:
    """What was done is paid for afterwards."""
    meter = _NOW.get()
    if meter is not None:
        meter.left -= steps
