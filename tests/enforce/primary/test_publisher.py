"""Publishing live: one order is one update, and nothing is recorded that the primary did not confirm."""

from __future__ import annotations

import base64

import msgspec
import pytest
from sqlalchemy import text

from cases.examples import Desk
from enforce.primary.conftest import Site, Start
from engines import Raw, Refused
from resolvers.daemons import EXAMPLES, ZONE, serves_zone
from ringfence.cases.order import Scope
from ringfence.core.errors import OutsideError, RefusedError
from ringfence.enforce.behind import behind, holding
from ringfence.enforce.primary.change import Change
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.publisher import Report
from ringfence.enforce.primary.session import Session
from ringfence.enforce.primary.transfer import transfer

pytestmark = pytest.mark.debian


def there(site: Site) -> dict[str, tuple[str, ...]]:
    """What stands in the zone, by the primary's own account."""
    return transfer(site.place, site.key)


def done(report: Report) -> list[tuple[str, str | None]]:
    return [(made.kind, made.order) for made in report.confirmed]


def counts(report: Report) -> tuple[int, int]:
    assert report.standing is not None
    return report.standing.orders, report.standing.entries


def test_each_policy_is_what_its_order_says(site: Site) -> None:
    publisher = site.publisher()
    plain = site.desk.active("huobi.pro")
    gone = site.desk.active("okex.com", policy="nxdomain")
    page = site.desk.active("bit-z.com", policy="redirect", scope=Scope("bit-z.com", False))
    report = publisher.run()
    assert there(site) == {
        "huobi.pro": (f'TXT "order={plain.id}"',),
        "*.huobi.pro": (f'TXT "order={plain.id}"',),
        "okex.com": ("CNAME .",),
        "*.okex.com": ("CNAME .",),
        "bit-z.com": ("A 192.0.2.80", f'TXT "order={page.id}"'),
    }
    assert sorted(done(report)) == sorted(
        [("update", plain.id), ("update", gone.id), ("update", page.id), ("reconciled", None)]
    )
    assert counts(report) == (3, 5)


def test_an_approval_is_one_update_and_a_revocation_its_inverse(site: Site) -> None:
    publisher = site.publisher()
    publisher.run()
    order = site.desk.active("huobi.pro")
    added = publisher.run()
    assert done(added) == [("update", order.id)]
    site.desk.cases.revoke(order.id, "wang", "it left")
    taken = publisher.run()
    assert done(taken) == [("withdrawal", order.id)]
    assert there(site) == {}
    (one,), (other,) = added.confirmed, taken.confirmed
    assert other.changes == tuple(Change(c.rule, c.now, c.was) for c in one.changes)
    assert (one.serial - one.before, other.serial - other.before) == (1, 1)
    assert (counts(added), counts(taken)) == ((1, 2), (0, 0))
    assert other.previous == one.digest


def test_what_is_confirmed_is_sealed_as_it_is_kept(site: Site) -> None:
    publisher = site.publisher()
    site.desk.active("huobi.pro")
    report = publisher.run()
    sealed = [leaf for leaf in site.desk.sealed.leaves if leaf[0] == "artefact"]
    assert sealed == [("artefact", made.id, made.record) for made in report.confirmed]


def test_a_run_with_nothing_to_do_changes_nothing(site: Site) -> None:
    publisher = site.publisher()
    site.desk.active("huobi.pro")
    first = publisher.run()
    leaves = len(site.desk.sealed.leaves)
    again = site.publisher().run()
    assert (again.confirmed, again.standing) == ((), first.standing)
    assert len(site.desk.sealed.leaves) == leaves


def test_a_proposal_and_a_milder_measure_are_not_published(site: Site) -> None:
    publisher = site.publisher()
    publisher.run()
    site.desk.propose("bitmex.com")
    site.desk.active("okex.com", measure="warn_public")
    refused = site.desk.propose("huobi.pro")
    site.desk.cases.revoke(refused.id, "wang", "not enough")
    assert publisher.run().confirmed == ()
    assert there(site) == {}


def test_an_order_ends_in_the_zone_when_its_time_is_up(site: Site) -> None:
    publisher = site.publisher()
    order = site.desk.active("huobi.pro", days=1)
    publisher.run()
    site.desk.clock.pass_(days=2)
    assert done(publisher.run()) == [("withdrawal", order.id)]
    assert there(site) == {}
    assert site.desk.cases.order(order.id).state == "expired"


def test_the_longer_of_two_orders_for_a_name_stands_and_the_other_takes_its_place(site: Site) -> None:
    publisher = site.publisher()
    publisher.run()
    short = site.desk.active("www.huobi.pro", scope=Scope("huobi.pro", True), days=10)
    publisher.run()
    long = site.desk.active("huobi.pro", days=100)
    taken = publisher.run()
    assert (done(taken), counts(taken)) == ([("update", long.id)], (1, 2))
    site.desk.cases.revoke(long.id, "wang", "replaced")
    back = publisher.run()
    assert (done(back), counts(back)) == ([("update", short.id)], (1, 2))
    assert set(there(site).values()) == {(f'TXT "order={short.id}"',)}


def test_what_the_guard_refuses_is_reported_and_left_out(site: Site) -> None:
    publisher = site.publisher()
    publisher.run()
    bad, good = site.desk.active("theguardian.com"), site.desk.active("huobi.pro")
    report = publisher.run()
    assert {(r.order, r.reasons) for r in report.refused} == {(bad.id, ("protected.press",))}
    assert done(report) == [("update", good.id)]
    site.desk.cases.revoke(bad.id, "wang", "it is a newspaper")
    assert publisher.run().confirmed == ()


def test_a_redirect_without_a_page_is_reported_and_left_out(site: Site) -> None:
    publisher = site.publisher(redirect=())
    order = site.desk.active("huobi.pro", policy="redirect")
    report = publisher.run()
    assert {(r.order, r.reasons) for r in report.refused} == {(order.id, ("redirect.without_address",))}
    assert there(site) == {}


def test_a_name_that_fits_no_zone_is_refused_by_the_guard(site: Site) -> None:
    publisher = site.publisher()
    host = ".".join(["a" * 60] * 3 + ["b" * 53, "com"])
    site.desk.active(host)
    assert {r.reasons for r in publisher.run().refused} == {("syntax.too_long_for_zone",)}


def test_a_repeated_update_changes_nothing(site: Site) -> None:
    changes = (Change("huobi.pro", (), ('TXT "order=RF-AAAA"',)), Change("*.huobi.pro", (), ("CNAME .",)))
    with Session(site.place, site.key) as session:
        assert session.update(changes)
        serial = session.serial()
        assert not session.update(changes)
        assert not session.update((Change("okex.com", (), ("CNAME .",)), *changes))
        assert session.serial() == serial
        assert session.at("okex.com") == ()


def test_an_owner_below_a_wildcard_is_told_apart_from_it(site: Site) -> None:
    with Session(site.place, site.key) as session:
        assert session.update((Change("*.huobi.pro", (), ('TXT "order=RF-AAAA"',)),))
        assert session.at("www.huobi.pro") == ()
        assert session.at("huobi.pro") == ()
        assert session.at("*.huobi.pro") == ('TXT "order=RF-AAAA"',)
        assert session.update((Change("www.huobi.pro", (), ("CNAME .",)),))
        assert session.at("www.huobi.pro") == ("CNAME .",)


def test_somebody_elses_records_stop_that_order_alone_until_they_are_gone(site: Site) -> None:
    publisher = site.publisher()
    publisher.run()
    strange = (Change("huobi.pro", (), ("A 192.0.2.9",)), Change("okex.com", (), ('TXT "order=RF-ZZZZ"',)))
    with Session(site.place, site.key) as session:
        assert session.update(strange)
    first, second = site.desk.active("huobi.pro"), site.desk.active("okex.com")
    free = site.desk.active("bitmex.com")
    report = publisher.run()
    assert [failure.order for failure in report.failed] == [first.id, second.id]
    assert "A 192.0.2.9" in report.failed[0].why
    assert done(report) == [("update", free.id)]
    assert there(site)["huobi.pro"] == ("A 192.0.2.9",)
    assert "*.huobi.pro" not in there(site)
    with Session(site.place, site.key) as session:
        assert session.update(tuple(Change(c.rule, c.now, ()) for c in strange))
    later = site.publisher().run()
    assert sorted(done(later)) == sorted([("update", first.id), ("update", second.id)])
    assert later.failed == () and counts(later) == (3, 6)
    assert site.publisher().run().confirmed == ()


def test_two_publishers_of_one_store_record_an_update_once(site: Site) -> None:
    one, other = site.publisher(), site.publisher()
    one.run()
    site.desk.active("huobi.pro")
    assert (len(one.run().confirmed), len(other.run().confirmed)) == (1, 0)


def test_the_serial_goes_on_over_its_end(start_with: Start, kind: str) -> None:
    content = (EXAMPLES / "rpz.zone").read_text().replace(" 1 3600", " 4294967294 3600").encode()
    site = start_with(kind, content=content)
    publisher = site.publisher()
    publisher.run()
    serials = []
    for host in ("huobi.pro", "okex.com", "bitmex.com", "gate.io"):
        site.desk.active(host)
        (made,) = publisher.run().confirmed
        serials.append((made.before, made.serial))
    assert serials[0] == (4294967294, 4294967295)
    assert serials[1][1] in (0, 1)
    assert [made[0] for made in serials[1:]] == [made[1] for made in serials[:-1]]
    assert len(there(site)) == 8


def test_laboratory_orders_go_to_a_marked_zone_alone(start_with: Start, kind: str) -> None:
    real, lab = start_with(kind), start_with(kind, zone="rpz.laboratory", laboratory=True)
    invented, order = real.desk.active("okex.com", laboratory=True), real.desk.active("huobi.pro")
    assert ("update", invented.id) in done(lab.publisher().run())
    assert ("update", order.id) in done(real.publisher().run())
    assert set(there(lab)) == {"okex.com", "*.okex.com"}
    assert set(there(real)) == {"huobi.pro", "*.huobi.pro"}


def test_a_zone_of_the_other_kind_is_refused(start_with: Start, kind: str) -> None:
    real, lab = start_with(kind), start_with(kind, zone="rpz.laboratory", laboratory=True)
    real.desk.active("okex.com", laboratory=True)
    real.desk.active("huobi.pro")
    pretended = msgspec.structs.replace(real.place, laboratory=True)
    with pytest.raises(RefusedError, match="not marked"):
        real.publisher(place=pretended).run()
    pretended = msgspec.structs.replace(lab.place, laboratory=False)
    with pytest.raises(RefusedError, match="laboratory"):
        lab.publisher(place=pretended).run()
    with Session(pretended, lab.key) as session:
        assert not session.update((Change("huobi.pro", (), ("CNAME .",)),))
    assert there(real) == there(lab) == {}


def test_a_wrong_key_is_said_and_nothing_is_recorded(site: Site) -> None:
    site.desk.active("huobi.pro")
    for wrong in (Key("ringfence", "hmac-sha256", b"x" * 32), Key("stranger", "hmac-sha256", b"x" * 32)):
        with pytest.raises(OutsideError, match=r"TSIG failed|NOTAUTH") as caught:
            site.publisher(key=wrong).run()
        assert "secret" in caught.value.hint
    assert recorded(site.desk) == 0
    assert len(site.publisher().run().confirmed) == 2


def test_a_key_that_may_not_update_is_said(site: Site) -> None:
    secret = base64.b64decode("cmVzb2x2ZXItZXhhbXBsZS1yZXBsYWNlLW1lLTAwMDE=")
    site.desk.active("huobi.pro")
    with pytest.raises(OutsideError) as caught:
        site.publisher(key=Key("resolver", "hmac-sha256", secret)).run()
    assert "key" in caught.value.hint
    assert recorded(site.desk) == 0


def test_a_zone_that_is_not_there_is_said(site: Site) -> None:
    with pytest.raises(OutsideError) as caught:
        site.publisher(place=msgspec.structs.replace(site.place, zone="elsewhere.example.")).run()
    assert caught.value.exit_code == 3 and caught.value.hint


def test_a_primary_that_is_down_is_said_and_the_next_run_goes_on(site: Site) -> None:
    publisher = site.publisher()
    publisher.run()
    order = site.desk.active("huobi.pro")
    site.daemon.stop()
    with pytest.raises(OutsideError, match="reached"):
        publisher.run()
    site.daemon.start()
    site.daemon.until(serves_zone(site.ports.primary, ZONE), "back")
    assert done(publisher.run()) == [("update", order.id)]


def recorded(desk: Desk) -> int:
    with desk.database.read() as connection:
        return int(connection.execute(text("select count(*) from deliveries")).scalar_one())


def test_the_database_keeps_deliveries(site: Site) -> None:
    publisher = site.publisher()
    site.desk.active("huobi.pro")
    proposed = site.desk.propose("okex.com")
    made = publisher.run().standing
    columns = "place, kind, order_id, serial, orders, entries, through, laboratory, at, record, digest"
    own = {
        "sqlite": ["replace into deliveries select * from deliveries"],
        "postgresql": ["truncate deliveries", "truncate delivered"],
    }
    with Raw(site.desk.path) as raw:
        for statement in (
            "update deliveries set entries = 0",
            "delete from deliveries",
            f"insert into deliveries (id, {columns}) select 'x', {columns.replace('serial', 'serial + 1')}"
            " from deliveries",
            "update delivered set held = '[]'",
            "delete from delivered",
            "insert into delivered values ('p', 'huobi.pro', 'none', 9, 'RF', '[]')",
            *own[raw.kind],
        ):
            with pytest.raises(Refused):
                raw.execute(statement)
    assert publisher.run().standing == made
    assert proposed.state == "proposed"


def test_a_suspended_order_leaves_and_a_resumed_one_comes_back(site: Site) -> None:
    publisher = site.publisher()
    order, other = site.desk.active("huobi.pro"), site.desk.active("okex.com")
    publisher.run()  # the whole zone: no delivery names what stands at each owner before
    site.desk.cases.suspend(order.id, "wang", "while it is heard")
    with site.desk.database.read() as connection:
        assert holding(connection, order.id) == [f"live {site.place}"]
        (late,) = behind(connection, site.desk.clock.at)
        assert (late.order, late.holds) == (order.id, True)
    assert done(publisher.run()) == [("withdrawal", order.id)]
    assert set(there(site)) == {"okex.com", "*.okex.com"}
    with site.desk.database.read() as connection:
        assert behind(connection, site.desk.clock.at) == [] == holding(connection, order.id)
    site.desk.cases.resume(order.id, "chen", "it was heard")
    site.desk.cases.suspend(other.id, "wang", "while it is heard")
    assert sorted(done(publisher.run())) == sorted([("update", order.id), ("withdrawal", other.id)])
    assert set(there(site)) == {"huobi.pro", "*.huobi.pro"}
    site.desk.cases.suspend(order.id, "wang", "again")
    site.desk.cases.resume(order.id, "chen", "and back, between two runs")
    assert done(publisher.run()) == []
    appeal = site.desk.cases.appeal(order.id, "Huobi", "we left", "li")
    site.desk.cases.rule(appeal.id, "sun", "upheld", "it left")
    assert done(publisher.run()) == [("withdrawal", order.id)] and there(site) == {}
