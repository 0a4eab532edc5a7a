"""Proofs at the token's own address: made by who holds the power, on holders there, repeated on a node."""

from __future__ import annotations

from pathlib import Path

import pytest

from interfaces.command import run
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.functions import BALANCE_OF, TRANSFER, call, word
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION

from .anvil import ALICE, BOB, Anvil, contracts
from .oracle import carried_out
from .solidity import Compiled, tricks
from .test_held import CAROL, preset
from .test_onchain import screened, text, told


def selector(signature: str) -> bytes:
    return keccak(signature.encode())[:4]


def spread(anvil: Anvil, made: Compiled | int, words: bytes = b"") -> int:
    """A token that Bob and Carol hold some of."""
    token = made if isinstance(made, int) else anvil.deploy(made, words)
    for who in (BOB, CAROL):
        anvil.send(ALICE, token, call(TRANSFER, who, 10**18))
    return token


POWERS = {
    "PowerMint": "mint", "PowerBurnOthers": "burn_others", "PowerSeize": "seize",
    "PowerFreeze": "freeze_account", "PowerFreezeUntil": "freeze_account", "PowerPause": "pause_transfers",
    "PowerCap": "limit_transfers", "PowerFee": "set_fee", "PowerHidden": "hidden_owner", "PowerLeak": "leak",
    "PowerEnd": "selfdestruct",
}  # fmt: skip
MOVES = {"freeze_account", "pause_transfers", "limit_transfers", "set_fee"}


@pytest.mark.parametrize(("name", "power"), POWERS.items())
def test_a_proof_repeats_on_the_chain_as_it_stands(anvil: Anvil, name: str, power: str) -> None:
    token = spread(anvil, tricks()[name])
    found = told(screened(anvil, token), power)
    assert found["present"] is True and found.get("state", {}) == {}, "nothing is assumed"
    assert {one["to"] for one in found["proof"]} == {text(token)}
    if name != "PowerLeak":
        assert found["proof"][0]["from"] == text(ALICE)
    before = [anvil.word(token, call(BALANCE_OF, who)) for who in (BOB, CAROL)]
    done = carried_out(anvil, found["proof"], {}, text(token))
    assert done[0].ok
    if power in MOVES:
        assert found["proof"][1]["from"] in (text(BOB), text(CAROL))
        assert done[1].ok is (power == "set_fee"), "what a holder tries then fails"
    if power in ("burn_others", "seize"):
        after = [anvil.word(token, call(BALANCE_OF, who)) for who in (BOB, CAROL)]
        assert sum(after) < sum(before) and after != before


def test_who_stands_in_a_list_makes_the_call(anvil: Anvil) -> None:
    token = preset(anvil)
    anvil.send(ALICE, token, call(selector("mint(address,uint256)"), ALICE, 10**20))
    found = told(screened(anvil, spread(anvil, token)), "pause_transfers")
    assert found["proof"][0]["from"] == text(ALICE) and not found.get("state")
    done = carried_out(anvil, found["proof"], {}, text(token))
    assert [one.ok for one in done] == [True, False]


def test_behind_a_proxy_the_proxy_is_called(anvil: Anvil, tmp_path: Path) -> None:
    behind = anvil.deploy(contracts()["Coin"])
    proxy = anvil.deploy(
        contracts()["SlotProxy"], word(IMPLEMENTATION) + word(behind) + word(ADMIN) + word(BOB)
    )
    anvil.rpc("anvil_setStorageAt", text(proxy), "0x3", "0x" + word(CAROL).hex())
    found = screened(anvil, proxy, "--save", tmp_path)
    mint = told(found, "mint")
    assert (mint["proof"][0]["from"], mint["proof"][0]["to"]) == (text(CAROL), text(proxy))
    assert carried_out(anvil, mint["proof"], mint.get("state", {}), text(proxy))[0].ok
    assert told(found, "upgrade")["holder"]["address"] == text(BOB)
    again = run("tokens", "screen", "--bundle", tmp_path / f"{text(proxy)}.json").json
    assert {**again, "file": None} == found


def test_a_power_that_was_given_up_is_shown_with_its_right_assumed(anvil: Anvil) -> None:
    token = spread(anvil, tricks()["PowerSeize"])
    anvil.rpc("anvil_setStorageAt", text(token), "0x3", "0x" + word(0).hex())
    found = told(screened(anvil, token), "seize")
    assert found["holder"]["kind"] == "renounced" and list(found["state"]) == ["0x" + word(3).hex()]
    assert found["proof"][0]["from"] != text(0)
    done = carried_out(anvil, found["proof"], found["state"], text(token))
    assert done[0].ok


def test_a_contract_that_holds_a_power_makes_the_call(anvil: Anvil) -> None:
    token = spread(anvil, tricks()["PowerBurnOthers"])
    lock = anvil.deploy(contracts()["Timelock"])
    anvil.rpc("anvil_setStorageAt", text(token), "0x3", "0x" + word(lock).hex())
    found = told(screened(anvil, token), "burn_others")
    assert found["holder"]["kind"] == "timelock" and found["proof"][0]["from"] == text(lock)
    assert carried_out(anvil, found["proof"], found.get("state", {}), text(token))[0].ok


def test_without_holders_in_the_log_some_are_assumed(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["PowerSeize"])
    found = told(screened(anvil, token), "seize")
    assert found["proof"][0]["from"] == text(ALICE) and 1 <= len(found["state"]) <= 2
    assert carried_out(anvil, found["proof"], found["state"], text(token))[0].ok


def test_the_contract_that_a_transfer_asks_is_named(anvil: Anvil) -> None:
    gate = anvil.deploy(contracts()["Open"])
    token = spread(anvil, contracts()["Asking"], word(gate))
    found = told(screened(anvil, token), "external_call")
    assert found["holder"] == {"kind": "contract", "address": text(gate)} and not found.get("state")
    before = anvil.word(gate, selector("asked()"))
    done = carried_out(anvil, found["proof"], {}, text(token))
    assert done[0].ok and anvil.word(gate, selector("asked()")) == before + 1
