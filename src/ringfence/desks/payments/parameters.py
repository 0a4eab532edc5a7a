"""Parameters: what each one of a rules file may be, so that every engine understands it alike."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ringfence.core.errors import InputError

_UNITS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_LONGEST: Final = timedelta(days=3660) // timedelta(milliseconds=1)
SHIFT: Final = 20  # bits of an order key below the millisecond
SPREADS: Final = 13  # of a coin multiple: bits of one asset
_LIMITS: Final = 100  # of a sign that is one byte
_RATES: Final = (Decimal("1e-9"), Decimal("1e9"))

# Whole numbers, from and to. Engines hold them as such: half a receipt would be none to one of them.
_WHOLE: Final = {
    **dict.fromkeys(
        ("receipts", "parts", "payers", "amounts", "times", "collectors", "legs", "words"), (1, 1_000_000)
    ),
    **dict.fromkeys(("low", "high"), (0, 1_000_000)), "share": (0, 1000), "weight": (0, 1000),
    "begins": (0, 24), "ends": (0, 24), "spread": (0, 999), "step": (1, 999),
}  # fmt: skip
# Numbers that may have decimals: money in CNY, and shares that no engine but the signs works with.
_NUMBERS: Final = {"least": 10**9, "tolerance": 10**9}
_FINE: Final = {
    ("structuring", "low"): 1000,
    ("structuring", "high"): 1000,
    ("coin_multiple", "tolerance"): 1000,
}
_SPANS: Final = frozenset({"window", "quiet", "hop", "stale"})
_LISTS: Final = {"limits": 10**9, "mantissas": 100}


def span(text: object) -> int:
    """A window as a difference of order keys: "2h" is 2 hours. Raises `InputError`."""
    if isinstance(text, str) and text[:-1].isascii() and text[:-1].isdigit() and text[-1:] in _UNITS:
        ms = int(text[:-1]) * _UNITS[text[-1]] if len(text) <= 12 else _LONGEST + 1
        if ms > _LONGEST:
            raise InputError(f"a window longer than ten years: {text!r}", hint='such as "24h" or "30d"')
        if ms > 0:
            return ms << SHIFT
    raise InputError(f"not a window: {text!r}", hint='a number and s, m, h or d, such as "24h"')


def near(name: str, known: Iterable[str]) -> str:
    """A hint: what was meant, and what there is."""
    all_of_them = list(known)
    close = difflib.get_close_matches(name, all_of_them, 1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"{meant}known: {', '.join(all_of_them)}"


def check_names(given: Mapping[str, Any], bundled: Mapping[str, Any], name: str) -> None:
    """Raises `InputError` for a table or a parameter that there is none of."""
    for table, values in given.items():
        if table not in bundled:
            raise InputError(f"{name}: unknown: {table}", hint=near(table, bundled))
        if isinstance(bundled[table], dict) != isinstance(values, dict):
            hint = f"a table: [{table}]" if isinstance(bundled[table], dict) else f'{table} = "…"'
            raise InputError(f"{name}: {table} is not what it should be", hint=hint)
        if isinstance(values, dict) and table != "money":
            for key in values:
                if key not in bundled[table]:
                    raise InputError(f"{name}: unknown: {table}.{key}", hint=near(key, bundled[table]))
    if "version" in given and not (isinstance(given["version"], (str, int)) and str(given["version"])):
        raise InputError(f"{name}: version is not a text", hint='such as version = "2"')


def rates(given: Mapping[str, Any], name: str) -> dict[str, Decimal]:
    """CNY for one unit of each currency. Raises `InputError`."""
    made = {}
    for code, value in given.items():
        if code != "other" and not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise InputError(f"{name}: money.{code} is no currency", hint='three letters, such as USD = "7"')
        try:
            rate = Decimal(str(value))
        except InvalidOperation:
            rate = Decimal("nan")
        if isinstance(value, bool) or not rate.is_finite() or not _RATES[0] <= rate <= _RATES[1]:
            raise InputError(
                f"{name}: money.{code}: not a number from 0.000000001 to 1000000000",
                hint='CNY for one, such as USD = "7"',
            )
        made[code] = rate
    return made


def check(typology: str, values: Mapping[str, Any], name: str, bundled: Mapping[str, Any]) -> None:
    """Raises `InputError` for a value that makes no sense; the hint has the bundled one."""
    for key, value in values.items():
        try:
            _check_one(typology, key, value)
        except InputError as error:
            raise InputError(
                f"{name}: {typology}.{key}: {error}",
                hint=error.hint or f"bundled: {key} = {msgspec.json.encode(bundled[key]).decode()}",
            ) from error
    if "step" in values and len(range(-values["spread"], values["spread"] + 1, values["step"])) > SPREADS:
        raise InputError(f"{name}: {typology}: more than {SPREADS} spreads", hint="a wider step")
    if "low" in values and values["low"] > values["high"]:
        raise InputError(
            f"{name}: {typology}.low is above {typology}.high",
            hint=f"low = {values['low']} and high = {values['high']}, in thousandths",
        )


def _check_one(typology: str, key: str, value: object) -> None:
    if key in _SPANS:
        span(value)
    elif key == "windows":
        if not isinstance(value, list) or not value:
            raise InputError("no list of windows")
        for one in value:
            span(one)
    elif key in _LISTS:
        good = isinstance(value, list) and 0 < len(value) <= _LIMITS
        if not good or any(not _is_whole(one, 1, _LISTS[key]) for one in cast("list[object]", value)):
            raise InputError(f"not a list of whole numbers from 1 to {_LISTS[key]}")
    elif key == "zone":
        _check_zone(value)
    elif key == "source":
        if not isinstance(value, str):
            raise InputError("not a text")
    elif (most := _FINE.get((typology, key)) or _NUMBERS.get(key)) is not None:
        if not _is_number(value, most):
            raise InputError(f"not a number from 0 to {most}")
    elif not _is_whole(value, *_WHOLE[key]):
        raise InputError("not a whole number from {} to {}".format(*_WHOLE[key]))


def _is_number(value: object, most: int) -> bool:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return plain and 0 <= cast("float", value) <= most


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _check_zone(value: object) -> None:
    try:
        ZoneInfo(value if isinstance(value, str) else "")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(f"no such time zone: {value}", hint="a name such as Asia/Shanghai") from error
