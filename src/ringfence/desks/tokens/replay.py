"""Replay: show in a real engine (revm) what the tracer found, or do not say it.

The tracer proposes a state and a sequence of calls; here the same sequence runs under gas, with real hashing
and real rules of the chain. Contracts that we do not have are stood in for by a few bytes that answer what
the tracer assumed of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyrevm

from ringfence.desks.tokens.expression import Change
from ringfence.desks.tokens.trace import Call, Setting, Trace

GAS: Final = 10_000_000
SPEC: Final = "Cancun"  # case matters: an unknown word is silently the latest


@dataclass(frozen=True)
class Step:
    """One call of a sequence and whether it went through, what it answered and wrote."""

    call: Call
    ok: bool
    data: bytes


def text(address: int) -> str:
    """An address as the engine takes it."""
    return f"0x{address:040x}"


def stand_in(made: Trace, answers: Change, of: int) -> bytes:
    """Code that answers as the tracer assumed an unknown contract to: eight words by selector."""
    number, cases = 0, {}
    for call in made.calls:
        if call.kind in ("create", "selfdestruct"):
            continue
        if call.to == of:
            words = [answers.get(("R", (number, 32 * at)), 1) for at in range(8)]
            refuses = answers.get(("R", (number, -1))) == 0
            cases.setdefault(call.data[:4], (refuses, tuple(words)))
        number += 1
    code = b""
    for selector, (refuses, words) in cases.items():
        body = b"\x5f\x5f\xfd" if refuses else _answer(words)
        # calldataload(0) >> 224 == selector, else skip the body
        test = bytes.fromhex("5f3560e01c63") + selector.ljust(4, b"\0") + bytes.fromhex("1415")
        target = len(code) + len(test) + 4 + len(body)
        code += test + b"\x61" + target.to_bytes(2, "big") + b"\x57" + body + b"\x5b"
    return code + _answer((1,) * 8)


def _answer(words: tuple[int, ...]) -> bytes:
    stored = b"".join(
        b"\x7f" + word.to_bytes(32, "big") + b"\x60" + bytes([32 * at]) + b"\x52"
        for at, word in enumerate(words)
    )
    return stored + b"\x61" + (32 * len(words)).to_bytes(2, "big") + b"\x5f\xf3"


def engine(setting: Setting, made: Trace | None = None) -> pyrevm.EVM:
    """An engine in which a setting holds; ``made`` says which unknown contracts are needed."""
    evm = pyrevm.EVM(
        env=pyrevm.Env(
            cfg=pyrevm.CfgEnv(chain_id=setting.chain),
            block=pyrevm.BlockEnv(
                number=setting.number, timestamp=setting.time, basefee=0, coinbase=text(setting.coinbase),
                gas_limit=1 << 40,
            ),
        ),
        spec_id=SPEC,
    )  # fmt: skip
    for address, program in setting.codes.items():
        evm.insert_account_info(text(address), pyrevm.AccountInfo(nonce=1, code=program.code))
    if made is not None:
        for other in {one.to for one in made.calls if one.kind in ("call", "static", "delegate", "callcode")}:
            if other in setting.codes or other in setting.people or other < 0x10000:
                continue
            code = stand_in(made, setting.answers, other)
            evm.insert_account_info(text(other), pyrevm.AccountInfo(nonce=1, code=code))
    for (contract, slot), value in setting.storage.items():
        if value:
            evm.insert_account_storage(text(contract), slot, value)
    for who, money in setting.balances.items():
        evm.set_balance(text(who), money)
    return evm


def run(evm: pyrevm.EVM, call: Call) -> Step:
    """One call. What it wrote stays for the next."""
    try:
        data = evm.message_call(
            text(call.caller), text(call.to), calldata=call.data, value=call.value, gas=GAS
        )
    except RuntimeError as error:
        # The engine says why it stopped, and the answer of a revert in hexadecimal.
        return Step(call, ok=False, data=str(error).encode())
    return Step(call, ok=True, data=bytes(data))


def agrees(evm: pyrevm.EVM, setting: Setting, call: Call, made: Trace) -> bool:
    """Whether the engine does what the tracer said: the same end, the same answer, the same storage."""
    step = run(evm, call)
    if step.ok != made.ok:
        return False
    if not made.ok:
        return True
    return step.data[: len(made.data)] == made.data and all(
        evm.storage(text(contract), slot) == value for (contract, slot), (_, value, _) in made.writes.items()
    )
