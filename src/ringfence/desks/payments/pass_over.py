"""Pass over: one pass over sorted legs, as machine code."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ringfence.desks.payments.compiled import Ints, compiled

Bools = npt.NDArray[np.bool_]


@compiled
def summed(new: Bools, o: Ints, values: Ints, length: int, start: Ints, made: Ints) -> None:
    """Fill ``made`` with sums of ``values`` over windows of order keys from o - ``length`` to o, and
    ``start`` with the first order key in each. ``new`` says where a key begins; within it ``o`` increases."""
    first, total = 0, 0
    for at in range(len(o)):
        if new[at]:
            first, total = at, 0
        total += values[at]
        while o[at] - o[first] > length:
            total -= values[first]
            first += 1
        start[at] = o[first]
        made[at] = total


@compiled
def last_marked(new: Bools, mark: Bools) -> Ints:
    """The place of the last leg of the key, up to each, that is marked; -1 where there is none."""
    made = np.empty(len(new), np.int64)
    last = -1
    for at in range(len(new)):
        if new[at]:
            last = -1
        if mark[at]:
            last = at
        made[at] = last
    return made
