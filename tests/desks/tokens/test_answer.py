"""The answer in the shape that wallets read: fields known or absent with why; one bad address no loss."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ringfence.core.errors import InputError
from ringfence.desks.tokens import answer, facts
from ringfence.desks.tokens.block import chain_id
from ringfence.desks.tokens.functions import word
from ringfence.desks.tokens.goplus import BY_CAPABILITY, FIELDS, absent, amount, share
from ringfence.desks.tokens.node import Node, NodeError
from ringfence.desks.tokens.onchain import screen_at
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION
from ringfence.desks.tokens.screen import screen
from ringfence.desks.tokens.state import State

from .anvil import ALICE, BOB, CHAIN, Anvil, contracts
from .solidity import tricks

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "token-answers.md"


def text(address: int) -> str:
    return f"0x{address:040x}"


def state_of(anvil: Anvil) -> State:
    node = Node(anvil.url, per_second=0)
    pinned = Pinned.at(node, CHAIN)
    return State(pinned.block, pinned)


def looked(anvil: Anvil, address: int) -> dict[str, Any]:
    state = state_of(anvil)
    assert isinstance(state.source, Pinned)
    with state.source.node:
        return screen_at(state, address)


def flagged(name: str, field: str) -> str | None:
    return screen(tricks()[name].runtime).goplus.get(field)


def test_the_fields_are_those_of_the_table() -> None:
    rows = re.findall(
        r"^\| ((?:`\w+`(?:, )?)+) \|", GUIDE.read_text("utf-8").partition("## What is ours")[0], re.M
    )
    assert [name for row in rows for name in re.findall(r"`(\w+)`", row)] == list(FIELDS)
    assert len(set(FIELDS)) == 45


@pytest.mark.parametrize("name", ["HonestPlain", "PowerCap", "ProxySwap", "EndlessSale"])
def test_each_field_is_known_or_absent_with_a_reason(name: str) -> None:
    made = screen(tricks()[name].runtime).to_dict()
    why = absent(made["goplus"], made)
    assert sorted([*why, *made["goplus"]]) == sorted(FIELDS) and all(why.values())
    assert list(made["goplus"]) == [field for field in FIELDS if field in made["goplus"]]
    for field, value in made["goplus"].items():
        assert isinstance(value, str)
        if field in BY_CAPABILITY:
            assert value in ("0", "1")


def test_what_the_code_fixes_is_known_without_a_chain() -> None:
    made = screen(tricks()["HonestPlain"].runtime)
    assert (made.goplus["token_name"], made.goplus["token_symbol"]) == ("Trick", "TRICK")
    assert made.facts["decimals"] == 18 and made.facts["supply"] is None
    assert "total_supply" not in made.goplus and "owner_address" not in made.goplus
    assert made.facts["why"]["supply"] == "storage decides it"


@pytest.mark.parametrize(
    ("contract", "field", "value"),
    [
        ("TesterList", "is_whitelisted", "1"), ("HonestPause", "is_whitelisted", "0"),
        ("PowerFreeze", "is_whitelisted", "0"), ("PowerFreeze", "is_blacklisted", "1"),
        ("PowerCap", "is_anti_whale", "1"), ("PowerCap", "anti_whale_modifiable", "1"),
        ("SizeGate", "is_anti_whale", "1"), ("SizeGate", "anti_whale_modifiable", "0"),
        ("HonestPlain", "is_anti_whale", "0"), ("PowerFee", "slippage_modifiable", "1"),
        ("PowerFee", "personal_slippage_modifiable", "0"), ("PersonalFee", "slippage_modifiable", "1"),
        ("PersonalFee", "personal_slippage_modifiable", "1"), ("HonestFee", "sell_tax", "0.01"),
        ("HonestFee", "is_honeypot", "0"), ("OwnerOnlySell", "is_honeypot", "1"),
        ("SizeGate", "cannot_sell_all", "1"), ("Cooldown", "trading_cooldown", "1"),
        ("ProxySwap", "is_proxy", "1"), ("HonestPlain", "is_proxy", "0"),
    ],
)  # fmt: skip
def test_single_fields(contract: str, field: str, value: str) -> None:
    assert flagged(contract, field) == value


def test_amounts_are_whole_tokens_and_exact() -> None:
    assert amount(10**27, 18) == "1000000000" and amount(1, 18) == "0.000000000000000001"
    assert amount((1 << 256) - 1, 0) == str((1 << 256) - 1)
    assert amount(0, 18) == "0" and amount(100, 2) == "1"
    assert amount(5, None) is None and amount(None, 18) is None
    assert share(1, 3) == "0.333333" and share(2, 3) == "0.666666" and share(1, 0) is None


def test_at_a_node_a_token_is_asked_itself(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["PowerMint"])
    made = answer.one(text(token), lambda who: answer.fields(looked(anvil, who)))
    assert made["code"] == 1 and made["message"] == "OK" and "ringfence" not in made
    (found,) = made["result"].values()
    assert list(made["result"]) == [text(token)]
    assert found["owner_address"] == text(ALICE) and found["total_supply"] == "1000000000"
    assert found["owner_balance"] == "1000000000" and found["owner_percent"] == "1.000000"
    ours = found["ringfence"]
    assert ours["block"]["number"] > 0 and ours["code_hash"].startswith("0x")
    by_id = {one["id"]: one for one in ours["capabilities"]}
    assert by_id["mint"]["confidence"] == "shown" and by_id["mint"]["proof"]
    assert by_id["seize"]["confidence"] == "searched"
    assert set(ours["absent"]) | set(found) - {"ringfence"} == set(FIELDS)


def test_through_a_proxy(anvil: Anvil) -> None:
    behind = anvil.deploy(tricks()["PowerPause"])
    proxy = anvil.deploy(
        contracts()["SlotProxy"], word(IMPLEMENTATION) + word(behind) + word(ADMIN) + word(BOB)
    )
    found = looked(anvil, proxy)
    assert found["goplus"]["is_proxy"] == "1" and found["goplus"]["transfer_pausable"] == "1"
    # The proxy's own storage: nobody owns it, and there is none of it.
    assert found["goplus"]["owner_address"] == text(0) and found["goplus"]["total_supply"] == "0"
    (upgrade,) = [one for one in found["capabilities"] if one["id"] == "upgrade"]
    assert answer.confidence(upgrade) == "read"


def test_one_bad_address_does_not_lose_the_others(anvil: Anvil) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])

    def look(who: int) -> dict[str, Any]:
        if who == 1:
            raise NodeError("the node gives no answer")
        if who == 2:
            raise answer.NoChainError("no node of eip155:5")
        if who == 3:
            raise ZeroDivisionError
        return answer.fields(looked(anvil, who))

    asked = [text(token).upper().replace("0X", "0x"), "0x12", text(0xABCDEF << 64), text(1), text(2), text(3)]
    made = answer.batch(asked, look)
    assert made["code"] == 2 and list(made["result"]) == [text(token)]
    codes = {who: one["code"] for who, one in made["ringfence"]["failed"].items()}
    assert codes == {"0x12": 2004, text(0xABCDEF << 64): 2020, text(1): 2, text(2): 2018, text(3): 5000}
    assert answer.batch([text(token), "0x12"], look)["code"] == 1
    assert answer.one("0x12", look)["code"] == 2004 and answer.one(text(2), look)["result"] == {}
    for none in ([], [text(at) for at in range(1, 102)]):
        with pytest.raises(InputError):
            answer.batch(none, look)


def test_what_a_contract_says_of_itself_is_not_believed_blindly() -> None:
    word_ = b"MKR".ljust(32, b"\0")
    assert facts._text(word_) == "MKR"
    assert facts._text(word(32) + word(1 << 200) + bytes(32)) is None  # longer than it is
    assert facts._text(word(32) + word(3) + b"a\nb".ljust(32, b"\0")) is None
    assert facts._text(word(32) + word(2) + b"\xff\xfe".ljust(32, b"\0")) is None
    assert facts._text(b"") is None and facts._text(None) is None
    assert chain_id("eip155:1") == 1
