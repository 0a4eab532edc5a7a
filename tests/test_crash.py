"""A sample of `make bench-crash`: nothing acknowledged is lost, whoever is killed and whenever."""

import signal

import pytest

from crash import Crash
from engines import Raw, Server

ROUNDS = 12


@pytest.fixture
def crash(tmp_path, place):
    return Crash(tmp_path / "house", place if isinstance(place, str) else None, seed=1)


def test_a_killed_writer_loses_nothing(crash):
    assert [problem for _ in range(ROUNDS) for problem in crash.round()] == []
    if not crash.acknowledged:  # too busy a machine: one writer is given time
        assert crash.round(longest=30) == []
    assert crash.acknowledged


@pytest.fixture
def server():
    made = Server(durable=True)
    yield made
    made.close()


def test_a_killed_server_loses_nothing(tmp_path, server):
    crash = Crash(tmp_path / "house", server.create(), seed=1)

    def kill(_):
        server.stop(signal.SIGKILL)
        server.start()

    assert [problem for _ in range(3) for problem in crash.round(kill, longest=1)] == []
    assert crash.acknowledged


def in_place_of(place, crash):
    return Raw(place if isinstance(place, str) else crash.folder / "ringfence.sqlite")


@pytest.mark.parametrize(
    ("table", "damage", "found"),
    [
        ("observations", "delete from observations", "lost"),
        ("approvals", "delete from approvals", "approvals of"),
        ("orders", "update orders set state = 'active', activated_at = proposed_at", "but its events are"),
        ("leaves", "delete from leaves where idx = 3", "gaps"),
        ("artefact_orders", "delete from artefact_orders", "not whole"),
        ("case_events", "delete from case_events where kind = 'activated'", "its events are"),
        ("holds", "delete from holds", "lost: hold"),
        ("hold_acts", "delete from hold_acts", "lost: deed"),
        ("hold_acts", "update hold_acts set act = 'expired'", "the hold does not say so"),
        ("hold_rule_acts", "delete from hold_rule_acts", "approvals of its rule"),
    ],
)
def test_the_judge_sees_each_kind_of_loss(crash, place, table, damage, found):
    """The judge is only worth something if it can say no."""
    said = crash.fill()
    assert crash.check(said) == []
    with in_place_of(place, crash) as raw:
        if raw.kind == "sqlite":
            for (name,) in raw.execute(
                f"select name from sqlite_master where type = 'trigger' and tbl_name = '{table}'"
            ):
                raw.execute(f"drop trigger {name}")
        else:
            raw.execute(f"alter table {table} disable trigger user")
        raw.execute(damage)
    assert any(found in problem for problem in crash.check(said))
