"""Ownership: power that owner() does not show, and power that comes back after it was given up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ringfence.desks.tokens.expression import Leaf, leaves
from ringfence.desks.tokens.functions import STANDARD, filled
from ringfence.desks.tokens.mapped import keys
from ringfence.desks.tokens.powers import Power, authority
from ringfence.desks.tokens.reach import explore
from ringfence.desks.tokens.search import Searched
from ringfence.desks.tokens.synthesis import ACTOR, BALANCE, HOLDER, SECOND, TOKEN, Token, settled
from ringfence.desks.tokens.trace import Call, Slot, Trace, trace


def hidden(token: Token, found: Searched) -> Iterator[Power]:
    """Powers held by somebody whom owner() does not name and no view without arguments shows."""
    if not token.owner_slots:
        return
    shown = set(token.owner_slots) | _readable(token)
    for power in found.powers:
        keyed = any(_mapped(power.reached.trace, slot) for slot in power.authority)
        if power.authority and not keyed and not power.authority & shown:
            yield replace(power, id="hidden_owner", note=f"{power.id} by somebody whom owner() does not name")


def _readable(token: Token) -> set[Slot]:
    slots: set[Slot] = set()
    for function in token.functions:
        if function.reads_only and not function.types:
            made = trace(token.setting, Call(SECOND, TOKEN, function.selector))
            node = made.nodes.get(0)
            if made.ok and node is not None:
                slots |= {key for kind, key in leaves(node) if kind == "S"}
    return slots


def _mapped(made: Trace, slot: Slot) -> bool:
    return bool(keys(made.hashes, slot[1]))


def reclaimed(token: Token, found: Searched) -> Iterator[Power]:
    """Ways to be owner again once the owner is nobody: not by a function that works one time only, which is
    how a contract is set up."""
    if len(token.owner_slots) != 1:
        return
    (slot,) = token.owner_slots
    nobody = replace(token.setting, storage={**token.setting.storage, slot: 0})

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        kind, key = leaf
        if kind == "S":
            return key != slot and key not in token.pinned
        return kind in ("TIME", "NUMBER", "A") and (kind != "A" or int(key) >= 4)

    for function in token.functions:
        if function.reads_only or function.selector in STANDARD:
            continue
        asked = Call(ACTOR, TOKEN, filled(function, [ACTOR, HOLDER, SECOND], (BALANCE,), 1))
        for run in explore(nobody, asked, may=may, runs=8):
            written = run.trace.writes.get(slot)
            if not run.trace.ok or written is None or written[1] & (1 << 160) - 1 != ACTOR:
                continue
            after = settled(run.setting, run.trace)
            again = replace(after, storage={**after.storage, slot: 0})
            if trace(again, run.call).ok:
                yield Power(
                    "reclaim_ownership", function, run, authority(run), "owner again, the owner being nobody"
                )
                return
