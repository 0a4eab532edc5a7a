"""GoPlus: a screening in the field names of the GoPlus token response, so that wallets can read it.

Values are the texts "0" and "1"; a field is absent exactly where ours is unknown. Fields that need a chain,
an index or a reputation (holders, liquidity, creators, trust lists) are absent here.
"""

from __future__ import annotations

from typing import Any, Final

from ringfence.desks.tokens.capability import Capability
from ringfence.desks.tokens.functions import OWNERS
from ringfence.desks.tokens.synthesis import Token
from ringfence.desks.tokens.traded import Trade

# Field by capability (one suffices for "1"; all must be absent for "0").
_FROM: Final[dict[str, tuple[str, ...]]] = {
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


def goplus(token: Token, found: tuple[Capability, ...], traded: Trade) -> dict[str, Any]:
    """The fields that are known."""
    present = {one.id: one.present for one in found}
    made: dict[str, Any] = {}
    for field, ids in _FROM.items():
        states = [present[name] for name in ids]
        if True in states:
            made[field] = "1"
        elif None not in states:
            made[field] = "0"
    selectors = {one.selector for one in token.functions}
    if token.resolved and not selectors & set(OWNERS):
        made["owner_address"] = ""
    for field, value in (
        ("cannot_buy", traded.cannot_buy),
        ("cannot_sell_all", traded.cannot_sell_all),
        ("is_honeypot", None if traded.sellable is None else not traded.sellable),
        ("trading_cooldown", None if traded.sellable is None else bool(traded.cooldown)),
        ("is_anti_whale", _by_size(traded)),
    ):
        if value is not None:
            made[field] = "1" if value else "0"
    for field, tax in (("buy_tax", traded.buy_tax), ("sell_tax", traded.sell_tax)):
        if tax is not None:
            made[field] = f"{float(tax):.6g}"
    return made


def _by_size(traded: Trade) -> bool | None:
    if traded.sellable is None:
        return None
    return any(gate.kind == "size" for gate in traded.gates)
