"""Recall: a call that meets the same again is not made again; one that meets anything else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.recall import Recall
from ringfence.desks.tokens.synthesis import HOLDER, PART, SECOND, TOKEN, Token, synthesise
from ringfence.desks.tokens.trace import Call, Setting, trace

from .solidity import tricks

MOVED = Call(HOLDER, TOKEN, call(TRANSFER, SECOND, PART))


@pytest.fixture
def token() -> Token:
    return synthesise(tricks()["PowerFreezeUntil"].runtime)  # its transfers look at lists and at the time


def elsewhere(setting: Setting) -> Setting:
    """The same for a transfer: only storage that it never looks at is another."""
    return replace(setting, storage=setting.storage | {(TOKEN, 1 << 99): 7})


def test_the_same_is_remembered(token: Token) -> None:
    recall = Recall()
    first = recall.trace(token.setting, MOVED)
    assert recall.trace(token.setting, MOVED) is first
    assert recall.trace(elsewhere(token.setting), MOVED) is first
    assert recall.trace(token.setting, replace(MOVED, caller=SECOND)) is not first


def test_anything_else_is_made_again_as_it_is(token: Token) -> None:
    recall = Recall()
    first = recall.trace(token.setting, MOVED)
    others = [replace(token.setting, time=token.setting.time + 1), replace(token.setting, codes={})]
    for slot, value in first.reads.items():
        others.append(replace(token.setting, storage=token.setting.storage | {slot: value + 1}))
    for slot, (old, _, _) in first.writes.items():
        others.append(replace(token.setting, storage=token.setting.storage | {slot: old + 2}))
    assert len(others) > 5
    for setting in others:
        made = recall.trace(setting, MOVED)
        assert made is not first
        assert made == trace(setting, MOVED)


def test_a_blind_write_says_what_was_there(token: Token) -> None:
    """A switch that is set without being looked at: what it replaced is part of the answer."""
    setting = synthesise(tricks()["PairCredit"].runtime).setting
    asked = Call(HOLDER, TOKEN, call(bytes.fromhex("379607f5"), 5))  # claim(uint256)
    recall = Recall()
    (slot,) = recall.trace(setting, asked).writes
    after = replace(setting, storage=setting.storage | {slot: 9})
    assert recall.trace(setting, asked).writes[slot][:2] == (0, 5)
    assert recall.trace(after, asked).writes[slot][:2] == (9, 5)
