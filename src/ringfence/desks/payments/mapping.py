"""The mapping file: which of a source's columns mean what, and in which time and money it counts."""

from __future__ import annotations

import difflib
import tomllib
import zoneinfo
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

from ringfence.core.errors import InputError

CANONICAL: Final = ("tx_id", "ts", "seq", "payer", "payee", "amount_minor", "currency", "channel", "memo")
REQUIRED: Final = ("tx_id", "ts", "payer", "payee", "amount_minor", "currency")
FORMATS: Final = ("iso", "epoch", "step")
UNITS: Final = {"ns": Decimal("0.001"), "us": Decimal(1), "ms": Decimal(1000), "s": Decimal(10**6),
                "h": Decimal(3600 * 10**6), "d": Decimal(86400 * 10**6)}  # fmt: skip
_TABLES: Final = {
    "columns": CANONICAL,
    "constants": CANONICAL,
    "time": ("format", "unit", "zone", "origin"),
    "amount": ("scale",),
    "channel": ("scan",),
    "file": ("encoding", "delimiter"),
}
# Words for a scanned code that need no mapping.
SCAN: Final = frozenset(
    "scan scan_code scan-code scancode qr qr_code qr-code qrcode 扫码 扫码支付 二维码 扫一扫".split()
)


@dataclass(frozen=True)
class Mapping:
    """How one source is read. ``scale`` is minor units per source unit; ``unit`` is µs per source unit;
    ``origin`` is µs since 1970 (of step 0). Without a file: canonical names, ISO times, minor units."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    format: str = "iso"
    unit: Decimal = UNITS["s"]
    zone: str = "UTC"
    origin: int = 0
    scale: Decimal = Decimal(1)
    whole: bool = True  # no scale was given: an amount with decimals is no amount in minor units
    scan: frozenset[str] = SCAN
    encoding: str | None = None
    delimiter: str = ","
    given: bool = False  # by a file: then a source without ids is taken, and its rows are numbered

    @classmethod
    def load(cls, path: Path) -> Mapping:
        """From a TOML file. Raises `InputError`."""
        try:
            tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{path} is not TOML: {error}", hint="see docs/guide/examples") from error
        return cls.from_dict(tables, str(path))

    @classmethod
    def from_dict(cls, tables: dict[str, Any], where: str = "the mapping") -> Mapping:
        """From the tables of a mapping file. Raises `InputError`, for unknown keys too."""
        for table, keys in tables.items():
            _known(table, tuple(_TABLES), f"{where}: no table", "[{}]")
            if not isinstance(keys, dict):
                raise InputError(f"{where}: {table} is not a table", hint=f"write [{table}]")
            for key in keys:
                _known(key, _TABLES[table], f"{where}: [{table}] knows no", "{}")
        columns = {key: _text(value, where, key) for key, value in tables.get("columns", {}).items()}
        constants = {key: _text(value, where, key) for key, value in tables.get("constants", {}).items()}
        both = sorted(set(columns) & set(constants))
        if both:
            raise InputError(f"{where}: {both[0]} is a column and a constant", hint="keep one of the two")
        for key in ("tx_id", "seq"):
            if key in constants:
                raise InputError(f"{where}: {key} cannot be a constant", hint="it tells payments apart")
        time, file = tables.get("time", {}), tables.get("file", {})
        return cls(
            columns, constants,
            scale=_scale(tables.get("amount", {}).get("scale", 1), where),
            whole="scale" not in tables.get("amount", {}),
            scan=SCAN | {_text(word, where, "scan").strip().lower() for word in _words(tables, where)},
            encoding=file.get("encoding"), delimiter=_delimiter(file.get("delimiter", ","), where),
            given=True, **_time(time, where),
        )  # fmt: skip


def _known(key: str, known: tuple[str, ...], said: str, shape: str) -> None:
    if key not in known:
        near = difflib.get_close_matches(key, known, 1, 0.5) or [one for one in known if one.startswith(key)]
        meant = f"did you mean {shape.format(near[0])}? " if near else ""
        raise InputError(f"{said} {shape.format(key)}", hint=f"{meant}known: {', '.join(known)}")


def _text(value: object, where: str, key: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{where}: {key} is not text", hint="write it in quotation marks")
    return str(value)


def _words(tables: dict[str, Any], where: str) -> list[object]:
    words = tables.get("channel", {}).get("scan", [])
    if not isinstance(words, list):
        raise InputError(f"{where}: scan is not a list", hint='write scan = ["QR", "C2B"]')
    return words


def _scale(value: object, where: str) -> Decimal:
    try:
        scale = Decimal(str(value))
    except InvalidOperation:
        scale = Decimal(0)
    if isinstance(value, bool) or not scale.is_finite() or not 0 < scale <= 10**18:
        raise InputError(f"{where}: scale is not a number above 0", hint="100 for cents, 1 for minor units")
    return scale


def _delimiter(value: object, where: str) -> str:
    if not isinstance(value, str) or len(value) != 1 or value in '"\r\n' or not value.isascii():
        raise InputError(f"{where}: the delimiter is not one character", hint=r'"," or ";" or "\t"')
    return value


def _time(time: dict[str, Any], where: str) -> dict[str, Any]:
    form = time.get("format", "iso")
    if form not in FORMATS:
        raise InputError(f"{where}: no time format {form!r}", hint=f"one of {', '.join(FORMATS)}")
    unit = time.get("unit", "s" if form != "step" else None)
    if unit is None:
        raise InputError(f"{where}: steps of which length?", hint='[time] unit = "h", for example')
    if unit not in UNITS:
        raise InputError(f"{where}: no unit of time {unit!r}", hint=f"one of {', '.join(UNITS)}")
    zone = time.get("zone", "UTC")
    try:
        zoneinfo.ZoneInfo(zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise InputError(f"{where}: no time zone {zone!r}", hint="such as Asia/Shanghai") from error
    origin = time.get("origin", "1970-01-01T00:00:00Z")
    text = origin.isoformat() if hasattr(origin, "isoformat") else str(origin)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{where}: origin is not a time: {text!r}", hint="2024-01-01T00:00:00Z") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zoneinfo.ZoneInfo(zone))
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return {"format": form, "unit": UNITS[unit], "zone": zone, "origin": micros}
