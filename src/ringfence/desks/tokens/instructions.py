"""Instructions: what the interpreter does where a step is not on the stack, in memory or storage alone.

One function for each, over the frame it is made in; `HANDLERS` finds it by its number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ringfence.desks.tokens.arithmetic import TERNARY
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.machine import Frame, Stop
from ringfence.desks.tokens.memory import within
from ringfence.desks.tokens.meter import BYTES
from ringfence.desks.tokens.outward import CALLS, calls, creates
from ringfence.desks.tokens.trace import Outward

GAS: Final = 3_000_000
_COPIED: Final = 1024  # bytes that are copied in the time of an instruction
_ARGUMENTS: Final = 2048  # bytes of a copied call of which each word is told apart


# --- the call
def _calldataload(frame: Frame) -> None:
    at, data = frame.pop(), frame.data
    got = int.from_bytes(data[at : at + 32].ljust(32, b"\0"), "big") if at < len(data) else 0
    if frame.arguments is not None:
        frame.stack.append(frame.arguments.get(at, got))
    else:
        frame.stack.append(("A", got, at, None) if at < len(data) else got)


def _calldatacopy(frame: Frame) -> None:
    to, at, size = frame.pop(), frame.pop(), frame.pop()
    frame.memory.grow(to + size)
    data = _part(frame, frame.data, at, size)
    if frame.arguments is not None:
        nodes = within(frame.arguments, at, size)
    else:
        nodes = {
            k: ("A", int.from_bytes(data[k : k + 32], "big"), at + k, None)
            for k in range(0, min(size, _ARGUMENTS) - 31, 32)
        }
    frame.memory.write(to, data, nodes)


def _codecopy(frame: Frame) -> None:
    to, at, size = frame.pop(), frame.pop(), frame.pop()
    frame.memory.grow(to + size)
    frame.memory.write(to, _part(frame, frame.program.code, at, size))


def _returndatacopy(frame: Frame) -> None:
    to, at, size = frame.pop(), frame.pop(), frame.pop()
    frame.memory.grow(to + size)
    if at + size > len(frame.returned):
        raise Stop("invalid")
    frame.memory.write(to, frame.returned[at : at + size], within(frame.returned_nodes, at, size))


def _extcodecopy(frame: Frame) -> None:
    who, to, at, size = frame.pop(), frame.pop(), frame.pop(), frame.pop()
    there = frame.run.setting.codes.get(who)
    frame.memory.grow(to + size)
    frame.memory.write(to, _part(frame, there.code if there else b"", at, size))


def _mcopy(frame: Frame) -> None:
    to, at, size = frame.pop(), frame.pop(), frame.pop()
    frame.memory.grow(max(to, at) + size)
    frame.run.left -= size // _COPIED
    frame.memory.write(to, frame.memory.read(at, size), frame.memory.within(at, size))


def _part(frame: Frame, data: bytes, at: int, size: int) -> bytes:
    frame.run.left -= size // _COPIED
    return data[at : at + size].ljust(size, b"\0") if at < len(data) else bytes(size)


def _callvalue(frame: Frame) -> None:
    frame.stack.append(frame.value if frame.depth else ("VALUE", frame.value, 0, None))


# --- what surrounds it
def _environment(name: str, value: Callable[[Frame], int]) -> Callable[[Frame], None]:
    def push(frame: Frame) -> None:
        if name != "GAS":
            frame.run.made.environment.add(name)
        frame.stack.append((name, value(frame), 0, None))

    return push


def _push(value: Callable[[Frame], int]) -> Callable[[Frame], None]:
    return lambda frame: frame.stack.append(value(frame))


def _balance(frame: Frame) -> None:
    who = frame.pop()
    frame.stack.append(("BALANCE", frame.run.setting.balances.get(who, 0), who, None))


def _selfbalance(frame: Frame) -> None:
    who = frame.this
    frame.stack.append(("BALANCE", frame.run.setting.balances.get(who, 0), who, None))


def _extcodesize(frame: Frame) -> None:
    x = frame.stack.pop()
    named = x.__class__ is not int
    who = x[1] if named else x
    there = frame.run.setting.codes.get(who)
    # An unknown contract that is named by the state is there; a person has no code.
    got = len(there.code) if there else int(named and frame.run.contract(who))
    frame.run.made.environment.add("CODE")
    frame.stack.append(("CODE", got, x, 0) if named else got)


def _extcodehash(frame: Frame) -> None:
    x = frame.stack.pop()
    there = frame.run.setting.codes.get(x if x.__class__ is int else x[1])
    got = int.from_bytes(keccak(there.code), "big") if there else 0
    frame.run.made.environment.add("CODE")
    frame.stack.append(got if x.__class__ is int else ("CODE", got, x, 0))


def _blockhash(frame: Frame) -> None:
    frame.pop()
    frame.run.made.environment.add("HASH")
    frame.stack.append(("HASH", int.from_bytes(keccak(b"block"), "big"), 0, None))


# --- hashes, single bytes, transient storage, events
def _ternary(function: Callable[[int, int, int], int]) -> Callable[[Frame], None]:
    return lambda frame: frame.stack.append(function(frame.pop(), frame.pop(), frame.pop()))


def _keccak(frame: Frame) -> None:
    at, size = frame.pop(), frame.pop()
    hashed = frame.memory.read(at, size)
    frame.run.left -= size // BYTES
    got = int.from_bytes(keccak(hashed), "big")
    if size <= 96:
        frame.run.made.hashes[got] = hashed
    frame.stack.append(got)


def _mstore8(frame: Frame) -> None:
    at, word = frame.pop(), frame.pop()
    frame.memory.write(at, bytes([word & 255]))


def _tload(frame: Frame) -> None:
    frame.stack.append(frame.run.transient.get((frame.this, frame.pop()), 0))


def _tstore(frame: Frame) -> None:
    slot = (frame.this, frame.pop())
    frame.run.transient[slot] = frame.pop()


def _log(frame: Frame) -> None:
    at, size = frame.pop(), frame.pop()
    topics = tuple(frame.pop() for _ in range(frame.program.ops[frame.pc] - 0xA0))
    frame.run.left -= size // _COPIED
    frame.run.made.logs.append((frame.this, topics, frame.memory.read(at, size)))


# --- ends
def _stop(frame: Frame) -> None:
    raise Stop("return")


def _return(frame: Frame) -> None:
    at, size = frame.pop(), frame.pop()
    raise Stop("return", frame.memory.read(at, size), frame.memory.within(at, size))


def _revert(frame: Frame) -> None:
    at, size = frame.pop(), frame.pop()
    raise Stop("revert", frame.memory.read(at, size), frame.memory.within(at, size))


def _invalid(frame: Frame) -> None:
    raise Stop("invalid")


def _selfdestruct(frame: Frame) -> None:
    who = frame.stack.pop()
    if frame.static:
        raise Stop("invalid")
    node, who = (None, who) if who.__class__ is int else (who, who[1])
    has = frame.run.setting.balances.get(frame.this, 0)
    frame.run.made.calls.append(Outward("selfdestruct", frame.this, who, node, has, None, b"", frame.pc))
    raise Stop("selfdestruct")


_KNOWN: Final[dict[int, Callable[[Frame], None]]] = {
    0x00: _stop, 0x20: _keccak, 0x31: _balance, 0x34: _callvalue, 0x35: _calldataload,
    0x37: _calldatacopy, 0x39: _codecopy, 0x3B: _extcodesize, 0x3C: _extcodecopy, 0x3E: _returndatacopy,
    0x3F: _extcodehash, 0x40: _blockhash, 0x47: _selfbalance, 0x49: _blockhash, 0x53: _mstore8,
    0x5C: _tload, 0x5D: _tstore, 0x5E: _mcopy, 0xF0: creates, 0xF3: _return, 0xF5: creates, 0xFD: _revert,
    0xFF: _selfdestruct,
    0x30: _push(lambda frame: frame.this),
    0x33: lambda frame: frame.stack.append(("CALLER", frame.caller, 0, None)),
    0x36: _push(lambda frame: len(frame.data)),
    0x38: _push(lambda frame: len(frame.program.code)),
    0x3D: _push(lambda frame: len(frame.returned)),
    0x58: _push(lambda frame: frame.pc),
    0x59: _push(lambda frame: len(frame.memory.data)),
    0x32: _environment("ORIGIN", lambda frame: frame.run.origin),
    0x3A: _environment("GASPRICE", lambda frame: frame.run.setting.base_fee),
    0x41: _environment("COINBASE", lambda frame: frame.run.setting.coinbase),
    0x42: _environment("TIME", lambda frame: frame.run.setting.time),
    0x43: _environment("NUMBER", lambda frame: frame.run.setting.number),
    0x44: _environment("RANDOM", lambda frame: 7),
    0x45: _environment("GASLIMIT", lambda frame: 30_000_000),
    0x46: _environment("CHAIN", lambda frame: frame.run.setting.chain),
    0x48: _environment("BASEFEE", lambda frame: frame.run.setting.base_fee),
    0x4A: _environment("BLOBFEE", lambda frame: 1),
    0x5A: _environment("GAS", lambda frame: GAS),
    **{op: _ternary(function) for op, function in TERNARY.items()},
    **dict.fromkeys(range(0xA0, 0xA5), _log),
    **dict.fromkeys(CALLS, calls),
}  # fmt: skip
HANDLERS: Final = tuple(_KNOWN.get(op, _invalid) for op in range(256))
