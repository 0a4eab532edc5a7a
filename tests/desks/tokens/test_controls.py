"""Controls: of honest tokens whose powers were put in, exactly these are said, and none is unsellable.

A sample, drawn by hash; `python -m benchmarks.tokens_controls` takes all of them and prints what was said
otherwise. What is known to be missed stands in `KNOWN`, so that a mend or a new fault is noticed.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import pytest

from ringfence.desks.tokens.functions import word
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.onchain import screen_at
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION
from ringfence.desks.tokens.screen import screen
from ringfence.desks.tokens.state import State

from .anvil import BOB, CHAIN, Anvil, contracts
from .controls.drawing import Control, codes, controls
from .controls.scoring import score

KNOWN = frozenset({
    # Whoever the authority lets may name an owner again: the code can, and nobody means to.
    "wrong reclaim_ownership: MKR stand-in 0.4.26 runs200",
    # Of checkpoints that a made state does not hold: seen and not mended.
    "wrong limit_transfers: VotesMint oz-5.0 0.8.20 runs200",
    "wrong limit_transfers: All oz-5 0.8.37 runs200",
    # Bytes of the compiler's metadata that read as the instruction, where a jump could land.
    "unknown upgrade: PausableMint oz-5.0 0.8.20 runs200",
    "unknown selfdestruct: mint-yearly+claim oz-5.0 Ownable 0.8.20 runs200",
})  # fmt: skip
BEHIND_PROXIES = ("mint", "pause_transfers", "freeze_account", "limit_transfers", "set_fee")
# Of the compilers and ways that a sample needs; all of them take minutes the first time.
SAMPLED = {("0.4.26", "runs200"), ("0.6.12", "runs200"), ("0.8.20", "runs200"), ("0.8.37", "runs200")}


def _sample() -> tuple[Control, ...]:
    fit = [one for one in controls() if (one.compiler, one.setting) in SAMPLED]
    always = [one for one in fit if "stand-in" in one.name]
    for power in BEHIND_PROXIES:
        always.append(
            next(one for one in fit if {power} <= one.powers <= set(BEHIND_PROXIES) and one not in always)
        )
    rest = sorted(
        (one for one in fit if one not in always),
        key=lambda one: hashlib.sha256(b"sample" + one.name.encode()).digest(),
    )
    return (*always, *rest[: 40 - len(always)])


SAMPLE = _sample()


@lru_cache(1)
def made() -> dict[str, bytes]:
    return codes(SAMPLE)


@pytest.mark.parametrize("control", SAMPLE, ids=lambda one: one.name)
def test_of_an_honest_token_exactly_its_powers_are_said(control: Control) -> None:
    said = screen(made()[control.name])
    found = score([(control, said)])
    assert said.resolved, said.why
    assert said.trade["sellable"] is not False, said.trade["why"]
    assert {" ".join(note.split()[:2]).rstrip(":") + f": {control.name}" for note in found.notes} == {
        one for one in KNOWN if one.endswith(f": {control.name}")
    }, found.notes


def test_there_are_more_than_two_hundred_and_both_halves_are_large() -> None:
    halves = [one.held_back for one in controls()]
    assert min(halves.count(True), halves.count(False)) >= 200


def test_a_wrong_answer_is_counted() -> None:
    """The score can fail: a token with a power, held against a control that should have none."""
    one = next(one for one in SAMPLE if "mint" in one.powers)
    other = next(two for two in SAMPLE if not two.powers)
    said = screen(made()[one.name])
    assert score([(other, said)]).wrong["mint"] == 1
    assert score([(one, screen(made()[other.name]))]).missed["mint"] == 1


@pytest.mark.parametrize("power", BEHIND_PROXIES)
@pytest.mark.parametrize("way", ["slot", "beacon", "minimal"])
def test_behind_a_proxy_the_same_powers_are_said_and_who_may_replace_them(
    anvil: Anvil, power: str, way: str
) -> None:
    whole = [
        one for one in SAMPLE if "stand-in" not in one.name and not any(one.name in told for told in KNOWN)
    ]
    control = next(one for one in whole if power in one.powers and "upgrade" not in one.powers)
    behind = anvil.put(made()[control.name], 0xC0DE << 112)
    if way == "slot":
        words = word(IMPLEMENTATION) + word(behind) + word(ADMIN) + word(BOB)
        proxy = anvil.deploy(contracts()["SlotProxy"], words)
    elif way == "beacon":
        beacon = anvil.deploy(contracts()["Beacon"], word(behind))
        proxy = anvil.deploy(contracts()["BeaconProxy"], word(beacon))
    else:
        proxy = anvil.put(
            bytes.fromhex("363d3d373d3d3d363d73") + behind.to_bytes(20, "big")
            + bytes.fromhex("5af43d82803e903d91602b57fd5bf3"), 0xC10E << 112,
        )  # fmt: skip
    with Node(anvil.url, per_second=0) as node:
        pinned = Pinned.at(node, CHAIN)
        found = screen_at(State(pinned.block, pinned), proxy)
    told = {one["id"]: one["present"] for one in found["capabilities"] if one["id"] not in control.either}
    has = control.powers | ({"upgrade"} if way != "minimal" else set())
    assert found["resolved"] is True
    assert told == {name: name in has for name in told}, control.name
