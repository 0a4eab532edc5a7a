"""Shelf: the tiles of the log as files under the store, ready to be copied out.

They can be made again from the leaves at any time, so they are renamed into place whole but not synced:
what a power cut takes is found missing and written again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ringfence.core.errors import InputError, StoreError
from ringfence.evidence.tile import ENTRIES, HASH, WIDTH, Tile, from_bytes, to_bytes
from ringfence.evidence.tree import fold, inclusion, root_hash


class Shelf:
    """A folder in which ``tile/…`` stands."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, level: int, number: int, items: Sequence[bytes]) -> None:
        """Put a tile in its place, whole. Raises `StoreError`."""
        path = self.root / Tile(level, number, len(items)).path
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(to_bytes(level, items))
            beside.replace(path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise StoreError(f"cannot write {path}: {error.strerror}", hint="free some space") from error

    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile. Raises `StoreError` if it is not there."""
        try:
            return (self.root / tile.path).read_bytes()
        except OSError as error:
            raise StoreError(
                f"the tile {tile.path} cannot be read: {error.strerror}",
                hint="ringfence log checkpoint writes missing tiles anew",
            ) from error

    def items(self, tile: Tile) -> list[bytes]:
        """What a tile holds. Raises `StoreError` if it is missing or of another length."""
        try:
            return from_bytes(tile, self.read(tile))
        except InputError as error:
            raise StoreError(error.message, hint="see ringfence log fsck") from error

    def has(self, tile: Tile) -> bool:
        """Whether a tile is there and of the right length (what it holds is not looked at): a power cut
        leaves empty files. A bundle has two bytes an entry at least."""
        try:
            size = (self.root / tile.path).stat().st_size
        except OSError:
            return False
        return size > 2 * tile.width if tile.level == ENTRIES else size == HASH * tile.width

    def files(self) -> list[str]:
        """Every file below ``tile``, as a path that begins so; our own unfinished ones left out."""
        base = self.root / "tile"
        found = (path for path in base.rglob("*") if not path.is_dir() and not path.name.startswith("."))
        return sorted(path.relative_to(self.root).as_posix() for path in found)


class Reader:
    """The tree of the first ``size`` leaves, read from tiles. Nothing is verified: a proof made from it is.

    An inclusion path of a tree of a million reads three tiles and takes some 700 hashes; tiles stay in
    memory between proofs.
    """

    def __init__(self, shelf: Shelf, size: int) -> None:
        self.shelf = shelf
        self.size = size
        self._tile = lru_cache(maxsize=256)(self._read)
        self._node = lru_cache(maxsize=65_536)(self._hash)

    def entry(self, index: int) -> bytes:
        """The entry of a leaf."""
        return self._tile(ENTRIES, index // WIDTH)[index % WIDTH]

    def leaf(self, index: int) -> bytes:
        """The hash of a leaf."""
        return self._tile(0, index // WIDTH)[index % WIDTH]

    def root(self) -> bytes:
        """The root."""
        return self.range(0, self.size)

    def path(self, index: int) -> list[bytes]:
        """The inclusion path of a leaf. Raises `ValueError` for one that the tree has not."""
        return inclusion(index, self.size, self.range)

    def range(self, low: int, high: int) -> bytes:
        """The hash of the leaves [low, high), where ``low`` is a multiple of the largest part."""
        parts = []
        while low < high:
            bits = (high - low).bit_length() - 1
            parts.append(self._node(bits, low >> bits))
            low += 1 << bits
        return fold(parts)

    def _hash(self, bits: int, index: int) -> bytes:
        level, inside = divmod(bits, 8)
        first = index << inside
        items = self._tile(level, first // WIDTH)
        at = first % WIDTH
        return root_hash(items[at : at + (1 << inside)])

    def _read(self, level: int, number: int) -> list[bytes]:
        count = self.size if level == ENTRIES else self.size >> (8 * level)
        return self.shelf.items(Tile(level, number, min(WIDTH, count - number * WIDTH)))
