"""Graph features of a stream of payments: who pays whom, how widely, in circles, through how many hands.

Windows end at the payment, both ends included: another payment is inside if its order key is at least this
one's less the window. Everything is counted exactly; a search that would take more than ``steps`` steps stops
there, and the column ``cut`` says that what it counted is a lower bound (`CUTS` names the bits).
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ringfence.core.errors import InputError
from ringfence.desks.payments.compiled import Ints
from ringfence.desks.payments.graph.state import (
    ACCOUNT,
    AMOUNT,
    DOUBT,
    FAN_TAIL,
    HEAD,
    LATEST,
    ORDER,
    PAIR,
    PATH_TAIL,
    PAYEE,
    PAYER,
    THREE,
    TWO,
    fresh,
    widened,
)
from ringfence.desks.payments.graph.stream import COLUMNS, CUTS, MEMBERS, Limits, refill, run

__all__ = ["COLUMNS", "CUTS", "Graph"]

HOUR = 3_600_000
# Bits of an order key below the millisecond.
WITHIN_MS = 20
LARGEST = 10**15
FORMAT = 1
# Order keys are below 2**63, so that a window of half of that never passes below the least number.
LONGEST = 1 << (62 - WITHIN_MS)


class Graph:
    """State between batches. `push` gives the features of a batch, whatever its size, as of one long stream.

    ``fan_window_ms`` is the window of fans, degrees and sums; ``path_window_ms`` that of scatter-gather,
    cycles and hops. ``kept`` bounds, in thousandths, what each payment of a cycle hands on of the one before
    (`kept_*`); ``passed`` the same for `hops`. Raises `InputError` for a parameter out of its range.
    """

    def __init__(
        self,
        fan_window_ms: int = 6 * HOUR,
        path_window_ms: int = HOUR,
        *,
        kept: tuple[int, int] = (800, 1000),
        passed: tuple[int, int] = (950, 1000),
        steps: int = 100_000,
    ) -> None:
        for window in (fan_window_ms, path_window_ms):
            if not 0 <= window < LONGEST:
                raise InputError(f"not a window: {window} ms", hint=f"0 to {LONGEST - 1} milliseconds")
        for low, high in (kept, passed):
            if not 0 <= low <= high <= 2000:
                raise InputError(f"not a range of ratios: {low} to {high}", hint="thousandths, 0 to 2000")
        if not 0 <= steps < 1 << 40:
            raise InputError(f"not a number of steps: {steps}", hint="0 to 2**40 - 1")
        self._limits = Limits(fan_window_ms << WITHIN_MS, path_window_ms << WITHIN_MS, *kept, *passed, steps)
        self._state = fresh()

    @property
    def state_bytes(self) -> int:
        """Bytes of the state."""
        return self._state.nbytes

    @property
    def rows(self) -> int:
        """Payments inside the longer window."""
        numbers = self._state.numbers
        return int(numbers[HEAD] - min(numbers[FAN_TAIL], numbers[PATH_TAIL]))

    def push(
        self, o: ArrayLike, payer: ArrayLike, payee: ArrayLike, amount: ArrayLike
    ) -> dict[str, NDArray[np.int64]]:
        """Features of payments in order: every name of `COLUMNS` (n,), and ``shortest`` and
        ``shortest_kept`` (n, 4): the accounts of the shortest cycle that the payment closes and of the
        shortest within the ratio, from its payee to its payer, -1 beyond; of several equally short, the first
        by number.

        ``o`` increases, also over batches. Raises `InputError`, and then has taken none of the batch.
        """
        arrays = self._checked(o, payer, payee, amount)
        rows = len(arrays[0])
        out = np.zeros((rows, len(COLUMNS)), np.int64)
        shortest = np.full((rows, 2, MEMBERS), -1, np.int64)
        at = 0
        while (at := run(self._state, self._limits, at, *arrays, out, shortest)) < rows:
            self._state = widened(self._state)
        said: dict[str, NDArray[np.int64]] = {name: out[:, column] for column, name in enumerate(COLUMNS)}
        return {**said, "shortest": shortest[:, 0], "shortest_kept": shortest[:, 1]}

    def save(self) -> bytes:
        """A checkpoint: the parameters and the payments inside the windows, from which all else follows."""
        state = self._state
        places = np.arange(state.numbers[HEAD] - self.rows, state.numbers[HEAD])
        events = state.events[places & (len(state.events) - 1)]
        pairs = state.pairs[events[:, PAIR]]
        payers, payees = (state.accounts[pairs[:, end], ACCOUNT] for end in (PAYER, PAYEE))
        first, chains = (events[:, ORDER], payers, payees, events[:, AMOUNT]), events[:, [TWO, THREE, DOUBT]]
        to = io.BytesIO()
        header = np.array([FORMAT, *self._limits], np.int64)
        np.savez(to, header=header, payments=np.column_stack([*first, chains]))
        return to.getvalue()

    @classmethod
    def restore(cls, saved: bytes) -> Graph:
        """A graph that goes on as the one that was saved would have. Raises `InputError`."""
        try:
            with np.load(io.BytesIO(saved), allow_pickle=False) as held:
                version, *limits = held["header"].tolist()
                rows = np.ascontiguousarray(held["payments"], np.int64).reshape(-1, 7)
            limited = Limits(*limits)
        except Exception as error:  # zipfile, numpy and zlib each have their own
            raise InputError(f"not a checkpoint of a graph: {error}", hint="take an earlier one") from error
        if version != FORMAT:
            raise InputError(f"a checkpoint of format {version}", hint=f"this version reads {FORMAT}")
        graph = cls(
            limited.fan >> WITHIN_MS,
            limited.path >> WITHIN_MS,
            kept=(limited.kept_low, limited.kept_high),
            passed=(limited.passed_low, limited.passed_high),
            steps=limited.steps,
        )
        graph._checked(*rows[:, :4].T)
        at = 0
        while (at := refill(graph._state, graph._limits, at, rows)) < len(rows):
            graph._state = widened(graph._state)
        return graph

    def _checked(self, *given: ArrayLike) -> tuple[Ints, Ints, Ints, Ints]:
        arrays = []
        for name, values in zip(("o", "payer", "payee", "amount"), given, strict=True):
            array = np.asarray(values)
            if array.ndim != 1 or (array.size and array.dtype.kind not in "iu") or array.dtype == np.uint64:
                raise InputError(f"{name} is not a list of integers", hint="64-bit integers")
            arrays.append(np.ascontiguousarray(array, np.int64))
        o, payer, payee, amount = arrays
        if len({len(array) for array in arrays}) != 1:
            raise InputError("o, payer, payee and amount differ in length", hint="one of each per payment")
        before = np.concatenate([self._state.numbers[LATEST : LATEST + 1], o[:-1]]) if len(o) else o
        _refuse(
            o <= before, "its order key is not above the one before", "sort by (ts, seq); late rows apart"
        )
        _refuse((payer < 0) | (payer >= 1 << 31), "its payer is no account number", "0 to 2**31 - 1")
        _refuse((payee < 0) | (payee >= 1 << 31), "its payee is no account number", "0 to 2**31 - 1")
        _refuse(payer == payee, "it pays itself", "quarantine self-transfers first")
        _refuse((amount <= 0) | (amount > LARGEST), "its amount is out of range", "1 to 10**15 minor units")
        return o, payer, payee, amount


def _refuse(wrong: NDArray[np.bool_], why: str, hint: str) -> None:
    if wrong.any():
        raise InputError(f"payment {int(wrong.argmax())} of the batch: {why}", hint=hint)
