"""Publish: tiles from committed leaves, then a signed checkpoint that agrees with every earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from ringfence.core.errors import InputError, RefusedError, StoreError
from ringfence.core.note import Note, PublicKey, SecretKey, sign
from ringfence.core.work import alone
from ringfence.evidence import log, logkey
from ringfence.evidence.builder import Builder
from ringfence.evidence.checkpoint import Checkpoint
from ringfence.evidence.cosigner import Cosigner
from ringfence.evidence.shelf import Reader, Shelf
from ringfence.evidence.store import Store
from ringfence.evidence.tables import add, checkpoints, cosignatures, log_keys
from ringfence.evidence.tile import WIDTH, Tile, edge_of, tiles_of
from ringfence.evidence.tree import leaf_hashes

FOLDER = "log"  # of the tiles, under the store


class Published(msgspec.Struct, frozen=True):
    """One checkpoint as the log signed it, and its number from 1."""

    number: int
    checkpoint: Checkpoint
    note: bytes


def shelf_of(house: Store) -> Shelf:
    """Where a store's tiles stand."""
    return Shelf(house.folder / FOLDER)


def published(connection: Connection) -> list[Published]:
    """Every checkpoint, oldest first. Raises `InputError` for one that cannot be read."""
    rows = connection.execute(select(checkpoints.c.number, checkpoints.c.note).order_by(checkpoints.c.number))
    return [
        Published(number, Checkpoint.from_text(Note.from_bytes(note).text), note) for number, note in rows
    ]


def cosigned(connection: Connection, one: Published) -> bytes:
    """A checkpoint with the cosignatures that came in for it, as it is handed out."""
    rows = connection.execute(
        select(cosignatures.c.vkey, cosignatures.c.signature)
        .where(cosignatures.c.checkpoint == one.number)
        .order_by(cosignatures.c.number)
    )
    note = Note.from_bytes(one.note)
    lines = tuple((key.name, key.id, value) for vkey, value in rows if (key := Cosigner.from_text(vkey)))
    return Note(note.text, note.signatures + lines).to_bytes()


def public_key(connection: Connection) -> PublicKey | None:
    """The log's public key; None before the first checkpoint."""
    found = connection.execute(select(log_keys.c.vkey).where(log_keys.c.number == 1)).scalar()
    return PublicKey.from_text(found) if found is not None else None


def witnesses(connection: Connection) -> list[Cosigner]:
    """The witnesses accepted, in the order in which they were."""
    rows = connection.execute(
        select(log_keys.c.vkey).where(log_keys.c.number > 1).order_by(log_keys.c.number)
    )
    return [Cosigner.from_text(vkey) for vkey in rows.scalars()]


def checkpoint(
    house: Store, key_file: Path | None = None, name: str = "", *, anew: bool = False
) -> Published:
    """The checkpoint of everything committed: the last one, or a new one where leaves were added.

    The key is read from ``key_file`` (by default ``log.key`` in the store's folder), and made there by the
    first checkpoint, under ``name``. Leaves are read in a transaction of their own, so they are durable
    before their tiles are written, and the tiles are written before anything is signed. ``anew`` makes all
    tiles again from the leaves; missing ones are made again in any case. Raises
    `RefusedError` where leaves or tiles contradict a checkpoint that was signed, or the key is another.
    """
    with alone(house.folder, "checkpoint"):
        with house.database.read() as connection:
            size = log.size(connection)
            earlier = published(connection)
            known = public_key(connection)
            last = earlier[-1].checkpoint if earlier else None
            if last is not None and last.size > size:
                raise _forked(f"leaves {size} to {last.size - 1} are gone")
            known_roots = [one.checkpoint for one in earlier]
            root = _write_tiles(connection, shelf_of(house), size, known_roots, anew=anew)
        if last is not None and last.size == size:
            return earlier[-1]
        key = _key(key_file or house.folder / logkey.KEY_FILE, name, known)
        made = Checkpoint(key.name, size, root)
        note = sign(made.to_text(), [key]).to_bytes()
        with house.database.begin() as connection:
            if known is None:
                add(connection, log_keys, vkey=key.public.to_text())
            number = add(connection, checkpoints, size=size, root=root.hex(), note=note)
        return Published(number, made, note)


def _key(path: Path, name: str, known: PublicKey | None) -> SecretKey:
    if known is None and not path.exists():
        return logkey.make(path, name)
    key = logkey.load(path)
    if known is not None and key.public != known:
        raise RefusedError(
            f"{path} is another key than the one that signed this log so far",
            hint=f"name the secret key of {known.name} with --key",
        )
    if name and name != key.name:
        raise InputError(f"the log's key is called {key.name}, not {name}", hint="leave --name out")
    return key


def _forked(what: str) -> RefusedError:
    return RefusedError(
        f"the log contradicts a checkpoint that was signed: {what}",
        hint="nothing was signed; see ringfence log fsck, and restore from a backup",
    )


def _write_tiles(
    connection: Connection, shelf: Shelf, size: int, earlier: list[Checkpoint], *, anew: bool
) -> bytes:
    """Write the tiles of ``size`` leaves; returns the root. Every earlier root is compared."""
    last = earlier[-1] if earlier else None
    if last is not None and not anew and _whole(shelf, earlier):
        try:
            if all(Reader(shelf, one.size).root() == one.root for one in earlier):
                return last.root if last.size == size else _build(connection, shelf, size, [last], last.size)
        except (StoreError, RefusedError):
            pass  # tiles are made from leaves: make all of them again, and compare all
    return _build(connection, shelf, size, earlier, 0)


def _whole(shelf: Shelf, earlier: list[Checkpoint]) -> bool:
    edges = (tile for one in earlier for tile in edge_of(one.size))
    return all(map(shelf.has, edges)) and all(map(shelf.has, tiles_of(earlier[-1].size)))


def _build(connection: Connection, shelf: Shelf, size: int, known: list[Checkpoint], done: int) -> bytes:
    """Build from the leaves, going on after ``done`` of them; refuse where a known root is another."""
    partial: dict[tuple[int, int], list[Tile]] = {}
    for tile in (tile for one in known for tile in edge_of(one.size)):
        partial.setdefault((tile.level, tile.number), []).append(tile)

    def write(level: int, number: int, items: Sequence[bytes]) -> None:
        for tile in partial.get((level, number), ()):
            if tile.width < len(items):
                shelf.write(level, number, items[: tile.width])
        shelf.write(level, number, items)

    builder = Builder(write, [one.size for one in known])
    start = done // WIDTH * WIDTH
    if start:
        upper = {tile.level: shelf.items(tile) for tile in edge_of(start) if tile.level > 0}
        builder.resume(start, [upper.get(level, []) for level in range(1, max(upper) + 1)])
    for hashes, entries in log.tiles(connection, start, size):
        first = builder.size
        if leaf_hashes(entries) != hashes:
            raise _forked(f"a leaf between {first} and {first + len(hashes) - 1} was changed")
        builder.add(hashes, entries)
    root = builder.end()
    if builder.size != size:
        raise _forked("leaves are missing")
    for one in known:
        if builder.roots.get(one.size) != one.root:
            raise _forked(f"the root of the first {one.size} leaves is another")
    return root
