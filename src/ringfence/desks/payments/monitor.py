"""Monitor: what the typologies see in a ledger, by the engine of one's choice: each sees the same."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from ringfence.desks.payments.alert import Seen
from ringfence.desks.payments.rules import Rules
from ringfence.desks.payments.signed import Signed

EngineName = Literal["duckdb", "spark", "online"]
_PART: Final = 2_500_000  # transactions that are looked at together


def monitor(
    signed: Signed, rules: Rules, engine: EngineName = "duckdb", *, memory: int = 3 * 10**9, parts: int = 0
) -> Sequence[Seen]:
    """Every alert, in the order of its end. ``memory`` (bytes) bounds DuckDB, and the windows online: what
    does not fit is in files. ``parts`` groups of accounts are looked at one after another, 0: as many as the
    ledger's size asks for.

    Raises `OutsideError` where an engine cannot be started.
    """
    if engine == "online":
        from ringfence.desks.payments.online.scorer import Scorer

        scorer = Scorer(rules, signed.currencies, memory=memory)
        found: list[Seen] = []
        for columns in signed.batches():
            scorer.push(columns)
            found += scorer.ready()
        return sorted(found + scorer.rest())
    from ringfence.desks.payments import engine as engines
    from ringfence.desks.payments.sweep import sweep

    folder = Path(tempfile.mkdtemp(prefix="ringfence-sweep-"))
    try:
        opened = engines.duckdb(folder, memory) if engine == "duckdb" else engines.spark(folder)
        with opened as at:
            parts = parts or 1 + signed.rows // _PART
            return sweep(at, at.read(signed.path), rules, signed.currencies, parts)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
