"""Variants: other states in which a token is traded, where transfers are asked more."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.desks.tokens.expression import Change, Leaf
from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.moves import SUITE, Watch
from ringfence.desks.tokens.reach import Reached, apply, explore
from ringfence.desks.tokens.synthesis import TOKEN, Token, agreed
from ringfence.desks.tokens.trace import Call, Setting, Slot, Trace, trace


@dataclass(frozen=True)
class Variant:
    """Another state in which the token is traded, and the storage that its transfers look at there only."""

    change: Change
    setting: Setting
    reads: frozenset[Slot]


def variants(watch: Watch, known: set[Slot]) -> tuple[list[Variant], list[Reached]]:
    """States in which transfers go through too, but are asked more: a check that is switched on, a pool
    that is known, a list that is consulted; and the runs in which a transfer called another contract."""
    token = watch.token
    made: list[Variant] = []
    calling: list[Reached] = []
    seen = set(known)

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        return leaf[0] == "S" and leaf[1] not in token.pinned

    for name in ("plain", "sell", "buy"):
        giver, taker, amount = SUITE[name]
        asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
        for run in explore(token.setting, asked, may=may, runs=16):
            if not agreed(run.trace):
                continue
            if run.trace.calls:
                calling.append(run)
            new = set(run.trace.reads) - seen
            if not run.change or not new:
                continue
            moves, reads = watch.suite(run.setting)
            if moves["plain"][0] and moves["other"][0]:
                seen |= new
                made.append(Variant(run.change, run.setting, frozenset(set(reads) - known)))
    return made, calling


def in_variant(token: Token, variant: Variant, run: Reached) -> Reached | None:
    """The same call in another state, if it goes through there too. Of a word that both chose, each keeps the
    part that it turned: a switch may stand beside an owner."""
    change = dict(run.change)
    for leaf in change.keys() & variant.change.keys():
        if leaf[0] == "S":
            change[leaf] ^= variant.change[leaf] ^ token.setting.storage.get(leaf[1], 0)
    setting, asked = apply(variant.setting, run.call, change)
    made = trace(setting, asked)
    return Reached(setting, asked, made, {**variant.change, **change}) if made.ok else None
