"""GoPlus: a screening in the field names of the GoPlus token response, so that wallets can read it.

Values are texts, "0" and "1" for no and yes, amounts and rates as decimal numbers, amounts in whole tokens. A
field is absent exactly where ours is unknown; `absent` says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, Final

from ringfence.desks.tokens.capability import Capability
from ringfence.desks.tokens.facts import Facts
from ringfence.desks.tokens.flags import Flags
from ringfence.desks.tokens.traded import Trade

FIELDS: Final = (
    "token_name", "token_symbol", "total_supply", "is_open_source", "is_proxy", "is_mintable",
    "owner_address", "owner_balance", "owner_percent", "creator_address", "creator_balance",
    "creator_percent", "hidden_owner", "can_take_back_ownership", "owner_change_balance", "selfdestruct",
    "external_call", "transfer_pausable", "is_blacklisted", "is_whitelisted", "is_anti_whale",
    "anti_whale_modifiable", "trading_cooldown", "slippage_modifiable", "personal_slippage_modifiable",
    "buy_tax", "sell_tax", "cannot_buy", "cannot_sell_all", "is_honeypot", "is_in_dex", "dex", "lp_holders",
    "lp_holder_count", "lp_total_supply", "holders", "holder_count", "fake_token", "is_true_token",
    "trust_list", "is_airdrop_scam", "honeypot_with_same_creator", "note", "other_potential_risks",
    "b20_token",
)  # fmt: skip
# Field by capability (one suffices for "1"; all must be absent for "0").
BY_CAPABILITY: Final[dict[str, tuple[str, ...]]] = {
    "is_mintable": ("mint",),
    "hidden_owner": ("hidden_owner",),
    "can_take_back_ownership": ("reclaim_ownership",),
    "owner_change_balance": ("seize", "burn_others"),
    "selfdestruct": ("selfdestruct",),
    "external_call": ("external_call",),
    "transfer_pausable": ("pause_transfers",),
    "is_blacklisted": ("freeze_account",),
    "slippage_modifiable": ("set_fee",),
    "is_proxy": ("upgrade",),
}
BY_FACT: Final = {
    "token_name": "name", "token_symbol": "symbol", "total_supply": "supply", "owner_address": "owner",
    "owner_balance": "owner_balance", "owner_percent": "owner_balance", "creator_address": "creator",
    "creator_balance": "creator_balance", "creator_percent": "creator_balance",
}  # fmt: skip
_AMOUNTS: Final = ("total_supply", "owner_balance", "creator_balance")  # told where decimals are
_NO_CHAIN: Final = "no chain was asked"
_FLAGGED: Final = {
    "is_whitelisted": "limit_transfers",
    "is_anti_whale": "limit_transfers",
    "anti_whale_modifiable": "limit_transfers",
    "personal_slippage_modifiable": "set_fee",
}
_TRADED: Final = (
    "buy_tax", "sell_tax", "cannot_buy", "cannot_sell_all", "is_honeypot", "trading_cooldown"
)  # fmt: skip
_POOLS: Final = "no chain was asked, or none of the factories known there has a pair"
# Fields that code and state cannot answer: why they are left to others.
_OUTSIDE: Final = {
    "is_open_source": "a published source is no evidence here; the code that runs is what is read",
    "is_in_dex": _POOLS,
    "dex": _POOLS,
    "lp_holders": "holders of a pair's shares are told by an index of all transfers, which this is not",
    "lp_holder_count": "holders of a pair's shares are told by an index of all transfers, which this is not",
    "lp_total_supply": _POOLS,
    "holders": "holders are told by an index of all transfers, which this is not",
    "holder_count": "holders are told by an index of all transfers, which this is not",
    "fake_token": "a reputation; nothing in code or state tells it",
    "is_true_token": "a reputation; nothing in code or state tells it",
    "trust_list": "a reputation; nothing in code or state tells it",
    "is_airdrop_scam": "a reputation; nothing in code or state tells it",
    "honeypot_with_same_creator": "the creator is not known",
    "note": "nothing is said in free text; findings have a form",
    "other_potential_risks": "nothing is said in free text; findings have a form",
    "b20_token": "a block of one platform's own tokens",
}
_EXACT: Final = Context(prec=100)


def goplus(
    found: Iterable[Capability], traded: Trade, flags: Flags = Flags(), facts: Facts = Facts()  # noqa: B008
) -> dict[str, Any]:  # fmt: skip
    """The fields that are known, in the order of `FIELDS`."""
    sold = traded.sellable
    made: dict[str, Any] = {**by_capability(found), **by_facts(facts)}
    for field, value in (
        ("cannot_buy", traded.cannot_buy),
        ("cannot_sell_all", traded.cannot_sell_all),
        ("is_honeypot", None if sold is None else not sold),
        ("trading_cooldown", None if sold is None else bool(traded.cooldown)),
        ("is_whitelisted", True if "named seller" in traded.proof else flags.exempt),
        ("is_anti_whale", _capped(traded, flags)),
        ("anti_whale_modifiable", flags.cap_set),
        ("personal_slippage_modifiable", flags.own_rate),
    ):
        if value is not None:
            made[field] = "1" if value else "0"
    for field, tax in (("buy_tax", traded.buy_tax), ("sell_tax", traded.sell_tax)):
        if tax is not None:
            made[field] = f"{float(tax):.6g}"
    return ordered({**made, **_pool(traded)})


def ordered(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The same in the order of `FIELDS`."""
    return {name: fields[name] for name in FIELDS if name in fields}


def by_capability(found: Iterable[Capability]) -> dict[str, Any]:
    """The fields that stand for capabilities."""
    present = {one.id: one.present for one in found}
    made: dict[str, Any] = {}
    for field, ids in BY_CAPABILITY.items():
        states = [present[name] for name in ids]
        if True in states:
            made[field] = "1"
        elif None not in states:
            made[field] = "0"
    return made


def by_facts(facts: Facts) -> dict[str, Any]:
    """The fields that a token says of itself. Amounts are told only where its decimals are."""
    made: dict[str, Any] = {}
    for field, value in (
        ("token_name", facts.name),
        ("token_symbol", facts.symbol),
        ("total_supply", amount(facts.supply, facts.decimals)),
        ("owner_address", facts.owner),
        ("owner_balance", amount(facts.owner_balance, facts.decimals)),
        ("owner_percent", share(facts.owner_balance, facts.supply)),
        ("creator_address", facts.creator),
        ("creator_balance", amount(facts.creator_balance, facts.decimals)),
        ("creator_percent", share(facts.creator_balance, facts.supply)),
    ):
        if value is not None:
            made[field] = value
    return made


def amount(units: int | None, decimals: int | None) -> str | None:
    """An amount in whole tokens, exact; None where a part of it is not known."""
    if units is None or decimals is None:
        return None
    text = f"{_EXACT.scaleb(Decimal(units), -decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def share(part: int | None, whole: int | None) -> str | None:
    """A part of the whole, 1 for all of it, to six places and never rounded up; None without a whole."""
    if part is None or not whole:
        return None
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"), ROUND_DOWN, _EXACT))


def absent(fields: Mapping[str, Any], screening: Mapping[str, Any]) -> dict[str, str]:
    """Why each field that is not there is not: ``screening`` is one as `tokens screen` writes it."""
    capabilities = {one["id"]: one for one in screening["capabilities"]}
    trade, facts = screening["trade"], screening["facts"].get("why", {})
    made: dict[str, str] = {}
    for name in FIELDS:
        if name in fields:
            continue
        why = _OUTSIDE.get(name, "")
        ids = BY_CAPABILITY.get(name) or ((_FLAGGED[name],) if name in _FLAGGED else ())
        for one in ids:
            why = why or capabilities[one].get("why", "")
        if name in _TRADED:
            why = trade.get("why") or "no trade showed it"
        if name in BY_FACT:
            why = facts.get(BY_FACT[name]) or (name in _AMOUNTS and facts.get("decimals")) or _NO_CHAIN
        made[name] = why or "the search did not come to an end on it"
    return made


def _pool(traded: Trade) -> dict[str, Any]:
    """The pair that trades were made in. What it is worth would need a price, and is left out."""
    pair, name = traded.place.get("pair"), traded.place.get("venue")
    if not pair:
        return {}
    return {"is_in_dex": "1", "dex": [{"liquidity_type": "UniV2", "name": name or "", "pair": pair}]}


def _capped(traded: Trade, flags: Flags) -> bool | None:
    sizes = traded.sellable is not None and any(gate.kind == "size" for gate in traded.gates)
    if sizes or flags.capped:
        return True
    return None if traded.sellable is None else flags.capped
