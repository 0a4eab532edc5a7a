"""Check leaves: every entry, hash and tile, and the root of every checkpoint, in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from ringfence.core.errors import InputError
from ringfence.evidence.builder import Builder
from ringfence.evidence.log import KINDS, STREAMED, entry_of, leaves
from ringfence.evidence.sealed import Problem
from ringfence.evidence.shelf import Shelf
from ringfence.evidence.tile import WIDTH, Tile, edge_of, to_bytes
from ringfence.evidence.tree import leaf_hash, leaf_hashes

_COLUMNS = (
    leaves.c.idx,
    leaves.c.id,
    leaves.c.kind,
    leaves.c.digest,
    leaves.c.time,
    leaves.c.entry,
    leaves.c.hash,
)

_MISSING = "this tile of a published checkpoint is missing"


def check_leaves(
    connection: Connection, shelf: Shelf, roots: Mapping[int, bytes], files: Sequence[str]
) -> tuple[int, list[Problem]]:
    """How many leaves there are, and what is wrong with them, with the tiles made from them, and with the
    roots that were signed (size → root). ``files`` are the tiles as they were listed before the database was
    read: what is written meanwhile belongs to leaves that are not seen here."""
    problems: list[Problem] = []
    tiles = Tiles(shelf, sorted(roots), problems, files)
    builder = Builder(tiles.compare, roots)
    rows = connection.execute(select(*_COLUMNS).order_by(leaves.c.idx), execution_options=STREAMED)
    for part in rows.partitions(WIDTH):
        hashes, entries = _leaves(part, builder.size, problems)
        builder.add(hashes, entries)
    builder.end()
    problems += tiles.left()
    for number, (size, root) in enumerate(sorted(roots.items()), 1):
        if builder.roots.get(size) != root:
            problems.append(
                Problem(f"checkpoint {number}", f"the root of the first {size} leaves is another")
            )
    return builder.size, problems


def _leaves(rows: Sequence[Any], first: int, problems: list[Problem]) -> tuple[list[bytes], list[bytes]]:
    """Hashes and entries of up to 256 rows; the quick way compares whole columns at once."""
    try:
        indices, ids, kinds, digests, times, entries, kept = zip(*rows, strict=True)
        made = tuple(map(entry_of, digests, ids, kinds, times))
        hashes = leaf_hashes(entries)
        same = (made, tuple(hashes), indices) == (entries, kept, tuple(range(first, first + len(rows))))
        if same and KINDS.issuperset(kinds):
            return hashes, list(entries)
    except (TypeError, ValueError):
        pass  # a value of another type: the slow way says which
    return _slowly(rows, first, problems)


def _slowly(rows: Sequence[Any], first: int, problems: list[Problem]) -> tuple[list[bytes], list[bytes]]:
    hashes: list[bytes] = []
    entries: list[bytes] = []
    for place, row in enumerate(rows, first):
        where = f"leaf {row.idx}"
        if row.idx != place:
            problems.append(Problem(where, f"leaf {place} should stand here"))
        entry = row.entry if isinstance(row.entry, bytes) else str(row.entry).encode()
        hashes.append(leaf_hash(entry))
        entries.append(entry)
        if hashes[-1] != row.hash:
            problems.append(Problem(where, "the hash is not that of the entry"))
        texts = (row.digest, row.id, row.kind, row.time)
        if not all(isinstance(text, str) for text in texts) or entry_of(*texts) != row.entry:
            problems.append(Problem(where, "the columns do not say what the entry says"))
        elif row.kind not in KINDS:
            problems.append(Problem(where, f"no kind of leaf: {row.kind}"))
    return hashes, entries


class Tiles:
    """The tile files that are there against the ones that there should be."""

    def __init__(
        self, shelf: Shelf, sizes: Sequence[int], problems: list[Problem], files: Sequence[str]
    ) -> None:
        self.shelf = shelf
        self.problems = problems
        self.last = sizes[-1] if sizes else 0
        self.odd: list[str] = []
        self.there: dict[tuple[int, int], set[int]] = {}
        self.needed: dict[tuple[int, int], set[int]] = {}
        for path in files:
            try:
                tile = Tile.from_path(path)
            except InputError:
                self.odd.append(path)
                continue
            self.there.setdefault((tile.level, tile.number), set()).add(tile.width)
        for tile in (tile for size in sizes for tile in edge_of(size)):
            self.needed.setdefault((tile.level, tile.number), set()).add(tile.width)

    def compare(self, level: int, number: int, items: Sequence[bytes]) -> None:
        """Compare the files of one tile, of every width, with its items."""
        there = self.there.pop((level, number), set())
        needed = self.needed.pop((level, number), set())
        if (number + 1) * WIDTH ** (max(level, 0) + 1) <= self.last:
            needed.add(WIDTH)
        for width in sorted(there | needed):
            tile = Tile(level, number, width)
            # Of a checkpoint that came after the list, its tiles came too.
            if width not in there and not self.shelf.has(tile):
                self.problems.append(Problem(tile.path, _MISSING))
            elif width > len(items):
                self.problems.append(Problem(tile.path, "there are not so many leaves"))
            else:
                try:
                    data = (self.shelf.root / tile.path).read_bytes()
                except OSError as error:
                    self.problems.append(Problem(tile.path, f"it cannot be read: {error.strerror}"))
                    continue
                if data != to_bytes(level, items[:width]):
                    self.problems.append(Problem(tile.path, "it is not made of the leaves"))

    def left(self) -> Iterator[Problem]:
        """What was never compared: files that are no tile of this log, and tiles whose leaves are gone."""
        for path in self.odd:
            yield Problem(path, "this is no tile of the log")
        for (level, number), widths in sorted(self.there.items()):
            for width in sorted(widths):
                yield Problem(Tile(level, number, width).path, "there are not so many leaves")
        for (level, number), widths in sorted(self.needed.items()):
            for width in sorted(widths):
                yield Problem(Tile(level, number, width).path, _MISSING)
