"""Reasons: whatever an answer is, something true is said of it."""

from __future__ import annotations

import pytest

from ringfence.desks.tokens.functions import word
from ringfence.desks.tokens.revert import ERROR, PANIC, reason


def error(text: bytes, at: int = 32, size: int | None = None) -> bytes:
    return ERROR + word(at) + word(len(text) if size is None else size) + text.ljust(-len(text) % 32, b"\0")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "reverted without a reason"),
        (error(b"not yet"), "reverted: not yet"),
        (error("还不行".encode()), "reverted: 还不行"),
        (error(b"\xff\xfe"), "reverted: \ufffd\ufffd"),
        (error(b"line\nline\x1b[31m"), "reverted: line\ufffdline\ufffd[31m"),
        (error(b"short", size=2**200)[:73], "reverted: short"),
        (error(b"lost", at=2**200), "reverted: "),
        (PANIC + word(0x11), "reverted: an overflow (panic 0x11)"),
        (PANIC + word(0x99), "reverted: a panic (panic 0x99)"),
        (b"\x12\x34\x56\x78" + word(1), "reverted with the custom error 0x12345678 (32 bytes more)"),
        (b"\x12", "reverted with 0x12"),
    ],
)
def test_reasons(data: bytes, said: str) -> None:
    assert reason(data) == said


def test_a_long_text_is_cut() -> None:
    assert len(reason(error(b"x" * 100_000))) < 1100
