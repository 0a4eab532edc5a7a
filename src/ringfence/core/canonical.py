"""One writer for records that are hashed: JSON with sorted keys, UTF-8, no spaces, no floats.

A digest is a promise about bytes, so everything that is logged, compared in a replay or
signed goes through here and nowhere else.
"""

from __future__ import annotations

import dataclasses
import hashlib

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")


def canonical(record: object) -> bytes:
    """The canonical bytes of a record (a msgspec struct, mapping, sequence or scalar).

    Raises `TypeError` for a float (another processor's rounding must change nothing, so timings
    are integer microseconds and scores integer thousandths), for a set (its order changes from
    one process to the next) and for a mapping in which two keys would be written alike.
    """
    _refuse(record)
    return _encoder.encode(msgspec.to_builtins(record, str_keys=True))


def digest(data: bytes) -> str:
    """``sha256:`` and 64 lower-case hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def _refuse(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"a float cannot enter a canonical record: {value!r}")
    if isinstance(value, set | frozenset):
        raise TypeError(f"a set has no order of its own: {value!r}")
    if isinstance(value, dict):
        if len({str(key) for key in value}) < len(value):
            raise TypeError(f"two keys of a canonical record are written alike: {sorted(map(str, value))}")
        for key, item in value.items():
            _refuse(key)
            _refuse(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _refuse(getattr(value, name))
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            _refuse(getattr(value, field.name))
