"""Whether powers were used, by a contract's own events and the transactions behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from interfaces.command import run
from ringfence.desks.tokens import logs as module
from ringfence.desks.tokens.bundle import Bundle
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import TRANSFER, call, word
from ringfence.desks.tokens.logs import logs
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION
from ringfence.desks.tokens.state import State

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts
from .solidity import tricks
from .test_onchain import screened, text, told


def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


MINT = call(selector("mint(address,uint256)"), BOB, 5)
PAUSE = selector("pause()")
WIPE = call(selector("wipe(address,uint256)"), BOB, 1)


def uses(found: dict[str, Any]) -> dict[str, Any]:
    return {one["id"]: one["exercised"] for one in found["capabilities"] if one["present"]}


def test_what_was_never_used_and_what_nobody_can_tell(anvil: Anvil) -> None:
    token = anvil.deploy(contracts()["Used"])
    found = screened(anvil, token)
    # The constructor's own issue is no use of the power to make more.
    assert uses(found) == {
        "mint": False, "burn_others": None, "freeze_account": None, "pause_transfers": False
    }  # fmt: skip
    assert told(found, "freeze_account")["used"] == {"why": "the function writes no event"}
    assert "other functions" in told(found, "burn_others")["used"]["why"]
    assert told(found, "mint")["used"]["since"] > 0


def test_the_last_use_is_named(anvil: Anvil, tmp_path: Path) -> None:
    token = anvil.deploy(contracts()["Used"])
    anvil.send(ALICE, token, MINT)
    last = anvil.send(ALICE, token, MINT)
    anvil.send(BOB, token, call(selector("burn(uint256)"), 2))
    paused = anvil.send(ALICE, token, PAUSE)
    anvil.send(ALICE, token, selector("unpause()"))
    found = screened(anvil, token, "--save", tmp_path)
    assert uses(found)["burn_others"] is None, "somebody burned what was theirs"
    mint = told(found, "mint")
    assert mint["exercised"] is True and mint["used"]["transaction"] == last["transactionHash"]
    assert mint["used"]["block"] == int(last["blockNumber"], 16) and mint["used"]["by"] == "event"
    assert told(found, "pause_transfers")["used"]["transaction"] in (paused["transactionHash"],)
    wiped = anvil.send(ALICE, token, WIPE)
    now = told(screened(anvil, token), "burn_others")
    assert now["exercised"] is True and now["used"]["by"] == "call"
    assert now["used"]["transaction"] == wiped["transactionHash"]
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(token)}.json").json
    assert {**again, "file": None} == found


def test_what_a_factory_made_was_not_used_by_being_made(anvil: Anvil) -> None:
    maker = anvil.deploy(contracts()["Maker"])
    token = anvil.word(maker, selector("made()"))
    assert uses(screened(anvil, token))["mint"] is False


def test_code_behind_a_proxy_that_was_replaced(anvil: Anvil) -> None:
    behind = anvil.deploy(tricks()["PowerPause"])
    proxy = anvil.deploy(
        contracts()["SlotProxy"], word(IMPLEMENTATION) + word(behind) + word(ADMIN) + word(BOB)
    )
    assert told(screened(anvil, proxy), "upgrade")["exercised"] is None
    made = anvil.send(BOB, proxy, call(selector("upgradeTo(address)"), behind))
    upgrade = told(screened(anvil, proxy), "upgrade")
    assert upgrade["exercised"] is True and upgrade["used"]["transaction"] == made["transactionHash"]


def refusing(asked: dict[str, Any], said: dict[str, Any], code: int = -32601) -> None:
    if asked["method"] == "eth_getLogs":
        said.pop("result", None)
        said["error"] = {"code": code, "message": "the method is not available"}


def test_a_node_without_logs(anvil: Anvil, liar: Liar) -> None:
    token = anvil.deploy(contracts()["Used"])
    anvil.send(ALICE, token, MINT)
    liar.change = refusing
    ran = run("tokens", "screen", "--rpc", liar.url, "--chain", CHAIN, text(token))
    mint = told(ran.json, "mint")
    assert mint["exercised"] is None and "no logs" in mint["used"]["why"] and ran.code == 0


def test_a_node_without_old_state(anvil: Anvil, liar: Liar) -> None:
    token = anvil.deploy(contracts()["Used"])

    def pruned(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getTransactionCount" and isinstance(asked["params"][1], str):
            said.pop("result", None)
            said["error"] = {"code": -32000, "message": "missing trie node"}

    liar.change = pruned
    for wanted in (False, True):
        ran = run("tokens", "screen", "--rpc", liar.url, "--chain", CHAIN, text(token))
        assert told(ran.json, "mint")["exercised"] is wanted
        anvil.send(ALICE, token, MINT)


def state_of(node: Node) -> State:
    pinned = Pinned.at(node, CHAIN)
    return State(pinned.block, pinned)


def test_ranges_are_halved_until_a_node_answers(anvil: Anvil, liar: Liar) -> None:
    token = anvil.deploy(contracts()["Coin"])
    for amount in range(1, 30):
        anvil.send(ALICE, token, call(TRANSFER, BOB, amount))
    spans: list[int] = []

    def bounded(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getLogs":
            one = asked["params"][0]
            spans.append(int(one["toBlock"], 16) - int(one["fromBlock"], 16) + 1)
            if len(said["result"]) > 4:
                said.pop("result")
                said["error"] = {"code": -32602, "message": "query returned more than 4 results"}

    liar.change = bounded
    with Node(liar.url, per_second=0) as node:
        state = state_of(node)
        look = logs(state, token, [])
        assert [int.from_bytes(one.data, "big") for one in look.found[:-1]] == list(range(29, 0, -1))
        assert look.since == 0 and not look.why and max(spans[5:]) <= 16
        assert logs(state.frozen(), token, []) == look
        few = logs(state_of(node), token, [], enough=3)
        assert len(few.found) >= 3 and few.since and few.why


def test_logs_that_were_not_asked_for(anvil: Anvil, liar: Liar) -> None:
    token = anvil.deploy(contracts()["Used"])

    def other(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getLogs":
            for one in said["result"]:
                one["address"] = text(BOB)

    liar.change = other
    ran = run("tokens", "screen", "--rpc", liar.url, "--chain", CHAIN, text(token))
    assert ran.code == 3 and "not asked for" in ran.err


def test_two_nodes_that_write_a_transaction_differently_do_not_differ(anvil: Anvil, liar: Liar) -> None:
    token = anvil.deploy(contracts()["Used"])
    anvil.send(ALICE, token, MINT)
    anvil.send(ALICE, token, WIPE)
    changes: list[dict[str, Any]] = [{"v": "0x1c", "ourOwn": "0x1"}, {"from": text(BOB)}]

    def other(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getTransactionByHash":
            said["result"] |= changes[0]

    liar.change = other
    for wanted in (0, 3):
        ran = run("tokens", "screen", "--rpc", anvil.url, "--second", liar.url, "--chain", CHAIN, text(token))
        assert ran.code == wanted, ran.err
        changes.pop(0)
        if wanted:
            break
    assert "two nodes differ on eth_getTransactionByHash" in ran.err


@pytest.mark.parametrize("bytes_", [6_000, 1 << 20])
def test_long_answers_are_asked_for_in_parts(
    anvil: Anvil, monkeypatch: pytest.MonkeyPatch, bytes_: int
) -> None:
    monkeypatch.setattr(module, "MAX_AT_ONCE", 10)
    token = anvil.deploy(contracts()["Coin"])
    for amount in range(1, 30):
        anvil.send(ALICE, token, call(TRANSFER, BOB, amount))
    with Node(anvil.url, per_second=0, max_bytes=bytes_) as node:
        state = state_of(node)
        look = logs(state, token, [])
        assert len(look.found) == 30 and not look.why
        assert logs(Bundle.from_bytes(Bundle.of(state).to_bytes()).state(), token, []) == look
