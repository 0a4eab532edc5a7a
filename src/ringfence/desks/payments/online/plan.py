"""Plan: the rules as arrays of whole numbers for compiled code, and what the watches are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ringfence.desks.payments.online import step
from ringfence.desks.payments.online.state import Ints
from ringfence.desks.payments.rules import Rules

_KEYED = (
    "same_amount_scan", "same_amount_scan", "coin_multiple", "structuring", "pool_hops", "dormant_burst", "p2p_ad",
    "memo", "memo", "u_turn", "u_turn",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """``numbers`` as named in `step`; ``lengths`` of a book's windows, the longest last; ``at`` where those of
    pass_through, then of exchange_match, stand among them; ``least`` thresholds by currency; ``names`` of the
    watches, ``reach`` how far back those of keys look; ``horizon`` by typology: how far the windows of one
    reach that are still to come."""

    numbers: Ints
    lengths: Ints
    at: Ints
    least: Ints
    names: tuple[str, ...]
    books: int
    reach: Ints
    horizon: dict[str, int]


def plan(rules: Rules, currencies: Sequence[str]) -> Plan:
    """The rules for a ledger's currencies."""
    passes, exchanges = rules.windows("pass_through"), rules.windows("exchange_match")
    hop, night = rules.window("pool_hops", "hop"), rules.window("night")
    lengths = sorted({*passes, *exchanges, hop, night})
    n = np.zeros(step.NUMBERS + 1, np.int64)
    of, x = rules["pass_through"], rules["exchange_match"]
    n[step.PASS_PARTS], n[step.PASS_LOW], n[step.PASS_HIGH] = of["receipts"], of["low"], of["high"]
    n[step.X_PARTS], n[step.X_LOW], n[step.X_HIGH] = x["parts"], x["low"], x["high"]
    n[step.SAME_PAYERS] = rules["same_amount_scan"]["payers"]
    n[step.SAME_LENGTH] = rules.window("same_amount_scan")
    n[step.COIN_AMOUNTS], n[step.COIN_LENGTH] = (
        rules["coin_multiple"]["amounts"],
        rules.window("coin_multiple"),
    )
    n[step.S_TIMES], n[step.S_LENGTH] = rules["structuring"]["times"], rules.window("structuring")
    pool = rules["pool_hops"]
    n[step.HOP_AT], n[step.HOP_LOW], n[step.HOP_HIGH] = lengths.index(hop), pool["low"], pool["high"]
    n[step.GATHER_LENGTH], n[step.COLLECTORS] = rules.window("pool_hops"), pool["collectors"]
    n[step.QUIET] = rules.window("dormant_burst", "quiet")
    n[step.BURST], n[step.RECEIPTS] = rules.window("dormant_burst"), rules["dormant_burst"]["receipts"]
    n[step.NIGHT_AT], n[step.NIGHT_LEGS] = lengths.index(night), rules["night"]["legs"]
    n[step.NIGHT_SHARE] = rules["night"]["share"]
    n[step.AD_LENGTH], n[step.AD_RECEIPTS] = rules.window("p2p_ad"), rules["p2p_ad"]["receipts"]
    memo = rules["memo"]
    n[step.MEMO_LENGTH], n[step.MEMO_WORDS] = rules.window("memo"), memo["words"]
    n[step.MEMO_PAYERS], n[step.MEMO_SHARE] = memo["payers"], memo["share"]
    turn = rules["u_turn"]
    n[step.TURN_LENGTH], n[step.TURN_LOW], n[step.TURN_HIGH] = (
        rules.window("u_turn"),
        turn["low"],
        turn["high"],
    )
    n[step.PASSES], n[step.EXCHANGES] = len(passes), len(exchanges)
    thresholds = [
        (of["least"], 0), (x["least"], 0), (rules["same_amount_scan"]["tolerance"], 1), (pool["least"], 0),
        (rules["night"]["least"], 0), (turn["least"], 0),
    ]  # fmt: skip
    least = [[max(floor, rules.minor(cny, name)) for cny, floor in thresholds] for name in currencies]
    names = (
        ("pass_through",) * len(passes) + ("exchange_match",) * (2 * len(exchanges)) + ("pool_hops", "night")
    )
    keyed = [
        n[step.SAME_LENGTH], n[step.SAME_LENGTH], n[step.COIN_LENGTH], n[step.S_LENGTH], n[step.GATHER_LENGTH],
        n[step.BURST], n[step.AD_LENGTH], n[step.MEMO_LENGTH], n[step.MEMO_LENGTH], n[step.TURN_LENGTH],
        n[step.TURN_LENGTH],
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
    )
