"""Shown: a power made again in the engine, and the transactions that show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ringfence.desks.tokens import replay
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.moves import SUITE
from ringfence.desks.tokens.powers import Power
from ringfence.desks.tokens.reach import Reached
from ringfence.desks.tokens.synthesis import PEOPLE, TOKEN, Token
from ringfence.desks.tokens.trace import Call, Setting, Trace, trace
from ringfence.desks.tokens.waits import AGAIN
from ringfence.desks.tokens.world import World

OF_TRANSFERS: Final = frozenset({"freeze_account", "pause_transfers", "limit_transfers", "set_fee"})
OF_BALANCES: Final = frozenset({"mint", "burn_others", "seize"})


def made_again(token: Token, power: Power) -> list[dict[str, Any]] | None:
    """The steps of a proof, if the engine comes out as the tracer did; else None."""
    run = power.reached
    there = replay.world(run.setting, [run.trace, *_transfers_of(power, run)])
    before = _balances(there) if power.id in OF_BALANCES else {}
    moves = _moves(there) if power.id in OF_TRANSFERS else {}
    if not replay.agrees(there, run) and power.function is not None:
        return None
    made = steps(run)
    if power.id in OF_BALANCES:
        after = _balances(there)
        changed = {who: after[who] - before[who] for who in PEOPLE if after[who] != before[who]}
        # Where balances are a plain mapping, equal storage is equal balances, whoever's they are.
        if not _as_said(power.id, changed, run.call.caller) and token.base is None:
            return None
    if power.id in OF_TRANSFERS:
        if power.function is None:  # as it stands: the large one fails where the small one passes
            name = power.note.rpartition(" ")[2]
            if name == AGAIN:
                return made * 2 if not _goes(there, run.call) else None
            return [step(run.call, run.setting)] if moves["plain"][0] and not moves[name][0] else None
        if power.note.endswith(AGAIN):
            giver, taker, amount = SUITE["plain"]
            asked = Call(giver, TOKEN, call(TRANSFER, taker, amount))
            went = [_goes(there, asked), _goes(there, asked)]
            return [*made, *[step(asked, run.setting)] * 2] if went == [True, False] else None
        now = _moves(there)
        other = [name for name in SUITE if moves[name] != now[name]]
        if not other:
            return None
        giver, taker, amount = SUITE[other[0]]
        made.append(step(Call(giver, TOKEN, call(TRANSFER, taker, amount)), run.setting))
    return made


def _goes(there: World, asked: Call) -> bool:
    outcome = there.call(asked.caller, TOKEN, asked.data)
    return outcome.ok and outcome.word() != 0


def _as_said(name: str, changed: Mapping[int, int], actor: int) -> bool:
    up = sum(change for change in changed.values() if change > 0)
    down = -sum(change for who, change in changed.items() if change < 0 and who != actor)
    return up > 0 if name == "mint" else down > 0 and (up > 0) == (name == "seize")


def _transfers_of(power: Power, run: Reached) -> list[Trace]:
    if power.id not in OF_TRANSFERS:
        return []
    return [
        trace(run.setting, Call(giver, TOKEN, call(TRANSFER, taker, amount)))
        for giver, taker, amount in SUITE.values()
    ]


def _balances(there: World) -> dict[int, int]:
    return {who: there.call(PEOPLE[0], TOKEN, call(BALANCE_OF, who)).word() or 0 for who in PEOPLE}


def _moves(there: World) -> dict[str, tuple[bool, int]]:
    made = {}
    for name, (giver, taker, amount) in SUITE.items():
        with there.trial():
            had = there.call(giver, TOKEN, call(BALANCE_OF, taker)).word() or 0
            outcome = there.call(giver, TOKEN, call(TRANSFER, taker, amount))
            has = there.call(giver, TOKEN, call(BALANCE_OF, taker)).word() or 0
            went = outcome.ok and outcome.word() != 0 and has > had
            made[name] = (went, has - had if went else 0)
    return made


def steps(run: Reached) -> list[dict[str, Any]]:
    before = steps(run.first) if run.first is not None else []
    return [*before, step(run.call, run.setting)]


def step(one: Call, setting: Setting) -> dict[str, Any]:
    """A transaction as proofs write it."""
    return {
        "from": f"0x{one.caller:040x}",
        "to": f"0x{one.to:040x}",
        "value": one.value,
        "data": "0x" + one.data.hex(),
        "time": setting.time,
    }
