"""The folder of a laboratory: one at a time is up in it, and others steer it through its files."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from ringfence.core.errors import InputError, RefusedError, StoreError

if TYPE_CHECKING:
    from ringfence.lab.country import Status
    from ringfence.lab.files import LabFiles
    from ringfence.lab.process import LabHandle

LOCK = "laboratory"


class _Elsewhere:
    """A laboratory's process that somebody else started: alive while its folder is held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def poll(self) -> int | None:
        """None while it runs, like `subprocess.Popen.poll`."""
        return None if is_up(self._folder) else 0


def attach(folder: Path) -> LabHandle:
    """Steer the laboratory that is up in a folder. Raises `InputError` if none is."""
    from ringfence.lab.process import LabHandle

    files = files_of(folder)
    if not is_up(folder):
        raise InputError(f"no laboratory is up in {folder}", hint=f"ringfence lab up --dir {folder}")
    # The handle asks its process nothing but whether it still runs.
    return LabHandle(files, cast("subprocess.Popen[bytes]", _Elsewhere(folder)))


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Hold a folder for one laboratory. Raises `RefusedError` while another is up in it."""
    from ringfence.core.work import alone

    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(alone(folder, LOCK))
        except StoreError as error:
            raise RefusedError(
                f"a laboratory is up in {folder} already", hint="end it with Ctrl-C, or name another --dir"
            ) from error
        except OSError as error:
            raise InputError(
                f"cannot use {folder}: {error.strerror}",
                hint="name a folder that you may write to with --dir",
            ) from error
        yield


def is_up(folder: Path) -> bool:
    """Whether a laboratory is up in a folder."""
    from ringfence.core.work import alone

    if not (folder / f"{LOCK}.lock").exists() or not (folder / "status.json").exists():
        return False
    try:
        with alone(folder, LOCK):
            return False
    except StoreError:
        return True


def files_of(folder: Path) -> LabFiles:
    """The files of a laboratory. Raises `InputError` where none was ever up."""
    from ringfence.lab.files import LabFiles

    files = LabFiles(folder)
    if not files.register.exists():
        raise InputError(f"no laboratory in {folder}", hint=f"ringfence lab up --dir {folder}")
    return files


def status_of(files: LabFiles) -> Status:
    """What is in force."""
    from ringfence.lab.country import Status

    return msgspec.json.decode(files.status.read_bytes(), type=Status)


def listing(files: LabFiles) -> list[dict[str, str]]:
    """The rows of the register that the laboratory gives out: no labels."""
    with files.register.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
