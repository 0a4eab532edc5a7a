"""Beyond the engine: what it cannot run is seen, and data that only looks so mostly is not."""

from __future__ import annotations

import pytest

from ringfence.desks.tokens.beyond import beyond, instructions

HERE = 0xABC << 100


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("60011e00", {0x1E}),
        ("4000", {0x40}),
        ("611e4000", set()),  # pushed, not run
        ("001e", set()),  # after the end
        ("005b1e", {0x1E}),  # where a jump can land
        ("00fe1e40", set()),
        ("60016000f3" + "1e" * 40, set()),
        ("", set()),
        # The compiler's metadata, with a landing place and an instruction in it
        ("00" + "a164736f6c63" + "43" + "5b1e40" + "000a", set()),
    ],
)
def test_instructions_that_can_be_come_to(code: str, found: set[int]) -> None:
    assert instructions(bytes.fromhex(code)) == found


def test_why_is_said() -> None:
    assert beyond({HERE: bytes.fromhex("5f1e00")}, [HERE]) == f"0x{HERE:040x} uses CLZ (EIP-7939)"
    assert "delegated" in beyond({HERE: b"\xef\x01\x00" + bytes(20)}, [HERE])
    assert "newer than the engine" in beyond({}, [0x0B])
    assert beyond({HERE: bytes.fromhex("5f00")}, [HERE, 1, 9, 10, 0x12, 0xFF, 0x101]) == ""
    assert beyond({HERE: bytes.fromhex("5f1e00")}, [1]) == ""  # not touched
