"""Record: everything the tables hold of one book as a row of words, without places in any table.

*size* (words), *sum* over what follows it, *key*, *last* leg, how many *nodes*, *slots* and *lasts*; the
book's own row and its legs; each slot's row and its legs; the lasts. A leg is o, row, amount and bits. What
points at a leg in the tables is found again by the leg's o, which no chain has twice.
"""

from __future__ import annotations

import numpy as np

from ringfence.desks.payments.compiled import compiled, inner
from ringfence.desks.payments.online.chain import sums_of
from ringfence.desks.payments.online.rows import place
from ringfence.desks.payments.online.state import (
    AMOUNT,
    BITS,
    BOOK_KEY,
    BOOKED,
    CHAIN,
    HEADS,
    LAST,
    LAST_KEY,
    LASTS,
    NEXT,
    NONE,
    ROW,
    SEEN,
    SLOT,
    SLOT_KEY,
    SLOTS,
    STRETCH,
    SUMS,
    TAIL,
    O,
    State,
)
from ringfence.desks.payments.online.table import node

# Words of a record's head
R_SIZE, R_SUM, R_KEY, R_LAST, R_NODES, R_SLOTS, R_LASTS, HEAD = range(8)
LEG = 4  # words


@inner
def summed(words: np.ndarray) -> int:
    """A sum in which no word can change without the sum changing."""
    h = np.uint64(len(words))
    for word in words:
        h = (h ^ np.uint64(word)) * np.uint64(0x9E3779B97F4A7C15)
        h ^= h >> np.uint64(32)
    return np.int64(h)  # type: ignore[return-value]


@inner
def count_of(s: State, b: int, lengths: np.ndarray) -> int:
    """Legs in a book's own chain."""
    sums = sums_of(s, lengths, b, len(lengths) - 1)
    count: int = sums[0] + sums[1]
    return count


@inner
def write_chain(s: State, head: int, words: np.ndarray, at: int) -> int:
    """Legs of a chain into a record; where the next word goes."""
    while head != NONE:
        n = s.nodes[head]
        words[at], words[at + 1], words[at + 2], words[at + 3] = n[O], n[ROW], n[AMOUNT], n[BITS]
        at += LEG
        head = n[NEXT]
    return at


@compiled
def pack(
    s: State, lengths: np.ndarray, books: np.ndarray, sizes: np.ndarray,
    first: tuple[np.ndarray, np.ndarray], following: tuple[np.ndarray, np.ndarray], begin: int,
    words: np.ndarray, starts: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Records of the ``books`` (rows of the table) from ``begin`` on, as many as fit; which one did not, and
    how many words were written. ``sizes`` [n, 4] in words, nodes, slots, lasts. A book's slots and lasts are
    found as `away.weigh` tells."""
    at, width, longest = 0, s.books.shape[1], len(lengths) - 1
    for i in range(begin, len(books)):
        size = sizes[i, 0]
        if at + size > len(words):
            return i, at
        b, w = books[i], words[at : at + size]
        w[R_SIZE], w[R_KEY], w[R_LAST] = size, s.books[b, 0], s.books[b, LAST]
        w[R_NODES], w[R_SLOTS], w[R_LASTS] = sizes[i, 1], sizes[i, 2], sizes[i, 3]
        w[HEAD : HEAD + width] = s.books[b]
        to = write_chain(s, s.books[b, HEADS + longest], w, HEAD + width)
        slot = first[0][b]
        while slot != NONE:
            w[to : to + SLOT] = s.slots[slot]
            to = write_chain(s, s.slots[slot, CHAIN], w, to + SLOT)
            slot = following[0][slot]
        last = first[1][b]
        while last != NONE:
            w[to : to + SEEN + 1] = s.lasts[last]
            to += SEEN + 1
            last = following[1][last]
        w[R_SUM] = summed(w[R_SUM + 1 :])
        starts[i] = at
        at += size
    return len(books), at


@compiled
def sound(words: np.ndarray, starts: np.ndarray, keys: np.ndarray, needs: np.ndarray) -> int:
    """The first record that is not what was written of its key, or NONE; ``needs`` gets how many nodes,
    slots and lasts each has."""
    for i in range(len(starts)):
        end = starts[i + 1] if i + 1 < len(starts) else len(words)
        w = words[starts[i] : end]
        if len(w) < HEAD or w[R_SIZE] != len(w) or w[R_KEY] != keys[i] or w[R_SUM] != summed(w[R_SUM + 1 :]):
            return i
        needs[i, 0], needs[i, 1], needs[i, 2] = w[R_NODES], w[R_SLOTS], w[R_LASTS]
    return NONE


@inner
def read_chain(
    s: State, w: np.ndarray, at: int, count: int, stretches: np.ndarray, heads: np.ndarray,
    lengths: np.ndarray,
) -> tuple[int, int]:  # fmt: skip
    """Legs of a record into a chain: its head and tail. ``stretches`` (four columns each) are pointed at
    their last leg, ``heads`` at the first leg that the windows of ``lengths`` reach."""
    head = tail = NONE
    kept = np.zeros(len(stretches) // 4, np.bool_)
    latest = w[at + LEG * (count - 1)] if count else 0
    for i in range(at, at + LEG * count, LEG):
        new = node(s, w[i], w[i + 1], w[i + 2], w[i + 3])
        if head == NONE:
            head = new
        else:
            s.nodes[tail, NEXT] = new
        tail = new
        for j in range(len(heads)):
            if heads[j] == NONE and w[i] >= latest - lengths[j]:
                heads[j] = new
        for j in range(len(kept)):
            if stretches[4 * j] != NONE and stretches[4 * j + 2] == w[i]:
                stretches[4 * j + 3] = new
                kept[j] = True
    for j in range(len(kept)):
        if not kept[j]:  # it ends before every leg that is left, so that nothing can be added to it
            stretches[4 * j : 4 * j + 4] = NONE
    return head, tail


@compiled
def unpack(s: State, lengths: np.ndarray, words: np.ndarray, starts: np.ndarray, count: int) -> None:
    """The first ``count`` records back into the tables, which have room for them."""
    width, at = s.books.shape[1], HEADS + len(lengths)
    for i in range(count):
        w = words[starts[i] :]
        b = place(s.books, w[HEAD : HEAD + width], BOOK_KEY)
        s.control[BOOKED] += 1
        to, n = HEAD + width, count_of(s, b, lengths)
        row = s.books[b]
        row[HEADS:at] = NONE
        _, row[TAIL] = read_chain(s, w, to, n, row[at + 5 * len(lengths) :], row[HEADS:at], lengths)
        to += LEG * n
        for _ in range(w[R_SLOTS]):
            slot = s.slots[place(s.slots, w[to : to + SLOT], SLOT_KEY)]
            s.control[SLOTS] += 1
            to, n = to + SLOT, slot[SUMS + 5]
            nobody = slot[CHAIN:CHAIN]
            slot[CHAIN], slot[CHAIN + 1] = read_chain(s, w, to, n, slot[STRETCH:], nobody, lengths)
            to += LEG * n
        for _ in range(w[R_LASTS]):
            place(s.lasts, w[to : to + SEEN + 1], LAST_KEY)
            s.control[LASTS] += 1
            to += SEEN + 1
