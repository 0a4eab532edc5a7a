"""Who holds a power on a chain: in lists by account, behind roles, and packed in a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from interfaces.command import run
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import call, word
from ringfence.desks.tokens.mapped import keys, rekeyed

from .anvil import ALICE, BOB, Anvil, contracts
from .solidity import published
from .test_onchain import screened, text, told

CAROL = 0x3C44CDDDB6A900FA2B585DD299E03D12FA4293BC
MINTER = int.from_bytes(keccak(b"MINTER_ROLE"), "big")


def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


def preset(anvil: Anvil) -> int:
    words = word(64) + word(128) + (word(1) + b"A".ljust(32, b"\0")) * 2
    return anvil.deploy(published("@openzeppelin/contracts", "ERC20PresetMinterPauser"), words)


def test_members_of_a_role_are_found_and_counted(anvil: Anvil, tmp_path: Path) -> None:
    token = preset(anvil)
    anvil.send(ALICE, token, call(selector("grantRole(bytes32,address)"), MINTER, BOB))
    anvil.send(ALICE, token, call(selector("grantRole(bytes32,address)"), MINTER, CAROL))
    anvil.send(ALICE, token, call(selector("revokeRole(bytes32,address)"), MINTER, CAROL))
    found = screened(anvil, token, "--save", tmp_path)
    held = told(found, "mint")["holder"]
    assert held["kind"] == "list" and held["complete"] is True
    assert set(held["addresses"]) == {text(ALICE), text(BOB)}
    assert {one["kind"] for one in held["members"]} == {"address"}
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(token)}.json").json
    assert {**again, "file": None} == found


def test_a_list_that_does_not_count_is_never_said_to_be_complete(anvil: Anvil) -> None:
    token = anvil.deploy(contracts()["Wards"])
    anvil.send(ALICE, token, call(selector("rely(address)"), BOB))
    anvil.send(BOB, token, call(selector("rely(address)"), CAROL))
    anvil.send(BOB, token, call(selector("deny(address)"), ALICE))
    anvil.send(ALICE, token, call(selector("transfer(address,uint256)"), 0xD00D << 120, 5))
    held = told(screened(anvil, token), "mint")["holder"]
    # The owner of `mint` is the simpler power; the list is looked for where that was given up.
    assert held == {"kind": "address", "address": text(ALICE)}
    anvil.rpc("anvil_setStorageAt", text(token), "0x3", "0x" + word(0).hex())
    held = told(screened(anvil, token), "mint")["holder"]
    assert held["kind"] == "list" and held["complete"] is False and held["why"]
    assert set(held["addresses"]) == {text(BOB), text(CAROL)}


def test_a_holder_packed_above_other_fields_is_read_right(anvil: Anvil) -> None:
    token = anvil.deploy(contracts()["Packed"], word(BOB))
    held = told(screened(anvil, token), "freeze_account")["holder"]
    assert held == {"kind": "address", "address": text(BOB)}


def test_a_right_in_a_struct_is_nobodys_else(anvil: Anvil) -> None:
    token = anvil.deploy(contracts()["Structs"])
    anvil.send(ALICE, token, call(selector("join(address)"), BOB))
    for who in (BOB, CAROL):
        anvil.send(ALICE, token, call(selector("transfer(address,uint256)"), who, 10**18))
    found = screened(anvil, token)
    seize, wipe = told(found, "seize"), told(found, "burn_others")
    assert seize["holder"]["kind"] == "list", "not anyone"
    assert set(seize["holder"]["addresses"]) == {text(ALICE), text(BOB)}
    assert not seize.get("state") and seize["proof"][0]["from"] == seize["holder"]["addresses"][0]
    assert wipe["holder"]["kind"] == "unknown" and "none of" in wipe["holder"]["why"]
    assert len(wipe["state"]) == 1, "the right alone is assumed"


@pytest.mark.parametrize("offset", [0, 1, 7])
def test_the_entry_of_somebody_else(offset: int) -> None:
    def hashed(*words: int) -> int:
        made = b"".join(map(word, words))
        number = int.from_bytes(keccak(made), "big")
        hashes[number] = made
        return number

    hashes: dict[int, bytes] = {}
    role = hashed(7, 5)
    inner = hashed(ALICE, role) + offset
    outer = hashed(9, hashed(ALICE, 4)) + offset
    vyper = hashed(3, ALICE)
    known = dict(hashes)
    assert rekeyed(known, inner, ALICE, BOB) == hashed(BOB, role) + offset
    assert rekeyed(known, outer, ALICE, BOB) == hashed(9, hashed(BOB, 4)) + offset
    assert rekeyed(known, vyper, ALICE, BOB) == hashed(3, BOB)
    assert rekeyed(known, role, ALICE, BOB) is None and rekeyed(known, 12345, ALICE, BOB) is None
    assert keys(known, inner) == [ALICE, role, 7, 5] and keys(known, 12345) == []
