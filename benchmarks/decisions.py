"""Decisions on a store that somebody else publishes from: proposals at hand, approvals and revocations."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

from cases.examples import SMALLER, assessment
from ringfence.cases.docket import Cases
from ringfence.cases.order import Scope
from ringfence.core.database import Database
from ringfence.evidence import log

_start = time.time_ns() // 1_000_000
_numbers = itertools.count(1)


class Decisions:
    """An analyst who proposes, and two approvers."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.cases = Cases(self.database, log.seal)

    def __enter__(self) -> Decisions:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def proposed(self, many: int) -> list[tuple[str, str]]:
        """Orders that need one more approval, each with its host."""
        return [self._proposed(f"fresh-{_start}-{next(_numbers)}.com") for _ in range(many)]

    def _proposed(self, host: str) -> tuple[str, str]:
        found = assessment(host)
        order = self.cases.propose(
            self.cases.open(found).id, found, "block_access", "bench-li", Scope(host, True), "an order book",
            datetime.now(UTC) + timedelta(days=90), why_not_smaller=SMALLER, needed=2,
        )  # fmt: skip
        self.cases.approve(order.id, "bench-wang")
        return order.id, host

    def approve(self, order: str) -> None:
        """The last approval: the order comes into force in this transaction."""
        assert self.cases.approve(order, "bench-chen").state == "active"

    def revoke(self, order: str) -> None:
        """Lift the order."""
        self.cases.revoke(order, "bench-chen", "it left")
