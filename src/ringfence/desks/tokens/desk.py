"""Desk: one token on trial; what was tried with it, and what it showed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ringfence.desks.tokens.gates import Roles
from ringfence.desks.tokens.plans import LABORATORY, PLAIN
from ringfence.desks.tokens.traded import Gate, Trade
from ringfence.desks.tokens.trial import Plan, Stand, Step, Trial, attempt
from ringfence.desks.tokens.world import Environment

FEES: Final = ("base_fee", "gas_price")


class Desk:
    """One token on trial: what was tried, and what it showed."""

    def __init__(self, stand: Stand, known: bool) -> None:
        self.stand = stand
        self.known = known
        self.gates: list[Gate] = []
        self.differences: list[str] = []
        self.proof: dict[str, tuple[Step, ...]] = {}
        self.trials = 0
        self.as_found = False
        self.begin = stand.environment
        self.way = PLAIN  # a plan that passes
        self.roles = Roles()  # what transfers compare with the market

    def attempt(self, plan: Plan, stand: Stand | None = None) -> Trial:
        """Carry a plan out."""
        self.trials += 1
        return attempt(stand or self.stand, plan)

    def answer(self, sellable: bool | None, why: str = "", **more: object) -> Trade:
        """The answer with what was gathered on the way."""
        return Trade(
            sellable,
            gates=tuple(self.gates),
            differences=tuple(self.differences),
            why=why,
            as_found=self.as_found,
            storage=self.stand.storage,
            proof=self.proof,
            trials=self.trials,
            **more,  # type: ignore[arg-type]
        )

    def probe(self, stand: Stand) -> str:
        """Which of the environment's values makes the difference, each alone."""
        here = stand.environment
        base = self.attempt(PLAIN, stand)
        found = []
        for name, fields in (
            ("chain id", ("chain",)), ("block number", ("number",)), ("base fee and gas price", FEES),
            ("coinbase", ("coinbase",)), ("block gas limit", ("gas_limit",)), ("randomness", ("random",)),
        ):  # fmt: skip
            changed = replace(here, **{one: getattr(LABORATORY, one) for one in fields})
            made = self.attempt(replace(PLAIN, environment=changed), stand)
            if (made.stage, made.buy_tax, made.sell_tax) != (base.stage, base.buy_tax, base.sell_tax):
                found.append(name)
        return ", ".join(found) or "together"


def laboratory(stand: Stand) -> Environment:
    """A laboratory at the same time of day."""
    return replace(LABORATORY, time=stand.environment.time)
