"""Replay: show in a real engine what the tracer found, or do not say it.

The tracer proposes a state and a sequence of calls; here the same sequence runs under gas, with real hashing
and the rules of the chain. Contracts that we do not have are stood in for by a few bytes that answer what
the tracer assumed of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.desks.tokens.expression import Change
from ringfence.desks.tokens.trace import Call, Setting, Trace
from ringfence.desks.tokens.world import Environment, Outcome, World

_WORDS = 8  # that a stand-in answers


def stand_in(made: Trace, answers: Change, of: int) -> bytes:
    """Code that answers as the tracer assumed an unknown contract to, by the selector it is asked with."""
    number = 0
    cases: dict[bytes, tuple[bool, tuple[int, ...]]] = {}
    for one in made.calls:
        if one.kind in ("create", "selfdestruct"):
            continue
        if one.to == of:
            words = tuple(answers.get(("R", (number, 32 * at)), 1) for at in range(_WORDS))
            cases.setdefault(one.data[:4], (answers.get(("R", (number, -1))) == 0, words))
        number += 1
    code = b""
    for selector, (refuses, words) in cases.items():
        body = bytes.fromhex("5f5ffd") if refuses else _answer(words)
        # calldataload(0) >> 224 == selector, or jump behind the body
        test = bytes.fromhex("5f3560e01c63") + selector.ljust(4, b"\0") + bytes.fromhex("1415")
        behind = len(code) + len(test) + 4 + len(body)
        code += test + b"\x61" + behind.to_bytes(2, "big") + b"\x57" + body + b"\x5b"
    return code + _answer((1,) * _WORDS)


def _answer(words: tuple[int, ...]) -> bytes:
    stored = (
        b"\x7f" + word.to_bytes(32, "big") + b"\x60" + bytes([32 * at]) + b"\x52"
        for at, word in enumerate(words)
    )
    return b"".join(stored) + b"\x61" + (32 * len(words)).to_bytes(2, "big") + b"\x5f\xf3"


def codes_of(setting: Setting, runs: Iterable[Trace] = ()) -> dict[int, bytes]:
    """The code in a setting, with stand-ins for the unknown contracts that runs called."""
    codes = {address: program.code for address, program in setting.codes.items()}
    for made in runs:
        for one in made.calls:
            known = one.to in codes or one.to in setting.people or one.to < 1 << 16
            if one.kind in ("call", "static", "delegate", "callcode") and not known:
                codes[one.to] = stand_in(made, setting.answers, one.to)
    return codes


def world(setting: Setting, runs: Iterable[Trace] = ()) -> World:
    """A world in which a setting holds, with stand-ins for the unknown contracts that runs called."""
    codes = codes_of(setting, runs)
    environment = Environment(
        chain=setting.chain, number=setting.number, time=setting.time, base_fee=setting.base_fee,
        gas_price=setting.base_fee, coinbase=setting.coinbase,
    )  # fmt: skip
    return World(environment, codes, setting.storage, setting.balances)


def run(there: World, call: Call) -> Outcome:
    """One call; what it wrote stays for the next."""
    return there.call(call.caller, call.to, call.data, call.value)


def agrees(there: World, call: Call, made: Trace) -> bool:
    """Whether the engine does what the tracer said: the same end, the same answer, the same storage."""
    outcome = run(there, call)
    if outcome.ok != made.ok:
        return False
    if not made.ok:
        return True
    return outcome.data[: len(made.data)] == made.data and all(
        there.slot(contract, slot) == value for (contract, slot), (_, value, _) in made.writes.items()
    )
