"""The pool: its code is what its source compiles to, and it pays what the genuine one pays."""

from __future__ import annotations

from functools import lru_cache

import pytest

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import APPROVE, BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.pool import calls, code, market
from ringfence.desks.tokens.pool.formula import amount_out
from ringfence.desks.tokens.synthesis import POOL, ROUTER, TOKEN
from ringfence.desks.tokens.trial import ROUTERS, Stand
from ringfence.desks.tokens.world import RICH, Environment, World

from .deploy import LIQUIDITY, SET_PAIR, deployed
from .solidity import compile_json, published, tricks

WHO = 0xB0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0B0
BASE = (1 << 255) + 7  # where nothing else lies


def selector(text: str) -> bytes:
    return keccak(text.encode())[:4]


def test_the_code_is_what_the_source_compiles_to() -> None:
    recorded = code.compiled()
    request = {
        "language": "Solidity",
        "sources": {"pool.sol": {"content": code.source()}},
        "settings": recorded["settings"],
    }
    version, output = compile_json(request)
    assert version == recorded["compiler"]
    made = output["contracts"]["pool.sol"]
    for name in code.NAMES:
        assert made[name]["evm"]["deployedBytecode"]["object"] == recorded["runtime"][name], name
    assert set(recorded["runtime"]) == set(code.NAMES)


def test_the_code_says_whose_it_is() -> None:
    assert code.source().startswith("// SPDX-License-Identifier: Apache-2.0")


@pytest.mark.parametrize(
    "text",
    [
        "getReserves()", "token0()", "token1()", "factory()", "mint(address)", "burn(address)", "sync()",
        "skim(address)", "swap(uint256,uint256,address,bytes)",
    ],
)  # fmt: skip
def test_a_pair_answers_to_what_tokens_call(text: str) -> None:
    assert selector(text) in code.runtime("Pair")


@pytest.mark.parametrize(
    "text",
    [
        "factory()", "WETH()", "getAmountsOut(uint256,address[])",
        "addLiquidityETH(address,uint256,uint256,uint256,address,uint256)",
        "swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)",
        "swapExactETHForTokensSupportingFeeOnTransferTokens(uint256,address[],address,uint256)",
        "swapExactTokensForETHSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)",
    ],
)  # fmt: skip
def test_a_router_answers_to_what_tokens_call(text: str) -> None:
    assert selector(text) in code.runtime("Router")


@pytest.mark.parametrize("text", ["getPair(address,address)", "createPair(address,address)"])
def test_a_factory_answers_to_what_tokens_call(text: str) -> None:
    assert selector(text) in code.runtime("Factory")


class Market:
    """A token and a market, ours or the genuine one, made by ordinary calls only."""

    def __init__(self, genuine: bool, token: str) -> None:
        runtime, storage = deployed(tricks()[token], call(TRANSFER, WHO, 10**26))
        codes = {TOKEN: runtime}
        if not genuine:
            codes |= {
                market.NATIVE: code.runtime("Wrapped"),
                market.FACTORY: code.runtime("Factory"),
                ROUTER: code.runtime("Router"),
            }
            storage = {**storage, (ROUTER, 0): market.FACTORY, (ROUTER, 1): market.NATIVE}
        else:
            codes |= _genuine()
        self.world = World(Environment(), codes, storage, {WHO: RICH})
        self.send(TOKEN, call(APPROVE, ROUTER, (1 << 256) - 1))
        self.send(market.FACTORY, selector("createPair(address,address)") + _words(TOKEN, market.NATIVE))
        self.send(
            ROUTER,
            selector("addLiquidityETH(address,uint256,uint256,uint256,address,uint256)")
            + _words(TOKEN, 10**24, 0, 0, WHO, calls.FOREVER),
            10**21,
        )
        self.pair = self.ask(
            market.FACTORY, selector("getPair(address,address)") + _words(TOKEN, market.NATIVE)
        )

    def send(self, to: int, data: bytes, value: int = 0) -> bytes:
        done = self.world.call(WHO, to, data, value)
        assert done.ok, done.why
        return done.data

    def ask(self, to: int, data: bytes) -> int:
        return int.from_bytes(self.send(to, data)[:32], "big")

    def held(self) -> tuple[int, int]:
        return self.ask(TOKEN, call(BALANCE_OF, WHO)), self.world.balance(WHO)

    def reserves(self) -> bytes:
        return self.send(self.pair, selector("getReserves()"))[:64]


@lru_cache(1)
def _genuine() -> dict[int, bytes]:
    """The published packages, their constructors run in a machine of their own."""
    router = published("@uniswap/v2-periphery", "UniswapV2Router02")
    factory = published("@uniswap/v2-core", "UniswapV2Factory")
    wrapped = published("@uniswap/v2-periphery", "WETH9")
    from ringfence.desks.tokens.trace import Call, Setting, program, trace

    words = _words(market.FACTORY, market.NATIVE)
    built = trace(Setting({ROUTER: program(router.creation + words)}), Call(WHO, ROUTER, b""))
    return {ROUTER: built.data, market.FACTORY: factory.runtime, market.NATIVE: wrapped.runtime}


def _words(*words: int) -> bytes:
    return b"".join(word.to_bytes(32, "big") for word in words)


@pytest.mark.parametrize("token", ["HonestPlain", "HonestFee"])
def test_the_same_trades_give_the_same_amounts_as_in_the_genuine_market(token: str) -> None:
    ours, theirs = Market(False, token), Market(True, token)
    assert ours.pair != theirs.pair  # other code, other place
    for amount in (1, 1_000, 10**15, 10**18, 3 * 10**19, 7 * 10**20):
        for one in (ours, theirs):
            if amount >= 1_000:
                one.send(ROUTER, calls.buy(market.NATIVE, TOKEN, WHO), amount)
        assert ours.held() == theirs.held()
        assert ours.reserves() == theirs.reserves()
        asked = selector("getAmountsOut(uint256,address[])") + _words(
            10**21 + amount, 64, 2, TOKEN, market.NATIVE
        )
        assert ours.send(ROUTER, asked) == theirs.send(ROUTER, asked)
        for one in (ours, theirs):
            one.send(ROUTER, calls.sell(market.NATIVE, TOKEN, WHO, 10**21 + amount))
        assert ours.held() == theirs.held()
        assert ours.reserves() == theirs.reserves()


def test_liquidity_comes_out_as_in_the_genuine_market() -> None:
    ends = []
    for genuine in (False, True):
        one = Market(genuine, "HonestPlain")
        one.send(ROUTER, calls.buy(market.NATIVE, TOKEN, WHO), 10**20)
        shares = one.ask(one.pair, call(BALANCE_OF, WHO))
        one.send(one.pair, call(TRANSFER, one.pair, shares // 3))
        ends.append((shares, one.send(one.pair, selector("burn(address)") + _words(WHO)), one.held()))
    assert ends[0] == ends[1]


def test_a_pool_gives_what_the_formula_says() -> None:
    ours = Market(False, "HonestPlain")
    before = ours.held()[0]
    ours.send(ROUTER, calls.buy(market.NATIVE, TOKEN, WHO), 10**18)
    assert ours.held()[0] - before == amount_out(10**18, 10**21, 10**24)


def test_a_pool_does_not_give_more_than_the_product_allows() -> None:
    ours = Market(False, "HonestPlain")
    ours.send(TOKEN, call(TRANSFER, ours.pair, 10**21))
    out = amount_out(10**21, 10**24, 10**21)
    first = TOKEN < market.NATIVE
    for extra in (1, 10**18):
        outs = (0, out + extra) if first else (out + extra, 0)
        assert ours.world.call(WHO, ours.pair, calls.swap(*outs, WHO)).why == "revert: K"
    outs = (0, out) if first else (out, 0)
    assert ours.world.call(WHO, ours.pair, calls.swap(*outs, WHO)).ok


@pytest.mark.parametrize("amount, here, there", [(0, 1, 1), (1, 0, 5), (1, 5, 0), (-3, 5, 5)])
def test_an_empty_pool_gives_nothing(amount: int, here: int, there: int) -> None:
    assert amount_out(amount, here, there) == 0


def test_a_stand_is_a_market_that_was_not_made_by_calls() -> None:
    runtime, storage = deployed(tricks()["HonestPlain"], LIQUIDITY, SET_PAIR)
    stand = Stand(runtime, storage)
    world = stand.world()
    assert market.reserves(world.slot(POOL, 6)) in ((10**24, market.LIQUIDITY), (market.LIQUIDITY, 10**24))
    for router in (*ROUTERS, market.UNISWAP_ROUTER, market.PANCAKE_ROUTER):
        assert world.call(stand.person("asker"), router, selector("WETH()")).word() == market.NATIVE
