"""Trades in the genuine Uniswap V2 on a node, in the state that a token's owner left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from interfaces.command import run
from ringfence.core.errors import InputError
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import APPROVE, TRANSFER, call, word
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.onchain import about_of, asked_of
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.pool import calls
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.venue import known, venue

from .anvil import ALICE, BOB, CHAIN, Anvil, contracts, running
from .oracle import carried_out
from .solidity import published
from .test_onchain import screened, text, told

ETHER = 10**18


def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


@dataclass
class Place:
    """A genuine market on a node, with a token that Alice made and put into a pool."""

    anvil: Anvil
    factory: int
    router: int
    native: int
    token: int = 0
    pair: int = 0

    def list(self, name: str, coins: int = 10**23, money: int = 40 * ETHER) -> Place:
        self.token = self.anvil.deploy(contracts()[name])
        self.anvil.send(ALICE, self.token, call(APPROVE, self.router, 1 << 255))
        data = selector("addLiquidityETH(address,uint256,uint256,uint256,address,uint256)") + b"".join(
            map(word, (self.token, coins, 0, 0, ALICE, calls.FOREVER))
        )
        assert self.anvil.send(ALICE, self.router, data, money)["status"] == "0x1"
        asked = call(selector("getPair(address,address)"), self.token, self.native)
        self.pair = self.anvil.word(self.factory, asked)
        return self

    def owner(self, signature: str, *words: int) -> None:
        assert self.anvil.send(ALICE, self.token, call(selector(signature), *words))["status"] == "0x1"

    def trade(self, *more: object) -> dict[str, Any]:
        return screened(self.anvil, self.token, "--pair", text(self.pair), *more)["trade"]


@pytest.fixture
def place(anvil: Anvil) -> Place:
    native = anvil.deploy(published("@uniswap/v2-periphery", "WETH9"))
    factory = anvil.deploy(published("@uniswap/v2-core", "UniswapV2Factory"), word(ALICE))
    router = published("@uniswap/v2-periphery", "UniswapV2Router02")
    return Place(anvil, factory, anvil.deploy(router, word(factory) + word(native)), native)


def test_taxes_are_those_in_force(place: Place, tmp_path: Path) -> None:
    place.list("Taxed")
    place.owner("setPool(address,bool)", place.pair, 1)
    assert (place.trade()["buy_tax"], place.trade()["sell_tax"]) == (0, 0)
    place.owner("setRates(uint256,uint256)", 300, 700)
    whole = screened(place.anvil, place.token, "--pair", text(place.pair), "--save", tmp_path)
    found = whole["trade"]
    assert (found["sellable"], found["buy_tax"], found["sell_tax"]) == (True, 0.03, 0.07)
    assert found["pair"] == text(place.pair) and found["block"] == whole["block"]["number"]
    (listed,) = whole["goplus"]["dex"]
    assert listed["pair"] == text(place.pair) and whole["goplus"]["is_in_dex"] == "1"
    shares = place.anvil.word(place.pair, bytes.fromhex("18160ddd"))
    assert float(whole["goplus"]["lp_total_supply"]) == shares / 10**18
    assert found["now"] == {
        "buy": True, "transfer": True, "sell": True, "buy_tax": 0.03, "sell_tax": 0.07, "why": None
    }  # fmt: skip
    assert (whole["goplus"]["buy_tax"], whole["goplus"]["sell_tax"]) == ("0.03", "0.07")
    assert whole["goplus"]["is_honeypot"] == "0"
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(place.token)}.json").json
    assert {**again, "file": None} == whole


def test_the_node_takes_the_same(place: Place) -> None:
    """What was simulated is done, and comes out so."""
    place.list("Taxed")
    place.owner("setPool(address,bool)", place.pair, 1)
    place.owner("setRates(uint256,uint256)", 123, 456)
    found = place.trade()
    before = place.anvil.word(place.token, call(selector("balanceOf(address)"), place.token))
    bought = place.anvil.send(
        BOB, place.router, calls.buy(place.native, place.token, BOB), ETHER, gas=hex(1_000_000)
    )
    assert bought["status"] == "0x1"
    has = place.anvil.word(place.token, call(selector("balanceOf(address)"), BOB))
    taken = place.anvil.word(place.token, call(selector("balanceOf(address)"), place.token)) - before
    assert round(taken / (has + taken), 6) == found["buy_tax"] == 0.0123
    assert found["sell_tax"] == 0.0456


def test_trading_that_is_closed_is_not_called_unsellable(place: Place) -> None:
    place.list("Taxed")
    place.owner("setClosed(bool)", 1)
    found = place.trade()
    assert found["sellable"] is None and found["cannot_buy"] is True and found["buy_tax"] is None
    assert found["now"]["buy"] is False and found["now"]["sell"] is None
    assert "nobody buys at this block" in found["why"] and found["why"].endswith("TRANSFER_FAILED")
    place.owner("setClosed(bool)", 0)
    assert place.trade()["sellable"] is True


def test_a_pool_that_may_not_be_paid(place: Place) -> None:
    place.list("Taxed")
    place.owner("bar(address,bool)", place.pair, 1)
    whole = screened(place.anvil, place.token, "--pair", text(place.pair))
    found = whole["trade"]
    assert found["sellable"] is False and found["why"] and whole["goplus"]["is_honeypot"] == "1"
    assert (found["now"]["buy"], found["now"]["transfer"], found["now"]["sell"]) == (True, True, False)
    assert found["sell_tax"] is None


def test_a_power_over_purchases_is_shown_with_the_real_pool(place: Place) -> None:
    place.list("Taxed")
    place.anvil.send(ALICE, place.token, call(TRANSFER, BOB, ETHER))
    found = told(screened(place.anvil, place.token, "--pair", text(place.pair)), "limit_transfers")
    assert not found.get("state") and found["proof"][-1]["from"] == text(place.pair)
    done = carried_out(place.anvil, found["proof"], {}, text(place.token))
    assert [one.ok for one in done] == [True, False]


def test_a_small_pool_is_asked_for_little(place: Place) -> None:
    found = place.list("Taxed", 10**20, ETHER // 100).trade()
    assert found["sellable"] is True and found["buy_tax"] == 0


def test_without_a_pool_ours_stands_in(anvil: Anvil) -> None:
    token = anvil.deploy(contracts()["Taxed"])
    found = screened(anvil, token)["trade"]
    assert found["pair"] is None and found["now"]["buy"] is True and found["now"]["sell"] is True
    anvil.send(ALICE, token, call(selector("setClosed(bool)"), 1))
    assert screened(anvil, token)["trade"]["now"]["buy"] is False


def test_pairs_that_are_none(place: Place) -> None:
    place.list("Taxed")
    other = Place(place.anvil, place.factory, place.router, place.native).list("Coin")
    for wrong in (other.pair, place.token, BOB):
        ran = run(
            "tokens", "screen", "--rpc", place.anvil.url, "--chain", CHAIN, text(place.token), "--pair",
            text(wrong),
        )  # fmt: skip
        assert ran.code == 2 and "no pair of" in ran.err
    ran = run("tokens", "screen", "--pair", text(place.pair), "--bundle", "x.json")
    assert ran.code == 2 and "--pair" in ran.err


def test_a_bundle_names_the_pair() -> None:
    assert asked_of(about_of(5, ALICE, BOB)) == (ALICE, BOB)
    assert asked_of(about_of(5, ALICE, None)) == (ALICE, None)
    with pytest.raises(InputError):
        asked_of("token:x")


@pytest.fixture(scope="module")
def mainnet() -> Iterator[Anvil]:
    with running("--chain-id", "1") as node:
        yield node


def test_a_pair_is_found_by_the_known_factories(mainnet: Anvil) -> None:
    """The genuine code at the addresses that everybody knows."""
    (uniswap, sushi, _) = known()["eip155:1"]["venues"]
    native = mainnet.deploy(published("@uniswap/v2-periphery", "WETH9"))
    places = []
    for one, money in ((uniswap, ETHER), (sushi, 3 * ETHER)):
        factory, router = int(one["factory"], 16), int(one["router"], 16)
        mainnet.put(published("@uniswap/v2-core", "UniswapV2Factory").runtime, factory)
        words = word(factory) + word(native)
        made = mainnet.deploy(published("@uniswap/v2-periphery", "UniswapV2Router02"), words)
        code = bytes.fromhex(mainnet.rpc("eth_getCode", text(made), "latest")[2:])
        mainnet.put(code, router)
        places.append((Place(mainnet, factory, router, native), money))
    first, second = places
    first[0].list("Taxed", money=first[1])
    token = first[0].token
    with Node(mainnet.url, per_second=0) as node:

        def look() -> Any:
            pinned = Pinned.at(node, "eip155:1")
            return venue(State(pinned.block, pinned), token)

        found = look()
        assert (found.name, found.pair, found.depth) == ("Uniswap V2", first[0].pair, ETHER)
        market = second[0]
        mainnet.send(ALICE, token, call(APPROVE, market.router, 1 << 255))
        data = selector("addLiquidityETH(address,uint256,uint256,uint256,address,uint256)") + b"".join(
            map(word, (token, 10**22, 0, 0, ALICE, calls.FOREVER))
        )
        mainnet.send(ALICE, market.router, data, second[1])
        found = look()
        assert (found.name, found.depth) == ("SushiSwap V2", 3 * ETHER), "the deepest"
        made = run("tokens", "screen", "--rpc", mainnet.url, "--chain", "eip155:1", text(token)).json
        assert made["trade"]["venue"] == "SushiSwap V2" and made["trade"]["sellable"] is True
        assert mainnet.send(ALICE, token, call(TRANSFER, BOB, 1))["status"] == "0x1"
