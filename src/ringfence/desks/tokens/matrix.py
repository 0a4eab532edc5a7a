"""Matrix: a token that can be traded is traded in every way, and what stops or costs is told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from ringfence.desks.tokens.desk import Desk, laboratory
from ringfence.desks.tokens.gates import open_up, passes
from ringfence.desks.tokens.plans import (
    CURVE,
    DAY,
    HEAVY,
    HOLDERS,
    HOUR,
    PLAIN,
    ROUTES,
    SIZES,
    STAKES,
    TIMES,
    WEEK,
)
from ringfence.desks.tokens.traded import Gate, Trade
from ringfence.desks.tokens.trial import Trial


class Matrix(Desk):
    """All plans, one after the other."""

    def matrix(self) -> Trade:
        """The answer from all plans, the plain one among them."""
        done = {plan.name: self.attempt(plan)
                for plan in (PLAIN, *SIZES, *STAKES, *TIMES, *HOLDERS, *ROUTES)}  # fmt: skip
        plain = done["plain"]
        late = [done["after a day"], done["after a week"]]
        self.proof.setdefault("sellable", next((one for one in done.values() if passes(one)), plain).steps)
        passing = (one.plan for one in done.values() if passes(one) and one.plan.stake == PLAIN.stake)
        self.way = next(passing, PLAIN)
        stopped = self._stops_later(done)
        curve = self._curve()
        launch = self._launch()
        if stopped is None and launch is not None:
            stopped, launched = launch
            curve = launched or curve
        if stopped is None:
            stopped = self._crowd(done["crowd"], plain)
        cooldown = self._cooldown(done)
        all_ = passes(plain) or any(map(passes, late))
        smaller = [one.name for one in SIZES if passes(done[one.name])]
        cannot_sell_all = None if not (all_ or smaller) else not all_
        if cannot_sell_all:
            self.gates.append(Gate("size", f"the whole cannot be sold at once; {', '.join(smaller)} can"))
            self.proof["cannot_sell_all"] = plain.steps
        self._notes(done)
        self._environments(plain)
        heavy = max(one.gas for one in done.values())
        if heavy > HEAVY:
            self.gates.append(Gate("gas", f"a sale takes {heavy} gas"))
        if stopped is None and not (all_ or smaller):
            what = plain.why or "nearly all of it is taken"
            if plain.stage not in ("sell", ""):
                return self.answer(None, f"{plain.stage} stops ({what})")
            stopped = f"no sale goes through: {what}"
        taxes = [row for row in curve if row[2] is not None]
        buy, sell = (taxes[-1][1], taxes[-1][2]) if taxes else (plain.buy_tax, plain.sell_tax)
        held = [one.sell_tax for one in late if one.sell_tax is not None]
        if sell is not None and held:
            sell = max(sell, held[-1])
        why = stopped or ""
        if self.roles.rated and not self.known:
            buy = sell = None
            why = why or "taxes depend on storage that the constructor or an owner sets"
        for name, tax in (("buy_tax", buy), ("sell_tax", sell)):
            if tax is not None:
                self.proof[name] = self.proof["sellable"]
        return self.answer(
            stopped is None, why, buy_tax=buy, sell_tax=sell,
            cannot_buy=False, cannot_sell_all=cannot_sell_all, cooldown=cooldown, curve=curve,
        )  # fmt: skip

    def _stops_later(self, done: Mapping[str, Trial]) -> str | None:
        """A sale that went through soon after the purchase and does not later."""
        early = next((done[name] for name in ("same block", "plain") if passes(done[name])), None)
        for name in ("after an hour", "after a day", "after a week"):
            later = done[name]
            if early is not None and not passes(later) and later.stage in ("sell", ""):
                self.proof["stops later"] = later.steps
                self.gates.append(Gate("time", f"{name} a sale stops: {later.why or 'nearly all is taken'}"))
                return f"a sale goes through at first and stops {name}"
        return None

    def _launch(self) -> tuple[str | None, tuple[tuple[int, Fraction | None, Fraction | None], ...]] | None:
        """The same with trading begun now, where the code measures time against storage."""
        slots = {slot for slot, _ in self.roles.times}
        if self.known or not slots:
            return None
        here = self.stand.environment
        begun = {slot: here.number if number else here.time for slot, number in self.roles.times}
        stand = self.stand.with_storage(begun)
        kept, self.stand = self.stand, stand
        try:
            curve = self._curve()
            week = replace(PLAIN, before=WEEK)
            last = self.attempt(week)
            if passes(last) or last.stage not in ("sell", ""):
                return None, curve if passes(last) else ()
            if passes(open_up(stand, week, locked=slots).trial):
                return None, curve
            self.proof["stops later"] = last.steps
            self.gates.append(Gate("time", "trading begun now is over in a week", begun))
            return "a week after the time in storage, holders buy and none sells", curve
        finally:
            self.stand = kept

    def _curve(self) -> tuple[tuple[int, Fraction | None, Fraction | None], ...]:
        rows = []
        stand = replace(self.stand, environment=self.begin)
        for seconds in CURVE:
            made = self.attempt(replace(self.way, name=f"curve {seconds}", before=seconds), stand)
            rows.append((seconds, made.buy_tax, made.sell_tax))
        return tuple(rows)

    def _crowd(self, crowd: Trial, plain: Trial) -> str | None:
        if passes(crowd) or not passes(plain) or crowd.stage not in ("sell", ""):
            return None
        if not self.known:
            opened = open_up(self.stand, crowd.plan)
            if passes(opened.trial):
                self.gates.append(Gate("holder", "how many may sell is set in storage", opened.change))
                return None
        self.proof["stopped"] = crowd.steps
        self.gates.append(Gate("holder", "the first wallets sell, later ones do not"))
        return "one wallet can sell; of several that bought, not all can"

    def _cooldown(self, done: Mapping[str, Trial]) -> int | None:
        waits = [("same block", 0), ("plain", 12), ("after a minute", 60), ("after an hour", HOUR),
                 ("after a day", DAY), ("after a week", WEEK)]  # fmt: skip
        passed = [seconds for name, seconds in waits if passes(done[name])]
        if not passed or passed[0] == 0:
            return None
        self.proof["cooldown"] = done["same block"].steps
        self.gates.append(Gate("time", f"no sale in the purchase's block; {passed[0]} seconds later"))
        return passed[0]

    def _notes(self, done: Mapping[str, Trial]) -> None:
        """Who else and how else: what is refused there alone."""
        plain = done["plain"]
        if not passes(plain):
            return
        said = {
            "contract": ("holder", "a holder that is a contract is refused"),
            "moved": ("holder", "what was moved to another wallet cannot be sold there"),
            "second router": ("route", "another router is refused"),
            "pool": ("route", "paying the pool directly is refused"),
            "buy 0.01 %": ("size", "a small purchase cannot be sold"),
            "buy 10 %": ("size", "a purchase of a tenth of the pool is refused"),
        }
        for name, (kind, note) in said.items():
            trial = done[name]
            if not passes(trial):
                self.gates.append(Gate(kind, f"{note} ({trial.stage or 'taken'}: {trial.why})"))
                self.proof[name] = trial.steps
            elif _apart(trial.sell_tax, plain.sell_tax):
                self.gates.append(Gate(kind, f"{name}: sell tax {trial.sell_tax}, else {plain.sell_tax}"))
                self.proof[name] = trial.steps
        if any(trial.vanished > 0 for trial in done.values()):
            self.gates.append(Gate("time", "a holder's balance falls without a call of theirs"))

    def _environments(self, plain: Trial) -> None:
        other = self.attempt(replace(PLAIN, environment=laboratory(self.stand)))
        if (other.stage, other.buy_tax, other.sell_tax) != (plain.stage, plain.buy_tax, plain.sell_tax):
            self.differences.append(
                f"the trade ends otherwise in a laboratory's environment ({self.probe(self.stand)})"
            )
            self.proof["laboratory"] = other.steps
            self.gates.append(Gate("environment", self.differences[-1]))


def _apart(one: Fraction | None, two: Fraction | None) -> bool:
    """Whether two taxes differ by more than what sharing fees among holders makes of a rate."""
    return one is not None and two is not None and abs(one - two) > Fraction(1, 1000)
