"""Export: the log as static files that anybody can serve and check."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError, StoreError
from ringfence.evidence import timestamp
from ringfence.evidence.examine import examine
from ringfence.evidence.publish import (
    checkpoint,
    cosigned,
    public_key,
    published,
    shelf_of,
    witnesses,
)
from ringfence.evidence.store import Store
from ringfence.evidence.tile import edge_of, tiles_of


class Exported(msgspec.Struct, frozen=True):
    """Size and root (32 bytes) of the log, and how many files were written."""

    size: int
    root: bytes
    files: int


def export(house: Store, folder: Path, key_file: Path | None = None) -> Exported:
    """Write everything under the latest checkpoint to a new folder; a checkpoint is made first where leaves
    were added since. It appears whole, and checked, or not at all. Raises `InputError` where it exists."""
    if folder.exists() or folder.is_symlink():
        raise InputError(f"{folder} exists", hint="name a folder that does not, with --out")
    last = checkpoint(house, key_file)
    beside = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        _write(house, beside, last.number)
        timestamp.write(house, beside / "timestamps")
        with house.database.read() as connection:
            key = public_key(connection)
        if key is None:
            raise StoreError("the log has no key", hint="ringfence log checkpoint")
        found = examine(beside, key)
        if found.problems:
            raise StoreError(
                f"the export would not hold: {found.problems[0].where}: {found.problems[0].what}",
                hint="see ringfence log fsck",
            )
        files = sum(path.is_file() for path in beside.rglob("*"))
        beside.rename(folder)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}", hint="name a new folder") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return Exported(found.checkpoint.size, found.checkpoint.root, files)


def _write(house: Store, folder: Path, number: int) -> None:
    with house.database.read() as connection:
        every = [one for one in published(connection) if one.number <= number]
        notes = [cosigned(connection, one) for one in every]
        key = public_key(connection)
        cosigners = witnesses(connection)
    (folder / "checkpoints").mkdir()
    for one, note in zip(every, notes, strict=True):
        (folder / "checkpoints" / f"{one.number:03d}").write_bytes(note)
    (folder / "checkpoint").write_bytes(notes[-1])
    if key is not None:
        (folder / "public.vkey").write_text(f"{key.to_text()}\n", "ascii")
    if cosigners:
        lines = "".join(f"{one.to_text()}\n" for one in cosigners)
        (folder / "witness.vkeys").write_text(lines, "utf-8")
    shelf = shelf_of(house)
    tiles = {tile.path for one in every for tile in edge_of(one.checkpoint.size)}
    tiles |= {tile.path for tile in tiles_of(every[-1].checkpoint.size)}
    for path in sorted(tiles):
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(shelf.root / path, place)
