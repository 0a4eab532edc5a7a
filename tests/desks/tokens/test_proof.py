"""Proofs: what was read leads to the block's hash, and a changed word does not."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from ringfence.core.errors import InputError
from ringfence.desks.tokens import rlp
from ringfence.desks.tokens.bundle import Bundle
from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.proof import UnprovenError, gather, verify
from ringfence.desks.tokens.simulate import simulate
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.transaction import Transaction

from .anvil import ALICE, BOB, CHAIN, Anvil, contracts


def proven(anvil: Anvil) -> tuple[State, int]:
    coin = anvil.deploy(contracts()["Coin"])
    for who in range(40):  # so that the trie of its storage has branches
        anvil.send(ALICE, coin, call(TRANSFER, 0xF00 + who, 1 + who))
    with Node(anvil.url, per_second=0) as node:
        pinned = Pinned.at(node, CHAIN)
        state = State(pinned.block, pinned)
        simulate(Transaction(ALICE, coin, 0, call(TRANSFER, BOB, 5), CHAIN), state)
        state.fetch((), ((coin, slot) for slot in range(9)))
        assert gather(state)
        return state.frozen(), coin


def test_everything_that_was_read_is_proven(anvil: Anvil) -> None:
    state, coin = proven(anvil)
    found = verify(state)
    assert found is not None and found.header
    assert (found.accounts, found.slots) == (len(state.accounts), len(state.slots)) and found.slots > 10
    assert verify(Bundle.from_bytes(Bundle.of(state).to_bytes()).state()) == found
    for slot, value in ((0, 1), (2, 7)):
        bad = state.frozen()
        bad.slots[coin, slot] = value
        with pytest.raises(UnprovenError, match="storage"):
            verify(bad)
    for field, value in (("balance", 7), ("nonce", 99), ("code", b"\0")):
        bad = state.frozen()
        bad.accounts[coin] = replace(bad.accounts[coin], **{field: value})
        with pytest.raises(UnprovenError, match="account"):
            verify(bad)


def test_a_proof_that_breaks_off_is_none(anvil: Anvil) -> None:
    state, _ = proven(anvil)
    for key, answer in state.answers.items():
        if b"eth_getProof" in key:
            for part in range(len(answer["accountProof"])):
                bad = state.frozen()
                cut = copy.deepcopy(answer)
                del cut["accountProof"][part]
                bad.answers[key] = cut
                with pytest.raises(UnprovenError, match="breaks off"):
                    verify(bad)


def test_without_proofs_nothing_is_said(anvil: Anvil) -> None:
    state, _ = proven(anvil)
    state.answers.clear()
    assert verify(state) is None


ITEMS: list[rlp.Item] = [
    b"", b"\0", b"\x7f", b"\x80", b"a" * 55, b"b" * 56, [], [b"x", [b"", [b"y" * 300]]],
]  # fmt: skip
NONE = ["", "81", "8100", "b80100", "c1", "c2c1", "bfffffffffffffffff", "0000", "c0c0", "c1" * 30 + "c0"]


@pytest.mark.parametrize("item", ITEMS)
def test_lists_of_bytes_are_written_and_read(item: rlp.Item) -> None:
    assert rlp.decode(rlp.encode(item)) == item


@pytest.mark.parametrize("data", NONE)
def test_bytes_that_are_no_list(data: str) -> None:
    with pytest.raises(InputError):
        rlp.decode(bytes.fromhex(data))
