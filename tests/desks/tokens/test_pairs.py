"""Pairs: a power that only two calls show is found at depth deep, with both; an honest twin has none."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pytest

from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call
from ringfence.desks.tokens.moves import Watch
from ringfence.desks.tokens.pairs import pairs
from ringfence.desks.tokens.screen import Depth, Screening, screen
from ringfence.desks.tokens.search import search
from ringfence.desks.tokens.synthesis import ACTOR, HOLDER, SECOND, TOKEN, synthesise
from ringfence.desks.tokens.world import Environment, World

from .anvil import ALICE, BOB, Anvil
from .solidity import tricks
from .test_onchain import screened as screened_at
from .test_onchain import text, told

ONLY_IN_TWO = {
    "PairApproval": "seize", "PairOperator": "seize", "PairFee": "set_fee", "PairFreeze": "freeze_account",
    "PairCredit": "leak", "PairPause": "pause_transfers",
}  # fmt: skip
TWINS = (
    "HonestApproval", "HonestOperator", "HonestProposal", "HonestQuota", "HonestCredit", "HonestHandover",
)  # fmt: skip


@lru_cache(64)
def screened(name: str, depth: Depth) -> Screening:
    return screen(tricks()[name].runtime, depth)


def powers(name: str, depth: Depth) -> set[str]:
    return {one.id for one in screened(name, depth).capabilities if one.present}


@pytest.mark.parametrize("name", ONLY_IN_TWO)
def test_what_only_two_calls_do_is_found_by_pairs(name: str) -> None:
    assert powers(name, "quick") == set()
    assert powers(name, "deep") == {ONLY_IN_TWO[name]}
    pairs_ = screened(name, "deep").searched["pairs"]
    assert pairs_["complete"] and pairs_["tried"] == pairs_["possible"] > 0
    assert screened(name, "quick").searched["pairs"] is None


@pytest.mark.parametrize("name", ONLY_IN_TWO)
def test_both_calls_are_the_proof_and_can_be_made_again(name: str) -> None:
    code = tricks()[name].runtime
    (one,) = (one for one in screened(name, "deep").capabilities if one.present)
    assert len(one.proof) >= 2 and one.why.startswith("in two calls")
    first, second = one.proof[:2]
    assert one.selector == first["data"][:10] != second["data"][:10]
    assert one.holder and (one.holder["kind"] == "anyone") == (name == "PairCredit")
    storage = {(TOKEN, int(slot, 16)): int(value, 16) for slot, value in one.state.items()}
    money = {TOKEN: 10**20} | {int(step["from"], 16): 10**24 for step in one.proof}

    def after(*steps: dict[str, Any]) -> tuple[object, ...]:
        """How it stands after some of the calls: whether the last went through, balances and money."""
        world = World(Environment(time=first["time"]), {TOKEN: code}, storage, money)
        for step in steps:
            world.wait(step["time"] - world.environment.time)
            done = world.call(int(step["from"], 16), TOKEN, bytes.fromhex(step["data"][2:]), step["value"])
        held = [world.call(ACTOR, TOKEN, call(BALANCE_OF, who)).word() for who in (ACTOR, HOLDER, SECOND)]
        return done.ok, *held, world.balance(TOKEN)

    both, alone = after(first, second, *one.proof[2:]), after(second, *one.proof[2:])
    assert after(first)[0] and after(first, second)[0]
    assert both != alone  # the second alone is refused, or comes to something else


@pytest.mark.parametrize("name", TWINS)
def test_twins_have_no_power_however_deep(name: str) -> None:
    assert powers(name, "quick") == powers(name, "deep") == set()
    assert screened(name, "deep").searched["pairs"]["complete"]


@pytest.mark.parametrize("depth", ["quick", "deep"])
def test_a_quota_that_is_granted_is_a_power_of_the_one_call_that_uses_it(depth: Depth) -> None:
    assert powers("PairQuota", depth) == {"mint"}
    (said,) = (one for one in screened("PairQuota", depth).capabilities if one.present)
    assert said.why == "out of a grant" and said.holder and said.holder["kind"] == "unknown"


def test_a_role_is_a_power_of_its_own() -> None:
    assert powers("PairRole", "quick") == powers("PairRole", "deep") == {"mint"}


@pytest.mark.parametrize(
    "name", ["PowerMint", "PowerPause", "PowerNone", "HonestPlain", "HonestFee", "HonestFreeze"]
)
def test_pairs_add_nothing_where_one_call_shows_it(name: str) -> None:
    assert powers(name, "quick") == powers(name, "deep")


def test_a_search_that_was_stopped_says_so() -> None:
    token = synthesise(tricks()["PairFee"].runtime)
    watch = Watch(token)
    found = search(token, watch=watch)
    cut = pairs(watch, found, steps=-1)
    assert not cut.complete and "instructions" in cut.why and cut.tried < cut.possible
    late = pairs(watch, found, steps=10**7, until=0.0)
    assert late.tried == 0 and "clock" in late.why and late.to_dict()["why"] == late.why
    stopped = search(token, until=0.0)
    assert not stopped.complete and stopped.why == "by the clock"


@pytest.mark.parametrize("name", ["PairPause", "PairFee"])
def test_on_a_chain_both_calls_are_made_and_their_use_is_not_guessed(anvil: Anvil, name: str) -> None:
    token = anvil.deploy(tricks()[name])
    anvil.send(ALICE, token, call(TRANSFER, BOB, 10**18))
    found = told(screened_at(anvil, token, "--depth", "deep"), ONLY_IN_TWO[name])
    assert "state" not in found and found["holder"] == {"kind": "address", "address": text(ALICE)}
    assert {step["to"] for step in found["proof"]} == {text(token)}
    assert found["proof"][0]["data"][:10] == found["selector"] != found["proof"][1]["data"][:10]
    assert found["exercised"] is None and "two calls" in found["used"]["why"]
