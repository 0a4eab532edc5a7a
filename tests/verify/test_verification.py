"""What was expected and found is kept, sealed, and never rewritten."""

from __future__ import annotations

import pytest

from cases.examples import Desk
from engines import Raw, Refused
from ringfence.core.canonical import digest
from ringfence.evidence.vantage import Vantage
from ringfence.verify.check import check
from ringfence.verify.expectation import expectations
from ringfence.verify.seen import Seen
from ringfence.verify.verification import Verification

BOTH = (Vantage("home", "inside"), Vantage("abroad", "outside"))


def test_planning_and_recording_twice_writes_once(desk: Desk) -> None:
    verification = Verification(desk.database, desk.sealed)
    order, other = desk.active(), desk.active("okex.com")
    planned = expectations(order, BOTH, at=desk.clock.at)
    assert verification.plan(planned) == 3
    assert verification.plan(planned) == 0
    verification.plan(expectations(other, BOTH, at=desk.clock.at))
    assert verification.expectations(order.id) == planned
    assert len(verification.expectations()) == 6

    seen = [Seen("home", "huobi.pro", "blocked", "2018-08-25T00:00:00.000000Z", "sha256:1")]
    found = [check(expectation, seen) for expectation in planned]
    assert verification.record(found) == 3
    assert verification.record(found) == 0
    assert verification.checks(order.id) == found
    assert [c.met for c in found] == [None, True, None]
    sealed = {digest(record) for _, _, record in desk.sealed.leaves}
    assert {digest(item.record) for item in [*planned, *found]} <= sealed


def test_the_database_keeps_them(desk: Desk) -> None:
    verification = Verification(desk.database, desk.sealed)
    planned = expectations(desk.active(), BOTH, at=desk.clock.at)
    verification.plan(planned)
    verification.record([check(planned[0], [])])
    with Raw(desk.path) as raw:
        own = {"sqlite": "replace into {0} select * from {0}", "postgresql": "truncate {0}"}[raw.kind]
        for table in ("expectations", "checks"):
            for statement in (
                f"delete from {table}",
                f"update {table} set digest = ''",
                f"insert into {table} select * from {table}",
                own.format(table),
            ):
                with pytest.raises(Refused):
                    raw.execute(statement)
    assert len(verification.checks()) == 1
