"""Watching on the laboratory's real resolver: an order that comes into force late, and its end."""

import asyncio
import json
import threading
import time
from datetime import timedelta

import msgspec
import pytest

from cases.examples import Desk
from interfaces.command import run
from lab.world import rows
from ringfence.core.time import now, stamp
from ringfence.enforce.entry import entries_of
from ringfence.enforce.targets.rpz import render
from ringfence.evidence.store import DATABASE_FILE, Store
from ringfence.evidence.vantage import load_vantages
from ringfence.lab.process import running
from ringfence.pipeline.watch import watch
from ringfence.verify.history import histories
from ringfence.verify.verification import Verification


class World:
    """A country, a store, and one order on a venue there whose state the test turns."""

    def __init__(self, folder, country):
        self.country = country
        found = load_vantages(country.files.vantages)
        self.vantages = (
            found["lab-outside"],
            found["lab-inside"],
            msgspec.structs.replace(found["lab-inside"], name="second"),
        )
        site = next(
            site for site in json.loads(country.files.truth.read_bytes())["sites"]
            if site["positive"] and not site["already_unreachable"] and "upper-venue" not in site["host"]
        )  # fmt: skip
        self.host = site["host"]
        self.store = folder / "store"
        self.store.mkdir()
        desk = Desk(self.store / DATABASE_FILE)
        desk.clock.at = now()
        self.order = desk.propose(self.host, laboratory=True)
        desk.database.close()
        self.house = Store(self.store)
        self.serial = 0

    def turn(self, **changes):
        self.order = msgspec.structs.replace(self.order, **changes)

    def publish(self, *orders):
        entries = [entry for order in orders for entry in entries_of(order)]
        self.serial += 1
        self.country.publish(render(entries, serial=self.serial, laboratory=True))

    def watch(self, **options):
        return asyncio.run(watch(self.house, lambda: [self.order], self.vantages, **options))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("watched")
    with running(folder / "country", 11, "development", rows()) as country:
        made = World(folder, country)
        yield made
        made.house.close()


def later(seconds, act):
    """Do something while the test watches."""

    def do():
        time.sleep(seconds)
        act()

    thread = threading.Thread(target=do)
    thread.start()
    return thread


def test_a_block_that_nobody_published_is_overdue(world):
    world.turn(state="active", activated_at=stamp(now()))
    standing = world.watch(limit=1.0)
    states = {(check.vantage, check.met) for check in standing.checks}
    assert ("lab-inside", False) in states and ("lab-outside", True) in states


def test_an_order_approved_while_one_watches_is_waited_for_until_every_resolver_blocks(world):
    world.turn(state="proposed", activated_at=None)

    def approve():
        world.turn(state="active", activated_at=stamp(now()))
        world.publish(world.order)

    rounds = []
    thread = later(1.5, approve)
    standing = world.watch(limit=30, told=rounds.append)
    thread.join()
    assert [check.met for check in standing.checks] == [True] * len(standing.checks)
    room = Verification(world.house.database, lambda *_: None)
    mine = [one for one in room.expectations() if one.since == world.order.activated_at]
    by_vantage = {one.vantage: one for one in histories(mine, room.checks())}
    for name in ("lab-inside", "second"):
        # The name was in the resolver's cache, the label below it was not: both are measured.
        assert len(by_vantage[name].first_blocked_ms) == 2 and by_vantage[name].never == 0
    assert len(rounds) >= 2


def test_the_end_of_an_order_is_watched_in_the_same_way(world):
    ended = now()
    world.turn(state="revoked", ended_at=stamp(ended))
    thread = later(1.0, world.publish)
    standing = world.watch(limit=90)
    thread.join()
    assert {check.met for check in standing.checks} == {True}
    assert {one.purpose for one in standing.expectations} == {"lifted"}
    room = Verification(world.house.database, lambda *_: None)
    assert world.order.id in room.lifted()
    (first,) = {e.since for e in standing.expectations}
    assert first == stamp(ended) and ended - now() < timedelta(0)


def test_compliance_over_time_is_read_from_the_record_and_drawn(world, tmp_path):
    picture = tmp_path / "compliance.svg"
    ran = run("verify", "--compliance", "--json", "--picture", picture, "--store", world.store)
    assert ran.code == 0
    rows_ = {row["vantage"]: row for row in map(json.loads, ran.out.splitlines())}
    assert set(rows_) == {"lab-inside", "lab-outside", "second"}
    assert rows_["second"]["first_blocked"]["count"] == 2
    assert rows_["second"]["first_blocked"]["p95"] >= rows_["second"]["first_blocked"]["median"] > 0
    assert rows_["second"]["first_lifted"]["count"] == 1
    drawn = picture.read_text()
    assert drawn.startswith("<?xml") and "<svg" in drawn
    run("verify", "--compliance", "--json", "--picture", picture, "--store", world.store)
    assert picture.read_text() == drawn
    assert run("verify", "--compliance", "--picture", "x.bmp", "--store", world.store).code == 2


def test_a_dead_vantage_is_no_country_full_of_blocks(world, tmp_path):
    file = tmp_path / "vantages.toml"
    file.write_text(
        '[vantage.here]\nrole = "inside"\nresolver = "127.0.0.1:9"\ntimeout_ms = 300\n'
        '[vantage.there]\nrole = "outside"\nresolver = "127.0.0.1:9"\ntimeout_ms = 300\n'
    )
    ran = run("verify", "--vantage", "here", "--vantage", "there", "--vantages", file, "--store", world.store)
    assert ran.code == 3 and "does not answer" in ran.err
