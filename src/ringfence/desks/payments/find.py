"""Find: from what monitoring said of an account to findings on the elements for payment accounts. Pure.

A single indicator shows nothing by itself (FATF 2020; AUSTRAC says the same of its list): every element then
stays *unclear*. Customers of a dealer are not dealers: that the holder buys for themselves is ruled out only
where the money of many others was passed on.
"""

from __future__ import annotations

from typing import Final

from ringfence.desks.payments.result import AccountResult
from ringfence.rulebook.finding import Feature, Finding, State

AUTHOR: Final = "instrument:payments.find"
VERSION: Final = "1"
# What ties money to coins, and what shows that it was other people's and passed on.
COIN: Final = frozenset({"exchange_match", "coin_multiple", "memo", "p2p_ad"})
PASSES: Final = frozenset({"pass_through", "pool_hops", "exchange_match"})
DEALS: Final = frozenset({"pass_through", "pool_hops", "same_amount_scan", "structuring", "u_turn"})
ACTS: Final = frozenset({"limit", "refuse", "exit"})
MANY: Final = 5  # different payers from which on money is that of others (ours, as in same_amount_scan)
OWN: Final = 2  # different payers that a salary and a friend make (ours)
MOST_FEATURES: Final = 20  # transactions named in a finding; the kept result names all


def find(result: AccountResult, *, evidence: str, observation: str) -> tuple[Finding, ...]:
    """Findings on every element that this desk knows, in a fixed order. ``evidence`` is the digest of the
    result's bytes, ``observation`` the id under which they are kept."""
    shown = tuple(dict.fromkeys(result.typologies))
    answers: tuple[tuple[str, State, str], ...] = (
        ("settles_token_trades", *_settles(result, shown)),
        ("deals_with_public", *_deals(result, shown)),
        ("own_account_customer", *_own(result, shown)),
        (
            "journalism",
            "not_met",
            "payments publish nothing; what the holder publishes is another subject",
        ),
    )
    return tuple(
        Finding(
            subject=result.account,
            element=element,
            state=state,
            reason=reason,
            features=_features(result, shown, evidence) if state != "unclear" else (),
            author=AUTHOR,
            rule=f"payments.{element}",
            version=VERSION,
            observations=(observation,),
            references={"ledger": result.ledger, "rules": result.rules},
            score=result.score,
            laboratory=result.laboratory,
        )
        for element, state, reason in answers
    )


def _settles(result: AccountResult, shown: tuple[str, ...]) -> tuple[State, str]:
    if why := _too_little(result, shown):
        return "unclear", why
    coin = [name for name in shown if name in COIN]
    if not coin:
        return "unclear", f"{', '.join(shown)}: nothing ties the money to coins"
    return "met", f"money moves as in a trade of coins: {', '.join(shown)}, over {_transactions(result)}"


def _deals(result: AccountResult, shown: tuple[str, ...]) -> tuple[State, str]:
    if why := _too_little(result, shown):
        return "unclear", why
    deals = [name for name in shown if name in DEALS]
    if result.payers is None:
        return "unclear", "how many different accounts paid in is not known"
    if not deals or result.payers < MANY:
        return "unclear", f"{result.payers} different payers, {', '.join(deals) or 'no passing on'}"
    return "met", f"{result.payers} different payers, {', '.join(deals)}"


def _own(result: AccountResult, shown: tuple[str, ...]) -> tuple[State, str]:
    passes = [name for name in shown if name in PASSES]
    others = [name for name in passes if name != "exchange_match"]
    if result.payers is None:
        return "unclear", "whose money it was is not known: payers were not counted"
    if result.payers <= OWN and not others:
        if any(name in COIN for name in shown):
            return "met", f"{result.payers} payers at most, and nothing passed on for others: their own money"
        return "unclear", "nothing shows that coins were bought or sold"
    if why := _too_little(result, shown):
        return "unclear", why
    if result.payers < MANY or not passes:
        return "unclear", f"{result.payers} different payers, {', '.join(passes) or 'nothing passed on'}"
    return "not_met", f"the money of {result.payers} different payers was passed on ({', '.join(passes)})"


def _too_little(result: AccountResult, shown: tuple[str, ...]) -> str:
    """Why what was seen cannot carry any element; empty where it may."""
    if not shown:
        return "no typology was seen"
    if len(shown) == 1:
        return f"one indicator ({shown[0]}) shows nothing by itself"
    if result.recommend not in ACTS:
        return f"{', '.join(shown)}: together not enough (score {result.score} of 1000)"
    return ""


def _transactions(result: AccountResult) -> str:
    return f"{len(result.transactions)} transactions"


def _features(result: AccountResult, shown: tuple[str, ...], evidence: str) -> tuple[Feature, ...]:
    named = [Feature(f"payments.{name}", 0, name, evidence) for name in shown]
    named += [
        Feature("payments.transaction", 0, one, evidence) for one in result.transactions[:MOST_FEATURES]
    ]
    # Findings without a feature would have no evidence: an account that does nothing is seen too.
    return tuple(named) or (Feature("payments.account", 0, "nothing seen", evidence),)
