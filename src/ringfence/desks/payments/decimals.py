"""Decimal text made plain, so that it can be scaled to whole minor units by its digits alone."""

from __future__ import annotations

from decimal import Context, Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

_EXACT = Context(prec=400)
_LARGEST = 40  # an exponent beyond this is no amount and no time


def exponent_of(scale: Decimal) -> int | None:
    """k where the scale is 10**k with k ≥ 0, or None."""
    digits = scale.normalize().as_tuple()
    plain = digits.digits == (1,) and isinstance(digits.exponent, int) and digits.exponent >= 0
    return int(digits.exponent) if plain else None


def plain(column: pa.Array, scale: Decimal | None = None) -> pa.Array:
    """A text column in which exponents are written out, and, with a scale, every number multiplied by it
    exactly. What is not a number stays as it is."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks() if column.num_chunks else pa.array([], pa.string())
    if scale is None:
        odd = pc.match_substring_regex(column, r"^\s*[+-]?[0-9.]+[eE][+-]?[0-9]+\s*$")
        if not pc.any(odd).as_py():
            return column
        changed = pa.array([written_out(text) for text in column.filter(odd).to_pylist()], pa.string())
        return pc.replace_with_mask(column, odd, changed)
    return pa.array([_scaled(text, scale) for text in column.to_pylist()], pa.string())


def written_out(text: str) -> str:
    """A number without its exponent; what is no number as it is."""
    return _scaled(text, None) or ""


def _scaled(text: str | None, scale: Decimal | None) -> str | None:
    try:
        number = Decimal((text or "").strip())
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    if number.adjusted() > _LARGEST:
        return ("-" if number < 0 else "") + "9" * _LARGEST
    if number.adjusted() < -300:
        return "0"
    return format(number if scale is None else _EXACT.multiply(number, scale), "f")
