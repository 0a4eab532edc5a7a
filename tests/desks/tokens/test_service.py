"""Cached answers: the same to the byte, stale exactly when something they stand on changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ringfence.core.cache import Cache
from ringfence.desks.tokens.analysis import Analyses
from ringfence.desks.tokens.functions import TRANSFER, call, word
from ringfence.desks.tokens.likeness import likeness, note_start
from ringfence.desks.tokens.proxy import ADMIN, IMPLEMENTATION
from ringfence.desks.tokens.screen import screen as analysed
from ringfence.desks.tokens.service import Service

from .anvil import ALICE, BOB, CHAIN, Anvil, contracts
from .solidity import tricks

OWNER_SLOT = 3  # of the tricks' base


def text(address: int) -> str:
    return f"0x{address:040x}"


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(anvil: Anvil, clock: Clock) -> Iterator[Service]:
    cache = Cache(8 << 20)
    yield Service({CHAIN: anvil.url}, cache, clock=clock)
    cache.close()


def asked(service: Service, token: int) -> Any:
    made = json.loads(service.one(CHAIN, text(token)))
    assert made["code"] == 1, made
    return made["result"][text(token)]


def with_note(code: bytes, fill: int) -> bytes:
    """Code with another note of the compiler's."""
    start = note_start(code)
    assert start is not None
    return code[: start + 1] + bytes([fill]) * (len(code) - start - 3) + code[-2:]


def test_only_the_compilers_note_is_left_out() -> None:
    code = tricks()["PowerMint"].runtime
    assert likeness(code) == likeness(with_note(code, 0x01)) != likeness(code + b"\0")
    start = note_start(code)
    assert start is not None
    changed = bytearray(code)
    changed[start - 8] ^= 1
    assert likeness(bytes(changed)) != likeness(code)
    # Instructions in the note: a place to jump to, code that runs into it, code that is read.
    assert note_start(code[: start + 1] + b"\x5b" * (len(code) - start - 3) + code[-2:]) is None
    assert note_start(code[: start - 1] + b"\x01" + code[start:]) is None
    assert note_start(b"\x39\xfe" + code[2:]) is None
    assert note_start(b"\x60\xa1\x00\x01") is None and note_start(b"") is None


@pytest.mark.parametrize("name", ["PowerFee", "SizeGate", "EndlessSale"])
def test_one_analysis_for_codes_that_behave_alike(name: str) -> None:
    code = tricks()[name].runtime
    other = with_note(code, 0x02)
    analyses = Analyses(Cache(8 << 20))
    first, second = analyses(code), analyses(other)
    assert analyses.done == 1
    assert first.to_dict() == analysed(code).to_dict()
    assert json.dumps(second.to_dict()) == json.dumps(analysed(other).to_dict())
    assert second.code_hash != first.code_hash
    analyses(code, "deep")
    assert analyses.done == 2, "another depth is another question"


def test_what_the_clock_cut_off_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    code = tricks()["PowerFee"].runtime
    analyses = Analyses(Cache(8 << 20))
    with monkeypatch.context() as patch:
        patch.setattr("ringfence.desks.tokens.screen.SECONDS", -1.0)
        cut = analyses(code, "deep")
        assert not cut.lasting and not analyses.read(code, "deep").lasting
        assert analyses(code).lasting  # whose bounds are no clock's
    whole = analyses(code, "deep")
    assert whole.lasting and whole.to_dict() == analysed(code, "deep").to_dict()
    assert analyses.done == 4


def test_an_immutable_value_is_another_answer() -> None:
    """An owner or a fee among the instructions: what looks alike differs."""
    made = tricks()["FixedRate"].runtime
    place = made.index(bytes(32))  # where the constructor writes the rate
    low, high = (bytearray(made) for _ in range(2))
    low[place : place + 32], high[place : place + 32] = word(100), word(5_000)
    for code in (low, high):  # everywhere that it stands
        while bytes(32) in code:
            at = code.index(bytes(32))
            code[at : at + 32] = code[place : place + 32]
    assert likeness(bytes(low)) != likeness(bytes(high))
    taxes = [analysed(bytes(code)).goplus["sell_tax"] for code in (low, high)]
    assert taxes == ["0.01", "0.5"]


def test_fresh_checked_and_anew(anvil: Anvil, service: Service, clock: Clock) -> None:
    token = anvil.deploy(tricks()["PowerPause"])
    first = service.one(CHAIN, text(token))
    assert (service.screened, service.checked) == (1, 0)
    assert service.one(CHAIN, text(token)) == first and service.checked == 0, "nobody was asked"
    clock.now += 13
    anvil.rpc("anvil_mine", "0x3")
    still = json.loads(service.one(CHAIN, text(token)))
    assert (service.screened, service.checked) == (1, 1)
    assert still["result"] == json.loads(first)["result"]
    blocks = [made["ringfence"]["unchanged_at"][text(token)] for made in (json.loads(first), still)]
    assert blocks[1] == blocks[0] + 3
    clock.now += 13
    anvil.rpc("anvil_setStorageAt", text(token), hex(OWNER_SLOT), "0x" + word(BOB).hex())
    assert asked(service, token)["owner_address"] == text(BOB)
    assert (service.screened, service.checked) == (2, 2)
    assert service.analyses.done == 1, "the code is the same"
    clock.now += 4_000
    asked(service, token)
    assert service.screened == 3, "too old, whatever is the same"


def test_a_transfer_of_others_changes_nothing(anvil: Anvil, service: Service, clock: Clock) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])
    anvil.send(ALICE, token, call(TRANSFER, BOB, 10**18))
    asked(service, token)
    clock.now += 13
    anvil.send(BOB, token, call(TRANSFER, 0xCAFE, 10**17))
    asked(service, token)
    assert service.screened == 1
    clock.now += 13
    anvil.send(ALICE, token, call(TRANSFER, BOB, 10**18))  # the owner's, whose balance is in the answer
    found = asked(service, token)
    assert service.screened == 2 and found["owner_balance"] == "999999998"


def test_another_implementation_is_another_answer(anvil: Anvil, service: Service, clock: Clock) -> None:
    one, two = anvil.deploy(tricks()["PowerPause"]), anvil.deploy(tricks()["HonestPlain"])
    proxy = anvil.deploy(contracts()["SlotProxy"], word(IMPLEMENTATION) + word(one) + word(ADMIN) + word(BOB))
    assert asked(service, proxy)["transfer_pausable"] == "1"
    clock.now += 13
    anvil.send(ALICE, proxy, bytes.fromhex("3659cfe6") + word(two))
    assert asked(service, proxy)["transfer_pausable"] == "0"


def test_many_and_bad_ones(anvil: Anvil, service: Service) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])
    nobody = 0xABCDEF << 64
    for _ in range(2):
        made = json.loads(service.batch(CHAIN, [text(token), "0x1", text(nobody)]))
        assert made["code"] == 1 and list(made["result"]) == [text(token)]
        codes = {who: one["code"] for who, one in made["ringfence"]["failed"].items()}
        assert codes == {"0x1": 2004, text(nobody): 2020}
    assert service.screened == 2, "that there is no code is remembered too"
    assert json.loads(service.one("eip155:5", text(token)))["code"] == 2018


def test_a_node_that_fails_is_said_and_nothing_is_made_of_it(anvil: Anvil, clock: Clock) -> None:
    token = anvil.deploy(tricks()["HonestPlain"])
    service = Service({CHAIN: anvil.url}, Cache(8 << 20), clock=clock)
    asked(service, token)
    clock.now += 13
    service.nodes[CHAIN] = "http://127.0.0.1:9"
    made = json.loads(service.one(CHAIN, text(token)))
    assert made["code"] == 2 and made["result"] == {}
    service.nodes[CHAIN] = anvil.url
    asked(service, token)
    assert service.screened == 1


def test_two_processes_share_a_file(anvil: Anvil, tmp_path: Path, clock: Clock) -> None:
    token = anvil.deploy(tricks()["PowerMint"])
    made = []
    for _ in range(2):
        cache = Cache(8 << 20, tmp_path / "cache.db")
        service = Service({CHAIN: anvil.url}, cache, clock=clock)
        made.append(service.one(CHAIN, text(token)))
        cache.close()
    assert made[0] == made[1] and service.screened == 0 and service.analyses.done == 0
