"""One writer for records that are hashed: JSON with sorted keys, UTF-8, no spaces, no floats.

A digest is a promise about bytes, so everything that is logged, compared in a replay or
signed goes through here and nowhere else.
"""

from __future__ import annotations

import hashlib

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")


def canonical(record: object) -> bytes:
    """The canonical bytes of a record (a msgspec struct, mapping, sequence or scalar).

    Raises `TypeError` for a float: another processor's rounding must change nothing, so
    timings are integer microseconds and scores integer thousandths.
    """
    plain = msgspec.to_builtins(record, str_keys=True)
    _refuse_floats(plain)
    return _encoder.encode(plain)


def digest(data: bytes) -> str:
    """``sha256:`` and 64 lower-case hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float cannot enter a canonical record: {value!r}")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)
