"""Tables of parameters: a row an account's way of trading, a column a parameter."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ringfence.desks.payments.world import amounts
from ringfence.desks.payments.world.flows import Array

# When a row is at work (days count from the start of the world), and whether its work is a deed that makes
# its account guilty.
WHEN: dict[str, float | int] = {
    "account": 0, "profile": 0, "rate": 0.0, "sigma": 0.0, "weekend": 1.0, "active": 1.0,
    "first": 0, "last": 1_000_000, "turn": 0, "turns": 1, "span": 1, "period": 0, "phase": 0, "deed": 0,
}  # fmt: skip
# With whom. A circle is a stretch of a pool from `begin` on; `repeat` is the share of dealings within it.
WHOM: dict[str, float | int] = {
    "pool": 0, "circle": 1, "begin": 0, "repeat": 0.0, "scan": 0.0, "memo": 0, "memo_share": 0.0,
}  # fmt: skip
# Passing on what came in: every so many minutes of the day (0: never), less what is kept.
ONWARD: dict[str, float | int] = {
    "every": 0.0, "keep_low": 0.0, "keep_high": 0.0, "delay_low": 1.0, "delay_high": 10.0, "pieces": 1,
    "gap": 2.0, "chop": 0, "unit": 1, "targets": 0, "target": 0, "to_pool": -1, "onward_scan": 0.0,
    "onward_memo": 0, "onward_memo_share": 0.0,
}  # fmt: skip

COLLECT = {**WHEN, **WHOM, **ONWARD, **amounts.COLUMNS, "window": 0.0, "daily": 0.0, "refund": 0.0}
RELAY = {"account": 0, "chance": 1.0, **ONWARD}
PAYOUT = {
    **WHEN, **WHOM, **amounts.COLUMNS, "count": 1.0, "count_sigma": 0.3, "all": 0, "batch": 0,
    "lead_low": 1.0, "lead_high": 60.0, "spread": 60.0, "margin": 0.0, "fund_pieces": 1, "targets": 0,
    "target": 0, "fund_pool": -1, "fund_memo": 0, "fund_memo_share": 0.0,
}  # fmt: skip
RETURN = {
    **WHEN, **amounts.COLUMNS, "scan": 0.0, "memo": 0, "memo_share": 0.0, "targets": 0, "target": 0,
    "to_pool": -1, "chance": 1.0, "back_low": 1.0, "back_high": 1.0, "delay_low": 60.0,
    "delay_high": 1440.0, "via": -1, "pieces": 1,
}  # fmt: skip

TARGETS = 4  # most accounts that one row pays onward to, or is funded by


class Rows:
    """Rows under construction. `done` gives the columns as arrays; ``target`` has `TARGETS` places."""

    def __init__(self, defaults: Mapping[str, float | int]) -> None:
        self._defaults = defaults
        self._parts: dict[str, list[Array]] = {name: [] for name in defaults}
        self.count = 0

    def add(self, account: Array, **values: Array | float | int) -> None:
        """A row for each account; what is not named has its default."""
        n = len(account)
        unknown = set(values) - set(self._defaults)
        if unknown:
            raise KeyError(", ".join(sorted(unknown)))
        values["account"] = account
        for name, default in self._defaults.items():
            kind = np.float64 if isinstance(default, float) else np.int64
            value = np.asarray(values.get(name, default)).astype(kind)
            if name == "target":
                self._parts[name].append(_places(value, n))
            else:
                self._parts[name].append(np.broadcast_to(value, n))
        self.count += n

    def done(self) -> dict[str, Array]:
        """All rows, column by column."""
        empty = {"target": np.zeros((0, TARGETS), np.int64)}
        return {
            name: np.concatenate(found) if found else empty.get(name, np.zeros(0))
            for name, found in self._parts.items()
        }


def _places(value: Array, n: int) -> Array:
    if value.ndim == 2:
        return np.pad(value, ((0, 0), (0, TARGETS - value.shape[1])), mode="edge")
    return np.broadcast_to(value[:, None] if value.ndim else value, (n, TARGETS)).copy()
