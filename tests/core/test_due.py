"""Due work: spread, backed off, done once; on PostgreSQL by several workers of which some are killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from ringfence.core.database import Database
from ringfence.core.due import BATCH, LEASE, Batch, Due, do, duties, duty_results
from ringfence.core.errors import StoreError
from ringfence.core.workers import run

DAY = timedelta(days=1)


class Clock:
    def __init__(self):
        self.at = datetime(2018, 8, 24, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def due(place):
    database = Database(place)
    yield Due(database, Clock())
    database.close()


def names(many):
    return [f"site:h{number}.example" for number in range(many)]


def test_targets_planned_at_once_are_spread_over_their_interval(due):
    due.plan("look", names(480), DAY)
    with due.database.read() as connection:
        hours = [stamp[11:13] for stamp in connection.scalars(select(duties.c.due))]
    assert len(hours) == 480
    assert all(5 <= hours.count(f"{hour:02}") <= 40 for hour in range(24))  # 20 each if it were even


def test_planning_again_leaves_every_turn_as_it_is(due):
    due.plan("look", names(10), DAY)
    with due.database.read() as connection:
        before = connection.execute(select(duties)).all()
    due.clock.at += timedelta(hours=5)
    due.plan("look", names(10), timedelta(hours=1))
    with due.database.read() as connection:
        assert connection.execute(select(duties)).all() == before


def test_nothing_is_claimed_before_its_time_and_nothing_twice(due):
    due.plan("look", names(120), DAY)
    assert due.claim() is None or len(due.claim().targets) < 5
    due.clock.at += DAY
    claimed = []
    while (batch := due.claim()) is not None:
        assert len(batch.targets) <= BATCH
        claimed += batch.targets
    assert len(claimed) == len(set(claimed)) >= 110


def test_what_was_claimed_and_not_finished_comes_back_after_its_lease(due):
    due.plan("look", names(1), DAY)
    due.clock.at += DAY
    first = due.claim()
    assert due.claim() is None
    due.clock.at += LEASE
    assert due.claim() == first


def test_what_was_claimed_and_not_handed_on_comes_back_sooner(due):
    due.plan("look", names(1), DAY)
    due.clock.at += DAY
    first = due.claim(lease=timedelta(seconds=10))
    due.clock.at += timedelta(seconds=10)
    assert due.claim(lease=timedelta(seconds=10)) == first  # whoever claimed it died before it was queued
    due.hold(first)
    due.clock.at += LEASE - timedelta(seconds=1)
    assert due.claim() is None
    due.clock.at += timedelta(seconds=1)
    assert due.claim() == first


def test_done_twice_is_kept_once_and_what_fails_waits_longer_each_time(due):
    due.plan("look", names(2), DAY)
    due.clock.at += DAY
    batch = due.claim()
    good, bad = sorted(batch.targets)
    assert due.finish(batch, {good: "sha256:1"}) == 1
    assert due.finish(batch, {good: "sha256:2", bad: "sha256:2"}) == 0
    assert due.results("look") == 1
    waits = []
    for _ in range(8):
        with due.database.read() as connection:
            next_due = connection.scalar(select(duties.c.due).where(duties.c.target == bad))
        before = due.clock.at
        due.clock.at = datetime.fromisoformat(next_due)
        waits.append(round((due.clock.at - before) / DAY))
        due.finish(Batch("look", {bad: next_due}), {})
    assert waits == [2, 4, 8, 16, 32, 64, 64, 64]


def test_an_error_is_that_of_the_batch_and_leaves_it_to_be_tried_again(due):
    due.plan("look", names(1), DAY)
    due.clock.at += DAY

    async def broken(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(do(due, due.claim(), {"look": broken}))
    due.clock.at += 2 * DAY
    assert due.claim() is not None


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_several_workers_need_the_shared_engine(due):
    with pytest.raises(StoreError):
        asyncio.run(run(due, {}))


WORKER = """
import asyncio, sys
from ringfence.core.database import Database
from ringfence.core.due import Due
from ringfence.core.workers import run
async def slow(targets):
    print("at work", flush=True)
    await asyncio.sleep(float(sys.argv[2]))
    return {target: "sha256:" + target for target in targets}
due = Due(Database(sys.argv[1]))
asyncio.run(run(due, {"look": slow}, until_idle=len(sys.argv) > 3))
"""


def test_what_is_hastened_while_somebody_is_at_it_is_done_again(due):
    due.plan("look", names(1), timedelta(seconds=1))
    due.clock.at += timedelta(seconds=1)
    begun = due.claim()
    due.clock.at += timedelta(seconds=1)
    due.hasten("look", names(1))
    again = due.claim()
    assert again is not None and again.targets != begun.targets
    assert due.finish(begun, {names(1)[0]: "sha256:old"}) == 0
    assert due.finish(again, {names(1)[0]: "sha256:new"}) == 1


def test_a_worker_claims_only_what_it_can_do(due):
    due.plan("look", names(2), timedelta(seconds=1))
    due.plan("notice", ["all"], timedelta(seconds=1))
    due.clock.at += timedelta(seconds=1)
    assert due.claim(kinds=["notice"]) is not None and due.claim(kinds=["notice"]) is None
    assert due.claim(kinds=["look"]).kind == "look"


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_killed_workers_work_is_done_by_those_left(place):
    """Two of three workers are killed with 9 in the middle of a batch. Nobody does anything about it."""
    database = Database(place)
    due = Due(database)
    due.plan("look", names(300), timedelta(seconds=1))
    time.sleep(1)
    with database.begin() as connection:
        connection.execute(duties.update().values(every=86400))

    def worker(seconds, *more):
        return subprocess.Popen(
            [sys.executable, "-c", WORKER, place, seconds, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    doomed = [worker("60"), worker("60")]
    for one in doomed:
        assert one.stdout.readline() == b"at work\n"
    for one in doomed:
        os.kill(one.pid, signal.SIGKILL)
        one.communicate()
    done: list[str] = []
    until = time.monotonic() + 120
    # The one that is left stops when it is idle, and it may be so before the others count as dead.
    while len(done) < 300 and time.monotonic() < until:
        left = worker("0.05", "until idle")
        _, err = left.communicate(timeout=120)
        assert left.returncode == 0, err.decode()
        with database.read() as connection:
            done = list(connection.execute(select(duty_results.c.target)).scalars())
    assert sorted(done) == sorted(names(300))
    database.close()
