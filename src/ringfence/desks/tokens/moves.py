"""Moves: whether holders transfer to one another in a state, and what arrives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.recall import Recall
from ringfence.desks.tokens.synthesis import (
    BALANCE,
    HOLDER,
    PART,
    POOL,
    SECOND,
    THIRD,
    TOKEN,
    Token,
    agreed,
    settled,
)
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace

Moves = dict[str, tuple[bool, int]]  # by name: whether it went through, and what arrived
# Who gives, who takes, how much.
SUITE: Final[dict[str, tuple[int, int, int]]] = {
    "plain": (HOLDER, SECOND, PART),
    "other": (THIRD, SECOND, PART),
    "sell": (HOLDER, POOL, PART),
    "other sell": (THIRD, POOL, PART),
    "all": (HOLDER, SECOND, BALANCE // 2),
    "buy": (POOL, HOLDER, PART),
}


@dataclass(frozen=True)
class Watch:
    """A token whose balances and transfers are looked at again and again; what was seen is remembered."""

    token: Token
    recall: Recall = field(default_factory=Recall)

    def suite(self, setting: Setting) -> tuple[Moves, dict[Slot, int]]:
        """How transfers go in a setting, and the storage they looked at."""
        moves: Moves = {}
        reads: dict[Slot, int] = {}
        for name, (giver, taker, amount) in SUITE.items():
            made = self.recall.trace(setting, Call(giver, TOKEN, call(TRANSFER, taker, amount)))
            reads.update(made.reads)
            arrived = 0
            went = agreed(made)
            if went:
                before = self._told(setting, taker, None)
                after = self._told(setting, taker, made)
                arrived = (after or 0) - (before or 0)
            moves[name] = (went and arrived > 0, arrived)
        return moves, reads

    def balance(self, setting: Setting, who: int) -> int | None:
        """What balanceOf answers."""
        return self.recall.trace(setting, Call(SECOND, TOKEN, call(BALANCE_OF, who))).word()

    def _told(self, setting: Setting, who: int, made: Trace | None) -> int | None:
        slots = self.token.balance_slots.get(who)
        if slots and len(slots) == 1 and self.token.base is not None:
            (slot,) = slots
            if made is not None and slot in made.writes:
                return made.writes[slot][1]
            return setting.storage.get(slot, 0)
        return self.balance(settled(setting, made) if made is not None else setting, who)
