"""Rules: the parameters of the typologies, read from data and refused where they make no sense."""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final, cast

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.desks.payments.currencies import exponent
from ringfence.desks.payments.parameters import check, check_names, rates, span

TYPOLOGIES: Final = (
    "pass_through", "exchange_match", "same_amount_scan", "coin_multiple", "structuring", "pool_hops",
    "dormant_burst", "night", "p2p_ad", "memo", "u_turn",
)  # fmt: skip
_HUNDREDTHS: Final = 2  # where ISO 4217 knows no minor unit
_MOST: Final = 10**18  # minor units: more than anybody has, and there is room for it twice


class Rules(msgspec.Struct, frozen=True, dict=True):
    """What `rules.toml` says, as it was read; the typologies ask for it by name."""

    version: str
    money: dict[str, Decimal]
    parameters: dict[str, dict[str, Any]]

    @cached_property
    def digest(self) -> str:
        """Of everything that decides about an alert."""
        money = {name: str(value) for name, value in self.money.items()}
        # Shares may be halves, and canonical JSON has no fractions: they count as text.
        told = {
            name: {key: _text(value) for key, value in of.items()} for name, of in self.parameters.items()
        }
        return digest(canonical({"version": self.version, "money": money, "parameters": told}))

    def __getitem__(self, typology: str) -> dict[str, Any]:
        return self.parameters[typology]

    def number(self, typology: str, name: str) -> int:
        """A whole number."""
        return int(self.parameters[typology][name])

    def window(self, typology: str, name: str = "window") -> int:
        """A window as a difference of order keys."""
        return span(self.parameters[typology][name])

    def windows(self, typology: str) -> tuple[int, ...]:
        """Several, the shortest first."""
        return tuple(sorted(span(one) for one in self.parameters[typology]["windows"]))

    def minor(self, amount: object, currency: str) -> int:
        """An amount of CNY in minor units of a currency."""
        rate = self.money.get(currency, self.money["other"])
        digits = exponent(currency)
        units = Decimal(str(amount)) / rate * 10 ** (_HUNDREDTHS if digits is None else digits)
        return min(int(units.to_integral_value(ROUND_HALF_EVEN)), _MOST)


def _text(value: object) -> object:
    if isinstance(value, list):
        return [_text(one) for one in value]
    return str(value)


def load_rules(path: Path | None = None) -> Rules:
    """The bundled rules, or a file's, which may leave out what it does not change. Raises `InputError`."""
    bundled = tomllib.loads(
        resources.files("ringfence.desks.payments").joinpath("rules.toml").read_text("utf-8")
    )
    if path is None:
        return _made(bundled, bundled, "rules.toml")
    try:
        return _made(tomllib.loads(path.read_text("utf-8-sig")), bundled, str(path))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="check the path") from error
    except (ValueError, RecursionError) as error:  # TOML, UTF-8, or a number of thousands of digits
        raise InputError(f"{path} is no TOML: {error}", hint="see docs/method/payments.md") from error


def _made(given: dict[str, Any], bundled: dict[str, Any], name: str) -> Rules:
    check_names(given, bundled, name)
    whole = {key: value for key, value in bundled.items() if not isinstance(value, dict)} | {
        table: {**values, **cast("dict[str, Any]", given.get(table, {}))}
        for table, values in bundled.items()
        if isinstance(values, dict)
    }
    whole["version"] = str(given.get("version", bundled["version"]))
    money = rates(whole.pop("money"), name)
    version = whole.pop("version")
    rules = Rules(version, money, whole)
    for typology, values in rules.parameters.items():
        check(typology, values, name, bundled[typology])
    return rules
