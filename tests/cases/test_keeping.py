"""Keeping: nothing is erased before its time, under a hold or while it is needed; nothing expires unless a
person ordered it; and the log proves all of it. On both engines, with a clock of our own."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import msgspec
import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cases.examples import SMALLER, Clock, assessment
from engines import Raw, Refused
from evidence.test_store import an_observation
from ringfence.cases.docket import Cases
from ringfence.cases.keeping import Keeping
from ringfence.cases.order import Scope
from ringfence.cases.people import People
from ringfence.core.errors import InputError, RefusedError, StoreError
from ringfence.core.time import stamp
from ringfence.evidence import log
from ringfence.evidence.backup import backup, restore, verify
from ringfence.evidence.blobs import Blobs
from ringfence.evidence.fsck import fsck
from ringfence.evidence.log import leaves
from ringfence.evidence.redaction import Redaction, enter
from ringfence.evidence.store import Store, keep
from ringfence.rulebook.retention import Retention, load_retention

ASKED = ("admin", "the account holder asked for it", "request of 2 May")
HOST = "venue-a.com"
SEEN = datetime(2024, 2, 29, 9, tzinfo=UTC)


class House:
    """A store with an administrator, the docket and the keeping over it, at one clock."""

    def __init__(self, folder, place):
        self.store = Store(folder, place if isinstance(place, str) else None)
        self.place = self.store.database.path or place
        self.clock = Clock(SEEN)
        self.cases = Cases(self.store.database, log.seal, self.clock)
        self.keeping = Keeping(self.store, self.clock)
        people = People(self.store.database, log.seal, self.clock)
        people.add("admin", "Admin", "administrator")
        people.add("li", "Li", "analyst", actor="admin")
        for person in ("wang", "chen"):
            people.add(person, person, "approver", actor="admin")
        people.add("sun", "Sun", "appeals_officer", actor="admin")
        self.people = people

    def see(self, host=HOST, body=b"a page", at=SEEN):
        """The digest of a capture made at an instant."""
        blob = self.store.blobs.put(body)
        seen = msgspec.structs.replace(
            an_observation(f"site:{host}"), capture=blob, started=stamp(at), took_us=len(body)
        )
        with self.store.database.begin() as connection:
            keep(connection, seen)
        return blob

    def propose(self, host=HOST):
        found = assessment(host)
        return self.cases.propose(
            self.cases.open(found).id, found, "block_access", "li", Scope(host, True), "an order book",
            self.clock.at + timedelta(days=90), why_not_smaller=SMALLER,
        )  # fmt: skip

    def order(self, period="cn-capture-seen", until=date(2040, 1, 1), **changes):
        options = {"pack": "cn", "person": "admin", "reasons": "the house's own rule"} | changes
        return self.keeping.order(period=period, until=until, **options)

    def due(self, on=None):
        return [(one.blob, one.state) for one in self.keeping.due("cn", on)]

    def at(self, day):
        self.clock.at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)

    def kinds(self):
        with self.store.database.read() as connection:
            return connection.execute(select(leaves.c.kind).order_by(leaves.c.idx)).scalars().all()


@pytest.fixture
def house(tmp_path, place):
    made = House(tmp_path / "store", place)
    yield made
    made.store.close()


# --- when ------------------------------------------------------------------------------------------
def test_a_page_nobody_acted_on_is_due_the_day_after_its_year(house):
    blob = house.see()  # on 29 February 2024
    assert house.due(date(2025, 2, 28)) == []
    assert house.due(date(2025, 3, 1)) == [(blob, "unordered")]
    (one,) = house.keeping.due("cn", date(2025, 3, 1))
    assert (one.start, one.due, one.starts) == ("2024-02-29", "2025-03-01", "kept")


def test_seen_again_its_clock_starts_again(house):
    blob = house.see()
    house.see(at=SEEN + timedelta(days=100), host="venue-b.com")  # the same bytes
    assert house.due(date(2025, 3, 1)) == []
    assert house.due(date(2025, 6, 9)) == [(blob, "unordered")]


def test_a_case_then_an_order_take_the_place_of_the_earlier_clock(house):
    blob = house.see()
    case = house.cases.open(assessment(HOST))
    assert house.due(date(2027, 1, 1)) == [(blob, "needed")]
    house.at("2024-06-01")
    house.cases.close(case.id, "li", "nothing in it")
    assert house.due(date(2026, 6, 1)) == []
    assert house.due(date(2026, 6, 2)) == [(blob, "unordered")]
    order = house.propose()
    for person in ("wang", "chen"):
        order = house.cases.approve(order.id, person)
    assert house.due(date(2026, 6, 2)) == [(blob, "needed")]
    house.at("2024-07-01")
    house.cases.revoke(order.id, "wang", "it left")
    (opened,) = house.cases.cases("open")
    house.cases.close(opened.id, "li", "it left")
    assert house.due(date(2030, 7, 1)) == []
    assert house.due(date(2030, 7, 2)) == [(blob, "unordered")]
    assert [one.period for one in house.keeping.due("cn", date(2030, 7, 2))] == ["cn-capture-order-house"]


def test_a_pending_appeal_keeps_it(house):
    blob = house.see()
    order = house.propose()
    for person in ("wang", "chen"):
        house.cases.approve(order.id, person)
    house.cases.revoke(order.id, "li", "it left")
    house.cases.close(order.case, "li", "nothing is left")
    appeal = house.cases.appeal(order.id, "the operator", "it was wrong from the start", "li")
    house.at("2040-01-01")
    (one,) = house.keeping.due("cn")
    assert one.state == "needed" and one.why == (f"{appeal.id} is pending",)
    with pytest.raises(RefusedError, match="is pending"):
        house.keeping.erase(blob, *ASKED, pack="cn")
    with house.store.database.begin() as connection, pytest.raises(IntegrityError, match="rests on this"):
        enter(connection, Redaction("erase", blob, *ASKED, stamp(house.clock()), "00" * 16))
    house.cases.rule(appeal.id, "sun", "dismissed", "it was right")
    assert house.due() == [(blob, "unordered")]


def test_cases_in_two_jurisdictions_are_due_when_they_are_in_both(house):
    cn = load_retention("cn")
    longer = tuple(
        msgspec.structs.replace(one, keep="P3Y") for one in cn.periods if one.id == "cn-capture-case"
    )
    packs = {"cn": cn, "it": Retention("it", longer), "eu": Retention("eu", ())}
    house.keeping.load = packs.__getitem__
    blob = house.see()
    for pack in ("cn", "it"):
        made = assessment(HOST, jurisdiction=pack, provision=f"{pack}-one")
        house.cases.close(house.cases.open(made).id, "li", "nothing in it")
    assert house.due(date(2026, 3, 1)) == []
    assert house.due(date(2027, 3, 1)) == [(blob, "unordered")]
    assert list(house.keeping.due("eu", date(2027, 3, 1))) == []  # no case there
    house.cases.close(house.cases.open(assessment(HOST, jurisdiction="eu", provision="e")).id, "li", "no")
    assert house.due(date(2040, 1, 1)) == []  # and there no period ends it


# --- by expiry -------------------------------------------------------------------------------------
def test_nothing_expires_unless_a_person_ordered_it(house):
    blob = house.see()
    house.at("2030-01-01")
    assert house.keeping.expire().erased == () and house.store.blobs.get(blob)
    order = house.order()
    assert house.due() == [(blob, "due")]
    (done,) = house.keeping.expire().erased
    assert (done.standing, done.person, done.due) == (order.id, "admin", "2025-03-01")
    assert done.reasons == "the house's own rule" and "P1Y from kept (house" in done.basis
    assert house.keeping.expire().erased == () and house.due() == []
    assert house.kinds().count("redaction") == 2
    with pytest.raises(StoreError, match="no blob"):
        house.store.blobs.get(blob)
    assert fsck(house.store).problems == ()


def test_an_order_ends_by_its_day_or_by_a_person(house):
    house.see()
    order = house.order(until=date(2026, 1, 1))
    house.at("2026-01-01")
    assert house.keeping.orders() == [] and house.due()[0][1] == "unordered"
    again = house.order()
    with pytest.raises(RefusedError, match="already orders"):
        house.order()
    house.keeping.end(again.id, "admin", "we think again")
    assert house.keeping.orders() == [] and house.keeping.expire().erased == ()
    with pytest.raises(RefusedError, match="no such order to end"):
        house.keeping.end(again.id, "admin", "once more")
    with pytest.raises(RefusedError, match="no retention order"):
        house.keeping.end("redaction:no", "admin", "which")
    assert order.id != again.id
    assert fsck(house.store).problems == ()


def test_an_order_covers_the_period_as_it_was_ordered(house):
    blob = house.see()
    house.order()
    cn = load_retention("cn")
    shorter = tuple(
        msgspec.structs.replace(one, keep="P1M") if one.id == "cn-capture-seen" else one for one in cn.periods
    )
    house.keeping.load = lambda _: Retention("cn", shorter)
    house.at("2024-05-01")
    assert house.due() == [(blob, "unordered")]
    assert house.keeping.expire().erased == ()


def test_what_ends_nothing_or_is_not_kept_here_is_not_ordered(house):
    for period in ("cn-capture-order", "cn-reply", "nothing"):
        with pytest.raises(InputError):
            house.order(period)
    with pytest.raises(InputError, match="is over"):
        house.order(until=date(2024, 2, 29))
    with pytest.raises(InputError, match="reasons"):
        house.order(reasons=" ")
    assert "redaction" not in house.kinds()


@pytest.mark.parametrize("killed", ["before the file", "between two bodies"])
def test_a_run_that_is_cut_is_taken_up(house, monkeypatch, killed):
    blobs = sorted(house.see(f"venue-{n}.com", b"page %d" % n) for n in range(3))
    house.order()
    house.at("2030-01-01")
    erase = Blobs.erase
    calls = []

    def cut(self, digest):
        calls.append(digest)
        if killed == "before the file":
            raise KeyboardInterrupt
        if len(calls) == 2:
            erase(self, digest)
            raise KeyboardInterrupt
        return erase(self, digest)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Blobs, "erase", cut)
        house.keeping.expire()
    assert fsck(house.store).problems == ()
    done = house.keeping.expire()
    assert len(done.finished) == (killed == "before the file")
    assert len(done.erased) == (2 if killed == "before the file" else 1)
    assert not any(house.store.blobs.path(blob).exists() for blob in blobs)
    assert house.kinds().count("redaction") == 4
    assert fsck(house.store).problems == ()


# --- by a person -----------------------------------------------------------------------------------
def test_a_person_erases_now_unless_a_minimum_says_no(house):
    blob = house.see()
    other = house.see("venue-b.com", b"another page")
    done = house.keeping.erase(other, *ASKED, pack="cn")
    assert done.standing is None and not house.store.blobs.path(other).exists()
    with pytest.raises(RefusedError, match=r"was erased by order of admin at 2024-02-29.*request of 2 May"):
        house.keeping.erase(other, *ASKED, pack="cn")
    order = house.propose()
    for person in ("wang", "chen"):
        order = house.cases.approve(order.id, person)
    with pytest.raises(RefusedError, match=f"case {order.case} is open"):
        house.keeping.erase(blob, *ASKED, pack="cn")
    house.cases.revoke(order.id, "wang", "it left")
    house.cases.close(order.case, "li", "it left")
    house.at("2029-02-28")
    with pytest.raises(RefusedError, match=r"kept until 2029-03-01: cn-capture-order, at least P5Y"):
        house.keeping.erase(blob, *ASKED, pack="cn")
    house.at("2029-03-01")
    house.keeping.erase(blob, *ASKED, pack="cn")
    assert fsck(house.store).problems == ()


@pytest.mark.parametrize("person", ["li", "wang", "nobody"])
def test_only_an_administrator_erases_holds_and_orders(house, person):
    blob = house.see()
    asked = (person, *ASKED[1:])
    for act in (
        lambda: house.keeping.erase(blob, *asked, pack="cn"),
        lambda: house.keeping.hold(blob, *asked),
        lambda: house.keeping.release(blob, *asked),
        lambda: house.order(person=person),
    ):
        with pytest.raises((RefusedError, InputError), match=r"administrator|no such person"):
            act()
    assert "redaction" not in house.kinds()


def test_what_an_administrator_ordered_goes_on_after_their_role(house):
    blob = house.see()
    house.order()
    house.at("2030-01-01")
    house.people.add("root", "Root", "administrator", actor="admin")
    house.people.end("admin", "administrator", actor="root")
    assert [done.blob for done in house.keeping.expire().erased] == [blob]
    with pytest.raises(RefusedError, match="not an administrator"):
        house.order("cn-capture-case")


# --- holds -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("target", ["blob", "case", "order"])
def test_a_hold_beats_every_erasure_until_each_is_released(house, target):
    blob = house.see()
    order = house.propose()
    house.cases.revoke(order.id, "li", "a mistake")
    house.cases.close(order.case, "li", "a mistake")
    named = {"blob": blob, "case": order.case, "order": order.id}[target]
    for _ in range(2):
        house.keeping.hold(named, "admin", "a court asks", "letter of 2 May")
    house.order("cn-capture-case")
    house.at("2031-01-01")
    (one,) = house.keeping.due("cn")
    assert one.state == "held" and len(one.why) == 2 and f"on {named} by admin: a court asks" in one.why[0]
    assert house.keeping.expire().erased == ()
    with pytest.raises(RefusedError, match="hold"):
        house.keeping.erase(blob, *ASKED, pack="cn")
    house.keeping.release(named, "admin", "answered", "letter of 9 May")
    assert house.due() == [(blob, "held")]
    house.keeping.release(named, "admin", "answered", "letter of 9 May")
    with pytest.raises(RefusedError, match="no hold to release"):
        house.keeping.release(named, "admin", "answered", "letter of 9 May")
    assert [done.blob for done in house.keeping.expire().erased] == [blob]
    assert fsck(house.store).problems == ()


def test_a_hold_on_a_case_covers_what_is_seen_later(house):
    case = house.cases.open(assessment(HOST)).id
    house.cases.close(case, "li", "nothing in it")
    house.keeping.hold(case, "admin", "a court asks", "letter of 2 May")
    blob = house.see()
    with pytest.raises(RefusedError, match="hold"):
        house.keeping.erase(blob, *ASKED, pack="cn")
    for unknown in ("CA-0", "RF-0", "sha256:" + "0" * 64):
        with pytest.raises(InputError):
            house.keeping.hold(unknown, "admin", "a court asks", "letter")


# --- in plain SQL ----------------------------------------------------------------------------------
def attempt(raw, **fields):
    """Insert a redaction that says the same in its record and its columns."""
    said = {
        "act": "erase", "blob": None, "scope": None, "row": None, "remainder": None, "case": None,
        "standing": None, "person": "admin", "at": "2031-01-01T00:00:00.000000Z",
    } | fields  # fmt: skip
    record = msgspec.json.encode(said).hex()
    bytes_ = f"x'{record}'" if raw.kind == "sqlite" else f"decode('{record}', 'hex')"
    columns = ", ".join({"case": "case_id", "row": "row_id"}.get(name, name) for name in said)
    values = ", ".join("null" if value is None else f"'{value}'" for value in said.values())
    number = len(raw.rows("redactions"))
    raw.execute(
        f"insert into redactions (id, {columns}, record, digest) values ('{number}', {values}, {bytes_}, '')"
    )


def test_the_database_refuses_it_too(house):
    blob, needed = house.see(), house.see("venue-b.com", b"needed")
    free = house.see("venue-c.com", b"free")
    open_case = house.cases.open(assessment("venue-b.com")).id
    case = house.cases.open(assessment(HOST)).id
    house.cases.close(case, "li", "nothing in it")
    house.keeping.hold(case, "admin", "a court asks", "letter")
    ended = house.order()
    house.keeping.end(ended.id, "admin", "we think again")
    with Raw(house.place) as raw:
        for fields, why in (
            ({"blob": blob}, "legal hold"),
            ({"blob": needed}, "open case"),
            ({"blob": free, "person": "li"}, "not an administrator"),
            ({"blob": free, "person": ""}, "a person erases|not an administrator"),
            ({"blob": free, "act": "burn"}, "a person erases"),
            ({"scope": open_case, "case": open_case}, "a person erases|open case"),
            ({"blob": free, "standing": ended.id}, "no retention order in force"),
            ({"blob": free, "standing": "none"}, "no retention order in force"),
            ({"act": "hold", "scope": "CA-0", "case": case}, "on a case or an order in it"),
            ({"act": "hold", "scope": case, "case": open_case}, "on a case or an order in it"),
            ({"act": "release", "blob": free}, "no hold to release"),
            ({"act": "release", "scope": open_case, "case": open_case}, "no hold to release"),
        ):
            with pytest.raises(Refused, match=why):
                attempt(raw, **fields)
        for table in ("redactions", "retention_orders"):
            for statement in (f"delete from {table}", f"update {table} set person = 'li'"):
                with pytest.raises(Refused):
                    raw.execute(statement)
        held = len(raw.rows("redactions"))
        attempt(raw, act="release", scope=case, case=case)
        attempt(raw, blob=blob)  # and what is allowed, it takes
        assert len(raw.rows("redactions")) == held + 2


# --- afterwards ------------------------------------------------------------------------------------
def test_fsck_tells_an_ordered_erasure_from_a_loss(house):
    ordered, lost = house.see(), house.see("venue-b.com", b"lost")
    house.keeping.erase(ordered, *ASKED, pack="cn")
    assert fsck(house.store).problems == ()
    house.store.blobs.erase(lost)
    (problem,) = fsck(house.store).problems
    assert problem.where == f"blob {lost}" and "missing" in problem.what


def test_a_backup_holds_the_proof_and_not_the_body(house, tmp_path):
    blob = house.see()
    house.order()
    house.keeping.hold(house.see("venue-b.com", b"held"), "admin", "a court asks", "letter")
    house.at("2030-01-01")
    house.keeping.expire()
    backup(house.store, tmp_path / "backup")
    verify(tmp_path / "backup")
    restore(tmp_path / "backup", tmp_path / "again")
    again = Store(tmp_path / "again")
    assert fsck(again).problems == ()
    assert not again.blobs.path(blob).exists()
    keeping = Keeping(again, house.clock)
    assert [one.state for one in keeping.due("cn")] == ["held"] and len(keeping.orders()) == 1
    again.close()


def test_a_hold_that_another_session_is_setting_is_waited_for(house):
    """On PostgreSQL, where two sessions write at once; on SQLite there is one writer."""
    if house.store.database.kind == "sqlite":
        pytest.skip("one writer")
    blob = house.see()
    address = house.place.replace("+psycopg", "")
    with Raw(house.place) as raw:
        attempt(raw, act="hold", blob=blob)
        attempt(raw, act="release", blob=blob)
        ((held,), (_,)) = raw.execute("select record from redactions order by act")
    columns = "id, act, blob, person, at, record, digest"
    again = f"insert into redactions ({columns}) values (%s, %s, %s, %s, %s, %s, '')"
    at = "2031-01-01T00:00:00.000000Z"
    erasing = held.replace(b'"hold"', b'"erase"')
    with (
        psycopg.connect(address) as first,
        psycopg.connect(address) as second,
        psycopg.connect(address, autocommit=True) as watch,
        ThreadPoolExecutor(1) as pool,
    ):
        first.execute(again, ("a", "hold", blob, "admin", at, held))
        waiting = pool.submit(second.execute, again, ("b", "erase", blob, "admin", at, erasing))
        blocked = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and pid = %s"
        while not waiting.done() and watch.execute(blocked, (second.info.backend_pid,)).fetchone() == (0,):
            pass
        first.commit()
        with pytest.raises(psycopg.IntegrityError, match="legal hold"):
            waiting.result()
