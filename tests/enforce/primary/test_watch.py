"""Watching: what is decided by anybody is carried out, and failures are waited out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from cases.examples import Desk
from enforce.primary.conftest import Site
from enforce.primary.test_publisher import there
from resolvers.daemons import PATIENCE, ZONE, serves_zone
from ringfence.cases.docket import Cases
from ringfence.enforce.primary import watch as watching
from ringfence.enforce.primary.changes import Changes
from ringfence.enforce.primary.publisher import LivePublisher, Report


@contextmanager
def watched(publisher: LivePublisher) -> Iterator[tuple[list[Report], list[str]]]:
    stop, reports, problems = threading.Event(), list[Report](), list[str]()
    thread = threading.Thread(
        target=watching.watch,
        args=(publisher, stop, reports.append, lambda error, _: problems.append(error.message)),
    )
    thread.start()
    try:
        yield reports, problems
    finally:
        stop.set()
        thread.join(PATIENCE)
    assert not thread.is_alive()


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


@pytest.mark.debian
def test_approval_revocation_and_expiry_are_carried_out_as_they_happen(site: Site) -> None:
    desk = site.desk
    desk.clock = desk.cases.clock = desk.people.clock = lambda: datetime.now(UTC)  # type: ignore[assignment]
    for person in ("li", "wang", "chen"):
        desk.people.add(f"{person}2", person.title(), "analyst", "approver")
    publisher = site.publisher(clock=lambda: datetime.now(UTC), expire=desk.cases.expire_due)
    with watched(publisher) as (reports, problems):
        until(lambda: bool(reports))
        order = active(desk, "huobi.pro", timedelta(days=1))
        until(lambda: set(there(site)) == {"huobi.pro", "*.huobi.pro"})
        desk.cases.revoke(order, "wang2", "it left")
        until(lambda: there(site) == {})
        short = active(desk, "okex.com", timedelta(seconds=1.5))
        until(lambda: len(there(site)) == 2)
        until(lambda: there(site) == {})
    assert desk.cases.order(short).state == "expired"
    assert problems == []
    kinds = [made.kind for report in reports for made in report.confirmed]
    assert kinds == ["reconciled", "update", "withdrawal", "update", "withdrawal"]


def active(desk: Desk, host: str, life: timedelta) -> str:
    """An order decided now, by another connection than the publisher's."""
    from cases.examples import SMALLER, assessment
    from ringfence.cases.order import Scope
    from ringfence.core.database import Database

    other = Database(desk.path)
    cases = Cases(other, desk.sealed)
    found = assessment(host)
    order = cases.propose(
        cases.open(found).id, found, "block_access", "li2", Scope(host, True), "reasons",
        datetime.now(UTC) + life, why_not_smaller=SMALLER, needed=2,
    )  # fmt: skip
    for person in ("wang2", "chen2"):
        cases.approve(order.id, person)
    other.close()
    return order.id


@pytest.mark.debian
def test_a_primary_that_is_away_is_waited_for(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LONGEST", 0.6)
    publisher = site.publisher()
    publisher.run()
    site.desk.active("huobi.pro")
    site.daemon.stop()
    with watched(publisher) as (reports, problems):
        until(lambda: len(problems) >= 2)
        assert reports == []
        site.daemon.start()
        site.daemon.until(serves_zone(site.ports.primary, ZONE), "back")
        until(lambda: bool(reports))
    assert set(there(site)) == {"huobi.pro", "*.huobi.pro"}
    assert all("reached" in problem for problem in problems)


def test_a_commit_by_another_connection_is_noticed_once(desk: Desk) -> None:
    stop = threading.Event()
    with Changes(desk.database) as changes:
        assert not changes.wait(stop, 0.2)
        desk.propose()
        desk.propose("okex.com")
        assert changes.wait(stop, PATIENCE)
        assert not changes.wait(stop, 0.2)


def test_a_stop_ends_the_wait(desk: Desk) -> None:
    stop = threading.Event()
    with Changes(desk.database) as changes:
        stop.set()
        assert not changes.wait(stop, PATIENCE)
