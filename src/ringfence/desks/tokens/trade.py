"""Trade: can what is bought be sold again, at what tax, by whom and when.

A token is bought and sold in a private market (`trial`) over a matrix of sizes, holders, times, routes and
environments. ``sellable`` is false only where the code stops a sale in a state that trading can be in; where
the constructor's state is not known, states are looked for (`gates`), and what stays open is None with a
reason. It says what the code does, never why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ringfence.desks.tokens.desk import laboratory
from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.gates import (
    Opened,
    as_storage,
    far,
    open_up,
    passes,
    roles,
    setting,
    stubs,
)
from ringfence.desks.tokens.matrix import Matrix
from ringfence.desks.tokens.plans import DAY, HOUR, PLAIN, SIZES, TIMES, WEEK
from ringfence.desks.tokens.synthesis import HOLDER, PART, POOL, SECOND, TOKEN, Token
from ringfence.desks.tokens.trace import Call, Slot, trace
from ringfence.desks.tokens.traded import Gate, Trade
from ringfence.desks.tokens.trial import Stand, Trial, attempt
from ringfence.desks.tokens.world import Environment


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


class _Desk(Matrix):
    """One token on trial: first a state in which a sale goes through, then the matrix."""

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
        return self.matrix()

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
                if where == "buy" and not self.known and self._same_list(personal):
                    return self.answer(
                        True, "only those whom the state names trade; who may buy may sell",
                        buy_tax=personal.trial.buy_tax, sell_tax=personal.trial.sell_tax,
                    )  # fmt: skip
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

    def _same_list(self, personal: Opened) -> bool:
        """Whether nobody buys and then cannot sell: without any one of the names that the state was given,
        either both go or neither."""
        for slot in personal.change:
            storage = {**personal.stand.storage, slot: self.stand.storage.get(slot, 0)}
            tried = self.attempt(PLAIN, replace(personal.stand, storage=storage))
            if not passes(tried) and far(tried) > far(Trial(PLAIN, "buy")):
                return False
        return True

    def _only_elsewhere(self, stand: Stand) -> bool:
        """Whether the trade passes where trials are usually run, and not on a chain."""
        elsewhere = self.attempt(replace(PLAIN, environment=laboratory(self.stand)), stand)
        if passes(elsewhere):
            self.differences.append(f"passes in a laboratory's environment only ({self.probe(stand)})")
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
