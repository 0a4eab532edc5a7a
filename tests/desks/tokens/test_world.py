"""The world: an engine that tells what a call did, and is the same again after a trial."""

from __future__ import annotations

import pytest

from ringfence.desks.tokens.world import RICH, Environment, World

WHO, CODE = 0xA11CE << 120, 0xC0DE << 120
# CHAINID, BASEFEE, COINBASE, ORIGIN, GASPRICE, TIMESTAMP, NUMBER, GASLIMIT, PREVRANDAO in one answer
SURROUNDINGS = bytes.fromhex(
    "46600052486020524160405232606052"
    + "3a608052"
    + "4260a052"
    + "4360c052"
    + "4560e052"
    + "4461010052"
    + "6101206000f3"
)
COUNTER = bytes.fromhex("600054600101600055" + "60005460005260206000a0" + "60206000f3")
ENDLESS = bytes.fromhex("5b600056")
GROWING = bytes.fromhex("5b5952600056")  # memory one word further for ever


def world(code: bytes, environment: Environment | None = None, **storage: int) -> World:
    slots = {(CODE, int(name[1:])): value for name, value in storage.items()}
    return World(environment or Environment(), {CODE: code}, slots, {WHO: RICH})


def words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 32], "big") for at in range(0, len(data), 32)]


def test_code_sees_the_environment_it_was_given() -> None:
    here = Environment(
        chain=56, number=7, time=9, base_fee=11, gas_price=11, coinbase=13, gas_limit=40_000_000, random=17
    )
    done = world(SURROUNDINGS, here).call(WHO, CODE, b"")
    assert words(done.data) == [56, 11, 13, WHO, 11, 9, 7, 40_000_000, 17]


def test_a_base_fee_of_zero_is_zero() -> None:
    here = Environment(base_fee=0, gas_price=3)
    assert words(world(SURROUNDINGS, here).call(WHO, CODE, b"").data)[1] == 0


def test_time_passes_in_blocks_of_twelve_seconds() -> None:
    one = world(SURROUNDINGS)
    one.wait(86_400)
    assert words(one.call(WHO, CODE, b"").data)[5:7] == [1_700_086_400, 18_007_200]
    one.wait(0, 0)
    assert words(one.call(WHO, CODE, b"").data)[5:7] == [1_700_086_400, 18_007_200]


def test_storage_that_was_put_in_is_there_and_calls_leave_theirs() -> None:
    one = world(COUNTER, s0=41)
    done = one.call(WHO, CODE, b"")
    assert (done.ok, done.word(), one.slot(CODE, 0)) == (True, 42, 42)
    assert [(log.address, log.topics, log.data[-1]) for log in done.logs] == [(CODE, (), 42)]


def test_a_trial_leaves_nothing_behind() -> None:
    one = world(COUNTER, s0=1)
    here = one.environment
    with one.trial():
        one.call(WHO, CODE, b"", 5)
        one.wait(60)
        with one.trial():
            one.call(WHO, CODE, b"", 5)
            assert one.slot(CODE, 0) == 3
        assert one.slot(CODE, 0) == 2
    assert (one.slot(CODE, 0), one.balance(CODE), one.balance(WHO)) == (1, 0, RICH)
    assert one.environment == here


def test_a_trial_is_undone_after_an_error_too() -> None:
    one = world(COUNTER)
    with pytest.raises(KeyError), one.trial():
        one.call(WHO, CODE, b"")
        raise KeyError
    assert one.slot(CODE, 0) == 0


def test_a_reason_is_read_from_a_revert() -> None:
    reason = (
        b"\x08\xc3\x79\xa0" + (32).to_bytes(32, "big") + (4).to_bytes(32, "big") + b"gone".ljust(32, b"\0")
    )
    # CODECOPY of what stands behind twelve bytes of code, and a REVERT with it
    code = bytes.fromhex("6064600c60003960646000fd") + reason
    done = world(code).call(WHO, CODE, b"")
    assert (done.ok, done.why, done.data) == (False, "revert: gone", reason)
    assert done.word() is None


@pytest.mark.parametrize("code", [ENDLESS, GROWING])
def test_what_never_ends_is_ended_by_gas(code: bytes) -> None:
    done = world(code).call(WHO, CODE, b"", gas=1_000_000)
    assert (done.ok, done.gas) == (False, 1_000_000)


@pytest.mark.parametrize("code", [b"\xfe", b"\xef\x00\x01\x01\x00\x04", b"\x0c", b"\x50", b"\x56"])
def test_code_that_is_none_ends_and_says_so(code: bytes) -> None:
    done = world(code).call(WHO, CODE, b"")
    assert not done.ok and done.why


def test_who_has_no_money_cannot_call() -> None:
    assert not world(COUNTER).call(WHO + 1, CODE, b"").ok
    assert not world(COUNTER).call(WHO, CODE, b"", 2 * RICH).ok
    assert world(COUNTER).call(WHO, CODE, b"").ok
