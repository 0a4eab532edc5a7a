"""Our engine and a node's do the same with the proofs of our own contracts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringfence.desks.tokens.replay import world

from . import agreement
from .agreement import Case, cases, compare
from .solidity import tricks

NAMES = ("PowerMint", "PowerSeize", "PowerFreezeUntil", "PowerFee", "PowerReclaim", "PowerEnd", "PowerLeak")


def some() -> list[Case]:
    return [one for name in NAMES for one in cases(name, tricks()[name].runtime)]


def test_every_proof_comes_out_the_same_on_a_node() -> None:
    agreed = compare(some())
    assert agreed.proofs >= len(NAMES) and agreed.same == agreed.proofs, agreed.differ


def test_what_differs_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def otherwise(setting, runs=()):
        storage = {slot: value + 1 for slot, value in setting.storage.items()}
        return world(replace(setting, storage=storage), runs)

    monkeypatch.setattr(agreement, "world", otherwise)
    agreed = compare(some())
    assert len(agreed.differ) == agreed.proofs - agreed.same > len(NAMES) // 2
    assert all(name and why for name, why in agreed.differ)
