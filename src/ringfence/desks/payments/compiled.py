"""Compiled: functions that numba turns into machine code once, kept for the next start.

Kept apart by a digest of the folder that a function stands in, where all that it calls stands: what numba
itself compares (a file's time and size) overlooks a change in a function that is called, and packages of one
build all bear one time. ``NUMBA_CACHE_DIR`` says where; without it the user's own cache, and where none can
be written every start compiles anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_njit: Any = njit  # whose types know not all of its options
_config: Any = numba.config
F = TypeVar("F", bound=Callable[..., Any])


@cache
def _folder(room: Path) -> Path | None:
    sources = b"".join(path.read_bytes() for path in (Path(__file__), *sorted(room.glob("*.py"))))
    name = hashlib.sha256(sources + numba.__version__.encode()).hexdigest()[:16]
    given = os.environ.get("NUMBA_CACHE_DIR")
    own = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ringfence" / "numba"
    folder = (Path(given) if given else own) / f"payments-{name}"
    try:
        # Nobody else may put code there: it is loaded and run.
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK | os.X_OK) else None


def inner(function: F) -> F:
    """A function that only compiled ones call: it becomes part of each of them, and is not kept by itself."""
    made: F = _njit(error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)(function)
    return made


def compiled(function: F) -> F:
    """The function as machine code, made when it is first called."""
    folder = _folder(Path(function.__code__.co_filename).parent)
    before = _config.CACHE_DIR
    try:
        # numba looks at this setting when the function is decorated, and only then.
        _config.CACHE_DIR = str(folder or "")
        made: F = _njit(cache=folder is not None, error_model="numpy")(function)
    finally:
        _config.CACHE_DIR = before
    return made
