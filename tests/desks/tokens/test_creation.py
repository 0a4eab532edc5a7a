"""Creation code: what its constructor leaves is screened; where it leaves nothing, that is the answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from interfaces.command import run
from ringfence.desks.tokens.capability import IDS
from ringfence.desks.tokens.creation import NoRuntimeError, runtime_of

from .hostile import assembled, loop
from .solidity import tricks

NOTHING = {
    "stops": (assembled("STOP"), "returns none"),
    "returns nothing": (assembled("0 0 RETURN"), "returns none"),
    "reverts": (assembled("0 0 REVERT"), "refuses"),
    "is no code": (b"\xfe", "refuses"),
    "never ends": (assembled(":on @on JUMP"), "gas"),
    # What lies behind an end that is never come to is nobody's runtime code.
    "never ends before its end": (assembled(":on @on JUMP 0 0 RETURN") + b"\xfe\x60\x00", "gas"),
    "stops before another end": (assembled("STOP 0 0 RETURN") + b"\xfe\x60\x00", "returns none"),
}


def leaving(runtime: bytes, before: str) -> bytes:
    """A constructor that does something and then returns ``runtime``."""

    def head(at: int) -> bytes:
        size = f"2:{len(runtime)}"
        return assembled(f"{before} {size} 2:{at} 0 CODECOPY {size} 0 RETURN")

    return head(len(head(0))) + runtime


@pytest.mark.parametrize("name", NOTHING)
def test_a_constructor_that_leaves_nothing_is_an_answer_and_not_an_error(name: str, tmp_path: Path) -> None:
    code, words = NOTHING[name]
    with pytest.raises(NoRuntimeError, match=words):
        runtime_of(code)
    good = tricks()["PowerMint"].creation
    for file, data in (("bad.hex", code), ("good.hex", good)):
        (tmp_path / file).write_text(data.hex())
    ran = run("tokens", "screen", "--creation", tmp_path / "bad.hex", tmp_path / "good.hex")
    bad, other = ran.lines
    assert ran.code == 0 and bad["file"].endswith("bad.hex") and other["resolved"] is True
    assert bad["resolved"] is False and words in bad["why"] and "--runtime" in bad["why"]
    assert bad["code_hash"] is None and bad["trade"]["sellable"] is None and words in bad["trade"]["why"]
    assert [one["id"] for one in bad["capabilities"]] == list(IDS)
    assert all(one["present"] is None and words in one["why"] for one in bad["capabilities"])
    assert bad["goplus"] == {}
    alone = run("tokens", "screen", "--creation", tmp_path / "bad.hex")
    assert alone.code == 0 and alone.lines == [bad]


def test_a_long_constructor_is_run_to_its_end() -> None:
    """Longer than the interpreter goes, and well within the gas of a block."""
    runtime = tricks()["PowerMint"].runtime
    assert runtime_of(leaving(runtime, loop(3000, "on"))) == runtime
    assert runtime_of(leaving(runtime, "")) == runtime


def test_where_arguments_are_missing_the_code_behind_the_end_is_taken() -> None:
    assert runtime_of(assembled("0 0 REVERT 0 0 RETURN") + b"\xfe\x60\x01") == b"\x60\x01"
