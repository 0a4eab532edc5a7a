"""Traded: what trials of a token showed, as it is handed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ringfence.desks.tokens.trace import Slot
from ringfence.desks.tokens.trial import Step


@dataclass(frozen=True)
class Gate:
    """Something that a trade depends on: ``kind`` is state, size, time, holder, route, gas or environment;
    ``note`` says what was seen; ``slots`` what was set in the token's storage."""

    kind: str
    note: str
    slots: Mapping[Slot, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Trade:
    """The answer. Taxes are exact parts of the amount moved; ``curve`` holds (seconds, buy tax, sell tax),
    None where nothing went through; ``cooldown`` is in seconds, the shortest wait tried that was enough;
    ``proof`` has the transactions behind each claim, in the state ``storage``. On a chain ``place`` names the
    pair, the block and what goes through there."""

    sellable: bool | None
    buy_tax: Fraction | None = None
    sell_tax: Fraction | None = None
    cannot_buy: bool | None = None
    cannot_sell_all: bool | None = None
    cooldown: int | None = None
    curve: tuple[tuple[int, Fraction | None, Fraction | None], ...] = ()
    gates: tuple[Gate, ...] = ()
    differences: tuple[str, ...] = ()
    why: str = ""
    as_found: bool = False  # whether the plain trade passed with nothing set
    storage: Mapping[Slot, int] = field(default_factory=dict)
    proof: Mapping[str, tuple[Step, ...]] = field(default_factory=dict)
    trials: int = 0
    place: Mapping[str, object] = field(default_factory=dict)

    def to_dict(self) -> dict[str, object]:
        """As `tokens screen` writes it; fractions as decimal numbers."""

        def number(tax: Fraction | None) -> float | None:
            return None if tax is None else round(float(tax), 9)

        return {
            "sellable": self.sellable,
            "buy_tax": number(self.buy_tax),
            "sell_tax": number(self.sell_tax),
            "cannot_buy": self.cannot_buy,
            "cannot_sell_all": self.cannot_sell_all,
            "cooldown": self.cooldown,
            "curve": [[seconds, number(one), number(two)] for seconds, one, two in self.curve],
            "gates": [{"kind": gate.kind, "note": gate.note} for gate in self.gates],
            "differences": list(self.differences),
            "why": self.why,
            **self.place,
            "proof": {name: [step.to_dict() for step in steps] for name, steps in self.proof.items()},
        }
