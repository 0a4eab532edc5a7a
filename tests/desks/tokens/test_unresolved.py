"""Unresolved: where code was not looked at, or not come through, a power is unknown and never said absent."""

from __future__ import annotations

from functools import lru_cache

import pytest

from ringfence.desks.tokens.alive import alive, places
from ringfence.desks.tokens.functions import functions
from ringfence.desks.tokens.meter import Meter, metered
from ringfence.desks.tokens.screen import Screening, screen
from ringfence.desks.tokens.search import search
from ringfence.desks.tokens.synthesis import synthesise

from .hostile import MAPPED, assembled, in_a_row, token
from .solidity import published, tricks

WHO = f"4 CALLDATALOAD 20:{2**160 - 1} AND"
MINTS = f"{WHO} {MAPPED} DUP1 SLOAD 36 CALLDATALOAD ADD SWAP1 SSTORE STOP"
NOTES = "4 CALLDATALOAD 9 SSTORE STOP"
BURNS = f"{WHO} {MAPPED} 0 SWAP1 SSTORE STOP"
STOPS = "36 CALLDATALOAD 5 SSTORE STOP"
REMOVES = "4 CALLDATALOAD SELFDESTRUCT"
HANDS = "0 0 0 0 4 CALLDATALOAD GAS DELEGATECALL @yes JUMPI 0 0 REVERT :yes STOP"
# What no input here turns; behind each stands what a function does. What it takes is read first, as compilers
# have it.
READ = f"{WHO} POP 36 CALLDATALOAD POP"
HASHED = f"36 CALLDATALOAD 0 MSTORE 32 0 SHA3 32:{7**80} EQ ISZERO @no JUMPI"
NAMED = f"CALLER 20:{11**45} EQ ISZERO @no JUMPI"
RECOVERED = "32 0 128 0 1 GAS STATICCALL POP 0 MLOAD DUP1 ISZERO @no JUMPI"
SIGNED = f"{RECOVERED} 3 SLOAD EQ ISZERO @no JUMPI"
SWITCHED = " ".join(f"2:{0x100 + number} SLOAD ISZERO @no JUMPI" for number in range(20))
GATES = {"a hash": HASHED, "an account in the code": NAMED, "a signature": SIGNED, "many switches": SWITCHED}
BEHIND = {name: f"{READ} {gate}" for name, gate in GATES.items()}
SELECTOR = 0x40C10F19


@lru_cache(64)
def screened(body: str) -> Screening:
    return screen(token({SELECTOR: body}, before="5 SLOAD @no JUMPI"))


def told(found: Screening) -> dict[str, bool | None]:
    return {one.id: one.present for one in found.capabilities}


def why(found: Screening, name: str) -> str:
    return next(one.why for one in found.capabilities if one.id == name)


@pytest.mark.parametrize("gate", BEHIND)
@pytest.mark.parametrize(
    ("body", "power"),
    [
        (MINTS, "mint"), (BURNS, "burn_others"), (STOPS, "pause_transfers"), (REMOVES, "selfdestruct"),
        (HANDS, "upgrade"),
    ],
    ids=["mint", "burn", "pause", "selfdestruct", "upgrade"],
)  # fmt: skip
def test_a_power_behind_what_nothing_turns_is_unknown(gate: str, body: str, power: str) -> None:
    assert told(screened(body))[power] is True
    found = screened(f"{BEHIND[gate]} {body}")
    assert found.resolved and told(found)[power] in ((None,) if gate != "many switches" else (None, True))
    assert why(found, power)


@pytest.mark.parametrize("gate", BEHIND)
def test_what_is_no_power_behind_it_makes_nothing_unknown(gate: str) -> None:
    assert set(told(screened(f"{BEHIND[gate]} {NOTES}")).values()) == {False}


def test_a_power_beside_what_a_function_does_for_all_is_unknown_too() -> None:
    """The function goes through for anybody, and does more for one."""
    turned = BEHIND["an account in the code"].replace("@no", "@others")
    found = screened(f"{turned} {MINTS} :others {NOTES}")
    assert told(found)["mint"] is None and hex(SELECTOR) in why(found, "mint")
    assert told(found)["selfdestruct"] is False
    assert set(told(screened(f"{turned} 1 8 SSTORE STOP :others {NOTES}")).values()) == {False}


def test_a_function_that_reads_what_it_takes_only_there_is_asked_with_words() -> None:
    assert told(screened(f"{NAMED} {MINTS}"))["mint"] is None


def test_what_the_named_holder_has_to_sign_is_no_power_over_them() -> None:
    """As in EIP-3009: the signer has to be the one whose coins move."""
    signs = f"{RECOVERED} {WHO} EQ ISZERO @no JUMPI"
    assert told(screened(f"{READ} {signs} {BURNS}"))["burn_others"] is False
    assert told(screened(f"{READ} {SIGNED} {BURNS}"))["burn_others"] is None


def test_a_function_behind_more_instructions_than_are_run_makes_the_rest_unknown() -> None:
    found = screen(in_a_row(2200))
    assert found.searched["complete"] is False and found.searched["why"].startswith("stopped ")
    assert told(found)["mint"] is None and told(found)["seize"] is None
    assert told(found)["selfdestruct"] is False  # there is no such instruction at all


@pytest.mark.parametrize(
    ("name", "unknown"),
    [
        ("Escrow", {"leak", "reclaim_ownership"}), ("PaymentSplitter", {"leak", "reclaim_ownership"}),
        ("ERC1967Proxy", {"leak", "reclaim_ownership", "selfdestruct"}),
        ("VestingWallet", {"leak", "reclaim_ownership"}),
    ],
)  # fmt: skip
def test_of_code_that_is_no_token_only_what_no_instruction_could_do_is_absent(
    name: str, unknown: set[str]
) -> None:
    found = screen(published("@openzeppelin/contracts", name).runtime)
    assert not found.resolved
    could = {"leak", "reclaim_ownership", "selfdestruct", "upgrade"}
    assert {one for one in could if told(found)[one] is None} == unknown
    assert all(one.why for one in found.capabilities if one.present is None)


@pytest.mark.parametrize("body", ["CALLER SELFDESTRUCT", "0 0 0 0 0 GAS DELEGATECALL STOP"])
def test_an_instruction_that_no_call_comes_to_is_not_taken_for_dead(body: str) -> None:
    """A jump to it is worked out from a word that nobody knows."""
    found = screen(token({SELECTOR: NOTES}, tail=f":late {body}"))
    assert told(found)["selfdestruct" if "SELF" in body else "upgrade"] is None
    assert "instruction at 0x" in why(found, "selfdestruct" if "SELF" in body else "upgrade")
    dead = screen(token({SELECTOR: f"{NOTES} {body}"}))  # behind an end, where no jump lands
    assert told(dead)["selfdestruct"] is False and told(dead)["upgrade"] is False


def test_where_instructions_stand() -> None:
    code = assembled("@on JUMP SELFDESTRUCT :on 0 0 SSTORE 2:65535 STOP CALL")
    assert set(alive(code)) == {0x55} and places(code, frozenset({0x55})) == {10}


def test_more_functions_than_are_read_are_said_to_be_so() -> None:
    many = functions(in_a_row(500))
    assert len(many) == 507 and {one.types for one in many} == {("address", "uint256")}
    with metered(Meter(200_000)):
        found = search(synthesise(in_a_row(500)))
    assert not found.complete and "400 functions" in found.why


@pytest.mark.parametrize("name", ["PowerNone", "HonestPlain", "HonestFee", "HonestLaunch", "Cooldown"])
def test_honest_tokens_have_nothing_unknown(name: str) -> None:
    assert None not in told(screen(tricks()[name].runtime)).values()
