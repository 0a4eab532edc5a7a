"""Functions that run as machine code: 64-bit integers and arrays of them, no Python object per event."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """The function compiled at its first call, and kept on disk for the next process."""
    return cast(Function, numba.njit(cache=True)(function))
