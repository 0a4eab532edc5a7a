"""Creation: the runtime code that creation code leaves behind."""

from __future__ import annotations

from ringfence.core.errors import InputError
from ringfence.desks.tokens.synthesis import ACTOR, NAMES, TOKEN
from ringfence.desks.tokens.trace import Call, Setting, program, trace

_ENDS = b"\xf3\xfe"  # return, then a byte that nothing runs: where compilers put the runtime


def runtime_of(creation: bytes) -> bytes:
    """Run a constructor and take what it returns; where it refuses (its arguments are missing), what stands
    behind its end. Raises `InputError` where neither gives code."""
    if not creation:
        return b""
    made = trace(Setting({TOKEN: program(creation)}, people=frozenset(NAMES)), Call(ACTOR, TOKEN, b""))
    if made.ok and made.data:
        return made.data
    _, found, rest = creation.partition(_ENDS)
    if not found or not rest:
        raise InputError("no runtime code came of it", hint="is this creation code? try --runtime")
    return rest
