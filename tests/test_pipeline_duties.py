"""What a running house does by itself: expiry, and the hooks for the rest, on both engines."""

import asyncio
import subprocess
import sys
from datetime import date, timedelta

import msgspec
import pytest
from sqlalchemy import text

from crash import _propose
from evidence.test_store import an_observation
from ringfence.cases.docket import Cases
from ringfence.cases.keeping import Expiry, Keeping
from ringfence.cases.people import People
from ringfence.core.errors import StoreError
from ringfence.core.time import now
from ringfence.core.work import alone
from ringfence.evidence import log
from ringfence.evidence.redaction import erasure
from ringfence.evidence.store import Store, keep
from ringfence.pipeline.duties import EXPIRY, Duties


@pytest.fixture
def house(tmp_path, place):
    made = Store(tmp_path / "house", place if isinstance(place, str) else None)
    people = People(made.database, log.seal)
    people.add("li", "Li", "analyst")
    for person in ("wang", "chen"):
        people.add(person, person, "approver")
    yield made
    made.close()


def test_an_order_whose_time_is_up_is_ended_by_whoever_works(house, monkeypatch):
    cases = Cases(house.database, log.seal)
    order = _propose(cases, "venue-a.com")
    for person in ("wang", "chen"):
        order = cases.approve(order.id, person)
    assert order.state == "active"
    cases.clock = lambda: now() + timedelta(days=91)
    duties = Duties(house, "cn")
    duties.plan()
    duties.due.hasten("expire", ["all"])
    monkeypatch.setattr("ringfence.pipeline.duties.Cases", lambda *a: Cases(*a, cases.clock))
    assert asyncio.run(duties.loop(once=True)) == 1
    assert cases.order(order.id).state == "expired"


def test_only_what_can_be_done_here_is_planned(house):
    duties = Duties(house, "cn")
    duties.plan()
    with house.database.read() as connection:
        assert connection.execute(text("select kind from duties")).all() == [("expire",)]


def test_what_a_person_ordered_to_expire_is_erased_in_its_turn(house, monkeypatch):
    blob = house.blobs.put(b"a page")
    with house.database.begin() as connection:
        keep(connection, msgspec.structs.replace(an_observation(), capture=blob))  # in 2018
    duties = Duties(house, "cn")
    duties.plan()
    with house.database.read() as connection:
        assert connection.execute(text("select kind from duties")).all() == [("expire",)]  # nobody ordered
    People(house.database, log.seal).add("ada", "Ada", "administrator")
    keeping = Keeping(house)
    order = keeping.order("cn", "cn-capture-seen", "ada", "our rule 7", date(9000, 1, 1))
    duties.plan()
    duties.due.hasten("retention", ["all"])
    assert asyncio.run(duties.loop(once=True)) == 1
    with house.database.read() as connection:
        done = erasure(connection, blob)
    assert done is not None and done.standing == order.id and not house.blobs.path(blob).exists()
    duties.due.hasten("retention", ["all"])
    asyncio.run(duties.loop(once=True))  # once more does nothing
    assert keeping.expire() == Expiry((), (), ())


def test_notices_are_asked_for_in_their_turn(house):
    told = []

    async def notices(targets):
        told.append(targets)
        return dict.fromkeys(targets, "sha256:0")

    duties = Duties(house, "cn", notices=notices)
    duties.due.clock = lambda: now() + EXPIRY
    duties.plan()
    duties.due.clock = lambda: now() + 2 * EXPIRY
    assert asyncio.run(duties.loop(once=True)) == 2
    assert told == [("all",)]


def test_one_process_at_a_time_loops(house):
    with alone(house.folder, "work"), pytest.raises(StoreError, match="at work"):
        asyncio.run(Duties(house, "cn").loop(once=True))


def test_the_command_backs_up_restores_and_works(house, tmp_path):
    environment = {"PATH": "/usr/bin:/bin"}
    if house.database.kind == "postgresql":
        environment["RINGFENCE_DATABASE"] = house.database.engine.url.render_as_string(hide_password=False)

    def run(*arguments, env=environment):
        done = subprocess.run(
            [sys.executable, "-m", "ringfence.interfaces.cli.main", *arguments],
            env=env, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    store = str(house.folder)
    assert '"done":' in run("work", "--once", "--json", "--store", store)
    made = run("backup", "--out", str(tmp_path / "backup"), "--store", store, "--json")
    again = run("restore", str(tmp_path / "backup"), "--store", str(tmp_path / "again"), "--json",
                env={"PATH": "/usr/bin:/bin"})  # fmt: skip
    assert '"root":"' in made and made.split('"root":"')[1][:64] == again.split('"root":"')[1][:64]
