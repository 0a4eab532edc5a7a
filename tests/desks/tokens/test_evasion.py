"""Evasion: tricks that let a trial pass and holders fail, and honest tokens that look like them.

Each is tried twice: from its code alone, in a state that was made for it, and in the state that its own
constructor and owner leave, where nothing may be chosen.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import pytest

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import call
from ringfence.desks.tokens.search import search
from ringfence.desks.tokens.synthesis import POOL, ROUTER, TOKEN, synthesise
from ringfence.desks.tokens.trade import of, trade
from ringfence.desks.tokens.traded import Trade

from .deploy import LIQUIDITY, SET_PAIR, deployed
from .solidity import tricks

SET_PAUSED = keccak(b"setPaused(bool)")[:4]
SET_POOL = keccak(b"setPool(address,bool)")[:4]
SET_ROUTER = keccak(b"setRouter(address)")[:4]
START = keccak(b"start()")[:4]
CALLS = {
    "HonestPause": (call(SET_PAUSED, 0), LIQUIDITY, SET_PAIR, call(SET_PAUSED, 1)),
    "ListedPools": (LIQUIDITY, SET_PAIR, call(SET_POOL, POOL, 1)),
    "RouterGate": (LIQUIDITY, SET_PAIR, call(SET_ROUTER, ROUTER)),
}
WAYS = ("code", "state")


@lru_cache(64)
def judged(name: str, way: str) -> Trade:
    made = tricks()[name]
    if way == "code":
        return of(synthesise(made.runtime))
    return trade(*deployed(made, *CALLS.get(name, (LIQUIDITY, SET_PAIR))), known=True)


def notes(found: Trade, kind: str) -> str:
    return "; ".join(gate.note for gate in found.gates if gate.kind == kind)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name",
    [
        "ChainProbe", "ContractCaller", "DelayedSwitch", "EndlessSale", "FeeProbe", "FirstBuyers",
        "HiddenBalance", "HiddenMove", "ListedPools", "OriginCheck", "OwnerOnlySell", "RisingTax",
        "TesterList",
    ],
)  # fmt: skip
def test_what_holders_cannot_sell_is_said_to_be_so_with_the_calls_that_show_it(name: str, way: str) -> None:
    found = judged(name, way)
    assert found.sellable is False, found
    assert found.why
    assert any(steps for steps in found.proof.values())


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name",
    [
        "HonestPlain", "HonestFee", "HonestDecay", "HonestPause", "HonestLaunch", "HonestFreeze", "Cooldown",
        "SizeGate", "RouterGate", "GasGrief", "MovedStuck", "Recreate",
    ],
)  # fmt: skip
def test_what_holders_can_sell_is_never_called_unsellable(name: str, way: str) -> None:
    found = judged(name, way)
    assert found.sellable is True, found


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name, kind, words",
    [
        ("SizeGate", "size", "the whole cannot be sold at once; sell 1 % can"),
        ("Cooldown", "time", "3600 seconds later"),
        ("RouterGate", "route", "another router is refused"),
        ("GasGrief", "gas", "a sale takes"),
        ("MovedStuck", "holder", "moved to another wallet cannot be sold"),
        ("FirstBuyers", "holder", "the first wallets sell, later ones do not"),
        ("HiddenBalance", "time", "balance falls without a call"),
    ],
)
def test_limits_are_named(name: str, kind: str, words: str, way: str) -> None:
    assert words in notes(judged(name, way), kind)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "name, words", [("ChainProbe", "(chain id)"), ("FeeProbe", "(base fee and gas price, coinbase)")]
)
def test_what_the_code_looks_at_is_told_apart(name: str, words: str, way: str) -> None:
    assert any(words in one for one in judged(name, way).differences)


@pytest.mark.parametrize("way", WAYS)
def test_a_size_gate_stops_the_whole_and_a_cooldown_has_a_length(way: str) -> None:
    assert judged("SizeGate", way).cannot_sell_all is True
    assert judged("HonestPlain", way).cannot_sell_all is False
    assert judged("Cooldown", way).cooldown == 3600
    assert judged("HonestPlain", way).cooldown is None


@pytest.mark.parametrize("name", ["DelayedSwitch", "RisingTax"])
def test_a_delay_is_told_from_a_switch(name: str) -> None:
    assert judged(name, "state").why == "a sale goes through at first and stops after a week"
    assert "time" in {gate.kind for gate in judged(name, "code").gates}


def test_a_closed_market_is_a_gate_and_no_verdict() -> None:
    for name in ("HonestPause", "HonestLaunch"):
        found = judged(name, "state")
        assert not found.as_found
        assert "trading is open where slot" in notes(found, "state")
    opened = trade(*deployed(tricks()["HonestLaunch"], LIQUIDITY, SET_PAIR, START), known=True)
    assert opened.as_found
    assert not notes(opened, "state")


def test_a_launch_tax_is_a_curve_and_what_lasts_is_the_tax() -> None:
    found = judged("HonestDecay", "state")
    curve = {seconds: (buy, sell) for seconds, buy, sell in found.curve}
    assert curve[60][0] is not None and curve[60][0] > 0.8
    assert curve[600] == curve[604_800] == (0, 0)
    assert (found.buy_tax, found.sell_tax) == (0, 0)
    rising = {seconds: sell for seconds, _, sell in judged("RisingTax", "state").curve}
    assert (rising[0], rising[86_400], rising[259_200]) == (0, Fraction(1, 5), Fraction(3, 5))


# --- what the owner's functions show


@pytest.mark.parametrize(
    "name, powers",
    [
        ("TesterList", {"limit_transfers"}),
        ("OriginCheck", {"limit_transfers"}),
        ("ListedPools", {"limit_transfers"}),
        ("RouterGate", {"limit_transfers"}),
        ("OwnerOnlySell", {"limit_transfers"}),
        ("Recreate", {"selfdestruct"}),
        ("HonestFreeze", {"freeze_account"}),
        ("HonestPause", {"pause_transfers"}),
        ("HonestPlain", set()),
        ("HonestFee", set()),
    ],
)
def test_the_search_sees_the_owner_s_part(name: str, powers: set[str]) -> None:
    assert powers == {power.id for power in search(synthesise(tricks()[name].runtime)).powers}


# --- a proxy


IMPLEMENTATION = 0x1111111111111111111111111111111111111111
PLACE = 0x360894A13BA1A3210667C828492DB98DCA3E2076CC3735A920A3CA505D382BBC


@pytest.mark.parametrize("name, sellable", [("HonestPlain", True), ("OwnerOnlySell", False)])
def test_a_proxy_is_judged_by_the_code_behind_it(name: str, sellable: bool) -> None:
    behind, storage = deployed(tricks()[name], LIQUIDITY, SET_PAIR)
    proxy = tricks()["ProxySwap"].runtime
    storage = {**storage, (TOKEN, PLACE): IMPLEMENTATION}
    found = trade(proxy, storage, known=True, others={IMPLEMENTATION: behind})
    assert found.sellable is sellable


def test_a_proxy_without_the_code_behind_it_is_unknown() -> None:
    assert of(synthesise(tricks()["ProxySwap"].runtime)).sellable is None


def test_the_search_sees_that_a_proxy_can_be_swapped() -> None:
    powers = {power.id for power in search(synthesise(tricks()["ProxySwap"].runtime)).powers}
    assert "upgrade" in powers
