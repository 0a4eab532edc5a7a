"""Measures: times and sizes as people write them (``5s``, ``1GB``)."""

from __future__ import annotations

import re
from typing import Final

from ringfence.core.errors import InputError

_TIMES: Final = {"ms": 1_000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000}
_SIZES: Final = {"MB": 10**6, "GB": 10**9, "MIB": 1 << 20, "GIB": 1 << 30}


def time_of(text: str) -> int:
    """Microseconds. Raises `InputError`."""
    return _scaled(text, _TIMES, "5s")


def size_of(text: str) -> int:
    """Bytes. Raises `InputError`."""
    size = _scaled(text, _SIZES, "1GB")
    if not size:
        raise InputError(f"not a size to work in: {text!r}", hint="write 1GB")
    return size


def _scaled(text: str, units: dict[str, int], example: str) -> int:
    found = re.fullmatch(r"(\d+)\s*([A-Za-z]+)", text)
    factor = units.get(found[2], units.get(found[2].upper())) if found else None
    if not found or factor is None:
        raise InputError(f"not a measure: {text!r}", hint=f"write {example}")
    return int(found[1]) * factor
