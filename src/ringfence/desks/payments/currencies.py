"""How many decimals a currency has (ISO 4217)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _minor() -> dict[str, int]:
    tables = tomllib.loads(files("ringfence.desks.payments").joinpath("currencies.toml").read_text("utf-8"))
    found = dict.fromkeys(tables["two"]["codes"].split(), 2)
    for exponent, codes in tables["minor"].items():
        found |= dict.fromkeys(codes, int(exponent))
    return found


def exponent(currency: str) -> int | None:
    """Decimals of the currency's minor unit, or None for a code that ISO 4217 does not know (or that has no
    minor unit: gold, test codes)."""
    return _minor().get(currency)
