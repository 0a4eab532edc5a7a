"""Random histories of acts, by the docket and by hand: never an order in force that lacks what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.account_histories import AccountHistory, Accounts, ForgedHistory
from cases.histories import World, run
from ringfence.core.database import Database


@pytest.fixture
def world() -> Iterator[World]:
    made = World(Database(Path(":memory:")))
    yield made
    made.database.close()


def test_nothing_is_in_force_without_what_it_needs(world: World) -> None:
    run(world, 0, 100, seed=7)
    # A generator that reaches nothing proves nothing.
    in_force = {what for what in world.reached if what.startswith("in force")}
    assert len(in_force) >= 4 and world.reached["active"] and world.reached["revoked"]
    assert {"approve", "rule", "tamper", "suspend", "defer"} <= {
        act for act, done in world.done.items() if done
    }


@pytest.mark.parametrize(
    "trigger", ["orders_heard", "orders_four_eyes", "orders_still_made_out", "case_events_protects"]
)
def test_without_a_trigger_a_promise_is_seen_broken(world: World, trigger: str) -> None:
    with world.database.begin() as connection:
        connection.exec_driver_sql(f"drop trigger {trigger}")
    with pytest.raises(AssertionError):
        run(world, 0, 600, seed=7)


@pytest.fixture
def accounts() -> Iterator[Accounts]:
    made = Accounts(Database(Path(":memory:")))
    yield made
    made.database.close()


def test_no_account_is_halted_without_what_it_needs(accounts: Accounts) -> None:
    run(accounts, 0, 40, seed=7, of=AccountHistory)
    reached, done = accounts.reached, {act for act, count in accounts.done.items() if count}
    assert {"hold expired", "hold released", "hold confirmed at some time"} <= {
        what for what, count in reached.items() if count
    }
    assert all(reached[f"in force at some time, {measure}"] for measure in AccountHistory.measures)
    assert {"place", "confirm", "release", "publish", "tamper", "defer", "rule_end"} <= done


@pytest.mark.parametrize(
    "trigger", ["holds_by_a_rule", "holds_covered", "holds_time", "holds_on_an_assessment"]
)
def test_without_a_trigger_a_halt_is_seen_to_lack_something(accounts: Accounts, trigger: str) -> None:
    with accounts.database.begin() as connection:
        connection.exec_driver_sql(f"drop trigger {trigger}")
    with pytest.raises(AssertionError):
        run(accounts, 0, 100, seed=7, of=ForgedHistory)
