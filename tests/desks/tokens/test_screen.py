"""Screening: each power is found in code that has it, with calls that show it, and in no other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interfaces.command import run
from ringfence.desks.tokens.capability import IDS
from ringfence.desks.tokens.screen import screen
from ringfence.desks.tokens.synthesis import ACTOR, SECOND, TOKEN
from ringfence.desks.tokens.world import Environment, World

from .solidity import published, tricks

HAS = {
    "PowerMint": {"mint"}, "PowerMintAtRate": {"mint"}, "PowerBurnOthers": {"burn_others"},
    "PowerSeize": {"seize"}, "PowerMove": {"seize"},
    "PowerFreeze": {"freeze_account"}, "PowerFreezeUntil": {"freeze_account"},
    "PowerPause": {"pause_transfers"}, "PowerFee": {"set_fee"}, "PowerHidden": {"mint", "hidden_owner"},
    "PowerReclaim": {"reclaim_ownership"}, "PowerEnd": {"selfdestruct"}, "PowerLeak": {"leak"},
    "PowerUncap": {"limit_transfers"},
    "PowerNone": set(), "HonestPlain": set(), "HonestFreeze": {"freeze_account"},
}  # fmt: skip
BY_ANYBODY = {"PowerMintAtRate", "PowerLeak"}


def powers(code: bytes) -> set[str]:
    return {one.id for one in screen(code).capabilities if one.present}


@pytest.mark.parametrize("name", HAS)
def test_exactly_the_power_that_the_code_has_is_found(name: str) -> None:
    found = screen(tricks()[name].runtime)
    assert found.resolved and tuple(one.id for one in found.capabilities) == IDS
    assert {one.id: one.present for one in found.capabilities} == {id_: id_ in HAS[name] for id_ in IDS}
    assert found.trade["sellable"] is True


def test_a_cap_that_an_owner_sets_is_a_limit_or_a_pause() -> None:
    assert powers(tricks()["PowerCap"].runtime) & {"limit_transfers", "pause_transfers"}


@pytest.mark.parametrize("name", [name for name, has in HAS.items() if has])
def test_the_proof_can_be_made_again_by_anybody_with_an_engine(name: str) -> None:
    """In a world of its own, with nothing but the code, the state and the calls that were handed on."""
    code = tricks()[name].runtime
    for one in screen(code).capabilities:
        if not one.present:
            continue
        assert one.holder and (one.holder["kind"] == "anyone") == (name in BY_ANYBODY)
        first = one.proof[0]
        storage = {(TOKEN, int(slot, 16)): int(value, 16) for slot, value in one.state.items()}
        world = World(Environment(time=first["time"]), {TOKEN: code}, storage, {ACTOR: 10**24, TOKEN: 10**20})
        made = world.call(
            int(first["from"], 16), int(first["to"], 16), bytes.fromhex(first["data"][2:]), first["value"]
        )
        assert made.ok, (one.id, made.why)
        assert one.selector == first["data"][:10]


def test_known_tokens_of_others() -> None:
    """WETH pays out what is somebody's own; an honest fee is no power to set one."""
    weth = screen(published("@uniswap/v2-periphery", "WETH9").runtime)
    assert weth.resolved and weth.trade["sellable"] is True
    assert not {one.id for one in weth.capabilities if one.present}
    taxed = screen(published("@uniswap/v2-periphery", "DeflatingERC20").runtime)
    assert taxed.resolved and taxed.trade["sellable"] is True
    assert not {one.id for one in taxed.capabilities if one.present}


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("ERC20", set()), ("ERC20PresetFixedSupply", set()),
        ("ERC20PresetMinterPauser", {"mint", "pause_transfers"}),
        ("ERC777PresetFixedSupply", {"seize", "burn_others"}),  # by operators that its maker names
    ],
)  # fmt: skip
def test_every_power_of_a_library_and_no_other(name: str, has: set[str]) -> None:
    found = screen(published("@openzeppelin/contracts", name).runtime)
    assert found.resolved and found.trade["sellable"] is True
    assert {one.id: one.present for one in found.capabilities} == {id_: id_ in has for id_ in IDS}


@pytest.mark.parametrize("name", ["ERC1967Proxy", "TransparentUpgradeableProxy", "BeaconProxy"])
def test_a_library_s_proxies_say_that_they_are_proxies(name: str) -> None:
    found = screen(published("@openzeppelin/contracts", name).runtime)
    told = {one.id: one.present for one in found.capabilities}
    assert not found.resolved and "proxy" in (found.why or "") and told["upgrade"] is True
    assert told["mint"] is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (b"", "no code"), (bytes.fromhex("ef0001"), "EOF"), (bytes.fromhex("ef0100" + "11" * 20), "EIP-7702"),
        (b"\x5b" * 60_000, "bytes of code"), (bytes.fromhex("5b600056"), "balanceOf"), (b"\xfe", "balanceOf"),
        (b"\x00", "balanceOf"), (bytes(range(256)), "balanceOf"),
    ],
)  # fmt: skip
def test_what_is_no_token_is_not_resolved_and_never_safe(code: bytes, words: str) -> None:
    found = screen(code)
    assert not found.resolved and found.why is not None and words in found.why
    assert found.trade["sellable"] is None
    told = {one.id: one for one in found.capabilities}
    assert tuple(told) == IDS
    assert all(told[id_].present is None and told[id_].why for id_ in ("mint", "seize", "pause_transfers"))


def test_a_proxy_is_not_what_it_hands_on_to() -> None:
    found = screen(tricks()["ProxySwap"].runtime)
    told = {one.id: one.present for one in found.capabilities}
    assert told["upgrade"] is True and told["mint"] is None
    assert not found.resolved and "proxy" in (found.why or "")


def test_twice_is_the_same() -> None:
    code = tricks()["PowerFreezeUntil"].runtime
    assert json.dumps(screen(code).to_dict(), default=str) == json.dumps(screen(code).to_dict(), default=str)


# --- the command ---------------------------------------------------------------------------------
def test_the_command_screens_runtime_and_creation_and_reports_bad_files(tmp_path: Path) -> None:
    made = tricks()["PowerMint"]
    digits = made.runtime.hex()
    for name, text in (
        ("a.hex", digits), ("b.hex", f"0x{digits[:64]}\n{digits[64:]}"),
        ("c.hex", made.creation.hex()), ("bad.hex", "zz"), ("unlinked.hex", "60__$aa$__"),
    ):  # fmt: skip
        (tmp_path / name).write_text(text)
    ran = run("tokens", "screen", "--runtime", tmp_path / "a.hex", tmp_path / "bad.hex", tmp_path / "b.hex")
    first, second = ran.lines
    assert ran.code == 0 and "bad.hex" in ran.err and "1 of 3" in ran.err
    assert first["file"].endswith("a.hex") and first["subject"] is None and first["resolved"] is True
    assert {**first, "file": ""} == {**second, "file": ""}
    mint = next(one for one in first["capabilities"] if one["id"] == "mint")
    assert mint["present"] is True and mint["selector"] == mint["proof"][0]["data"][:10]
    assert int(mint["proof"][0]["from"], 16) == ACTOR and first["goplus"]["is_mintable"] == "1"
    (created,) = run("tokens", "screen", "--creation", tmp_path / "c.hex").lines
    assert {one["id"] for one in created["capabilities"] if one["present"]} == {"mint"}
    nothing = run("tokens", "screen", "--runtime", tmp_path / "unlinked.hex", tmp_path / "none.hex")
    assert nothing.code == 2 and "libraries" in nothing.err
    assert run("tokens", "screen").code == 2


def test_many_files_come_in_the_order_given(tmp_path: Path) -> None:
    names = ["PowerMint", "PowerFee", "PowerNone", "PowerEnd", "PowerSeize", "PowerLeak", "PowerPause", "bad"]
    for name in names[:-1]:
        (tmp_path / name).write_text(tricks()[name].runtime.hex())
    (tmp_path / "bad").write_text("0x0")
    ran = run("tokens", "screen", "--runtime", *[tmp_path / name for name in (*names, "PowerMint")])
    assert [Path(one["file"]).name for one in ran.lines] == [*names[:-1], "PowerMint"]
    assert {**ran.lines[0], "file": ""} == {**ran.lines[-1], "file": ""} and "1 of 9" in ran.err


def test_files_keep_their_order_whichever_stands_after_an_option(tmp_path: Path) -> None:
    for name in "abcd":
        (tmp_path / name).write_text("00")
    a, b, c, d = (tmp_path / name for name in "abcd")
    ran = run(
        "tokens", "screen", "--runtime", a, b, f"--runtime={c}", d, "--depth", "quick", "--runtime", a, b
    )
    assert [Path(one["file"]).name for one in ran.lines] == list("abcdab")


def test_a_stranger_gains_nothing_by_the_names_used_here() -> None:
    """People of the search are drawn by hash: no code can know them, nor meet them on a chain."""
    assert len({ACTOR, SECOND, TOKEN}) == 3 and min(ACTOR, SECOND, TOKEN) > 1 << 150
