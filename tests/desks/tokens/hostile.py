"""Hostile: tokens made to cost a reader time: thousands of functions, long loops, deep tables, many reads.

Written out instruction by instruction, because compilers make nothing like them. Each works as a token:
balances in the mapping at slot 0, the supply in slot 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ringfence.desks.tokens.functions import (
    ALLOWANCE,
    APPROVE,
    BALANCE_OF,
    TOTAL_SUPPLY,
    TRANSFER,
    TRANSFER_FROM,
)

OPS = {
    "STOP": 0x00, "ADD": 0x01, "MUL": 0x02, "SUB": 0x03, "LT": 0x10, "EQ": 0x14, "ISZERO": 0x15, "AND": 0x16,
    "XOR": 0x18, "SHR": 0x1C, "SHA3": 0x20, "CALLER": 0x33, "CALLDATALOAD": 0x35, "CODECOPY": 0x39,
    "POP": 0x50, "MLOAD": 0x51, "MSTORE": 0x52, "SLOAD": 0x54, "SSTORE": 0x55, "JUMP": 0x56, "JUMPI": 0x57,
    "GAS": 0x5A, "JUMPDEST": 0x5B, "DUP1": 0x80, "DUP2": 0x81, "DUP3": 0x82, "SWAP1": 0x90, "SWAP2": 0x91,
    "CALL": 0xF1, "RETURN": 0xF3, "DELEGATECALL": 0xF4, "STATICCALL": 0xFA, "REVERT": 0xFD,
    "SELFDESTRUCT": 0xFF,
}  # fmt: skip


def assembled(text: str) -> bytes:
    """Code from words: an instruction, a number (pushed as short as it goes, ``4:x`` in four bytes),
    ``:name`` for a place to jump to and ``@name`` to push it."""
    code, places, holes = bytearray(), dict[str, int](), list[tuple[int, str]]()
    for one in text.split():
        if one in OPS:
            code.append(OPS[one])
        elif one[0] == ":":
            places[one[1:]] = len(code)
            code.append(OPS["JUMPDEST"])
        elif one[0] == "@":
            holes.append((len(code) + 1, one[1:]))
            code += b"\x61\0\0"
        else:
            width, _, digits = one.rpartition(":")
            value = int(digits, 0)
            size = int(width) if width else max(1, (value.bit_length() + 7) // 8)
            code += bytes([0x5F + size]) + value.to_bytes(size, "big")
    for at, name in holes:
        code[at : at + 2] = places[name].to_bytes(2, "big")
    return bytes(code)


MAPPED = "0 MSTORE 0 32 MSTORE 64 0 SHA3"  # the place of a key's balance
MINTS = f"4 CALLDATALOAD {MAPPED} DUP1 SLOAD 36 CALLDATALOAD ADD SWAP1 SSTORE STOP"
YES = "1 0 MSTORE 32 0 RETURN"
# What the spender on the stack may take of an account, by a hash of both.
ALLOWED = "0 MSTORE 64 MSTORE 2 32 MSTORE 96 0 SHA3"


def _moves(giver: str, at: int) -> str:
    """What is given must be had; the sum of both stays the same. The taker and the amount are words of the
    call from ``at`` on."""
    return (
        f"{giver} {MAPPED} DUP1 SLOAD {at + 32} CALLDATALOAD DUP1 DUP3 LT @no JUMPI SWAP1 SUB SWAP1 SSTORE "
        f"{at} CALLDATALOAD {MAPPED} DUP1 SLOAD {at + 32} CALLDATALOAD ADD SWAP1 SSTORE {YES}"
    )


STANDARD = {
    APPROVE: f"36 CALLDATALOAD CALLER 4 CALLDATALOAD {ALLOWED} SSTORE {YES}",
    ALLOWANCE: f"4 CALLDATALOAD 36 CALLDATALOAD {ALLOWED} SLOAD 0 MSTORE 32 0 RETURN",
    TRANSFER_FROM: f"4 CALLDATALOAD CALLER {ALLOWED} DUP1 SLOAD 68 CALLDATALOAD DUP1 DUP3 LT @no JUMPI "
    f"SWAP1 SUB SWAP1 SSTORE @taken @before JUMP :taken {_moves('4 CALLDATALOAD', 36)}",
}


def token(
    more: dict[int, str] | None = None,
    *,
    before: str = "",
    asked: str = "",
    tail: str = "",
    deep: bool = False,
) -> bytes:
    """A token with further functions by selector; ``before`` stands before a transfer's own work, ``asked``
    before balanceOf's. ``deep``: its functions are found by halving, as compilers do, and not one by one."""
    bodies = {
        int.from_bytes(BALANCE_OF, "big"): f"{asked} 4 CALLDATALOAD {MAPPED} SLOAD 0 MSTORE 32 0 RETURN",
        int.from_bytes(TOTAL_SUPPLY, "big"): "1 SLOAD 0 MSTORE 32 0 RETURN",
        int.from_bytes(TRANSFER, "big"): f"@own @before JUMP :own {_moves('CALLER', 4)}",
        **{int.from_bytes(one, "big"): body for one, body in STANDARD.items()},
        **(more or {}),
    }
    # A body that only jumps elsewhere is not written out.
    places = {
        one: body[1:-5] if re.fullmatch(r"@\w+ JUMP", body) else f"f{one}" for one, body in bodies.items()
    }
    table = _halved(sorted(bodies), places) if deep else _listed(list(bodies), places)
    own = " ".join(f":f{one} {body}" for one, body in bodies.items() if places[one] == f"f{one}")
    return assembled(f"0 CALLDATALOAD 224 SHR {table} {own} :before {before} JUMP :no 0 0 REVERT {tail}")


def _listed(selectors: list[int], places: dict[int, str]) -> str:
    return " ".join(f"DUP1 4:{one} EQ @{places[one]} JUMPI" for one in selectors) + " 0 0 REVERT"


def _halved(selectors: list[int], places: dict[int, str]) -> str:
    if len(selectors) <= 4:
        return _listed(selectors, places)
    half = len(selectors) // 2
    middle = selectors[half]
    lower, upper = _halved(selectors[:half], places), _halved(selectors[half:], places)
    return f"4:{middle} DUP2 LT @t{middle} JUMPI {upper} :t{middle} {lower}"


def loop(times: int, name: str, work: str = "") -> str:
    """So many turns; about 10 instructions each with no work."""
    return f"{times} :{name} {work} 1 SWAP1 SUB DUP1 @{name} JUMPI POP"


def _selectors(many: int) -> list[int]:
    return [0x1000_0000 + 7919 * number for number in range(many)]


def switches(many: int) -> bytes:
    """Each function turns a switch that every transfer looks at, so that each is a pause."""
    bodies = dict.fromkeys(_selectors(many), "@turn JUMP")
    turns = ":turn CALLER 3 SLOAD XOR @no JUMPI 4 CALLDATALOAD 2 SSTORE STOP"
    return token(bodies, before="2 SLOAD @no JUMPI", tail=turns, deep=True)


def in_a_row(many: int) -> bytes:
    """The last of many functions, found one by one, makes coins."""
    bodies = dict.fromkeys(_selectors(many), "@idle JUMP")
    bodies[0x40C10F19] = MINTS
    return token(bodies, tail=":idle 1 9 SSTORE STOP")


def views(many: int) -> bytes:
    """Many functions that only read, each at length; and an owner."""
    bodies = dict.fromkeys(_selectors(many), "@long JUMP")
    bodies[0x8DA5CB5B] = "3 SLOAD 0 MSTORE 32 0 RETURN"
    bodies[0x40C10F19] = f"CALLER 3 SLOAD EQ ISZERO @no JUMPI {MINTS}"
    return token(bodies, tail=f":long {loop(900, 'l')} 7 SLOAD 0 MSTORE 32 0 RETURN", deep=True)


def loops(many: int, turns: int = 900) -> bytes:
    """Every function works at length before it writes, transfers and balances too."""
    bodies = dict.fromkeys(_selectors(many), "@long JUMP")
    return token(
        bodies, before=loop(turns, "b"), asked=loop(turns, "a"),
        tail=f":long {loop(turns, 'l')} 4 CALLDATALOAD 2 SSTORE STOP", deep=True,
    )  # fmt: skip


def burning(turns: int) -> bytes:
    """Transfers that take millions of gas."""
    return token(before=loop(turns, "b"))


def reads(many: int) -> bytes:
    """A transfer asks for very many places of storage, each of which can stop it."""
    return token(before=" ".join(f"2:{0x1000 + number} SLOAD @no JUMPI" for number in range(many)))


def table(deep: int) -> bytes:
    """A function of many decisions, one behind the other, each on another word of the call or of storage."""
    steps = " ".join(
        f"2:{0x2000 + number} SLOAD {4 + 32 * (number % 3)} CALLDATALOAD ADD @s{number} JUMPI 0 0 REVERT "
        f":s{number}"
        for number in range(deep)
    )
    first, *others = _selectors(40)
    bodies = {first: f"{steps} 1 2 SSTORE STOP", **dict.fromkeys(others, "@s0 JUMP")}
    return token(bodies, before="2 SLOAD @no JUMPI", deep=True)


def memory(many: int) -> bytes:
    """Functions that hash the same 64 KB again and again."""
    bodies = dict.fromkeys(_selectors(many), "@long JUMP")
    return token(
        bodies,
        tail=f":long {loop(700, 'l', 'DUP1 0 MSTORE 65000 0 SHA3 POP')} 4 CALLDATALOAD 2 SSTORE STOP",
        deep=True,
    )


def expressions(many: int) -> bytes:
    """A transfer that decides on numbers made of one another, so that there are ever more ways to each."""
    grows = "DUP1 DUP1 MUL 4 SLOAD ADD DUP1 DUP1 XOR 5 SLOAD ADD ADD"
    steps = " ".join(f"{grows} DUP1 77 EQ @no JUMPI" for _ in range(many))
    return token(before=f"6 SLOAD {steps} POP")


HOSTILE: dict[str, Callable[[], bytes]] = {
    "fifteen hundred switches": lambda: switches(1500),
    "sixteen hundred in a row": lambda: in_a_row(1600),
    "two thousand two hundred in a row": lambda: in_a_row(2200),
    "fifteen hundred views": lambda: views(1500),
    "five hundred long functions": lambda: loops(500),
    "a transfer of millions of gas": lambda: burning(100_000),
    "twelve hundred reads": lambda: reads(1200),
    "a table of eight hundred decisions": lambda: table(800),
    "hashes of much memory": lambda: memory(300),
    "expressions of expressions": lambda: expressions(600),
}  # fmt: skip
