"""Tiles: a log as static files (https://c2sp.org/tlog-tiles). Paths and contents; pure.

A tile holds up to 256 hashes of one level; level *l* + 1 is made of the roots of full tiles of level *l*.
An entry bundle holds the entries of a tile of level 0, each after its length. A tile that is not full is
*partial*, and its path ends in its width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from ringfence.core.errors import InputError

WIDTH = 256
HASH = 32
ENTRIES = -1  # the level that stands for entry bundles
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(msgspec.Struct, frozen=True, order=True):
    """``level`` is `ENTRIES` for a bundle; ``number`` counts along the level; ``width`` is 1 to 256."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Such as ``tile/0/x001/x234/067`` or ``tile/entries/000.p/7``."""
        rest, digits = divmod(self.number, 1000)
        groups = f"{digits:03d}"
        while rest:
            rest, digits = divmod(rest, 1000)
            groups = f"x{digits:03d}/{groups}"
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{groups}" + (f".p/{self.width}" if self.width < WIDTH else "")

    @classmethod
    def from_path(cls, path: str) -> Tile:
        """Reads `path`. Raises `InputError` for every other spelling."""
        found = _PATH.fullmatch(path)
        if found:
            level = ENTRIES if found[1] == "entries" else int(found[1])
            tile = cls(level, int(re.sub(r"[x/]", "", found[2])), int(found[3] or WIDTH))
            if tile.path == path:
                return tile
        raise InputError(f"not the path of a tile: {path!r}")


def tiles_of(size: int) -> Iterator[Tile]:
    """Every tile and bundle that a log of ``size`` entries consists of; none is empty."""
    level = 0
    count = size
    while count:
        full, width = divmod(count, WIDTH)
        for kind in (ENTRIES, 0) if level == 0 else (level,):
            for number in range(full):
                yield Tile(kind, number)
            if width:
                yield Tile(kind, full, width)
        level, count = level + 1, full


def edge_of(size: int) -> Iterator[Tile]:
    """The partial tiles of a log of ``size`` entries."""
    level = 0
    count = size
    while count:
        full, width = divmod(count, WIDTH)
        if width:
            for kind in (ENTRIES, 0) if level == 0 else (level,):
                yield Tile(kind, full, width)
        level, count = level + 1, full


def to_bytes(level: int, items: Sequence[bytes]) -> bytes:
    """A tile of hashes, or a bundle of entries (each shorter than 64 KiB)."""
    if level == ENTRIES:
        return b"".join([len(item).to_bytes(2, "big") + item for item in items])
    return b"".join(items)


def from_bytes(tile: Tile, data: bytes) -> list[bytes]:
    """Reads `to_bytes`. Raises `InputError` unless it holds exactly ``width`` items."""
    items: list[bytes] = []
    if tile.level != ENTRIES:
        items = [data[at : at + HASH] for at in range(0, len(data), HASH)]
        whole = len(data) == tile.width * HASH
    else:
        at = 0
        while at + 2 <= len(data):
            end = at + 2 + int.from_bytes(data[at : at + 2], "big")
            items.append(data[at + 2 : end])
            at = end
        whole = at == len(data) and len(items) == tile.width
    if not whole:
        raise InputError(f"{tile.path} does not hold {tile.width} items")
    return items
