"""State: what the online scorer remembers, as flat arrays that compiled code works on and a file can hold.

*Nodes* are legs in a window, chained by key. *Slots* are keys of a watch, found by open addressing; *books*
are accounts in one currency; *lasts* remember when a key was last seen. Whatever no window reaches any more
is dropped when a table is full; only then does a table grow.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
NONE: Final = -1
SPAN: Final = 160  # nodes, slots, lasts and hits that one event may need, and then some


class State(NamedTuple):
    """Arrays by name; the first letter says of what (n node, k slot, b book, f last)."""

    n_o: Ints
    n_row: Ints
    n_amount: Ints
    n_bits: Ints
    n_next: Ints
    k_key: Ints  # [slots, 3] watch, book, sub; watch -1: empty
    k_chain: Ints  # [slots, 2] head, tail
    k_sums: Ints  # [slots, 6] fresh, got, gave, flagged, tagged, all
    k_stretch: Ints  # [slots, 8] id, start, end, node of its last window; and of a second test
    b_key: Ints  # [books] -1: empty
    b_tail: Ints
    b_heads: Ints  # [books, lengths]
    b_sums: Ints  # [books, lengths * 5] receipts, payments, got, gave, at night
    b_last: Ints  # [books, 6] last leg, woke at, last receipt: o, amount, other; last leg with an exchange
    b_stretch: Ints  # [books, watches * 4]
    f_key: Ints  # [lasts, 4] watch, book, a, b
    f_o: Ints
    control: Ints  # see below


FREE: Final = 0  # of control: first free node
NODES: Final = 1  # nodes in use
SLOTS: Final = 2
BOOKED: Final = 3
LASTS: Final = 4
STRETCHES: Final = 5  # ids given
HITS: Final = 6  # rows of the outputs
MEMBERS: Final = 7


class Sizes(NamedTuple):
    """How many of each there is room for; all but nodes are powers of two."""

    slots: int = 1 << 11
    books: int = 1 << 10
    lasts: int = 1 << 11
    nodes: int = 1 << 11


def sizes(state: State) -> Sizes:
    """What a state has room for."""
    return Sizes(len(state.k_key), len(state.b_key), len(state.f_key), len(state.n_o))


def empty(lengths: int, watches: int, room: Sizes) -> State:
    """A state that remembers nothing: ``lengths`` windows of a book, ``watches`` over them."""

    def none(*shape: int) -> Ints:
        return np.full(shape, NONE, np.int64)

    def zero(*shape: int) -> Ints:
        return np.zeros(shape, np.int64)

    nodes = room.nodes
    return State(
        n_o=zero(nodes),
        n_row=zero(nodes),
        n_amount=zero(nodes),
        n_bits=zero(nodes),
        n_next=np.append(np.arange(1, nodes, dtype=np.int64), NONE) if nodes else zero(0),
        k_key=none(room.slots, 3),
        k_chain=none(room.slots, 2),
        k_sums=zero(room.slots, 6),
        k_stretch=none(room.slots, 8),
        b_key=none(room.books),
        b_tail=none(room.books),
        b_heads=none(room.books, lengths),
        b_sums=zero(room.books, lengths * 5),
        b_last=none(room.books, 6),
        b_stretch=none(room.books, watches * 4),
        f_key=none(room.lasts, 4),
        f_o=zero(room.lasts),
        control=zero(8),
    )


def more_nodes(state: State) -> State:
    """Twice as many nodes."""
    size = len(state.n_o)
    control = state.control
    chained = np.append(np.arange(size + 1, 2 * size, dtype=np.int64), control[FREE])
    control[FREE] = size
    wide: dict[str, Any] = {
        name: np.append(getattr(state, name), np.zeros(size, np.int64))
        for name in ("n_o", "n_row", "n_amount", "n_bits")
    }
    return state._replace(n_next=np.append(state.n_next, chained), **wide)


def nbytes(state: State) -> int:
    """Bytes held."""
    return sum(part.nbytes for part in state)
