"""Bulk: rows of bytecode to rows of answers. A row that cannot be read is answered too, with why.

In: ``code`` (bytes, or text of hexadecimal digits), and ``id`` and ``address`` where there are any. Out:
these two as texts, ``code_hash``, ``resolved``, ``why``, each capability (true, false or null), ``sellable``,
``buy_tax``, ``sell_tax``, and the whole ``screening`` as JSON.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import msgspec
import pyarrow as pa

from ringfence.core.cache import Cache
from ringfence.core.errors import InputError
from ringfence.desks.tokens.analysis import Analyses
from ringfence.desks.tokens.bytecode import from_text
from ringfence.desks.tokens.capability import IDS
from ringfence.desks.tokens.screen import Depth

CODE: Final = "code"
CARRIED: Final = ("id", "address")
MAX_VALUE: Final = 2 << 20  # bytes, or digits
MEMORY: Final = 32 << 20  # bytes of analyses that a process keeps
_OURS: Final = (
    pa.field("code_hash", pa.string()),
    pa.field("resolved", pa.bool_()),
    pa.field("why", pa.string()),
    *(pa.field(name, pa.bool_()) for name in IDS),
    pa.field("sellable", pa.bool_()),
    pa.field("buy_tax", pa.float64()),
    pa.field("sell_tax", pa.float64()),
    pa.field("screening", pa.string()),
)


_READ: Final = (
    pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary,
    pa.types.is_fixed_size_binary, pa.types.is_null,
)  # fmt: skip


def columns(schema: Any) -> list[str]:  # noqa: ANN401 (pa.Schema)
    """Those of a file's columns that are read. Raises `InputError` where the code is not among them, or one
    is of a kind that is not read."""
    if CODE not in schema.names:
        raise InputError(
            f"no column {CODE!r}; there are: {', '.join(schema.names)[:200]}",
            hint="name the column with the bytecode 'code'",
        )
    found = [CODE, *(name for name in CARRIED if name in schema.names)]
    for name in found:
        kind = schema.field(name).type
        text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
        data = (
            pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
        )
        if not (text or data or (name != CODE and pa.types.is_integer(kind)) or pa.types.is_null(kind)):
            raise InputError(f"the column {name!r} holds {kind}", hint="bytes, or text")
    return found


def schema(read: list[str]) -> Any:  # noqa: ANN401 (pa.Schema)
    """What `rows` gives for the columns that are read."""
    return pa.schema([*(pa.field(name, pa.string()) for name in CARRIED if name in read), *_OURS])


def rows(batch: Any, depth: Depth) -> Any:  # noqa: ANN401 (pa.RecordBatch)
    """A batch of rows to one of answers, in the same order."""
    wanted = schema(list(batch.schema.names))
    carried = {name: batch.column(name).to_pylist() for name in CARRIED if name in batch.schema.names}
    made: dict[str, list[Any]] = {name: [] for name in wanted.names}
    for number, value in enumerate(batch.column(CODE).to_pylist()):
        row = _row(value, depth)
        for name in wanted.names:
            made[name].append(_text(carried[name][number]) if name in carried else row.get(name))
    return pa.RecordBatch.from_pydict(made, schema=wanted)


def _row(value: bytes | str | None, depth: Depth) -> dict[str, Any]:
    try:
        if value is None:
            raise InputError("no code is given (null)")
        if len(value) > MAX_VALUE:
            raise InputError(f"too large for code: {len(value)} bytes or digits")
        code = value if isinstance(value, bytes) else from_text(value)
        found = _analyses()(code, depth).to_dict()
    except InputError as error:
        return {"resolved": False, "why": error.message}
    except Exception as error:  # one odd contract must not lose a million others
        return {"resolved": False, "why": f"a mistake of ours ({type(error).__name__}: {error})"[:300]}
    trade = found["trade"]
    return {
        "code_hash": found["code_hash"],
        "resolved": found["resolved"],
        "why": found["why"],
        **{one["id"]: one["present"] for one in found["capabilities"]},
        "sellable": trade["sellable"],
        "buy_tax": trade["buy_tax"],
        "sell_tax": trade["sell_tax"],
        "screening": msgspec.json.encode(found).decode(),
    }


@lru_cache(1)
def _analyses() -> Analyses:
    return Analyses(Cache(MEMORY))


def _text(value: object) -> str | None:
    if value is None:
        return None
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
