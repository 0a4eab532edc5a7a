"""Plan: the rules as arrays of whole numbers for compiled code, and what the watches are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringfence.desks.payments.online import numbers as no
from ringfence.desks.payments.online.state import Ints
from ringfence.desks.payments.rules import Rules

_KEYED = (
    "same_amount_scan", "same_amount_scan", "coin_multiple", "structuring", "pool_hops", "dormant_burst",
    "p2p_ad", "memo", "memo", "u_turn", "u_turn",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """``numbers`` as named in `numbers`; ``lengths`` of a book's windows, the longest last; ``at`` where
    those of pass_through, then of exchange_match, stand among them; ``least`` thresholds by currency;
    ``names`` of the watches, ``reach`` how far back those of keys look; ``horizon`` by typology: how far the
    windows of one reach that are still to come; ``rest``: what is further back says only whether an account
    rested."""

    numbers: Ints
    lengths: Ints
    at: Ints
    least: Ints
    names: tuple[str, ...]
    books: int
    reach: Ints
    horizon: dict[str, int]
    rest: int


def plan(rules: Rules, currencies: Sequence[str]) -> Plan:
    """The rules for a ledger's currencies."""
    passes, exchanges = rules.windows("pass_through"), rules.windows("exchange_match")
    hop, night = rules.window("pool_hops", "hop"), rules.window("night")
    lengths = sorted({*passes, *exchanges, hop, night})
    n = np.zeros(no.NUMBERS + 1, np.int64)
    of, x = rules["pass_through"], rules["exchange_match"]
    n[no.PASS_PARTS], n[no.PASS_LOW], n[no.PASS_HIGH] = of["receipts"], of["low"], of["high"]
    n[no.X_PARTS], n[no.X_LOW], n[no.X_HIGH] = x["parts"], x["low"], x["high"]
    n[no.SAME_PAYERS] = rules["same_amount_scan"]["payers"]
    n[no.SAME_LENGTH] = rules.window("same_amount_scan")
    n[no.COIN_AMOUNTS], n[no.COIN_LENGTH] = (
        rules["coin_multiple"]["amounts"],
        rules.window("coin_multiple"),
    )
    n[no.S_TIMES], n[no.S_LENGTH] = rules["structuring"]["times"], rules.window("structuring")
    pool = rules["pool_hops"]
    n[no.HOP_AT], n[no.HOP_LOW], n[no.HOP_HIGH] = lengths.index(hop), pool["low"], pool["high"]
    n[no.GATHER_LENGTH], n[no.COLLECTORS] = rules.window("pool_hops"), pool["collectors"]
    n[no.QUIET] = rules.window("dormant_burst", "quiet")
    n[no.BURST], n[no.RECEIPTS] = rules.window("dormant_burst"), rules["dormant_burst"]["receipts"]
    n[no.NIGHT_AT], n[no.NIGHT_LEGS] = lengths.index(night), rules["night"]["legs"]
    n[no.NIGHT_SHARE] = rules["night"]["share"]
    n[no.AD_LENGTH], n[no.AD_RECEIPTS] = rules.window("p2p_ad"), rules["p2p_ad"]["receipts"]
    memo = rules["memo"]
    n[no.MEMO_LENGTH], n[no.MEMO_WORDS] = rules.window("memo"), memo["words"]
    n[no.MEMO_PAYERS], n[no.MEMO_SHARE] = memo["payers"], memo["share"]
    turn = rules["u_turn"]
    n[no.TURN_LENGTH], n[no.TURN_LOW], n[no.TURN_HIGH] = (
        rules.window("u_turn"),
        turn["low"],
        turn["high"],
    )
    n[no.PASSES], n[no.EXCHANGES] = len(passes), len(exchanges)
    thresholds = [
        (of["least"], 0), (x["least"], 0), (rules["same_amount_scan"]["tolerance"], 1), (pool["least"], 0),
        (rules["night"]["least"], 0), (turn["least"], 0),
    ]  # fmt: skip
    least = [[max(floor, rules.minor(cny, name)) for cny, floor in thresholds] for name in currencies]
    names = (
        ("pass_through",) * len(passes) + ("exchange_match",) * (2 * len(exchanges)) + ("pool_hops", "night")
    )
    keyed = [
        n[no.SAME_LENGTH], n[no.SAME_LENGTH], n[no.COIN_LENGTH], n[no.S_LENGTH],
        n[no.GATHER_LENGTH], n[no.BURST], n[no.AD_LENGTH], n[no.MEMO_LENGTH], n[no.MEMO_LENGTH],
        n[no.TURN_LENGTH], n[no.TURN_LENGTH],
    ]  # fmt: skip
    horizon = {
        "pass_through": passes[-1], "exchange_match": exchanges[-1], "pool_hops": max(hop, int(keyed[4])),
        "night": night,
    }  # fmt: skip
    for name, length in zip(_KEYED, keyed, strict=True):
        horizon[name] = max(horizon.get(name, 0), int(length))
    return Plan(
        numbers=n,
        lengths=np.array(lengths, np.int64),
        at=np.array([lengths.index(one) for one in (*passes, *exchanges)], np.int64),
        least=np.array(least, np.int64).reshape(len(currencies), len(thresholds)),
        names=(*names, *_KEYED),
        books=len(names),
        reach=np.array(keyed, np.int64),
        horizon=horizon,
        rest=max(lengths[-1], int(max(keyed))),
    )
