"""Creation: the runtime code that creation code leaves behind."""

from __future__ import annotations

from typing import Final

from ringfence.core.errors import InputError
from ringfence.desks.tokens.run import GAS
from ringfence.desks.tokens.synthesis import ACTOR, NAMES, TOKEN
from ringfence.desks.tokens.trace import Call, Setting, program, trace
from ringfence.desks.tokens.world import RICH, Environment, World

_ENDS: Final = b"\xf3\xfe"  # return, then a byte that nothing runs: where compilers put the runtime
_READ: Final = bytes.fromhex("5f353b805f5f5f353c5ff3")  # answers the code of the account it is asked about
_READER: Final = 0xC0DE5 << 128
_NOTHING: Final = "no runtime code came of it: the constructor ends and returns none"
_ENDLESS: Final = f"no runtime code came of it: the constructor takes more than {GAS} gas"
_REFUSED: Final = "no runtime code came of it: the constructor refuses"
_HINT: Final = "is this creation code? try --runtime"


class NoRuntimeError(InputError):
    """Creation code that was run and left none, so that there is nothing to screen."""


def runtime_of(creation: bytes) -> bytes:
    """Run a constructor and take what it returns; where it refuses (its arguments are missing), what stands
    behind its end. Raises `NoRuntimeError` where neither gives code."""
    if not creation:
        return b""
    made = trace(Setting({TOKEN: program(creation)}, people=frozenset(NAMES)), Call(ACTOR, TOKEN, b""))
    if made.ok and made.data:
        return made.data
    if made.ok:
        raise NoRuntimeError(_NOTHING, hint=_HINT)
    why = _REFUSED
    if made.how == "limit":  # of the interpreter: the engine goes on to the end of the gas
        why, left = _created(creation)
        if left:
            return left
    _, found, rest = creation.partition(_ENDS)
    if why != _REFUSED or not found or not rest:
        raise NoRuntimeError(why, hint=_HINT)
    return rest


def _created(creation: bytes) -> tuple[str, bytes]:
    """How a constructor ends in the engine, and the code that it leaves."""
    world = World(Environment(), {_READER: _READ}, {}, {ACTOR: RICH})
    done = world.create(ACTOR, creation, gas=GAS)
    if not done.ok:
        return _ENDLESS if world.halted() == "OutOfGas" else _REFUSED, b""
    return _NOTHING, world.call(ACTOR, _READER, done.data).data
