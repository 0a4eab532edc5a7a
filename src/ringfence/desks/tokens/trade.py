"""Trade: can what is bought be sold again, at what tax, by whom and when.

A token is bought and sold in a private market (`trial`) over a matrix of sizes, holders, times, routes and
environments. ``sellable`` is false only where the code stops a sale in a state that trading can be in; where
the constructor's state is not known, states are looked for (`gates`), and what stays open is None with a
reason. It says what the code does, never why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.gates import (
    Opened,
    Roles,
    as_storage,
    far,
    open_up,
    passes,
    roles,
    setting,
    stubs,
)
from ringfence.desks.tokens.synthesis import HOLDER, PART, POOL, SECOND, TOKEN, Token
from ringfence.desks.tokens.trace import Call, Slot, trace
from ringfence.desks.tokens.traded import Gate, Trade
from ringfence.desks.tokens.trial import Plan, Stand, Step, Trial, attempt
from ringfence.desks.tokens.world import Environment

HOUR, DAY, WEEK = 3_600, 86_400, 604_800
PLAIN: Final = Plan("plain")
SIZES: Final = tuple(Plan(f"sell {part} %", part=Fraction(part, 100)) for part in (1, 10, 50))
STAKES: Final = (Plan("buy 0.01 %", stake=10**17), Plan("buy 10 %", stake=10**20))
TIMES: Final = (
    Plan("same block", seconds=0, blocks=0),
    Plan("after a minute", seconds=60),
    Plan("after an hour", seconds=HOUR),
    Plan("after a day", seconds=DAY),
    Plan("after a week", seconds=WEEK),
)
HOLDERS: Final = (
    Plan("contract", holder="contract"),
    Plan("moved", holder="moved"),
    Plan("crowd", holder="crowd", stake=12 * 10**18),
)
ROUTES: Final = (Plan("second router", route="second router"), Plan("pool", route="pool"))
CURVE: Final = (0, 60, 600, HOUR, 6 * HOUR, DAY, 3 * DAY, WEEK)  # seconds before the purchase
HEAVY: Final = 3_000_000  # gas of a sale; a plain one takes about a tenth of a million
# Where trials are usually run: what code that wants to tell them from the chain looks at.
LABORATORY: Final = Environment(
    chain=31_337, number=40_000_000, base_fee=0, gas_price=0, coinbase=0, gas_limit=1 << 40, random=0
)


def of(token: Token) -> Trade:
    """The trade of a token in the state that was synthesised for it."""
    if token.why:
        return Trade(None, why=token.why)
    if token.single:
        return Trade(None, why="each token is a thing of its own (ERC-721); pools trade amounts")
    setting_ = token.setting
    moved = trace(setting_, Call(HOLDER, TOKEN, call(TRANSFER, SECOND, PART)))
    return trade(token.code, setting_.storage, others=stubs(moved, setting_))


def trade(
    code: bytes,
    storage: Mapping[Slot, int],
    *,
    known: bool = False,
    others: Mapping[int, bytes] | None = None,
    environment: Environment | None = None,
    token: int = TOKEN,
    pair: int = POOL,
) -> Trade:
    """Buy and sell over the whole matrix. ``storage`` is by (contract, slot), the token standing at
    ``token`` and its pool at ``pair``, which must hold some of it; ``others`` are further contracts by
    address, such as what a proxy delegates to; ``known`` where it is the state of a chain, so that no
    account and no pool in it may be chosen otherwise."""
    stand = Stand(
        code, dict(storage), dict(others or {}), pair, token, environment=environment or Environment()
    )
    return _Desk(stand, known).judge()


def judged(stand: Stand) -> Trade:
    """The same on a stand in the state of a chain."""
    return _Desk(stand, known=True).judge()


class _Desk:
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

    def attempt(self, plan: Plan, stand: Stand | None = None) -> Trial:
        self.trials += 1
        return attempt(stand or self.stand, plan)

    def answer(self, sellable: bool | None, why: str = "", **more: object) -> Trade:
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

    def judge(self) -> Trade:
        """From the state given to the answer."""
        if not self.stand.code:
            return self.answer(None, "no code")
        first = self.attempt(PLAIN)
        self.as_found = passes(first)
        if first.stage == "open":
            return self.answer(None, "the pool could not be given tokens")
        if not passes(first):
            ended = self._closed(first)
            if ended is not None:
                return ended
            first = self.attempt(PLAIN)
        ended = self._named(first)
        if ended is not None:
            return ended
        return self._matrix()

    # --- a state in which a sale goes through

    def _closed(self, first: Trial) -> Trade | None:
        """The plain trade does not pass: by size, by time, by the environment or by state?"""
        for seconds in (HOUR, DAY, WEEK) if self.known else ():
            if passes(self.attempt(replace(PLAIN, before=seconds))):
                # Launch rules that end: the matrix is for after them, the curve for all of it.
                self.begin = self.stand.environment
                self.stand = replace(self.stand, environment=self.begin.later(seconds))
                self.gates.append(Gate("time", f"trades go through {seconds} seconds later, not now"))
                return None
        for plan in (*SIZES[::-1], *TIMES[3:], replace(SIZES[0], name="1 % after a day", seconds=DAY)):
            if far(first) >= far(Trial(PLAIN, "sell")) and passes(self.attempt(plan)):
                return None  # the matrix tells which
        self.proof["stopped"] = first.steps
        sales = self.known and far(first) >= far(Trial(PLAIN, "sell"))  # buys go on, sales do not
        opened = open_up(self.stand, PLAIN) if not sales else Opened(self.stand, first, {})
        if passes(opened.trial):
            self._accept(opened)
            return None
        if self._only_elsewhere(opened.stand):
            return self.answer(False, "the sale goes through only where the chain is told to be another")
        where = opened.trial.stage or "sell"
        what = opened.trial.why or "nearly all of it is taken"
        if where == "sell" and passes(self.attempt(replace(PLAIN, holder="contract"), opened.stand)):
            return self.answer(False, "only a contract can sell, a wallet cannot")
        if where in ("buy", "sell"):
            personal = open_up(self.stand, PLAIN, personal=True)
            if passes(personal.trial):
                self.proof["named seller"] = personal.trial.steps
                self.gates.append(Gate("state", "the state has to name the trader", personal.change))
                if self.known and where == "buy":
                    return self.answer(None, "nobody trades in this state", cannot_buy=True)
                return self.answer(
                    False, f"a sale goes through only where the state names the seller: {what}"
                )
        if where == "sell" and not opened.trial.why.startswith("revert: TRANSFER") and self._always(opened):
            return self.answer(False, f"a holder can buy and no sale goes through: {what}")
        if where == "sell" and self.known:
            return self.answer(False, f"a holder can buy and the sale is stopped: {what}")
        cannot_buy = True if self.known and where == "buy" else None
        return self.answer(None, f"{where} stops ({what}) and no state was found in which it does not",
                           cannot_buy=cannot_buy)  # fmt: skip

    def _only_elsewhere(self, stand: Stand) -> bool:
        """Whether the trade passes where trials are usually run, and not on a chain."""
        elsewhere = self.attempt(replace(PLAIN, environment=_laboratory(self.stand)), stand)
        if passes(elsewhere):
            self.differences.append(f"passes in a laboratory's environment only ({self._probe(stand)})")
            self.proof["laboratory"] = elsewhere.steps
        return passes(elsewhere)

    def _always(self, opened: Opened) -> bool:
        """Whether a sale fails however it is made, in gas or in what arrives: nothing in storage decides."""
        return opened.trial.why in ("gas", "nothing was paid", "the balance is gone") or opened.trial.ok

    def _accept(self, opened: Opened) -> None:
        self.stand = opened.stand
        if opened.change:
            self.gates.append(Gate("state", _words(opened.change), opened.change))

    # --- the market's own addresses, named by the state

    def _named(self, first: Trial) -> Trade | None:
        """A sale is one to the token to which the state names the pool: such states are natural ones."""
        self.roles = Roles()
        if self.known:
            return None
        bought = replace(first, steps=first.steps[:1])
        self.roles = roles(self.stand, bought)
        scalars = [as_storage(change) for change in self.roles.pools[:6]]
        flags = [as_storage(change) for change in self.roles.flags[:4]]
        joint: dict[Slot, int] = {}
        for change in scalars:
            for slot, value in change.items():
                joint.setdefault(slot, value)
        tried: list[tuple[Stand, set[Slot], bool]] = []
        tried += [(self.stand.with_storage(change), set(change), True) for change in scalars]
        tried += [(self.stand.with_storage(change), set(change), False) for change in flags]
        tried += [
            (moved, set(), True)
            for constant in self.roles.constants[:3]
            if (moved := _elsewhere(self.stand, constant)) is not None
        ]
        best: Stand | None = None
        for stand, locked, plain in tried:
            ended, fine = self._variant(stand, locked, plain)
            if ended is not None:
                return ended
            if fine is not None and best is None and plain:
                best = fine
        everything = self.stand.with_storage(joint)
        if len(scalars) > 1 and passes(self.attempt(PLAIN, everything)):
            best = everything
        if best is not None:
            self.stand = best
            self.roles = replace(roles(best, replace(bought, steps=self.attempt(PLAIN).steps[:1])),
                                 times=self.roles.times)  # fmt: skip
        return None

    def _variant(self, stand: Stand, locked: set[Slot], plain: bool) -> tuple[Trade | None, Stand | None]:
        """A state that names the pool: the answer, where it stops sales for good; or where it can trade."""
        made = self.attempt(PLAIN, stand)
        if passes(made):
            return None, stand
        opened = open_up(stand, PLAIN, locked=locked)
        if passes(opened.trial):
            return None, opened.stand if plain else None
        if opened.trial.stage not in ("sell", ""):
            return None, None  # the slot is no pool's place: nobody can even buy
        if any(passes(self.attempt(plan, opened.stand)) for plan in (*SIZES, *TIMES[3:])):
            return None, opened.stand if plain else None
        if plain and self._only_elsewhere(opened.stand):
            self.proof["stopped"] = opened.trial.steps
            why = "once the state names the pool, a sale passes only where the chain is told to be another"
            return self.answer(False, why), None
        if passes(self.attempt(replace(PLAIN, holder="contract"), opened.stand)):
            self.proof["stopped"] = opened.trial.steps
            return self.answer(False, "once the state names the pool, only a contract can sell"), None
        personal = open_up(opened.stand, PLAIN, personal=True, locked=locked)
        allowed = passes(personal.trial)
        if not plain and not allowed:
            return None, None  # as likely a list of the frozen as one of pools
        self.proof["stopped"] = opened.trial.steps
        self.gates.append(Gate("state", "the state names the pool", {s: stand.storage[s] for s in locked}))
        if allowed:
            self.proof["named seller"] = personal.trial.steps
            self.gates.append(Gate("state", "the state has to name the seller", personal.change))
        self.stand = opened.stand
        if not allowed:  # the pool's place, or that of somebody who is not to be sent anything
            return self.answer(None, "a slot was found that stops all sales once it names the pool"), None
        return self.answer(
            False, "once the state names the pool, holders buy and only a named seller sells"
        ), None

    # --- the matrix

    def _matrix(self) -> Trade:
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
        other = self.attempt(replace(PLAIN, environment=_laboratory(self.stand)))
        if (other.stage, other.buy_tax, other.sell_tax) != (plain.stage, plain.buy_tax, plain.sell_tax):
            self.differences.append(
                f"the trade ends otherwise in a laboratory's environment ({self._probe(self.stand)})"
            )
            self.proof["laboratory"] = other.steps
            self.gates.append(Gate("environment", self.differences[-1]))

    def _probe(self, stand: Stand) -> str:
        """Which of the environment's values makes the difference, each alone."""
        here = stand.environment
        base = self.attempt(PLAIN, stand)
        found = []
        for name, fields in (
            ("chain id", ("chain",)), ("block number", ("number",)), ("base fee and gas price", _FEES),
            ("coinbase", ("coinbase",)), ("block gas limit", ("gas_limit",)), ("randomness", ("random",)),
        ):  # fmt: skip
            changed = replace(here, **{one: getattr(LABORATORY, one) for one in fields})
            made = self.attempt(replace(PLAIN, environment=changed), stand)
            if (made.stage, made.buy_tax, made.sell_tax) != (base.stage, base.buy_tax, base.sell_tax):
                found.append(name)
        return ", ".join(found) or "together"


def _apart(one: Fraction | None, two: Fraction | None) -> bool:
    """Whether two taxes differ by more than what sharing fees among holders makes of a rate."""
    return one is not None and two is not None and abs(one - two) > Fraction(1, 1000)


def _laboratory(stand: Stand) -> Environment:
    """A laboratory at the same time of day."""
    return replace(LABORATORY, time=stand.environment.time)


_FEES: Final = ("base_fee", "gas_price")


def _elsewhere(stand: Stand, pair: int) -> Stand | None:
    """The pool at an address that the code names, with as many tokens as it had before."""
    from ringfence.desks.tokens.expression import equal
    from ringfence.desks.tokens.functions import BALANCE_OF

    moved = replace(stand, pair=pair)
    world = setting(moved)
    asked = trace(world, Call(stand.person("asker"), stand.token, call(BALANCE_OF, pair)))
    node = asked.nodes.get(0)
    wanted = 10**24
    for change in equal(node, wanted) if node else ():
        made = moved.with_storage(as_storage(change))
        if attempt(made, PLAIN).stage != "open":
            return made
    return None


def _words(change: Mapping[Slot, int]) -> str:
    """What had to be set, for a reader."""
    parts: Iterable[str] = (f"slot {slot:#x} = {value:#x}" for (_, slot), value in sorted(change.items()))
    return "trading is open where " + ", ".join(parts)
