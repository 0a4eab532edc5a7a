"""The log's key: one file beside the store that only its owner can read, never in the database."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from ringfence.core.errors import InputError
from ringfence.core.note import SecretKey

KEY_FILE = "log.key"


def load(path: Path) -> SecretKey:
    """The key in a file. Raises `InputError`, which never quotes it."""
    try:
        return SecretKey.from_text(path.read_text("ascii"))
    except OSError as error:
        raise InputError(
            f"cannot read the key {path}: {error.strerror}", hint="name the log's key file with --key"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not a secret key", hint="name the log's key file with --key") from error


def make(path: Path, name: str = "") -> SecretKey:
    """A new key in a new file (mode 0600), named at random unless a name is given. Raises `InputError`."""
    key = SecretKey.generate(name or f"ringfence-log/{secrets.token_hex(8)}")
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key.to_text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}", hint="name a new file") from error
    return key
