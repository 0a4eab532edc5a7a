"""Load a pack: a folder of TOML files, checked before anything is assessed by it."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.core.settings import Settings
from ringfence.rulebook.check import problems
from ringfence.rulebook.provision import Breach, Guidance, Head, Pack, Power, Value

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
RETENTION = "retention.toml"  # how long records are kept: `ringfence.rulebook.retention` reads it


class PackError(InputError):
    """A pack that is refused. ``problems`` holds every reason, each with its file or provision."""

    def __init__(self, name: str, reasons: tuple[str, ...]) -> None:
        self.problems = reasons
        listed = "".join(f"\n  - {reason}" for reason in reasons)
        super().__init__(
            f"the pack {name} is refused:{listed}", hint="docs/method/rulebook.md describes the format"
        )


class _File(Value, frozen=True):
    """One file of provisions."""

    breach: tuple[Breach, ...] = ()
    power: tuple[Power, ...] = ()
    guidance: tuple[Guidance, ...] = ()


def load_pack(name: str | Path) -> Pack:
    """A bundled pack by its jurisdiction (``cn``), one of the user's own (see `own_pack`), or one from a
    folder (a `Path`).

    Every ``*.toml`` of the folder belongs to it, but for the periods of retention, which change no
    assessment; subfolders (worked cases) do not. Raises `PackError` with all its problems, `InputError`
    for a pack that does not exist.
    """
    if isinstance(name, Path):
        return _load(name)
    if name not in bundled_packs():
        pack = _load(folder := own_pack(name))
        if pack.head.jurisdiction != name:
            raise InputError(f"{folder} holds a pack of {pack.head.jurisdiction}", hint="name it so")
        return pack
    with as_file(files("ringfence.rulebook") / "packs" / name) as folder:
        return _load(folder)


def bundled_packs() -> tuple[str, ...]:
    """The jurisdictions of the bundled packs, in order."""
    root = files("ringfence.rulebook") / "packs"
    return tuple(sorted(entry.name for entry in root.iterdir() if (entry / "pack.toml").is_file()))


def own_pack(name: str) -> Path:
    """The folder of a pack that is not bundled: ``RINGFENCE_PACKS/name``. Raises `InputError` where there is
    none. A bundled pack is never replaced by one."""
    place = Settings.read().packs
    folder = place / name if place and _NAME.fullmatch(name) else None
    if folder is None or not (folder / "pack.toml").is_file():
        where = f"there is none in {place}" if place else "RINGFENCE_PACKS names a folder of others"
        raise InputError(f"no pack {name!r}", hint=f"bundled are {', '.join(bundled_packs())}; {where}")
    return folder


def pack_digest(content: dict[str, Any]) -> str:
    """The digest of a pack's parsed files by name: comments and layout do not count, every value does.
    Raises `TypeError` for a float."""
    return digest(canonical(content))


def _load(folder: Path) -> Pack:
    content: dict[str, Any] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        if path.name == RETENTION:
            continue
        try:
            content[path.name] = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            wrong.append(f"{path.name}: not TOML: {error}")
    if "pack.toml" not in content and not wrong:
        raise InputError(f"no pack in {folder}: pack.toml is missing", hint="name the folder of a pack")
    head: Head | None = None
    parts: list[_File] = []
    for name, tables in content.items():
        try:
            if name == "pack.toml":
                head = msgspec.convert(tables, Head)
            else:
                parts.append(msgspec.convert(tables, _File))
        except msgspec.ValidationError as error:
            wrong.append(f"{name}: {error}")
    if wrong or head is None:
        raise PackError(folder.name, tuple(wrong or ["pack.toml cannot be read"]))
    try:
        seal = pack_digest(content)
    except TypeError as error:
        raise PackError(folder.name, (str(error),)) from error
    pack = Pack(
        head=head,
        breaches=tuple(breach for part in parts for breach in part.breach),
        powers=tuple(power for part in parts for power in part.power),
        guidance=tuple(text for part in parts for text in part.guidance),
        digest=seal,
    )
    found = problems(pack)
    if found:
        raise PackError(folder.name, found)
    return pack
