"""Hostile code costs a bounded number of steps, and what was not looked at for it is said to be unknown."""

from __future__ import annotations

import json

import pytest

from ringfence.desks.tokens import screen as screening
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.memory import Memory
from ringfence.desks.tokens.meter import Meter, SpentError, metered, owe, pay
from ringfence.desks.tokens.screen import EFFORT, Screening, screen
from ringfence.desks.tokens.synthesis import TOKEN, synthesise
from ringfence.desks.tokens.trace import Call, Setting, program, trace

from .hostile import HOSTILE, assembled, burning, loop, loops
from .solidity import published, tricks

QUICK = EFFORT["quick"]
WHOLE = QUICK.searching + QUICK.selling + 2 * QUICK.showing + QUICK.trading
LAST = 60_000  # what a run that was begun may still take: of the interpreter, or of the engine's gas
# Where a search may say that something is absent although it was stopped: no instruction could do it.
SURE = {"leak", "upgrade", "selfdestruct", "external_call", "reclaim_ownership"}


class Counted:
    """Every meter of a screening."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.meters: list[Meter] = []

        def made(whole: int) -> Meter:
            self.meters.append(Meter(whole))
            return self.meters[-1]

        monkeypatch.setattr(screening, "Meter", made)

    def spent(self) -> int:
        return sum(one.whole - one.left for one in self.meters)


def ran_out(found: Screening) -> list[str]:
    said = [found.searched.get("why"), found.searched.get("offering"), found.trade["why"]]
    return [one for one in said if one and "stopped" in one]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_is_bounded_and_what_it_left_out_is_unknown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Counted(monkeypatch)
    found = screen(HOSTILE[name]())
    assert all(one.left > -LAST for one in counted.meters)
    assert 0 < counted.spent() < WHOLE + LAST * len(counted.meters)
    whys = {one.id: one.why for one in found.capabilities if one.present is None}
    assert all(whys.values())
    if not found.searched["complete"]:
        assert found.searched["why"].startswith("stopped ")
        assert {one.id for one in found.capabilities if one.present is False} <= SURE
    if "trials were stopped" in found.trade["why"]:
        assert found.trade["sellable"] is None and "is_honeypot" not in found.goplus


def test_twice_is_the_same_wherever_it_was_stopped() -> None:
    code = HOSTILE["five hundred long functions"]()
    one, two = (json.dumps(screen(code).to_dict(), default=str) for _ in range(2))
    assert one == two and "stopped" in one


def test_no_token_of_ours_or_of_a_library_runs_out() -> None:
    codes = [made.runtime for name, made in sorted(tricks().items())][::4]
    codes += [
        published("@openzeppelin/contracts", f"ERC20Preset{one}").runtime
        for one in ("MinterPauser", "FixedSupply")
    ]
    assert [ran_out(screen(code)) for code in codes] == [[]] * len(codes)


def test_each_part_has_a_bound_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever runs out first: its part is unknown, and the others are told."""
    code = tricks()["PowerMint"].runtime

    def bounded(**small: int) -> Screening:
        effort = {**vars(QUICK), **small}
        monkeypatch.setitem(EFFORT, "quick", screening.Effort(**effort))
        return screen(code)

    def present(found: Screening) -> dict[str, bool | None]:
        return {one.id: one.present for one in found.capabilities}

    whole = present(bounded())
    nothing = bounded(searching=1000)
    assert not nothing.resolved and "stopped after the work of 1000" in (nothing.why or "")
    assert set(present(nothing).values()) <= {None, False} and present(nothing)["mint"] is None
    some = bounded(searching=8000)
    assert some.resolved and not some.searched["complete"] and present(some)["seize"] is None
    shown = present(bounded(showing=1))
    assert shown["mint"] is None and shown["hidden_owner"] is None and shown["seize"] is False
    trade = bounded(trading=1)
    assert trade.trade["sellable"] is None and "stopped after" in trade.trade["why"]
    assert present(trade) == whole
    assert "stopped after" in bounded(selling=1).searched["offering"] and "offering" not in bounded().searched


def test_a_transfer_of_much_gas_is_paid_for_by_its_gas() -> None:
    """In the engine, where no step is counted."""
    meter = Meter(1000)
    there = screening.trade.trade
    with metered(meter), pytest.raises(SpentError, match="1000"):
        there(burning(100_000), synthesise(burning(100)).setting.storage)
    assert meter.left > -LAST


def test_a_meter_lets_a_run_end_and_begins_no_other() -> None:
    setting = Setting({TOKEN: program(assembled(f"{loop(100, 'on')} STOP"))})
    asked = Call(1, TOKEN, b"")
    meter = Meter(200)
    with metered(meter):
        assert trace(setting, asked).ok and meter.left < 0
        with pytest.raises(SpentError):
            trace(setting, asked)
    assert trace(setting, asked).ok  # nothing is counted outside
    pay(1)
    owe(1)
    assert meter.why and not Meter(1).why


def test_hashing_much_is_as_dear_as_it_is() -> None:
    short, long = (
        trace(Setting({TOKEN: program(assembled(f"{size} 0 SHA3 STOP"))}), Call(1, TOKEN, b""))
        for size in (64, 64_000)
    )
    assert short.ok and long.ok and long.steps - short.steps == 999
    assert keccak(b"a" * 300) == keccak(b"a" * 300) != keccak(b"a" * 200)


@pytest.mark.parametrize("many", [1, 200])
def test_what_is_known_of_memory_is_forgotten_the_same_with_little_and_with_much(many: int) -> None:
    memory = Memory()
    for at in range(many):
        memory.store(32 * at, ("S", 1, (0, at), None))
    memory.write(16, b"\1")
    assert 0 not in memory.nodes and (32 in memory.nodes) == (many > 1)
    memory.store(48, 5)
    assert {32, 64} & memory.nodes.keys() == set() and len(memory.nodes) == max(0, many - 3)


def test_long_functions_leave_the_rest_unknown() -> None:
    found = screen(loops(60, 1900))
    assert not found.searched["complete"]
    assert {one.id for one in found.capabilities if one.present is False} <= SURE
