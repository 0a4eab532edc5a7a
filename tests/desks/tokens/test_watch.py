"""Watching at a real node: each change is told once, and nothing is made of what a node does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from interfaces.command import run
from ringfence.core.cache import Cache
from ringfence.core.errors import InputError
from ringfence.desks.tokens.analysis import Analyses
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call, word
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION
from ringfence.desks.tokens.watch import LONGEST, Watch
from ringfence.interfaces.cli.tokens_watch import Span

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts, running
from .solidity import tricks

OWNER_SLOT = 3
TOGGLE = keccak(b"toggle()")[:4]
ANALYSES = Analyses(Cache())


def text(address: int) -> str:
    return f"0x{address:040x}"


def watching(url: str, *addresses: int, **more: Any) -> Watch:
    return Watch(url, CHAIN, addresses, ANALYSES, per_second=0, **more)


def told(watch: Watch) -> list[dict[str, Any]]:
    """One round, with all that is told taken."""
    made = []
    for seen in watch.round():
        watch.took(seen)
        made.append(seen.to_dict())
    return made


def changes(watch: Watch) -> list[tuple[str, Any, Any]]:
    (line,) = told(watch)
    return [(one["what"], one["from"], one["to"]) for one in line["changed"]]


def test_the_first_look_and_then_silence(anvil: Anvil) -> None:
    one, two = anvil.deploy(tricks()["PowerMint"]), anvil.deploy(tricks()["HonestPlain"])
    watch = watching(anvil.url, one, two)
    first = told(watch)
    assert [line["subject"] for line in first] == [f"token:{CHAIN}/erc20:{text(who)}" for who in (one, two)]
    assert all(line["changed"] == [] and line["screening"]["resolved"] for line in first)
    anvil.send(ALICE, one, call(TRANSFER, BOB, 10**18))
    anvil.send(ALICE, one, keccak(b"issue(address,uint256)")[:4] + word(BOB) + word(5))
    anvil.rpc("anvil_mine", "0x5")
    assert told(watch) == [] and watch.failed == 0


def test_a_pause_and_its_end(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["PowerPause"])
    watch = watching(anvil.url, token)
    told(watch)
    for was, now in ((0, 1), (1, 0)):
        anvil.send(ALICE, token, TOGGLE)
        (line,) = told(watch)
        (change,) = line["changed"]
        assert change["what"] == "storage" and change["capabilities"] == ["pause_transfers"]
        assert (int(change["from"], 16) >> 160, int(change["to"], 16) >> 160) == (was, now)
        assert change["block"] == line["block"] == line["screening"]["block"]["number"]
        assert told(watch) == []


def test_another_owner(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["PowerMint"])
    watch = watching(anvil.url, token)
    told(watch)
    anvil.rpc("anvil_setStorageAt", text(token), hex(OWNER_SLOT), "0x" + word(BOB).hex())
    assert changes(watch) == [("owner", text(ALICE), text(BOB))]
    anvil.rpc("anvil_setStorageAt", text(token), hex(OWNER_SLOT), "0x" + word(0).hex())
    (line,) = told(watch)
    (mint,) = [one for one in line["screening"]["capabilities"] if one["id"] == "mint"]
    assert mint["holder"]["kind"] == "renounced", "what is told is screened anew"
    assert told(watch) == []


def test_an_upgrade_and_another_admin(anvil: Anvil) -> None:
    one, two = anvil.deploy(tricks()["HonestPlain"]), anvil.deploy(tricks()["PowerFreeze"])
    places = word(IMPLEMENTATION) + word(one) + word(ADMIN) + word(ALICE)
    proxy = anvil.deploy(contracts()["SlotProxy"], places)
    watch = watching(anvil.url, proxy)
    told(watch)
    anvil.send(ALICE, proxy, bytes.fromhex("3659cfe6") + word(two))
    (line,) = told(watch)
    (change,) = line["changed"]
    assert change["what"] == "implementation" and list(change["from"]) == [text(one)]
    assert list(change["to"]) == [text(two)] and change["to"][text(two)].startswith("0x")
    assert line["screening"]["goplus"]["is_blacklisted"] == "1"
    anvil.rpc("anvil_setStorageAt", text(proxy), f"{ADMIN:#066x}", "0x" + word(BOB).hex())
    assert [what for what, _, _ in changes(watch)] == ["authority"]
    # Other code at the same address behind it, as a removal and a new creation leave it.
    anvil.put(tricks()["PowerPause"].runtime, two)
    assert [what for what, _, _ in changes(watch)] == ["implementation"]


def test_a_beacon_and_a_diamond(anvil: Anvil) -> None:
    one, two = anvil.deploy(tricks()["HonestPlain"]), anvil.deploy(tricks()["PowerFreeze"])
    beacon = anvil.deploy(contracts()["Beacon"], word(one))
    proxy = anvil.deploy(contracts()["BeaconProxy"], word(beacon))
    listed = [word(1) + one.ljust(32, b"\0") for one in (BALANCE_OF, TRANSFER)]
    head = word(one) + word(128) + word(two) + word(192)
    diamond = anvil.deploy(contracts()["Diamond"], head + listed[0] + listed[1])
    watch = watching(anvil.url, proxy, diamond)
    assert len(told(watch)) == 2 and told(watch) == []
    anvil.rpc("anvil_setStorageAt", text(beacon), "0x0", "0x" + word(two).hex())
    three = anvil.deploy(tricks()["PowerMint"])
    place = f"0x{int.from_bytes(keccak(word(1)), 'big') + 1:064x}"  # the second of its list
    anvil.rpc("anvil_setStorageAt", text(diamond), place, "0x" + word(three).hex())
    lines = told(watch)
    assert [[one["what"] for one in line["changed"]] for line in lines] == [["implementation"]] * 2
    assert text(three) in lines[1]["changed"][0]["to"]


def test_code_that_is_removed(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])
    watch = watching(anvil.url, token)
    told(watch)
    anvil.rpc("anvil_setCode", text(token), "0x")
    (line,) = told(watch)
    assert "code" in [one["what"] for one in line["changed"]] and line["screening"]["resolved"] is False


def test_a_node_that_is_killed_and_comes_back(tmp_path: Path) -> None:
    said: list[str] = []
    state = tmp_path / "chain.json"
    with running("--state", str(state)) as node:
        port = int(node.url.rpartition(":")[2])
        token = node.deploy(tricks()["PowerPause"])
        watch = watching(node.url, token, say=said.append)
        told(watch)
        assert watch.pause(60) == 60 and not said
    assert told(watch) == [] and watch.failed == 1
    assert len(said) == 1 and "nothing listens there" in said[0]
    for times in (1, 2, 3, 1_000):
        watch.failed = times
        assert watch.pause(60) == min(60 * 2.0**times, LONGEST) and watch.pause(3_600) == 3_600
    with running("--state", str(state), port=port) as node:
        assert told(watch) == [] and watch.failed == 0, "nothing changed meanwhile"
        node.send(ALICE, token, TOGGLE)
        assert [what for what, _, _ in changes(watch)] == ["storage"]


def test_a_node_that_lags_or_breaks_off_changes_nothing(anvil: Anvil, liar: Liar) -> None:
    said: list[str] = []
    token = anvil.deploy(tricks()["PowerPause"])
    mark = anvil.rpc("evm_snapshot")
    anvil.rpc("anvil_mine", "0x4")
    watch = watching(liar.url, token, say=said.append)
    told(watch)
    anvil.rpc("evm_revert", mark)  # four blocks behind, and then with another state
    anvil.send(ALICE, token, TOGGLE)
    assert told(watch) == [] and "was seen before" in said[-1] and watch.failed == 1
    liar.change = lambda asked, answer: b"<html>busy</html>"
    assert told(watch) == [] and watch.failed == 2
    liar.change = None
    anvil.rpc("anvil_mine", "0x4")
    (line,) = told(watch)
    assert [one["what"] for one in line["changed"]] == ["storage"] and watch.failed == 0
    assert line["reorganised"]["number"] > 0, "the block that was seen is gone"
    assert "reorganised" in said[-1]


def test_a_block_that_goes_while_it_is_read(anvil: Anvil, liar: Liar) -> None:
    said: list[str] = []
    token = anvil.deploy(tricks()["PowerPause"])
    watch = watching(liar.url, token, say=said.append)
    told(watch)
    anvil.send(ALICE, token, TOGGLE)
    seen = []

    def other(asked: dict[str, Any], answer: dict[str, Any]) -> None:
        if asked["method"] == "eth_getBlockByNumber" and isinstance(answer.get("result"), dict):
            seen.append(1)
            if len(seen) > 2:
                answer["result"]["hash"] = "0x" + "ab" * 32

    liar.change = other
    assert told(watch) == [] and "reorganised" in said[-1]
    liar.change = None
    assert [what for what, _, _ in changes(watch)] == ["storage"]


def test_what_was_not_taken_is_told_again(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["PowerPause"])
    watch = watching(anvil.url, token)
    told(watch)
    anvil.send(ALICE, token, TOGGLE)
    assert len(list(watch.round())) == 1  # and whoever was told stopped there
    assert [what for what, _, _ in changes(watch)] == ["storage"] and told(watch) == []


def test_another_chain_is_an_error_at_once(anvil: Anvil) -> None:
    watch = Watch(anvil.url, "eip155:1", (1,), ANALYSES)
    with pytest.raises(InputError, match="is of chain"):
        list(watch.round())


def command(anvil: Anvil, *more: object) -> Any:
    return run("tokens", "watch", "--rpc", anvil.url, "--chain", CHAIN, "--once", *more)


def test_the_command_goes_on_where_it_was(anvil: Anvil, tmp_path: Path) -> None:
    token = anvil.deploy(tricks()["PowerPause"])
    out, state = tmp_path / "out.jsonl", tmp_path / "seen.json"
    options = ("--out", out, "--state", state, text(token), "0x12")
    ran = command(anvil, *options)
    assert ran.code == 0 and "not an address" in ran.err and ran.out == ""
    assert command(anvil, *options).code == 0
    assert len(out.read_bytes().splitlines()) == 1, "nothing changed"
    out.write_bytes(out.read_bytes() + b'{"torn":')
    anvil.send(ALICE, token, TOGGLE)
    assert command(anvil, *options).code == 0
    lines = out.read_bytes().splitlines()
    assert len(lines) == 3 and json.loads(lines[2])["changed"][0]["what"] == "storage"
    state.write_text("{}")
    assert command(anvil, *options).code == 2
    assert command(anvil, "--state", tmp_path / "new.json", "0x12").code == 2
    failed = run("tokens", "watch", "--rpc", "http://127.0.0.1:9", "--chain", CHAIN, "--once", text(token))
    assert failed.code == 3 and "nothing listens there" in failed.err


def test_with_a_store_each_screening_is_sealed(anvil: Anvil, tmp_path: Path) -> None:
    token = anvil.deploy(tricks()["PowerPause"])
    store = tmp_path / "store"
    first = command(anvil, "--store", store, text(token)).json
    assert command(anvil, "--store", store, text(token)).out == ""
    whole = run("log", "fsck", "--store", store, "--json").json
    assert whole["problems"] == [] and whole["entries"] == 1
    assert first["screening"]["evidence"].startswith("sha256:")


def test_a_while() -> None:
    assert [Span().convert(one, None, None) for one in ("60s", "5m", "1h", "7")] == [60, 300, 3_600, 7]
    assert run("tokens", "watch", "--rpc", "http://x", "--chain", CHAIN, "--every", "0s", "0x").code == 2
