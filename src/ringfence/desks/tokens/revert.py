"""Revert: why a call was refused, as far as its answer says."""

from __future__ import annotations

from typing import Final

ERROR: Final = bytes.fromhex("08c379a0")  # Error(string)
PANIC: Final = bytes.fromhex("4e487b71")  # Panic(uint256)
# https://docs.soliditylang.org, "Panic via assert and Error via require"
_PANICS: Final = {
    0x00: "a panic of the compiler's", 0x01: "an assertion that does not hold", 0x11: "an overflow",
    0x12: "a division by zero", 0x21: "a value outside its enumeration", 0x22: "broken storage bytes",
    0x31: "a pop of an empty list", 0x32: "a place outside its list", 0x41: "too much memory",
    0x51: "a call of an internal function that is not set",
}  # fmt: skip


def reason(data: bytes) -> str:
    """In words: the text of Error(string), the meaning of Panic, or the selector of a custom error."""
    if not data:
        return "reverted without a reason"
    if data[:4] == ERROR and len(data) >= 68:
        at = int.from_bytes(data[4:36], "big")
        size = int.from_bytes(data[4 + at : 36 + at], "big") if at <= len(data) else 0
        text = data[36 + at : 36 + at + min(size, 1024)].decode("utf-8", "replace") if at <= len(data) else ""
        return "reverted: " + "".join(letter if letter.isprintable() else "�" for letter in text)
    if data[:4] == PANIC and len(data) == 36:
        code = int.from_bytes(data[4:], "big")
        return f"reverted: {_PANICS.get(code, 'a panic')} (panic {code:#04x})"
    if len(data) >= 4:
        return f"reverted with the custom error 0x{data[:4].hex()} ({len(data) - 4} bytes more)"
    return f"reverted with 0x{data.hex()}"
