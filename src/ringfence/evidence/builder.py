"""Builder: the whole tree from its leaves in one pass, 256 at a time, in memory that grows with its height.

Writing tiles, checking them, and checking an export are the same walk with another ``emit``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from ringfence.evidence.tile import ENTRIES, WIDTH
from ringfence.evidence.tree import fold, root_hash

# (level, number, the items of the tile so far): called once for every full tile, and once for each
# tile that is not full when `Builder.end` is called.
Emit = Callable[[int, int, Sequence[bytes]], None]


class Builder:
    """``roots`` collects the root at each of the sizes asked for, once it is passed."""

    def __init__(self, emit: Emit, sizes: Iterable[int] = ()) -> None:
        self.size = 0
        self.roots: dict[int, bytes] = {}
        self._emit = emit
        self._sizes = sorted(set(sizes), reverse=True)
        self._upper: list[list[bytes]] = []  # of level 1 and above: the tile that is being filled
        self._last: tuple[list[bytes], list[bytes]] = ([], [])  # hashes and entries of a short last tile
        self._note()

    def resume(self, size: int, upper: list[list[bytes]]) -> None:
        """Go on after ``size`` leaves (a multiple of 256), given the unfilled tiles of the upper levels."""
        self.size = size
        self._upper = upper
        self._sizes = [one for one in self._sizes if one >= size]
        self._note()

    def add(self, hashes: list[bytes], entries: list[bytes]) -> None:
        """The next 256 leaves, or fewer for the last time."""
        before = self.size
        self.size += len(hashes)
        while self._sizes and self._sizes[-1] < self.size:
            size = self._sizes.pop()
            self.roots[size] = self._root(hashes[: size - before])
        if len(hashes) < WIDTH:
            self._last = (hashes, entries)
        else:
            self._emit(ENTRIES, before // WIDTH, entries)
            self._full(0, before // WIDTH, hashes)
        self._note()

    def end(self) -> bytes:
        """Emit what is not full; returns the root."""
        hashes, entries = self._last
        if hashes:
            self._emit(ENTRIES, self.size // WIDTH, entries)
            self._emit(0, self.size // WIDTH, hashes)
        for level, items in enumerate(self._upper, 1):
            if items:
                self._emit(level, self.size // WIDTH ** (level + 1), items)
        return self._root(hashes)

    def _note(self) -> None:
        while self._sizes and self._sizes[-1] == self.size:
            self.roots[self._sizes.pop()] = self._root(self._last[0])

    def _full(self, level: int, number: int, items: list[bytes]) -> None:
        self._emit(level, number, items)
        if len(self._upper) == level:
            self._upper.append([])
        above = self._upper[level]
        above.append(root_hash(items))
        if len(above) == WIDTH:
            self._upper[level] = []
            self._full(level + 1, number // WIDTH, above)

    def _root(self, hashes: Sequence[bytes]) -> bytes:
        parts: list[bytes] = []
        for items in (*self._upper[::-1], hashes):
            at = 0
            while at < len(items):
                width = 1 << ((len(items) - at).bit_length() - 1)
                parts.append(root_hash(items[at : at + width]))
                at += width
        return fold(parts)
