"""State: what the online scorer remembers, as flat arrays that compiled code works on and a file can hold.

*Nodes* are legs in a window, chained by key. *Slots* are keys of a watch, found by open addressing; *books*
are accounts in one currency; *lasts* remember when a key was last seen. *Cold* are books that are in no other
table: those that no window reaches any more, of which only the time of the last leg still matters, and those
whose windows are in a file (`spill`). Whatever no window reaches any more is dropped when a table is full;
only then does a table grow, or what was quiet for longest go to a file.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
NONE: Final = -1
SPAN: Final = 160  # nodes, slots, lasts and hits that one event may need, and then some

# Columns of a node
O, ROW, AMOUNT, BITS, NEXT = range(5)  # noqa: E741 (the order key's name everywhere)
# Columns of a slot: watch (NONE: empty), book, sub; head and tail of its chain; fresh, got, gave, flagged,
# tagged, all; id, start, end, last node of its stretch, and of that of a second test
CHAIN: Final = 3
SUMS: Final = 5
STRETCH: Final = 11
SLOT: Final = 19
# Columns of a book: key (NONE: empty), tail; last leg, woke at, last receipt: o, amount, other; last leg with
# an exchange; then by window its head; by window receipts, payments, got, gave, at night; by watch a stretch
TAIL: Final = 1
LAST: Final = 2
HEADS: Final = 8
# Columns of a last: watch (NONE: empty), book, a, b, seen
SEEN: Final = 4
# Columns of a cold book: key (NONE: empty); its last leg, or NONE: it is in the tables, or, below that, AWAY
# less its place in the files
AWAY: Final = -2
# How many of the first columns are the key
SLOT_KEY, BOOK_KEY, LAST_KEY = 3, 1, 4
# Of control: first free node; nodes, slots, books, lasts in use; ids given to stretches; rows of the outputs;
# cold books; whether a sum had no room
FREE, NODES, SLOTS, BOOKED, LASTS, STRETCHES, HITS, MEMBERS, COLD, BEYOND = range(10)


class State(NamedTuple):
    """Tables, a row for each thing."""

    nodes: Ints
    slots: Ints
    books: Ints
    lasts: Ints
    cold: Ints
    control: Ints


class Sizes(NamedTuple):
    """How many of each there is room for; all but nodes are powers of two."""

    slots: int = 1 << 11
    books: int = 1 << 10
    lasts: int = 1 << 11
    cold: int = 1 << 10
    nodes: int = 1 << 11


def sizes(state: State) -> Sizes:
    """What a state has room for."""
    return Sizes(len(state.slots), len(state.books), len(state.lasts), len(state.cold), len(state.nodes))


def width(lengths: int, watches: int) -> int:
    """Columns of a book: ``lengths`` windows, ``watches`` over them."""
    return HEADS + 6 * lengths + 4 * watches


def empty(lengths: int, watches: int, room: Sizes) -> State:
    """A state that remembers nothing."""

    def blank(rows: int, columns: int) -> Ints:
        made = np.zeros((rows, columns), np.int64)
        made[:, 0] = NONE
        return made

    slots, books = blank(room.slots, SLOT), blank(room.books, width(lengths, watches))
    slots[:, CHAIN:SUMS] = slots[:, STRETCH:] = NONE
    books[:, TAIL : HEADS + lengths] = books[:, HEADS + 6 * lengths :] = NONE
    cold = np.full((room.cold, 2), NONE, np.int64)
    lasts = blank(room.lasts, SEEN + 1)
    state = State(np.zeros((0, 5), np.int64), slots, books, lasts, cold, np.zeros(10, np.int64))
    state.control[FREE] = NONE
    return more_nodes(state, room.nodes)


def more_nodes(state: State, more: int) -> State:
    """So many nodes more."""
    size = len(state.nodes)
    nodes = np.zeros((size + more, 5), np.int64)
    nodes[:size] = state.nodes
    if more:
        nodes[size:, NEXT] = np.append(np.arange(size + 1, size + more), state.control[FREE])
        state.control[FREE] = size
    return state._replace(nodes=nodes)


def nbytes(state: State) -> int:
    """Bytes held."""
    return sum(part.nbytes for part in state)
