"""Rows: of tables in open addressing, taken out, and put into tables of another size."""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.state import NONE
from ringfence.desks.payments.online.table import mixed


@inner
def home(table: np.ndarray, k: np.ndarray, keys: int) -> int:
    """Where the search for a row begins, whose first ``keys`` columns are its key."""
    b, c, d = k[1] if keys > 1 else 0, k[2] if keys > 2 else 0, k[3] if keys > 3 else 0
    return mixed(k[0], b, c, d) & (len(table) - 1)


@inner
def place(table: np.ndarray, row: np.ndarray, keys: int) -> int:
    """A row that is not there yet into its table; where."""
    at = home(table, row, keys)
    while table[at, 0] != NONE:
        at = (at + 1) & (len(table) - 1)
    table[at, :] = row
    return at


@inner
def remove(table: np.ndarray, at: int, keys: int, blank: np.ndarray) -> None:
    """Empty a row; those after it whose search led over it close the gap, so that ``at`` may be filled."""
    mask, gap = len(table) - 1, at
    at = (at + 1) & mask
    while table[at, 0] != NONE:
        if (at - home(table, table[at], keys)) & mask >= (at - gap) & mask:
            table[gap, :] = table[at]
            gap = at
        at = (at + 1) & mask
    table[gap, :] = blank


@compiled
def spread(old: np.ndarray, new: np.ndarray, keys: int) -> None:
    """All rows into an empty table."""
    for at in range(len(old)):
        if old[at, 0] != NONE:
            place(new, old[at], keys)
