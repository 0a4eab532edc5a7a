"""Outward: calls of other contracts and creations, as the interpreter makes them."""

from __future__ import annotations

import hashlib
from typing import Final

from ringfence.desks.tokens.expression import Node, Operand
from ringfence.desks.tokens.machine import MAX_DEPTH, Frame, Stop
from ringfence.desks.tokens.memory import within
from ringfence.desks.tokens.meter import BYTES
from ringfence.desks.tokens.trace import Branch, Outward

CALLS: Final = {0xF1: "call", 0xF2: "callcode", 0xF4: "delegate", 0xFA: "static"}


def calls(frame: Frame) -> None:
    """A call of another account, whichever of the four."""
    run, stack, memory, made = frame.run, frame.stack, frame.memory, frame.run.made
    op = frame.program.ops[frame.pc]
    frame.pop()  # gas
    named = stack.pop()
    who_node, named = (None, named) if named.__class__ is int else (named, named[1])
    who = named & (1 << 160) - 1
    sent: Operand = stack.pop() if op in (0xF1, 0xF2) else 0
    worth, worth_node = (sent, None) if isinstance(sent, int) else (sent[1], sent)
    at, size, out, out_size = frame.pop(), frame.pop(), frame.pop(), frame.pop()
    memory.grow(at + size)
    memory.grow(out + out_size)
    if worth and frame.static and op == 0xF1:
        raise Stop("invalid")
    run.left -= (size + out_size) // BYTES  # and what is known of each word
    passed, passed_nodes = memory.read(at, size), memory.within(at, size)
    number = run.calls
    run.calls += 1
    precompiled = 0 < who < 10
    if not precompiled:
        made.calls.append(Outward(CALLS[op], frame.this, who, who_node, worth, worth_node, passed, frame.pc))
    has = run.setting.balances.get(frame.this, 0)
    if worth_node is not None and op == 0xF1:
        short = ("GT", int(worth > has), worth_node, has)
        made.branches.append(Branch(frame.pc, frame.this, short, worth > has))
    if worth > has and op == 0xF1:
        end = Stop("revert")
    elif precompiled:
        end = _precompiled(who, passed, passed_nodes, run.setting.signer)
    elif who in run.setting.codes and frame.depth < MAX_DEPTH:
        delegated = op == 0xF4
        inner = Frame(
            run, frame.this if op in (0xF2, 0xF4) else who, frame.caller if delegated else frame.this,
            frame.value if delegated else sent, passed, passed_nodes, frame.depth + 1,
            static=frame.static or op == 0xFA,
        )  # fmt: skip
        end = run.enter(who, inner)
    else:
        end = _unknown(frame, number, who, size, out_size)
    if end.how == "selfdestruct":
        end = Stop("return")
    frame.returned, frame.returned_nodes = end.data, end.nodes
    width = min(out_size, len(end.data))
    memory.write(out, end.data[:width], within(end.nodes, 0, width))
    good = int(end.how == "return")
    # Whether another contract agrees is its own matter: somebody could arrange it.
    free = who not in run.setting.codes and who > 9
    stack.append(("R", good, (number, -1), None) if free else good)


def _unknown(frame: Frame, number: int, who: int, size: int, out_size: int) -> Stop:
    """What a contract that we do not have answers: the word 1, unless told otherwise."""
    answers = frame.run.setting.answers
    if answers.get(("R", (number, -1))) == 0:
        return Stop("revert")
    if not frame.run.contract(who) or not size:
        return Stop("return")
    data = b""
    nodes: dict[int, Node] = {}
    for k in range(0, 32 * max(1, min(8, (out_size + 31) // 32)), 32):
        word = answers.get(("R", (number, k)), 1)
        data += word.to_bytes(32, "big")
        nodes[k] = ("R", word, (number, k), None)
    return Stop("return", data, nodes)


def _precompiled(which: int, data: bytes, nodes: dict[int, Node], signer: int) -> Stop:
    if which == 4:
        return Stop("return", data, nodes)
    if which == 2:
        return Stop("return", hashlib.sha256(data).digest())
    if which == 1:  # whose signature: nobody made one here
        return Stop("return", signer.to_bytes(32, "big"), {0: ("SIGNER", signer, 0, None)})
    return Stop("return", bytes(32))


def creates(frame: Frame) -> None:
    """A new contract, which is noted and not run."""
    run = frame.run
    sent, at, size = frame.pop(), frame.pop(), frame.pop()
    if frame.program.ops[frame.pc] == 0xF5:
        frame.pop()
    if frame.static:
        raise Stop("invalid")
    code = frame.memory.read(at, size)
    run.created += 1
    where = 0xC0DE0000000000000000 + run.created << 64
    run.made.calls.append(Outward("create", frame.this, where, None, sent, None, code, frame.pc))
    frame.stack.append(where)
