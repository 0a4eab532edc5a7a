"""Nodes: what they answer is checked, and one that fails, lags, lies or changes its mind is told apart."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from ringfence.core.errors import InputError
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call, word
from ringfence.desks.tokens.node import Node, NodeError, Refused, octets, quantity
from ringfence.desks.tokens.pinned import DisagreementError, LagError, Pinned, ReorgError
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.synthesis import settled
from ringfence.desks.tokens.trace import Call, Setting, trace

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts


class Clock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.time += seconds


def node_of(url: str, clock: Clock | None = None, **more: Any) -> Node:
    clock = clock or Clock()
    return Node(url, clock=clock, sleep=clock.sleep, **{"per_second": 0, **more})


@pytest.fixture
def node(liar: Liar) -> Iterator[Node]:
    with node_of(liar.url) as made:
        yield made


def test_many_are_asked_in_one_request(node: Node, liar: Liar) -> None:
    got = node.ask_many([("eth_chainId", []), ("eth_nothing", []), ("eth_blockNumber", [])])
    assert got[0] == "0x7a69" and isinstance(got[1], Refused) and got[1].code == -32601 and got[1].unknown
    assert len(liar.seen) == 1
    assert not node.offers("eth_nothing") and node.offers("eth_chainId")


def test_batches_are_split_and_order_is_kept(liar: Liar) -> None:
    def echo(asked: dict[str, Any], said: dict[str, Any]) -> None:
        said.pop("error", None)
        said["result"] = asked["params"][0]

    liar.change = echo
    with node_of(liar.url, batch=10) as node:
        asked = [("eth_getBalance", [hex(at), "latest"]) for at in range(25)]
        assert node.ask_many(asked) == [hex(at) for at in range(25)]
    assert [len(one) for one in liar.seen] == [10, 10, 5]


def test_a_node_without_batches_is_asked_one_by_one(liar: Liar) -> None:
    def no_batches(asked: dict[str, Any], said: dict[str, Any]) -> bytes | None:
        many = len(liar.seen[-1]) > 1
        return b'{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no batches"}}' if many else None

    liar.change = no_batches
    with node_of(liar.url) as node:
        assert node.ask_many([("eth_chainId", []), ("eth_chainId", [])]) == ["0x7a69", "0x7a69"]
    assert [len(one) for one in liar.seen] == [2, 1, 1]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"<html>hello</html>", "a web page"),
        (b"", "no JSON"),
        (b"{", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'"text"', "no JSON-RPC"),
        (b"null", "no JSON-RPC"),
        (b'{"jsonrpc":"2.0","id":1}', "neither a result nor an error"),
        (b'{"jsonrpc":"2.0","id":77,"result":"0x1"}', "left out answers"),
        (b'{"jsonrpc":"2.0","id":1,"result":1.5}', "no JSON"),
        (b'{"jsonrpc":"2.0","id":1,"result":' + b"9" * 400 + b"}", "no JSON"),
        (b'{"jsonrpc":"2.0","id":1,"result":' + b"[" * 200 + b"]" * 200 + b"}", "without end"),
    ],
)
def test_answers_that_are_none(liar: Liar, body: bytes, what: str) -> None:
    liar.change = lambda asked, said: body
    with node_of(liar.url) as node, pytest.raises(NodeError, match=what) as raised:
        node.ask("eth_chainId")
    assert raised.value.exit_code == 3 and raised.value.hint


def test_too_much_is_not_read(liar: Liar) -> None:
    liar.change = lambda asked, said: b" " * 5000
    with node_of(liar.url, max_bytes=4096) as node, pytest.raises(NodeError, match="more than 4096 bytes"):
        node.ask("eth_chainId")


def test_a_busy_node_is_asked_again_ever_later(liar: Liar) -> None:
    clock = Clock()
    liar.status = 429
    with node_of(liar.url, clock) as node, pytest.raises(NodeError, match="status 429") as raised:
        node.ask("eth_chainId")
    assert clock.waits == [0.25, 0.5, 1.0, 2.0] and "5 tries" in raised.value.message
    liar.headers = {"Retry-After": "7"}
    clock.waits.clear()
    with node_of(liar.url, clock, retries=1) as node, pytest.raises(NodeError):
        node.ask("eth_chainId")
    assert clock.waits == [7.0]


def test_a_node_that_recovers(liar: Liar) -> None:
    def busy_once(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if len(liar.seen) == 1:
            said.pop("result")
            said["error"] = {"code": -32005, "message": "limit exceeded"}

    liar.change = busy_once
    with node_of(liar.url) as node:
        assert node.ask("eth_chainId") == "0x7a69"


def test_requests_are_spread_over_time(liar: Liar) -> None:
    clock = Clock()
    with node_of(liar.url, clock, per_second=4) as node:
        for _ in range(4):
            node.ask("eth_chainId")
    assert clock.waits == [0.25, 0.25, 0.25]


def test_a_refused_key_is_said_and_the_key_is_not(liar: Liar) -> None:
    liar.status = 401
    liar.change = lambda asked, said: b"go away"
    with node_of(liar.url + "/v2/SECRET?key=SECRET") as node, pytest.raises(NodeError) as raised:
        node.ask("eth_chainId")
    assert "401" in raised.value.message and "key" in raised.value.hint
    assert "SECRET" not in raised.value.message + raised.value.hint


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with node_of(url) as node, pytest.raises(NodeError, match="nothing listens there"):
            node.ask("eth_chainId")


def test_an_answer_that_drips_is_cut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            line, _ = server.accept()
            with line:
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                try:
                    while not done.wait(0.05):
                        line.sendall(b" ")
                except OSError:
                    pass

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        try:
            with node_of(url, seconds=0.5, retries=0) as node, pytest.raises(NodeError, match="too slow"):
                node.ask("eth_chainId")
        finally:
            done.set()
            thread.join()


@pytest.mark.parametrize("url", ["", "node", "ftp://x", "http://", "http://x:port", "http://[::1"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(InputError):
        Node(url)


@pytest.mark.parametrize("bad", [None, 1, "", "0x", "1", "0xg", "0x" + "1" * 65, "0x-1", "0x_1", [], "0x+1"])
def test_numbers_that_are_none(bad: object) -> None:
    with pytest.raises(NodeError):
        quantity(bad)


@pytest.mark.parametrize("bad", [None, 1, "", "1", "0x1", "0xzz", "0x 1", [], "0x1 "])
def test_bytes_that_are_none(bad: object) -> None:
    with pytest.raises(NodeError):
        octets(bad)


# --- one block


def test_another_chain_is_refused(node: Node) -> None:
    with pytest.raises(InputError, match="eip155:31337, not eip155:1"):
        Pinned.at(node, "eip155:1")


@pytest.mark.parametrize("chain", ["1", "eip155:", "eip155:x", "btc:1", "eip155:0", "eip155:-1"])
def test_chains_that_are_none(node: Node, chain: str) -> None:
    with pytest.raises(InputError, match="not a chain"):
        Pinned.at(node, chain)


def test_a_block_that_is_not_there(node: Node) -> None:
    with pytest.raises(LagError):
        Pinned.at(node, CHAIN, 10**9)
    with pytest.raises(LagError):
        Pinned.at(node, CHAIN, "0x" + "ab" * 32)


def test_the_past_is_read_at_its_block(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    pinned = Pinned.at(node, CHAIN)
    anvil.send(ALICE, coin, call(TRANSFER, BOB, 5))
    old = State(pinned.block, pinned)
    later = Pinned.at(node, CHAIN)
    new = State(later.block, later)
    assert old.slot(coin, 2) == new.slot(coin, 2) == 10**24
    place = int.from_bytes(keccak(word(BOB) + word(0)), "big")
    assert (old.slot(coin, place), new.slot(coin, place)) == (0, 5)
    by_hash = Pinned.at(node, CHAIN, pinned.block.hash)
    assert by_hash.block == pinned.block


def test_a_reorganised_chain_is_noticed(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    mark = anvil.rpc("evm_snapshot")
    anvil.send(ALICE, coin, call(TRANSFER, BOB, 5))
    pinned = Pinned.at(node, CHAIN)
    state = State(pinned.block, pinned)
    state.slot(coin, 2)
    anvil.rpc("evm_revert", mark)
    with pytest.raises(LagError):
        state.slot(coin, 3)
    anvil.send(ALICE, coin, call(TRANSFER, BOB, 6))
    with pytest.raises((ReorgError, Refused)):
        state.slot(coin, 3)
    assert state.slot(coin, 2) == 10**24  # what was read while it stood


def test_a_reorganised_chain_is_noticed_by_number_too(anvil: Anvil, node: Node) -> None:
    mark = anvil.rpc("evm_snapshot")
    anvil.send(ALICE, BOB, b"", 1)
    block = Pinned.at(node, CHAIN).block
    anvil.rpc("evm_revert", mark)
    anvil.send(ALICE, BOB, b"", 2)
    with pytest.raises(ReorgError, match="reorganised"):
        Pinned(node, block).ask("eth_getBalance", f"0x{BOB:040x}", hex(block.number))


def test_two_nodes_that_agree(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    with node_of(anvil.url) as other:
        pinned = Pinned.at(node, CHAIN, "latest", other)
        state = State(pinned.block, pinned)
        assert state.slot(coin, 2) == 10**24 and len(state.code(coin)) > 100


@pytest.mark.parametrize(
    ("method", "what"),
    [
        ("eth_getCode", "the code of"),
        ("eth_getStorageAt", "the storage of"),
        ("eth_getBalance", "the balance of"),
    ],
)
def test_two_nodes_that_differ_are_reported(anvil: Anvil, liar: Liar, method: str, what: str) -> None:
    coin = anvil.deploy(contracts()["Coin"])

    def lie(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == method and f"{coin:040x}" in asked["params"][0]:
            said["result"] = "0x" + "11" * 32

    liar.change = lie
    with node_of(anvil.url) as one, node_of(liar.url) as two:
        pinned = Pinned.at(one, CHAIN, "latest", two)
        state = State(pinned.block, pinned)
        with pytest.raises(DisagreementError, match=what) as raised:
            state.fetch((coin,), ((coin, 2),))
    assert one.name in raised.value.message and two.name in raised.value.message
    assert not state.accounts and not state.slots


def test_two_nodes_at_different_blocks(anvil: Anvil, liar: Liar) -> None:
    def other_hash(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getBlockByNumber":
            said["result"]["hash"] = "0x" + "ab" * 32

    def lag(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getBlockByNumber":
            said["result"] = None

    with node_of(anvil.url) as one, node_of(liar.url) as two:
        liar.change = other_hash
        with pytest.raises(DisagreementError, match="two nodes differ"):
            Pinned.at(one, CHAIN, "latest", two)
        liar.change = lag
        with pytest.raises(LagError, match=two.name):
            Pinned.at(one, CHAIN, "latest", two)


@pytest.mark.parametrize("field", ["number", "hash", "timestamp", "stateRoot", "miner"])
def test_a_header_that_cannot_be_read(liar: Liar, field: str) -> None:
    def spoil(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getBlockByNumber":
            said["result"][field] = "many"

    liar.change = spoil
    with node_of(liar.url) as node, pytest.raises(NodeError):
        Pinned.at(node, CHAIN)


# --- state


def test_state_is_read_once(anvil: Anvil, node: Node, liar: Liar) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    pinned = Pinned.at(node, CHAIN)
    state = State(pinned.block, pinned)
    state.fetch((coin, ALICE), ((coin, 2), (coin, 3)))
    asked = len(liar.seen)
    assert state.slot(coin, 3) == ALICE and state.account(ALICE).balance > 0 and state.code(coin)
    assert len(liar.seen) == asked
    frozen = state.frozen()
    assert frozen.slot(coin, 2) == 10**24
    with pytest.raises(MissingError, match="0x4 of"):
        frozen.slot(coin, 4)
    with pytest.raises(MissingError, match="account"):
        frozen.code(BOB)


@pytest.mark.parametrize("lacks", [(), ("debug_traceCall",), ("debug_traceCall", "eth_createAccessList")])
def test_what_a_call_needs_is_read_beforehand_where_the_node_says(
    anvil: Anvil, node: Node, liar: Liar, lacks: tuple[str, ...]
) -> None:
    coin = anvil.deploy(contracts()["Coin"])

    def refuse(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] in lacks:
            said.pop("result", None)
            said["error"] = {"code": -32601, "message": "no"}

    liar.change = refuse
    pinned = Pinned.at(node, CHAIN)
    state = State(pinned.block, pinned)
    data = "0x" + call(TRANSFER, BOB, 5).hex()
    how = state.warm({"from": f"0x{ALICE:040x}", "to": f"0x{coin:040x}", "data": data})
    assert how == ["debug_traceCall", "eth_createAccessList", ""][len(lacks)]
    assert (len(state.slots) >= 2) == bool(how)
    asked = len(liar.seen)
    state.warm({"from": f"0x{ALICE:040x}", "to": f"0x{coin:040x}", "data": data})
    if not how:
        assert len(liar.seen) == asked  # asked for once, and known from then on


def test_the_tracer_reads_what_it_needs(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    pinned = Pinned.at(node, CHAIN)
    state = State(pinned.block, pinned)
    setting = Setting(state.setting_codes(), state.setting_storage())
    made = trace(setting, Call(ALICE, coin, call(TRANSFER, BOB, 5)))
    assert made.ok and len(state.slots) == 2 and state.block == pinned.block
    assert trace(setting, Call(BOB, coin, call(BALANCE_OF, ALICE))).word() == 10**24
    more = setting.storage | {(coin, 99): 1}
    assert more.get((coin, 3), 0) == ALICE and more.get((coin, 99), 0) == 1
    assert trace(settled(setting, made), Call(BOB, coin, call(BALANCE_OF, BOB))).word() == 5
