"""Findings on accounts: never from one indicator, never against who buys for themselves."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from desks.payments.results import DEALER, result
from ringfence.core.errors import InputError
from ringfence.desks.payments.find import find
from ringfence.desks.payments.result import AccountResult
from ringfence.rulebook.assess import assess
from ringfence.rulebook.pack import load_pack

DAY = date(2026, 3, 20)
TYPOLOGIES = (
    "pass_through exchange_match same_amount_scan coin_multiple structuring pool_hops dormant_burst night "
    "p2p_ad memo u_turn"
).split()


def states(of: AccountResult) -> dict[str, str]:
    return {one.element: one.state for one in find(of, evidence="sha256:" + "3" * 64, observation="o")}


def outcome(of: AccountResult) -> str:
    found = find(of, evidence="sha256:" + "3" * 64, observation="o")
    (made,) = assess(load_pack("cn"), found, conduct=DAY, decision=DAY)
    return made.state


def test_a_dealer_is_found_and_made_out() -> None:
    assert states(DEALER) == {
        "settles_token_trades": "met",
        "deals_with_public": "met",
        "own_account_customer": "not_met",
        "journalism": "not_met",
    }
    assert outcome(DEALER) == "made_out"
    assert find(DEALER, evidence="e", observation="o") == find(DEALER, evidence="e", observation="o")


@pytest.mark.parametrize("typology", TYPOLOGIES)
def test_one_indicator_shows_nothing_whatever_its_score(typology: str) -> None:
    alone = result(typologies=(typology, typology), score=1000, recommend="exit")
    assert states(alone) | {"journalism": "unclear"} == dict.fromkeys(states(alone), "unclear")
    assert outcome(alone) == "unclear"


@pytest.mark.parametrize("recommend", ["none", "review"])
def test_what_is_only_to_be_looked_at_is_not_met(recommend: str) -> None:
    assert outcome(result(recommend=recommend)) == "unclear"


def test_who_buys_for_themselves_is_protected() -> None:
    buyer = result(typologies=("exchange_match", "coin_multiple", "night"), payers=1)
    assert states(buyer)["own_account_customer"] == "met"
    assert outcome(buyer) == "not_made_out"


@pytest.mark.parametrize("payers", [None, 0, 3, 4])
def test_whose_money_it_was_must_be_known_before_a_buyer_is_ruled_out(payers: int | None) -> None:
    assert outcome(result(payers=payers)) != "made_out"


def test_without_a_tie_to_coins_nothing_is_met() -> None:
    shop = result(typologies=("same_amount_scan", "pass_through", "structuring"))
    assert states(shop)["settles_token_trades"] == "unclear" and outcome(shop) == "unclear"


@pytest.mark.parametrize(
    "changes",
    [
        {"account": "6222020200112233445"},
        {"account": "account:Zhang San"},
        {"account": "account:" + "A" * 32},
        {"transactions": ["T-2026-0001"]},
        {"score": 1001},
        {"score": -1},
        {"payers": -1},
        {"ledger": "none"},
        {"recommend": "freeze"},
        {"parameters": {"ratio": 0.9}},
        {"name": "Zhang San"},
    ],
)
def test_a_raw_identifier_or_a_bad_value_is_refused_and_not_repeated(changes: dict[str, object]) -> None:
    line = msgspec.json.encode(msgspec.to_builtins(DEALER) | changes)
    with pytest.raises(InputError) as error:
        AccountResult.from_json(line)
    assert "Zhang" not in str(error.value) and "6222" not in str(error.value)


def test_a_result_is_read_back_from_the_bytes_that_are_kept() -> None:
    assert AccountResult.from_json(DEALER.record) == DEALER
    assert AccountResult.from_json(DEALER.record).record == DEALER.record
    for bad in (b"", b"\xff", b"[]", b"{", b'{"account": 1}'):
        with pytest.raises(InputError):
            AccountResult.from_json(bad)
