"""Times that are plain numbers where ISO 8601 was expected: a hint which mapping reads them."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.core.errors import InputError
from ringfence.desks.payments.mapping import Mapping

# Of seconds, 10**8 is 1973 and 10**10 is 2286; the others are a thousand times as fine each.
_UNITS: Final = ((10**8, 10**10, "s"), (10**11, 10**13, "ms"), (10**14, 10**16, "us"), (10**17, 10**19, "ns"))
_WHOLE: Final = r"^\s*[+-]?[0-9]{1,19}(\.[0-9]*)?\s*$"


def check(name: str, table: Any, mapping: Mapping) -> None:  # noqa: ANN401 (an Arrow table, or None)
    """Raises `InputError` where every time of some first rows is a number, and none was expected."""
    if mapping.format != "iso" or table is None or "ts" not in table.column_names:
        return
    cells = pc.drop_null(table["ts"])
    cells = cells.filter(pc.not_equal(pc.utf8_trim_whitespace(cells), ""))
    if len(cells) and pc.all(pc.match_substring_regex(cells, _WHOLE)).as_py():
        raise InputError(f"{name}: its times are plain numbers, not ISO 8601", hint=_hint(cells))


def _hint(cells: pa.ChunkedArray) -> str:
    plain = pc.utf8_trim_whitespace(cells).to_pylist()
    middle = sorted(abs(float(one)) for one in plain)[len(plain) // 2]
    if all(_is_date(one) for one in plain[:100]):
        return "they look like YYYYMMDD dates: write them as 2024-01-31T00:00:00Z"
    unit = next((unit for low, high, unit in _UNITS if low <= middle < high), None)
    if unit is None:
        return (
            "they look like steps from a beginning: name both in a --map file: "
            '[time] format = "step", unit = "h", origin = "2024-01-01"'
        )
    return (
        f"they look like {_WORDS[unit]} since 1970: write into a --map file: "
        f'[time] format = "epoch", unit = "{unit}"'
    )


_WORDS: Final = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}


def _is_date(text: str) -> bool:
    return len(text) in (8, 12, 14) and text.isdigit() and text[:2] in ("19", "20") and (
        1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:8]) <= 31
    )  # fmt: skip
