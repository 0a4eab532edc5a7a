"""Deploy: run a constructor and some calls of its owner, and take the state that comes of it."""

from __future__ import annotations

from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.synthesis import ACTOR, POOL, TOKEN, settled
from ringfence.desks.tokens.trace import Call, Setting, Slot, program, trace

from .solidity import Compiled


def deployed(made: Compiled, *calls: bytes, words: bytes = b"") -> tuple[bytes, dict[Slot, int]]:
    """(runtime code, storage by (contract, slot)) after a deployment by `ACTOR`, who makes the calls."""
    people = frozenset({ACTOR})
    setting = Setting({TOKEN: program(made.creation + words)}, people=people)
    built = trace(setting, Call(ACTOR, TOKEN, b""))
    assert built.ok and built.data, built.how
    setting = Setting({TOKEN: program(built.data)}, settled(setting, built).storage, people=people)
    for data in calls:
        ran = trace(setting, Call(ACTOR, TOKEN, data))
        assert ran.ok, (data.hex(), ran.how)
        setting = settled(setting, ran)
    return built.data, setting.storage


LIQUIDITY = call(TRANSFER, POOL, 10**24)
SET_PAIR = call(bytes.fromhex("8187f516"), POOL)  # setPair(address)
