"""Bundles: what was read, sealed, read back to the same bytes, and refused when it was changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError, StoreError
from ringfence.desks.tokens.bundle import Bundle
from ringfence.desks.tokens.functions import TRANSFER, call, word
from ringfence.desks.tokens.observe import Observed, keep, observe, recall
from ringfence.desks.tokens.pinned import DisagreementError, ReorgError
from ringfence.desks.tokens.proxy import IMPLEMENTATION, follow
from ringfence.desks.tokens.simulate import simulate
from ringfence.desks.tokens.simulated import Simulation
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.transaction import Transaction
from ringfence.desks.tokens.upgrades import upgrades
from ringfence.evidence.fsck import fsck
from ringfence.evidence.store import Store

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts


def seen(anvil: Anvil) -> tuple[Transaction, Observed[Simulation], int]:
    coin = anvil.deploy(contracts()["Coin"])
    proxy = anvil.deploy(contracts()["SlotProxy"], b"".join(map(word, (IMPLEMENTATION, coin, 0, 0))))
    tx = Transaction(ALICE, proxy, 0, call(TRANSFER, BOB, 0), CHAIN)

    def look(state):
        follow(state, proxy)
        upgrades(state, proxy, 0)
        return simulate(tx, state)

    subject = f"token:{CHAIN}/erc20:0x{proxy:040x}"
    return tx, observe(subject, anvil.url, CHAIN, look, laboratory=True, per_second=0), proxy


def test_a_bundle_is_replayed_offline_to_the_same_bytes(anvil: Anvil, tmp_path: Path) -> None:
    tx, observed, proxy = seen(anvil)
    house = Store(tmp_path / "store")
    try:
        name = keep(house, observed.sealed)
        bundle = recall(house, name)
        assert bundle.to_bytes() == observed.sealed.capture
        state = bundle.state()
        assert canonical(simulate(tx, state)) == canonical(observed.result)
        assert follow(state, proxy) and upgrades(state, proxy, 0).found
        assert Bundle.of(state, bundle.about).to_bytes() == observed.sealed.capture
        observation = house.observation(name)
        assert (observation.instrument, observation.laboratory) == ("tokens", True)
        assert observation.capture == digest(observed.sealed.capture)
        assert fsck(house).problems == ()
        house.blobs.path(observation.capture).write_bytes(b"other")
        with pytest.raises(StoreError):
            recall(house, name)
    finally:
        house.close()


def changed(data: bytes, *path: str, to: object) -> bytes:
    made = json.loads(data)
    at = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = to
    return canonical(made)


def test_a_changed_bundle_is_refused(anvil: Anvil) -> None:
    _, observed, proxy = seen(anvil)
    data = observed.sealed.capture
    who = f"0x{proxy:040x}"
    slot = next(iter(json.loads(data)["slots"][who]))
    for bad in (
        b"", b"{}", b"[]", data[:-1], data + b" ", data.replace(b",", b", ", 1), b"\xff" + data, b"[" * 9999,
        changed(data, "slots", who, slot, to="0x" + "77" * 32),
        changed(data, "accounts", who, "balance", to="7"),
        changed(data, "block", "number", to=1),
        changed(data, "version", to=2),
        changed(data, "more", to=1),
        changed(data, "answers", to=[]),
    ):  # fmt: skip
        with pytest.raises(InputError) as raised:
            Bundle.from_bytes(bad)
        assert raised.value.hint


def test_code_is_checked_though_the_digest_was_made_again(anvil: Anvil) -> None:
    _, observed, proxy = seen(anvil)
    bad = changed(observed.sealed.capture, "accounts", f"0x{proxy:040x}", "code", to="0x00")
    bad = changed(bad, "digest", to="")
    bad = changed(bad, "digest", to=digest(bad))
    with pytest.raises(InputError, match="not what its hash says"):
        Bundle.from_bytes(bad)


def test_a_look_through_two_nodes_that_differ_is_sealed_by_nobody(anvil: Anvil, liar: Liar) -> None:
    coin = anvil.deploy(contracts()["Coin"])

    def lie(asked: dict[str, Any], said: dict[str, Any]) -> None:
        if asked["method"] == "eth_getStorageAt":
            said["result"] = "0x" + "11" * 32

    liar.change = lie
    with pytest.raises(DisagreementError, match="the storage of"):
        observe("token:x", anvil.url, CHAIN, lambda state: state.slot(coin, 2), second=liar.url, per_second=0)


def test_a_block_that_goes_while_it_is_looked_at_is_noticed(anvil: Anvil) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    mark = anvil.rpc("evm_snapshot")
    anvil.send(ALICE, coin, call(TRANSFER, BOB, 5))

    def look(state: State) -> int:
        found = state.slot(coin, 2)
        anvil.rpc("evm_revert", mark)
        anvil.send(ALICE, coin, call(TRANSFER, BOB, 6))
        return found

    with pytest.raises(ReorgError):
        observe("token:x", anvil.url, CHAIN, look, per_second=0)
