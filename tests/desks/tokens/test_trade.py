"""Trade: what is answered, with which transactions, and what is left open."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest

from ringfence.desks.tokens.functions import TRANSFER, TRANSFER_FROM, call
from ringfence.desks.tokens.gates import STEPS, open_up, passes
from ringfence.desks.tokens.plans import PLAIN
from ringfence.desks.tokens.synthesis import POOL, TOKEN, synthesise
from ringfence.desks.tokens.trade import of, trade
from ringfence.desks.tokens.traded import Trade
from ringfence.desks.tokens.trial import SECOND_ROUTER, Plan, Stand, attempt
from ringfence.desks.tokens.world import Environment

from .deploy import LIQUIDITY, SET_PAIR, deployed
from .solidity import tricks


def state(name: str) -> Trade:
    return trade(*deployed(tricks()[name], LIQUIDITY, SET_PAIR), known=True)


def stand(name: str) -> Stand:
    return Stand(*deployed(tricks()[name], LIQUIDITY, SET_PAIR))


def test_a_tax_is_exact_and_on_what_arrives() -> None:
    found = state("HonestFee")
    assert (found.buy_tax, found.sell_tax) == (Fraction(1, 100), Fraction(1, 100))


def test_what_is_paid_is_the_quote_for_what_arrived() -> None:
    whole = attempt(stand("HonestPlain"), PLAIN)
    assert whole.paid == whole.quoted
    less = attempt(stand("HonestFee"), PLAIN)
    assert less.paid < less.quoted


@pytest.mark.parametrize(
    "plan",
    [
        PLAIN, Plan("contract", holder="contract"), Plan("moved", holder="moved"),
        Plan("crowd", holder="crowd"), Plan("pool", route="pool"),
        Plan("second", route="second router"), Plan("half", part=Fraction(1, 2)),
        Plan("later", before=3600), Plan("elsewhere", environment=Environment(chain=56)),
    ],
)  # fmt: skip
def test_every_way_of_trading_works_with_a_plain_token(plan: Plan) -> None:
    made = attempt(stand("HonestPlain"), plan)
    assert passes(made), made
    assert (made.buy_tax, made.sell_tax) == (0, 0)


def test_a_world_can_be_used_again() -> None:
    one = stand("HonestFee")
    world = one.world()
    assert attempt(one, PLAIN, world) == attempt(one, PLAIN, world) == attempt(one, PLAIN)


def test_the_same_token_gets_the_same_answer() -> None:
    runtime = tricks()["TesterList"].runtime
    assert of(synthesise(runtime)) == of(synthesise(runtime))


def test_a_proof_replays_in_a_fresh_world() -> None:
    found = state("HonestPlain")
    one = replace(stand("HonestPlain"), storage=found.storage)
    world = one.world()
    steps = found.proof["sellable"]
    assert len(steps) == 3
    before = world.balance(steps[0].sender)
    for step in steps:
        if step.time > world.environment.time:
            world.wait(step.time - world.environment.time)
        assert world.call(step.sender, step.to, step.data, step.value).ok
    assert 0 < before - world.balance(steps[0].sender) < steps[0].value // 100  # but for the pool's fee


def test_the_proof_of_a_stopped_sale_ends_where_it_stops() -> None:
    found = state("OwnerOnlySell")
    one = replace(stand("OwnerOnlySell"), storage=found.storage)
    world = one.world()
    *before, last = found.proof["stopped"]
    for step in before:
        assert world.call(step.sender, step.to, step.data, step.value).ok
    assert not world.call(last.sender, last.to, last.data, last.value).ok


def test_the_answer_is_written_as_the_interface_says() -> None:
    for name in ("HonestFee", "OwnerOnlySell", "SizeGate"):
        made = json.loads(json.dumps(state(name).to_dict()))
        assert set(made) >= {"sellable", "buy_tax", "sell_tax", "why", "proof"}
        for steps in made["proof"].values():
            for step in steps:
                assert set(step) == {"from", "to", "value", "data", "time"}
                assert step["data"].startswith("0x") and len(step["from"]) == 42
    assert state("HonestFee").to_dict()["sell_tax"] == 0.01


def test_wallets_are_others_for_every_token() -> None:
    one, two = stand("HonestPlain"), stand("HonestFee")
    assert not set(one.buyers()) & set(two.buyers())
    assert len(set(one.buyers())) == 12


def test_a_second_router_stands_in_the_same_market() -> None:
    made = attempt(stand("HonestPlain"), Plan("second", route="second router"))
    assert {step.to for step in made.steps} == {SECOND_ROUTER, TOKEN}


def test_a_search_finds_the_switch_and_leaves_the_pool_where_it_is() -> None:
    one = stand("HonestLaunch")
    opened = open_up(one, PLAIN)
    assert passes(opened.trial)
    ((slot, value),) = opened.change.items()
    assert value & (1 << 160) - 1 == POOL == one.storage[slot]


def test_a_token_and_its_pool_may_stand_anywhere() -> None:
    # A token above and one below the wrapped coin: the pool's two sides change places.
    for at in (0xFEED << 144, 0x11 << 144):
        pair = at + 1
        moved, storage = deployed(
            tricks()["HonestFee"], call(TRANSFER, pair, 10**24), call(SET_PAIR[:4], pair)
        )
        found = trade(
            moved,
            {(at, slot): value for (_, slot), value in storage.items()},
            known=True,
            token=at,
            pair=pair,
        )
        assert (found.sellable, found.buy_tax, found.sell_tax) == (True, Fraction(1, 100), Fraction(1, 100))


# --- what is not known is None, with a reason


@pytest.mark.parametrize(
    "code",
    [
        b"", b"\x00", b"\xfe", bytes.fromhex("ef000101000402000100010400000000800000fe"), b"\x5b\x60\x00\x56",
        b"\x60" * 30_000, bytes(range(256)) * 96,
    ],
)  # fmt: skip
def test_what_is_no_token_is_unknown(code: bytes) -> None:
    for found in (of(synthesise(code)), trade(code, {}), trade(code, {}, known=True)):
        assert found.sellable is None
        assert found.why
        assert (found.buy_tax, found.sell_tax) == (None, None)


def test_a_tax_that_storage_sets_is_unknown_from_code_alone() -> None:
    found = of(synthesise(tricks()["HonestDecay"].runtime))
    assert found.sellable is True
    assert (found.buy_tax, found.sell_tax) == (None, None)
    assert "storage" in found.why


def test_a_pool_without_tokens_is_unknown() -> None:
    code, storage = deployed(tricks()["HonestPlain"])
    found = trade(code, storage, known=True)
    assert (found.sellable, found.why) == (None, "the pool could not be given tokens")


def test_a_token_that_nobody_can_buy_is_not_called_unsellable_in_a_known_state() -> None:
    # balanceOf answers 10**24 for everybody, whatever else is called ends: neither a trap nor a market.
    stuck = bytes.fromhex(
        "60003560e01c" + "6370a08231" + "14" + "6014" + "57" + "60006000fd"
        + "5b" + "69d3c21bcecceda1000000" + "60005260206000f3"
    )  # fmt: skip
    found = trade(stuck, {}, known=True)
    assert (found.sellable, found.cannot_buy) == (None, True)
    assert found.why.startswith("buy stops")


def test_a_search_ends() -> None:
    assert STEPS <= 1_000_000
    one = stand("EndlessSale")
    made = open_up(one, PLAIN)
    assert made.trial.stage == "sell" and made.trial.why == "gas"


def test_nobody_moves_what_is_another_s_in_a_trial() -> None:
    made = attempt(stand("HonestPlain"), PLAIN)
    assert not any(step.data.startswith(call(TRANSFER_FROM)) for step in made.steps)
