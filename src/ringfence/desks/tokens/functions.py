"""Functions: what a dispatcher answers to, with arguments filled in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import evmole

TRANSFER: Final = bytes.fromhex("a9059cbb")
TRANSFER_FROM: Final = bytes.fromhex("23b872dd")
APPROVE: Final = bytes.fromhex("095ea7b3")
ALLOWANCE: Final = bytes.fromhex("dd62ed3e")
BALANCE_OF: Final = bytes.fromhex("70a08231")
TOTAL_SUPPLY: Final = bytes.fromhex("18160ddd")
OWNER_OF: Final = bytes.fromhex("6352211e")
OWNERS: Final = tuple(bytes.fromhex(one) for one in ("8da5cb5b", "893d20e8"))  # owner(), getOwner()
# What every holder may do under the standard, and what only asks.
SINGLE: Final = frozenset(bytes.fromhex(one) for one in ("42842e0e", "b88d4fde", "a22cb465"))  # of ERC-721
STANDARD: Final = frozenset(
    bytes.fromhex(one)
    for one in (
        "a9059cbb", "23b872dd", "095ea7b3", "39509351", "a457c2d7", "d505accf", "70a08231", "18160ddd",
        "dd62ed3e", "cae9ca51", "4000aea0",
    )
)  # fmt: skip
MANY: Final = 400  # functions; of 439 tokens of others the largest has 81
_GUESSED: Final = ("address", "uint256")


@dataclass(frozen=True)
class Function:
    """A selector, the types of its arguments (as far as its code shows them) and whether it only reads."""

    selector: bytes
    types: tuple[str, ...]
    mutability: str

    @property
    def reads_only(self) -> bool:
        """Whether the code cannot write."""
        return self.mutability in ("view", "pure")


@lru_cache(256)
def functions(code: bytes) -> tuple[Function, ...]:
    """What the dispatcher of a contract answers to, in the order of its selectors. Of more than `MANY` only
    the selectors are read: what each takes is then a guess, and that it writes is supposed."""
    if not code:
        return ()
    listed = evmole.contract_info(code, selectors=True).functions or []
    if len(listed) > MANY:
        names = sorted(bytes.fromhex(one.selector) for one in listed)
        return tuple(Function(one, _GUESSED, "payable") for one in names)
    found = evmole.contract_info(code, selectors=True, arguments=True, state_mutability=True).functions or []
    made = [
        Function(bytes.fromhex(one.selector), _types(one.arguments or ""), one.state_mutability or "")
        for one in found
    ]
    return tuple(sorted(made, key=lambda one: one.selector))


def _types(text: str) -> tuple[str, ...]:
    parts, depth, word = [], 0, ""
    for letter in text:
        if letter == "," and not depth:
            parts.append(word)
            word = ""
            continue
        depth += (letter in "([") - (letter in ")]")
        word += letter
    return (*parts, word) if word else tuple(parts)


def word(value: int) -> bytes:
    """One word of a call."""
    return (value % (1 << 256)).to_bytes(32, "big")


def call(selector: bytes, *words: int) -> bytes:
    """A call with plain words."""
    return selector + b"".join(word(value) for value in words)


def filled(function: Function, people: list[int], amounts: tuple[int, ...], truth: int) -> bytes:
    """A call with its arguments filled in: addresses from ``people`` and numbers from ``amounts`` in turn,
    the last again where there are more; truth values ``truth``, lists with one element, texts and bytes
    empty."""
    names = iter(people)
    numbers = iter(amounts)
    last = [0, 0]

    def single(kind: str) -> int:
        if kind.startswith("address"):
            last[0] = next(names, last[0])
            return last[0]
        if kind.startswith("bool"):
            return truth
        if kind.startswith(("uint", "int")):
            bits = int("".join(filter(str.isdigit, kind)) or 256)
            amount = last[1] = next(numbers, last[1])
            return amount if amount < 1 << (bits - 1) else min(amount, (1 << (bits - 1)) - 1)
        return 0

    head, tail = [], b""
    size = 32 * len(function.types)
    for kind in function.types:
        if kind.endswith("]"):
            inner = kind[: kind.rindex("[")]
            head.append(size + len(tail))
            tail += word(1) + word(single(inner))
        elif kind in ("bytes", "string"):
            head.append(size + len(tail))
            tail += word(0)
        else:
            head.append(single(kind))
    return function.selector + b"".join(word(value) for value in head) + tail
