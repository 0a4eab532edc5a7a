"""Parameters: what each number of `rules.toml` may be, so that every engine can compare it exactly.

Engines compare whole numbers of 64 bits. A count or a share with a fraction, or a window beyond the order
keys, would mean one thing in SQL and another in compiled code: it is refused where the rules are read.
"""

from __future__ import annotations

import re
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ringfence.core.errors import InputError

SHIFT: Final = 20  # bits of an order key below the millisecond
SPREADS: Final = 13  # of a coin multiple: bits of one asset
_UNITS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DAYS: Final = 100_000  # of a window: all the years that a ledger may have, and a difference of order keys
_MANY: Final = 100  # of a list: a limit's number has room for so many
_SPANS: Final = ("window", "quiet", "hop", "stale")
_COUNTS: Final = ("receipts", "parts", "payers", "amounts", "times", "collectors", "legs", "words")
# The largest of each: thousandths of shares, spreads and weights; o'clock; CNY. Whole where it says so.
_WHOLE: Final = {
    **dict.fromkeys(_COUNTS, 10**6), "low": 10**6, "high": 10**6, "share": 10**6, "weight": 1000,
    "spread": 999, "begins": 24, "ends": 24,
}  # fmt: skip
_NUMBERS: Final = {"least": 10**12, "tolerance": 10**6}
_FRACTIONS: Final = {("structuring", "low"), ("structuring", "high")}  # of a limit: not of a sum


def span(text: object) -> int:
    """A window as a difference of order keys: "2h" is 2 hours. Raises `InputError`."""
    found = re.fullmatch(r"([0-9]{1,12})([smhd])", text) if isinstance(text, str) else None
    ms = int(found[1]) * _UNITS[found[2]] if found else 0
    if 0 < ms <= _DAYS * _UNITS["d"]:
        return ms << SHIFT
    said = f"longer than {_DAYS} days" if ms else "not a window"
    raise InputError(f"{said}: {text!r}", hint='a number and s, m, h or d, such as "24h"')


def check(typology: str, values: dict[str, Any], name: str) -> None:
    """Raises `InputError` for the first parameter of a typology that makes no sense; ``name`` is the file."""
    for key, value in values.items():
        try:
            _one(typology, key, value)
        except InputError as error:
            raise InputError(f"{name}: {typology}.{key}: {error}", hint=error.hint) from error
    if "step" in values and len(range(-values["spread"], values["spread"] + 1, values["step"])) > SPREADS:
        raise InputError(f"{name}: {typology}: more than {SPREADS} spreads", hint="a wider step")
    if "low" in values and values["low"] > values["high"]:
        raise InputError(f"{name}: {typology}.low is above {typology}.high")


def _one(typology: str, key: str, value: object) -> None:
    if key in _SPANS:
        span(value)
    elif key == "windows":
        for one in _listed(value):
            span(one)
    elif key in ("limits", "mantissas"):
        for one in _listed(value):
            _number(one, 1, 10**12 if key == "limits" else 1000, whole=True)
    elif key == "zone":
        _zone(value)
    elif key == "source":
        if not isinstance(value, str):
            raise InputError("not text", hint="write it in quotation marks")
    elif key == "step":
        _number(value, 1, 999, whole=True)
    elif key in _WHOLE:
        _number(value, 0, _WHOLE[key], whole=(typology, key) not in _FRACTIONS)
    else:
        _number(value, 0, _NUMBERS[key], whole=False)


def _listed(value: object) -> list[object]:
    if not isinstance(value, list) or not 0 < len(value) <= _MANY:
        raise InputError(f"not a list of 1 to {_MANY}")
    return value


def _number(value: object, least: int, most: int, *, whole: bool) -> None:
    of = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, of) or not least <= value <= most:
        raise InputError(f"not a {'whole ' if whole else ''}number from {least} to {most}")


def _zone(value: object) -> None:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"no such time zone: {value!r}", hint="a name such as Asia/Shanghai") from error
