"""Which files an input is made of, and how each is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.payments.document import ROOTS

Kind = Literal["csv", "parquet", "xml", "json", "lines"]
KINDS: Final[dict[str, Kind]] = {
    ".csv": "csv", ".parquet": "parquet", ".xml": "xml", ".json": "json", ".jsonl": "lines",
    ".ndjson": "lines",
}  # fmt: skip
PACKED: Final = ".gz"
_HINT: Final = f"one of {', '.join(KINDS)}; all but .parquet may be packed ({PACKED})"
_HEAD: Final = 1 << 20  # bytes that are looked at
_LONGEST: Final = 64 << 20  # bytes of a line


def kind_of(path: Path) -> Kind | None:
    """How a file is read, by its name; None where it is not."""
    last = path.suffix.lower()
    if last != PACKED:
        return KINDS.get(last)
    inner = KINDS.get(Path(path.stem).suffix.lower())
    return None if inner == "parquet" else inner


def is_packed(path: Path) -> bool:
    return path.suffix.lower() == PACKED


def is_table(path: Path, kind: Kind) -> bool:
    """Whether a file holds payments in columns, and not payment messages: of JSON lines the first object
    tells. Raises `InputError`."""
    if kind not in ("lines", "json"):
        return kind != "xml"
    if kind == "json" and not looks_like_lines(path):
        return False
    try:
        with path.open("rb") as stream:
            while stream.tell() <= _HEAD and (line := stream.readline(_LONGEST)):
                if (found := _object(line)) is not None:
                    plain = not {"TxTp", "Document", "AppHdr", *ROOTS} & set(found)
                    return plain and (kind == "lines" or bool({"payer", "amount_minor"} & set(found)))
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
    return kind == "lines"


def looks_like_lines(path: Path) -> bool:
    """Whether a .json file holds one JSON text a line. Raises `InputError`."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
    first, _, rest = head.removeprefix(b"\xef\xbb\xbf").strip().partition(b"\n")
    return first.startswith(b"{") and (rest.lstrip().startswith(b"{") or first.rstrip().endswith(b"}"))


def _object(line: bytes) -> dict[str, object] | None:
    try:
        found = msgspec.json.decode(line.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if isinstance(found, dict) else None


def found(paths: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """The files to read, in order (those of a folder by path), and those of folders that are passed over.

    Raises `InputError` where a path is not there, is of another kind, or a folder holds nothing to read.
    """
    files: list[Path] = []
    others: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            taken = [one for one in inside if kind_of(one)]
            if not taken:
                raise InputError(f"{path} holds no payments", hint=f"files end in {_HINT}")
            files += taken
            others += [one for one in inside if not kind_of(one)]
        elif not kind_of(path):
            raise InputError(f"{path}: not a kind of file that is read", hint=_HINT)
        elif not path.is_file():
            raise InputError(f"cannot read {path}: no such file", hint="check the path")
        else:
            files.append(path)
    if not files:
        raise InputError("no payments were given", hint="name a file or a folder")
    return files, others
