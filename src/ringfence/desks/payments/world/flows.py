"""Payments as columns: one array a column, one place a payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

SECOND = 1_000  # all times here are milliseconds
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

UNKNOWN, SCAN, TRANSFER, DEBIT = 0, 1, 2, 3
CHANNELS = ("", "scan_code", "transfer", "debit")


@dataclass(frozen=True, slots=True)
class Flows:
    """Payments in no order: ``ts`` int64 ms since 1970 UTC, ``payer`` and ``payee`` int32 account numbers,
    ``amount`` int64 minor units, ``channel`` int8 (`CHANNELS`), ``memo`` int16 (`memos.TEXTS`)."""

    ts: Array
    payer: Array
    payee: Array
    amount: Array
    channel: Array
    memo: Array

    def __len__(self) -> int:
        return len(self.ts)

    def __getitem__(self, chosen: Array | slice) -> Flows:
        return Flows(*(getattr(self, field.name)[chosen] for field in fields(self)))

    @classmethod
    def of(
        cls, ts: Array, payer: Array, payee: Array, amount: Array, channel: Array | int, memo: Array | int
    ) -> Flows:
        """Columns in their types; payments to oneself and of nothing are left out."""
        n = len(ts)
        made = cls(
            ts.astype(np.int64),
            payer.astype(np.int32),
            payee.astype(np.int32),
            amount.astype(np.int64),
            np.broadcast_to(np.asarray(channel, np.int8), n),
            np.broadcast_to(np.asarray(memo, np.int16), n),
        )
        sound = (made.payer != made.payee) & (made.amount > 0)
        return made if sound.all() else made[sound]

    @classmethod
    def join(cls, parts: Sequence[Flows]) -> Flows:
        """All of them, one after another."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))

    @classmethod
    def none(cls) -> Flows:
        """No payment."""
        empty = np.zeros(0, np.int64)
        return cls.of(empty, empty, empty, empty, 0, 0)

    def in_order(self) -> Flows:
        """By time; payments of one millisecond stay in the order they were made in."""
        if not len(self):
            return self
        low = int(self.ts.min())
        # One sort of integers that hold time and place is several times faster than a stable argsort.
        key = np.sort((self.ts - low) << 32 | np.arange(len(self), dtype=np.int64))
        return self[key & 0xFFFFFFFF]
