"""Folder: a report's folder is replaced as a whole, and only if a report wrote it."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfence.core.errors import InputError, StoreError

MARKER = ".ringfence-report"


@contextmanager
def replaced(directory: Path) -> Iterator[Path]:
    """A temporary folder beside ``directory`` that takes its place when the block ends well.

    On an error the old folder stays as it was. Raises `InputError` for a place that holds something
    else, `StoreError` where it cannot be written.
    """
    target = Path(os.path.abspath(directory))  # noqa: PTH100 (resolve() would follow a link at the target)
    _ours(target)
    beside = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    old = beside.with_name(beside.name + ".old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside.mkdir()
        try:
            (beside / MARKER).write_text("This folder was written by ringfence report.\n", "utf-8")
            yield beside
            _ours(target)
            if target.exists():
                target.rename(old)
            try:
                beside.rename(target)
            except OSError:
                if old.exists():
                    old.rename(target)
                raise
        finally:
            shutil.rmtree(beside, ignore_errors=True)
            if target.exists():
                shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"cannot write the report to {directory}: {error.strerror or error}",
            hint="name a folder that you may write to with --out, and see that the disk has room",
        ) from error


def _ours(target: Path) -> None:
    """Refuse a place that holds something that no report wrote; an empty folder holds nothing."""
    if target.is_symlink():
        raise InputError(f"{target} is a link", hint="name the folder itself with --out")
    if not target.exists():
        return
    if not target.is_dir():
        raise InputError(f"{target} is a file", hint="name a folder with --out")
    if not (target / MARKER).is_file() and any(target.iterdir()):
        raise InputError(
            f"{target} holds files that no report wrote",
            hint="name a new or an empty folder with --out; nothing there was touched",
        )
