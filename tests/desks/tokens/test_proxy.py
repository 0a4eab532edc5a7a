"""Proxies: whose code runs, through every kind of hand-over, and who can change it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import word
from ringfence.desks.tokens.holder import holder, holds
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.proxy import (
    ADMIN,
    BEACON,
    IMPLEMENTATION,
    PROXIABLE,
    ZOS,
    ZOS_ADMIN,
    follow,
    implementations,
    kind_of,
)
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.upgrades import upgrades

from .anvil import ALICE, BOB, CHAIN, Anvil, Liar, contracts


@pytest.fixture
def node(anvil: Anvil) -> Iterator[Node]:
    with Node(anvil.url, per_second=0) as made:
        yield made


def look(node: Node) -> State:
    pinned = Pinned.at(node, CHAIN)
    return State(pinned.block, pinned)


def minimal(
    to: int, before: str = "363d3d373d3d3d363d73", after: str = "5af43d82803e903d91602b57fd5bf3"
) -> bytes:
    return bytes.fromhex(before) + to.to_bytes(20, "big") + bytes.fromhex(after)


def test_the_places_are_those_of_the_standards() -> None:
    assert f"{IMPLEMENTATION:064x}" == "360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"
    assert f"{BEACON:064x}" == "a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"
    assert f"{ADMIN:064x}" == "b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"
    assert f"{PROXIABLE:064x}" == "c5f16f0fcc639fa48a6947836d9850f504798523bf8c9a3a87d5876cf622bcf7"
    assert f"{ZOS:064x}" == "7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3"
    assert f"{ZOS_ADMIN:064x}" == "10d6a54a4754c8869d6886b5f5d7fbfa5b4522237ea5c60d11bc4e7a1ff9390b"


@pytest.mark.parametrize(
    ("place", "admin", "kind"),
    [
        (IMPLEMENTATION, ADMIN, "eip1967"),
        (PROXIABLE, 0, "eip1822"),
        (ZOS, ZOS_ADMIN, "zos"),
        (0, 0, "slot0"),
        (7, 0, "slot"),
    ],
)
def test_the_code_that_storage_names(anvil: Anvil, node: Node, place: int, admin: int, kind: str) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    proxy = anvil.deploy(contracts()["SlotProxy"], word(place) + word(coin) + word(admin) + word(ALICE))
    state = look(node)
    (one,) = follow(state, proxy)
    assert (one.kind, one.implementation, one.place, one.why) == (kind, coin, (proxy, place), "")
    assert one.admin == ((proxy, admin) if admin else None)
    if one.admin:
        assert holder(state, one.admin).address == ALICE
    assert follow(state.frozen(), proxy) == (one,)


def test_by_its_code_alone_the_kind_is_known_and_not_what_is_behind(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    proxy = anvil.deploy(contracts()["SlotProxy"], b"".join(map(word, (IMPLEMENTATION, coin, 0, 0))))
    one = kind_of(look(node).code(proxy))
    assert one is not None
    assert (one.kind, one.implementation) == ("eip1967", None) and "storage" in one.why
    names = {"BeaconProxy": "eip1967-beacon", "SafeProxy": "slot0", "OwnPlace": "slot", "Diamond": "diamond"}
    for name, kind in names.items():
        found = kind_of(contracts()[name].runtime)
        assert found is not None and (found.kind, found.implementation) == (kind, None), name
    for name in ("Coin", "Shop", "Safe", "Beacon"):
        assert kind_of(contracts()[name].runtime) is None
    assert kind_of(b"") is None
    fixed = kind_of(minimal(0xC0FFEE << 80))
    assert fixed is not None and (fixed.kind, fixed.implementation) == ("eip1167", 0xC0FFEE << 80)


@pytest.mark.parametrize(
    "code",
    [
        minimal(0xABC << 120),
        minimal(0xABC << 120) + b"arguments of a clone",
        minimal(0xABC << 120, "3d3d3d3d363d3d37363d73", "5af43d3d93803e602a57fd5bf3"),
        minimal(0xABC << 120, "365f5f375f5f365f73", "5af43d5f5f3e5f3d91602a57fd5bf3"),
    ],
)
def test_minimal_proxies(code: bytes) -> None:
    one = kind_of(code)
    assert one is not None and (one.kind, one.implementation) == ("eip1167", 0xABC << 120)


def test_a_beacon_is_asked(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    beacon = anvil.deploy(contracts()["Beacon"], word(coin))
    proxy = anvil.deploy(contracts()["BeaconProxy"], word(beacon))
    (one,) = follow(look(node), proxy)
    assert (one.kind, one.implementation, one.beacon, one.place) == (
        "eip1967-beacon",
        coin,
        beacon,
        (beacon, 0),
    )


def test_a_diamond_has_several(anvil: Anvil, node: Node) -> None:
    coin, things = anvil.deploy(contracts()["Coin"]), anvil.deploy(contracts()["Things"])
    picked = bytes.fromhex("a9059cbb").ljust(32, b"\0")
    words = b"".join(map(word, (coin, 128, things, 192, 1))) + picked + word(1) + b"\1".ljust(32, b"\0")
    diamond = anvil.deploy(contracts()["Diamond"], words)
    assert implementations(look(node), diamond) == (coin, things)
    assert {one.kind for one in follow(look(node), diamond)} == {"diamond"}


def test_proxies_behind_proxies_are_followed_and_cycles_are_not(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    inner = anvil.deploy(contracts()["SafeProxy"], word(coin))
    outer = anvil.put(minimal(inner), 0x0117E4 << 100)
    assert implementations(look(node), outer) == (inner, coin) or implementations(look(node), outer) == (
        inner,
    )
    one, two = 0x111 << 120, 0x222 << 120
    anvil.put(minimal(two), one)
    anvil.put(minimal(one), two)
    (first,) = follow(look(node), one)
    assert first.implementation == two and "cycle" in first.behind[0].why
    chain = [(0x333 + at) << 120 for at in range(9)]
    for here, there in pairwise(chain):
        anvil.put(minimal(there), here)
    found = list(follow(look(node), chain[0])[0].all())
    assert len(found) == 5 and "too deep" in found[-1].why
    anvil.put(minimal(0xE0A << 120), one)
    assert "no code" in follow(look(node), one)[0].why


def test_a_contract_that_is_no_proxy(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    assert follow(look(node), coin) == () and follow(look(node), BOB) == ()


def test_upgrades_are_counted_where_the_node_gives_logs(anvil: Anvil, node: Node, liar: Liar) -> None:
    coin, things = anvil.deploy(contracts()["Coin"]), anvil.deploy(contracts()["Things"])
    proxy = anvil.deploy(contracts()["SlotProxy"], b"".join(map(word, (IMPLEMENTATION, coin, 0, 0))))
    anvil.send(ALICE, proxy, keccak(b"upgradeTo(address)")[:4] + word(things))
    state = look(node)
    told = upgrades(state, proxy, 0)
    assert told.found is not None
    assert [(one.event, one.named) for one in told.found] == [("Upgraded", coin), ("Upgraded", things)]
    assert upgrades(state.frozen(), proxy, 0) == told
    assert implementations(state, proxy) == (things,)

    def refuse(asked: dict[str, object], said: dict[str, object]) -> None:
        if asked["method"] == "eth_getLogs":
            said.pop("result", None)
            said["error"] = {"code": -32602, "message": "range too wide"}

    liar.change = refuse
    with Node(liar.url, per_second=0) as other:
        told = upgrades(look(other), proxy, 0)
    assert told.found is None and "range too wide" in told.why


def test_who_holds_a_power(anvil: Anvil, node: Node) -> None:
    names = ("Safe", "Timelock", "Coin")
    safe, timelock, coin = (anvil.deploy(contracts()[name]) for name in names)
    state = look(node)
    for who in (0, 0xDEAD, int("dead" * 10, 16)):
        assert holds(state, who).kind == "renounced"
    assert holds(state, BOB).kind == "account"
    multi = holds(state, safe)
    assert (multi.kind, multi.threshold, multi.owners) == ("multisig", 2, (0xA1, 0xA2, 0xA3))
    late = holds(state, timelock)
    assert (late.kind, late.delay) == ("timelock", 172_800)
    held = holds(state, coin)
    assert (held.kind, held.owner) == ("contract", ALICE)
    assert holder(state, (coin, 3)).address == ALICE
    assert holder(state, (coin, 3), keyed=True).kind == "unknown"


def test_a_holder_that_is_packed_with_other_fields(anvil: Anvil, node: Node) -> None:
    coin = anvil.deploy(contracts()["Coin"])
    anvil.rpc("anvil_setStorageAt", f"0x{coin:040x}", hex(9), "0x" + word(ALICE << 8 | 1).hex())
    anvil.rpc("anvil_setStorageAt", f"0x{coin:040x}", hex(10), "0x" + word((7 << 200) + (0xAB << 160)).hex())
    state = look(node)
    assert holder(state, (coin, 9), shift=8).address == ALICE
    assert holder(state, (coin, 9)).address == ALICE
    assert holder(state, (coin, 10)).kind == "unknown"
