"""Screening at a real node: through proxies, with holders by name, and again from a bundle without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from interfaces.command import run
from ringfence.desks.tokens.functions import TRANSFER, call, word
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts
from .solidity import tricks


def text(address: int) -> str:
    return f"0x{address:040x}"


def screened(anvil: Anvil, address: int, *more: object) -> dict[str, object]:
    ran = run("tokens", "screen", "--rpc", anvil.url, "--chain", CHAIN, text(address), *more)
    assert ran.code == 0, ran.err
    return ran.json


def told(found: dict[str, object], name: str) -> dict[str, object]:
    (one,) = [one for one in found["capabilities"] if one["id"] == name]
    return one


def test_a_holder_of_power_is_an_address(anvil: Anvil, tmp_path: Path) -> None:
    token = anvil.deploy(tricks()["PowerMint"])
    found = screened(anvil, token, "--save", tmp_path)
    assert found["subject"] == f"token:{CHAIN}/erc20:{text(token)}" and found["resolved"] is True
    assert told(found, "mint")["holder"] == {"kind": "address", "address": text(ALICE)}
    assert found["block"]["hash"].startswith("0x") and found["evidence"].startswith("sha256:")
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(token)}.json").json
    assert json.dumps(again) == json.dumps(found), "the same bytes without a node"


def test_power_that_nobody_holds_any_more(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["PowerNone"])
    anvil.send(ALICE, token, bytes.fromhex("b759f954"))  # no such function: it stays as it is
    assert told(screened(anvil, token), "mint")["present"] is False
    mint = anvil.deploy(tricks()["PowerMint"])
    anvil.rpc("anvil_setStorageAt", text(mint), "0x3", "0x" + word(0).hex())
    held = told(screened(anvil, mint), "mint")
    assert held["present"] is True and held["holder"]["kind"] == "renounced"


def test_what_is_behind_a_proxy_is_judged_and_so_is_who_may_replace_it(anvil: Anvil, tmp_path: Path) -> None:
    behind = anvil.deploy(tricks()["PowerPause"])
    proxy = anvil.deploy(
        contracts()["SlotProxy"], word(IMPLEMENTATION) + word(behind) + word(ADMIN) + word(BOB)
    )
    found = screened(anvil, proxy, "--save", tmp_path)
    assert found["resolved"] is True and told(found, "pause_transfers")["present"] is True
    upgrade = told(found, "upgrade")
    assert upgrade["present"] is True and upgrade["holder"]["address"] == text(BOB)
    assert found["proxies"][0]["implementation"] == text(behind) and found["goplus"]["is_proxy"] == "1"
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(proxy)}.json").json
    assert {**again, "file": None} == found


def test_bad_addresses_nodes_and_bundles(anvil: Anvil, liar: Liar, tmp_path: Path) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])
    for block in ("zzz", "-5", "0x", "pending", "٣"):
        ran = run("tokens", "screen", "--rpc", anvil.url, "--chain", CHAIN, f"--block={block}", text(token))
        assert ran.code == 2 and "not a block" in ran.err and "hint" in ran.err
    nobody = screened(anvil, 0xABCDEF << 100)
    assert nobody["resolved"] is False and told(nobody, "mint")["present"] is None
    ran = run("tokens", "screen", "--rpc", anvil.url, "--chain", CHAIN, "0x12", text(token))
    assert ran.code == 0 and len(ran.lines) == 1 and "not an address" in ran.err
    assert run("tokens", "screen", "--rpc", anvil.url, "--chain", "eip155:1", text(token)).code == 2
    assert run("tokens", "screen", "--rpc", "http://127.0.0.1:9", "--chain", CHAIN, text(token)).code == 3
    assert run("tokens", "screen", "--rpc", anvil.url, text(token)).code == 2
    screened(anvil, token, "--save", tmp_path)
    saved = tmp_path / f"{text(token)}.json"
    made = json.loads(saved.read_bytes())
    made["slots"] = {}
    saved.write_text(json.dumps(made))
    changed = run("tokens", "screen", "--bundle", saved)
    assert changed.code == 2 and "changed" in changed.err


def test_a_screening_is_kept_and_sealed(anvil: Anvil, tmp_path: Path) -> None:
    token = anvil.deploy(tricks()["PowerFee"])
    found = screened(anvil, token, "--store", tmp_path / "store")
    whole = run("log", "fsck", "--store", tmp_path / "store", "--json").json
    assert whole["problems"] == [] and whole["entries"] >= 1
    blob = found["evidence"].removeprefix("sha256:")
    assert any(blob in str(path).replace("/", "") for path in (tmp_path / "store").rglob("*"))


def test_a_transaction_is_simulated_and_again_without_the_node(anvil: Anvil, tmp_path: Path) -> None:
    token = anvil.deploy(tricks()["HonestFee"])
    tx = {
        "from": text(ALICE), "to": text(token), "chain": CHAIN, "value": 0,
        "data": "0x" + call(TRANSFER, BOB, 10**18).hex(),
    }  # fmt: skip
    (tmp_path / "tx.json").write_text(json.dumps(tx))
    ran = run("tokens", "simulate", tmp_path / "tx.json", "--rpc", anvil.url, "--save", tmp_path / "b.json")
    assert ran.code == 0, ran.err
    gains = {(one["address"], one["amount"]) for one in ran.json["changes"]}
    assert (text(BOB), str(99 * 10**16)) in gains and ran.json["reverted"] is False and ran.json["words"]
    again = run("tokens", "simulate", tmp_path / "tx.json", "--bundle", tmp_path / "b.json")
    assert again.out == ran.out
    (tmp_path / "tx.json").write_text("{")
    assert run("tokens", "simulate", tmp_path / "tx.json", "--rpc", anvil.url).code == 2


@pytest.mark.parametrize("options", [(), ("--rpc", "http://127.0.0.1:1", "--bundle", "x")])
def test_one_place_to_look(options: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "tx.json").write_text("{}")
    assert run("tokens", "simulate", tmp_path / "tx.json", *options).code == 2
