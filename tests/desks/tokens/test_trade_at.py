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
from ringfence.desks.tokens.pool.market import mapped
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.venue import Venue, known, venue

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


@pytest.fixture(scope="module")
def markets(mainnet: Anvil) -> list[Place]:
    """The genuine code at the addresses that everybody knows."""
    native = mainnet.deploy(published("@uniswap/v2-periphery", "WETH9"))
    made = []
    for one in known()["eip155:1"]["venues"][:2]:
        factory, router = int(one["factory"], 16), int(one["router"], 16)
        mainnet.put(published("@uniswap/v2-core", "UniswapV2Factory").runtime, factory)
        there = mainnet.deploy(
            published("@uniswap/v2-periphery", "UniswapV2Router02"), word(factory) + word(native)
        )
        mainnet.put(bytes.fromhex(mainnet.rpc("eth_getCode", text(there), "latest")[2:]), router)
        made.append(Place(mainnet, factory, router, native))
    return made


def found(anvil: Anvil, token: int) -> Venue | None:
    with Node(anvil.url, per_second=0) as node:
        pinned = Pinned.at(node, "eip155:1")
        return venue(State(pinned.block, pinned), token)


def at_mainnet(anvil: Anvil, token: int, folder: Path) -> dict[str, Any]:
    """The screening, which must be the same from its bundle."""
    made = run(
        "tokens", "screen", "--rpc", anvil.url, "--chain", "eip155:1", text(token), "--save", folder
    ).json
    again = run("tokens", "screen", "--bundle", folder / f"{text(token)}.json").json
    assert {**again, "file": None} == made
    return made["trade"]


def test_a_pair_is_found_by_the_known_factories(markets: list[Place], tmp_path: Path) -> None:
    uniswap, sushi = markets
    anvil = uniswap.anvil
    token = uniswap.list("Taxed", money=ETHER).token
    one = found(anvil, token)
    assert one is not None and (one.name, one.pair, one.depth) == ("Uniswap V2", uniswap.pair, ETHER)
    anvil.send(ALICE, token, call(APPROVE, sushi.router, 1 << 255))
    data = selector("addLiquidityETH(address,uint256,uint256,uint256,address,uint256)") + b"".join(
        map(word, (token, 10**22, 0, 0, ALICE, calls.FOREVER))
    )
    anvil.send(ALICE, sushi.router, data, 3 * ETHER)
    one = found(anvil, token)
    assert one is not None and (one.name, one.depth) == ("SushiSwap V2", 3 * ETHER), "the deepest"
    made = at_mainnet(anvil, token, tmp_path)
    assert made["venue"] == "SushiSwap V2" and made["sellable"] is True


def test_a_pair_with_another_coin_is_reached_over_it(markets: list[Place], tmp_path: Path) -> None:
    uniswap = markets[0]
    anvil = uniswap.anvil
    coin = int(known()["eip155:1"]["quotes"][0], 16)
    anvil.put(contracts()["Coin"].runtime, coin)
    anvil.rpc("anvil_setStorageAt", text(coin), f"0x{mapped(ALICE, 0):064x}", "0x" + word(10**24).hex())
    token = anvil.deploy(contracts()["Taxed"])
    for one in (coin, token):
        anvil.send(ALICE, one, call(APPROVE, uniswap.router, 1 << 255))
    data = selector("addLiquidityETH(address,uint256,uint256,uint256,address,uint256)") + b"".join(
        map(word, (coin, 3 * 10**22, 0, 0, ALICE, calls.FOREVER))
    )
    anvil.send(ALICE, uniswap.router, data, 10 * ETHER)
    data = selector("addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)")
    words = (token, coin, 10**22, 6 * 10**21, 0, 0, ALICE, calls.FOREVER)
    anvil.send(ALICE, uniswap.router, data + b"".join(map(word, words)))
    pair = anvil.word(uniswap.factory, call(selector("getPair(address,address)"), token, coin))
    anvil.send(ALICE, token, call(selector("setPool(address,bool)"), pair, 1))
    anvil.send(ALICE, token, call(selector("setRates(uint256,uint256)"), 500, 1000))
    made = at_mainnet(anvil, token, tmp_path)
    assert (made["pair"], made["coin"]) == (text(pair), text(coin))
    assert (made["sellable"], made["buy_tax"], made["sell_tax"]) == (True, 0.05, 0.1)
