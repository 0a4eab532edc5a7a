"""Offerings: who sells tokens is found from code, whether it is open from a block, and no gift is a sale."""

from __future__ import annotations

import msgspec
import pytest

from interfaces.command import run
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.find import find
from ringfence.desks.tokens.offering import Offering, offering
from ringfence.desks.tokens.synthesis import ACTOR, BALANCE, TOKEN, synthesise
from ringfence.desks.tokens.world import Environment, World

from .anvil import ALICE, CHAIN, Anvil
from .solidity import published, tricks

BUY_FOR = "0x" + keccak(b"buyFor(address,uint256)")[:4].hex()
SUBJECT = "token:eip155:1/erc20:0x" + "11" * 20


@pytest.mark.parametrize(
    ("name", "selector", "pays"),
    [
        ("OfferingSale", "", "money"),
        ("OfferingForTokens", "0x" + keccak(b"buyFor(address,uint256)")[:4].hex(), "tokens"),
    ],
)
def test_a_sale_is_found_in_code(name: str, selector: str, pays: str) -> None:
    found = offering(synthesise(tricks()[name].runtime))
    assert found is not None and found.pays == pays and found.back is None
    assert found.gets > 0 and found.selector == selector


def test_what_is_had_back_on_demand_is_a_deposit() -> None:
    for code in (tricks()["OfferingDeposit"].runtime, published("@uniswap/v2-periphery", "WETH9").runtime):
        found = offering(synthesise(code))
        assert found is not None and found.back is not None
        (raises, *_) = find(
            SUBJECT, msgspec.structs.replace(found, open=True), evidence="sha256:0", observation="o"
        )
        assert raises.state == "unclear" and "deposit" in raises.reason


@pytest.mark.parametrize("name", ["OfferingGift", "OfferingClosed", "HonestPlain", "PowerMint", "PowerLeak"])
def test_gifts_roles_and_plain_tokens_are_no_sale(name: str) -> None:
    assert offering(synthesise(tricks()[name].runtime)) is None


def test_the_call_that_buys_can_be_made_again() -> None:
    code = tricks()["OfferingSale"].runtime
    found = offering(synthesise(code))
    assert found is not None
    storage = {(TOKEN, int(slot, 16)): int(value, 16) for slot, value in found.state.items()}
    world = World(Environment(), {TOKEN: code}, storage, {ACTOR: 10**20})
    assert world.call(ACTOR, TOKEN, bytes.fromhex(found.data[2:]), found.value).ok
    assert found.gets <= BALANCE


def at(anvil: Anvil, token: int) -> Offering:
    said = run("tokens", "screen", "--rpc", anvil.url, "--chain", CHAIN, f"0x{token:040x}").json
    return msgspec.convert(said["offering"], Offering)


def test_open_is_told_by_the_block(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["OfferingSale"])
    open_now = at(anvil, token)
    anvil.send(ALICE, token, keccak(b"end()")[:4])
    over = at(anvil, token)
    assert (open_now.open, over.open) == (True, False)
    states = [
        {one.element: one.state for one in find(SUBJECT, way, evidence="sha256:0", observation="o")}
        for way in (open_now, over)
    ]
    assert states[0] == {"raises_by_tokens": "met", "serves_residents": "unclear", "journalism": "not_met"}
    assert states[1]["raises_by_tokens"] == "unclear", "that it is over does not say that it never was"


def test_selling_nothing_is_not_shown_by_code() -> None:
    (raises, *_) = find(SUBJECT, None, evidence="sha256:0", observation="o")
    assert raises.state == "unclear"
