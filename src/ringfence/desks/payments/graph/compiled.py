"""Functions that run as machine code: 64-bit integers and arrays of them, no Python object per event."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., object])

_FILES = sorted(Path(__file__).parent.glob("*.py"))
_SOURCES = sha256(b"".join(file.read_bytes() for file in _FILES)).hexdigest()


def compiled(function: Function) -> Function:
    """The function compiled at its first call; kept on disk for the next process where there is a place."""
    try:
        made: Any = numba.njit(cache=True)(function)
    except RuntimeError:  # no folder that may be written to
        return cast(Function, numba.njit(function))
    # Numba asks whether the file of a function has changed; its code holds what it calls in other files too.
    with contextlib.suppress(AttributeError):
        made._cache._cache_file._source_stamp = _SOURCES
    return cast(Function, made)
