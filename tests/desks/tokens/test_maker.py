"""Who made a contract: found at a node, in a bundle, and not found where nothing tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from interfaces.command import run
from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.maker import NOT_ASKED, maker
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.state import State

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar
from .solidity import tricks


def text(address: int) -> str:
    return f"0x{address:040x}"


def asked(url: str, address: int) -> Any:
    with Node(url, per_second=0) as node:
        pinned = Pinned.at(node, CHAIN)
        return maker(State(pinned.block, pinned), address)


def test_among_others_in_many_blocks(anvil: Anvil) -> None:
    anvil.rpc("anvil_mine", "0x25")
    anvil.deploy(tricks()["HonestFee"])
    token = anvil.deploy(tricks()["HonestPlain"])
    block = int(anvil.rpc("eth_blockNumber"), 16)
    anvil.rpc("anvil_mine", "0x41")
    found = asked(anvil.url, token)
    assert (found.address, found.block, found.why) == (ALICE, block, "")
    receipt = anvil.rpc("eth_getTransactionReceipt", found.transaction)
    assert int(receipt["contractAddress"], 16) == token


def test_what_no_transaction_made(anvil: Anvil) -> None:
    anvil.rpc("anvil_mine", "0x5")
    put = anvil.put(tricks()["HonestPlain"].runtime, 0xABC << 100)
    anvil.rpc("anvil_mine", "0x5")
    found = asked(anvil.url, put)
    assert found.address is None and "another contract" in found.why


def test_a_node_without_old_states(anvil: Anvil, liar: Liar) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])
    anvil.rpc("anvil_mine", "0x9")

    def pruned(one: dict[str, Any], answer: dict[str, Any]) -> None:
        if one["method"] == "eth_getTransactionCount" and isinstance(one["params"][-1], str):
            answer.pop("result", None)
            answer["error"] = {"code": -32000, "message": "missing trie node"}

    liar.change = pruned
    found = asked(liar.url, token)
    assert found.address is None and "missing trie node" in found.why


def test_in_the_answer_and_again_from_a_bundle(anvil: Anvil, tmp_path: Path) -> None:
    anvil.rpc("anvil_mine", "0x3")
    token = anvil.deploy(tricks()["HonestPlain"])
    anvil.send(ALICE, token, call(TRANSFER, BOB, 10**26))
    options = ("tokens", "screen", "--rpc", anvil.url, "--chain", CHAIN, text(token), "--save", tmp_path)
    found = run(*options, "--creator").json
    assert found["goplus"]["creator_address"] == text(ALICE)
    assert found["goplus"]["creator_balance"] == "900000000"
    assert found["goplus"]["creator_percent"] == "0.900000"
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(token)}.json").json
    assert {**again, "file": None} == found
    without = run(*options).json
    assert "creator_address" not in without["goplus"] and without["facts"]["why"]["creator"] == NOT_ASKED
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(token)}.json").json
    assert {**again, "file": None} == without
