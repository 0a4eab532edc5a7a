"""Reconciling: the whole zone against all orders, at the first contact and whenever it is in doubt."""

from __future__ import annotations

import pytest

from cases.examples import Desk
from enforce.primary.conftest import Site, Start
from enforce.primary.test_publisher import counts, done, there
from resolvers.daemons import ZONE, serves_zone
from ringfence.enforce.guard import Context
from ringfence.enforce.primary.change import Change
from ringfence.enforce.primary.session import Session
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import rpz

pytestmark = pytest.mark.debian


def test_a_zone_that_came_as_a_file_needs_no_updates(desk: Desk, start_with: Start, kind: str) -> None:
    first = desk.active("huobi.pro")
    second = desk.active("okex.com", policy="nxdomain")
    publisher = Publisher(desk.database, desk.sealed, desk.clock)
    made = publisher.publish(rpz.target(), Context()).artefact
    site = start_with(kind, content=publisher.content(made))
    publisher = site.publisher()
    report = publisher.run()
    assert (done(report), counts(report)) == ([("reconciled", None)], (2, 4))
    desk.cases.revoke(first.id, "wang", "it left")
    taken = publisher.run()
    assert (done(taken), counts(taken)) == ([("withdrawal", first.id)], (1, 2))
    desk.cases.revoke(second.id, "wang", "it left")
    assert counts(publisher.run()) == (0, 0)
    assert there(site) == {}


def test_what_was_lost_added_or_altered_by_hand_is_put_right(site: Site) -> None:
    publisher = site.publisher()
    hosts = ("huobi.pro", "okex.com", "gate.io", "bit-z.com")
    kept, lost, altered, taken = (site.desk.active(host) for host in hosts)
    publisher.run()
    ended = site.desk.active("bitmex.com")
    publisher.run()
    site.desk.cases.revoke(ended.id, "wang", "it left")
    publisher.run()
    text = {order.id: (f'TXT "order={order.id}"',) for order in (kept, lost, altered, taken, ended)}
    with Session(site.place, site.key) as session:
        assert session.update(
            (
                Change("okex.com", text[lost.id], ()),
                Change("gate.io", text[altered.id], ("CNAME .",)),
                Change("bit-z.com", text[taken.id], ("A 192.0.2.9",)),
                Change("bitmex.com", (), text[ended.id]),
                Change("stranger.com", (), ("CNAME .",)),
                Change("other.com", (), ('TXT "order=RF-ZZZZ"',)),
            )
        )
    assert publisher.run().confirmed == ()  # no event asks for anything
    report = publisher.run(reconcile=True)
    assert sorted(map(str, done(report))) == sorted(
        map(
            str,
            [
                ("withdrawal", ended.id),
                ("update", lost.id),
                ("update", altered.id),
                ("reconciled", None),
            ],
        )
    )
    assert set(report.foreign) == {"other.com", "stranger.com"}
    assert [failure.order for failure in report.failed] == [taken.id]
    assert there(site)["okex.com"] == text[lost.id]
    assert there(site)["gate.io"] == text[altered.id]
    assert there(site)["bit-z.com"] == ("A 192.0.2.9",)
    assert "bitmex.com" not in there(site)


def test_a_primary_put_back_to_an_old_copy_is_noticed_by_its_serial(start_with: Start) -> None:
    site = start_with("bind")
    publisher = site.publisher()
    orders = [site.desk.active(host) for host in ("huobi.pro", "okex.com")]
    publisher.run()
    site.daemon.stop()
    (site.daemon.folder / "rpz.zone.jnl").unlink()
    (site.daemon.folder / "rpz.zone").write_text(
        "$ORIGIN rpz.ringfence.\n$TTL 60\n@ SOA localhost. hostmaster.localhost. 1 3600 60 2592000 60\n"
        "@ NS localhost.\n"
    )
    site.daemon.start()
    site.daemon.until(serves_zone(site.ports.primary, ZONE), "back")
    assert there(site) == {}
    report = publisher.run()
    assert {order for kind, order in done(report) if kind == "update"} == {order.id for order in orders}
    assert len(there(site)) == 4
    assert counts(report) == (2, 4)


def test_a_first_run_that_was_cut_compares_again(site: Site) -> None:
    publisher = site.publisher()
    order = site.desk.active("huobi.pro")
    with Session(site.place, site.key) as session:  # the update arrived, and nothing was recorded
        text = (f'TXT "order={order.id}"',)
        assert session.update((Change("huobi.pro", (), text), Change("*.huobi.pro", (), text)))
    report = publisher.run()
    assert (done(report), counts(report)) == ([("reconciled", None)], (1, 2))
