"""Examine: an export, read as a stranger would: every entry, tile, checkpoint and cosignature."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import NoteError, PublicKey
from ringfence.evidence.builder import Builder
from ringfence.evidence.check_leaves import Tiles
from ringfence.evidence.checkpoint import Checkpoint, opened
from ringfence.evidence.cosigner import Cosigner
from ringfence.evidence.sealed import Problem
from ringfence.evidence.shelf import Shelf
from ringfence.evidence.tile import ENTRIES, WIDTH, Tile, from_bytes
from ringfence.evidence.tree import leaf_hashes


class Examined(msgspec.Struct, frozen=True):
    """The latest checkpoint, the roots asked for, which witnesses cosigned it when (seconds since 1970),
    and what is wrong."""

    checkpoint: Checkpoint
    note: bytes
    roots: dict[int, bytes]
    cosigned: dict[str, int]
    problems: tuple[Problem, ...]


def public_key(folder: Path) -> PublicKey:
    """The key that an export names as its log's. Raises `InputError`. Who checks a log gets its key by
    another way."""
    return PublicKey.from_text(_text(folder / "public.vkey"))


def examine(
    folder: Path, key: PublicKey, sizes: tuple[int, ...] = (), witnesses: tuple[Cosigner, ...] = ()
) -> Examined:
    """Read a whole export, in memory that does not grow with it; ``sizes`` are further sizes whose roots
    are wanted, ``witnesses`` those looked for beside the ones that the export names. Raises
    `InputError` where it cannot be read or its checkpoint is not the log's."""
    problems: list[Problem] = []
    data = _bytes(folder / "checkpoint")
    last, note = opened(data, key)
    files = sorted(
        (path for path in (folder / "checkpoints").glob("*") if path.name.isdigit()),
        key=lambda path: int(path.name),
    )
    roots: dict[int, bytes] = {}
    for number, path in enumerate(files, 1):
        where = f"checkpoints/{path.name}"
        try:
            one, _ = opened(_bytes(path), key)
        except InputError as error:
            problems.append(Problem(where, error.message))
            continue
        if path.name != f"{number:03d}" or (roots and one.size <= max(roots)):
            problems.append(Problem(where, "it is not the next one"))
        roots[one.size] = one.root
    if roots.get(last.size) != last.root or last.size != max(roots, default=-1):
        problems.append(Problem("checkpoint", "it is not the last of those published"))
    roots[last.size] = last.root
    shelf = Shelf(folder)
    tiles = Tiles(shelf, sorted(roots), problems, shelf.files())
    builder = Builder(tiles.compare, [*roots, *(size for size in sizes if size <= last.size)])
    for number in range(-(-last.size // WIDTH)):
        tile = Tile(ENTRIES, number, min(WIDTH, last.size - number * WIDTH))
        entries = from_bytes(tile, shelf.read(tile))
        builder.add(leaf_hashes(entries), entries)
    builder.end()
    problems += tiles.left()
    for size, root in sorted(roots.items()):
        if builder.roots[size] != root:
            problems.append(Problem(f"checkpoint of {size}", "its root is not that of the entries"))
    cosigned: dict[str, int] = {}
    vkeys = folder / "witness.vkeys"
    named = [Cosigner.from_text(line) for line in _text(vkeys).splitlines()] if vkeys.exists() else []
    if named and _bytes(vkeys) != "".join(f"{one.to_text()}\n" for one in named).encode():
        problems.append(Problem("witness.vkeys", "not one key a line"))
    if _bytes(folder / "public.vkey") != f"{key.to_text()}\n".encode():
        problems.append(Problem("public.vkey", "it is not the key that this log is held to"))
    for witness in dict.fromkeys((*named, *witnesses)):
        claimed = any((name, id_) == (witness.name, witness.id) for name, id_, _ in note.signatures)
        seconds = witness.time(note)
        if seconds is not None:
            cosigned[witness.to_text()] = seconds
        elif claimed:
            problems.append(Problem("checkpoint", f"the cosignature of {witness.name} is wrong"))
    return Examined(last, data, builder.roots, cosigned, tuple(problems))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot read {path}: {error.strerror}", hint="name a folder of log export"
        ) from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise NoteError(f"{path.name} is not text") from error
