"""Waits: transfers that stop when made twice at once, and go on later: a cooldown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from ringfence.desks.tokens.expression import leaves
from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.moves import SUITE, Watch
from ringfence.desks.tokens.plans import DAY
from ringfence.desks.tokens.reach import Reached
from ringfence.desks.tokens.synthesis import TOKEN, agreed, settled
from ringfence.desks.tokens.trace import Call, Setting

AGAIN: Final = "again"  # the same transfer twice
_BLOCK: Final = 12  # seconds


def again(watch: Watch, setting: Setting) -> bool:
    """Whether the plain transfer, which goes through, does not go through a second time at once."""
    asked = _asked("plain")
    once = watch.recall.trace(setting, asked)
    timed = any(leaf[0] in ("TIME", "NUMBER") for one in once.branches for leaf in leaves(one.condition))
    return timed and agreed(once) and not agreed(watch.recall.trace(settled(setting, once), asked))


def waits(watch: Watch) -> Iterator[Reached]:
    """The first transfer that stops when it is made twice, in the token's own state."""
    token = watch.token
    for name in ("plain", "sell", "buy"):
        asked = _asked(name)
        once = watch.recall.trace(token.setting, asked)
        if not agreed(once) or not once.writes:
            continue
        there = settled(token.setting, once)
        if not agreed(watch.recall.trace(there, asked)):
            later = replace(there, time=there.time + DAY, number=there.number + DAY // _BLOCK)
            if agreed(watch.recall.trace(later, asked)):
                yield Reached(token.setting, asked, once, {})
                return


def _asked(name: str) -> Call:
    giver, taker, amount = SUITE[name]
    return Call(giver, TOKEN, call(TRANSFER, taker, amount))
