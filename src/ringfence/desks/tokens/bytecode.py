"""Bytecode: what a contract's code is, before anything is run."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from Crypto.Hash import keccak as _keccak

from ringfence.core.errors import InputError

MAX_CODE: Final = 24_576  # bytes of runtime code that the chain itself takes (EIP-170)
PUSH1: Final = 0x60
JUMPDEST: Final = 0x5B


_SHORT: Final = 256  # bytes: the hashes of keys and names are asked for again and again


def keccak(data: bytes) -> bytes:
    """Keccak-256, as the chain hashes (not the later SHA-3)."""
    return _remembered(data) if len(data) <= _SHORT else _hashed(data)


def _hashed(data: bytes) -> bytes:
    return _keccak.new(digest_bits=256, data=data).digest()


_remembered = lru_cache(65536)(_hashed)


def from_text(text: str) -> bytes:
    """Code from hexadecimal digits, with or without 0x and white space. Raises `InputError`."""
    digits = "".join(text.split()).removeprefix("0x").removeprefix("0X")
    try:
        return bytes.fromhex(digits)
    except ValueError as error:
        hint = "link the libraries first" if "__" in digits else "an even number of digits 0-9 and a-f"
        raise InputError("no hexadecimal code", hint=hint) from error


class Program:
    """Runtime code, decoded once: ``ops[pc]``, the pushed ``value[pc]`` and ``after[pc]`` of each
    instruction, and where jumps may land."""

    __slots__ = ("after", "code", "jumps", "ops", "value")

    def __init__(self, code: bytes) -> None:
        self.code = code
        size = len(code)
        self.ops = [*code, 0]
        self.value: list[int] = [0] * (size + 1)
        self.after: list[int] = [size] * (size + 1)
        self.jumps: set[int] = set()
        pc = 0
        while pc < size:
            op = code[pc]
            after = pc + 1
            if 0x60 <= op <= 0x7F:
                width = op - 0x5F
                # What stands past the end of the code reads as zero.
                self.value[pc] = int.from_bytes(code[pc + 1 : pc + 1 + width].ljust(width, b"\x00"), "big")
                after += width
            elif op == JUMPDEST:
                self.jumps.add(pc)
            self.after[pc] = min(after, size)
            pc = after
