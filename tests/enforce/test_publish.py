"""Publishing: only what is in force, past the guard, sealed and stored in one transaction."""

from __future__ import annotations

import pytest

from cases.examples import Desk
from engines import Raw, Refused
from ringfence.cases.order import Scope
from ringfence.core.canonical import digest
from ringfence.core.errors import RefusedError
from ringfence.enforce.artefact import Artefact, orders_digest
from ringfence.enforce.compile import select
from ringfence.enforce.entry import Entry
from ringfence.enforce.guard import Context
from ringfence.enforce.publish import Publisher
from ringfence.enforce.targets import hosts, rpz
from ringfence.enforce.targets.target import Target

CONTEXT = Context()


def entries(publisher: Publisher, artefact: Artefact) -> list[Entry]:
    """What stands in an artefact, read back from its bytes."""
    found = rpz.parse(publisher.content(artefact))
    assert artefact.entries == len(found)
    return found


@pytest.fixture
def publisher(desk: Desk) -> Publisher:
    return Publisher(desk.database, desk.sealed, desk.clock)


def test_only_active_orders_are_published(desk: Desk, publisher: Publisher) -> None:
    desk.propose("bitmex.com")
    active = desk.active("huobi.pro")
    revoked = desk.active("okex.com")
    desk.cases.revoke(revoked.id, "wang", "it left")
    published = publisher.publish(rpz.target(), CONTEXT)
    found = entries(publisher, published.artefact)
    assert [(entry.rule, entry.order) for entry in found] == [
        ("huobi.pro", active.id), ("*.huobi.pro", active.id),
    ]  # fmt: skip
    assert publisher.orders(published.artefact) == (active.id,)
    assert published.artefact.orders_digest == orders_digest([active.id])
    content = publisher.content(published.artefact)
    assert f'huobi.pro IN TXT "order={active.id}"'.encode() in content
    assert (published.artefact.digest, published.artefact.size) == (digest(content), len(content))


def test_an_artefact_is_sealed_and_stored_as_it_was_given(desk: Desk, publisher: Publisher) -> None:
    desk.active()
    made = publisher.publish(rpz.target(), CONTEXT).artefact
    assert desk.sealed.leaves[-1] == ("artefact", made.id, made.record)
    assert publisher.last("rpz") == made


def test_an_order_past_its_time_is_published_no_more_though_its_row_stands(
    desk: Desk, publisher: Publisher
) -> None:
    desk.active(days=1)
    first = publisher.publish(rpz.target(), CONTEXT)
    desk.clock.pass_(days=2)
    second = publisher.publish(rpz.target(), CONTEXT)
    assert (first.artefact.entries, second.artefact.entries) == (2, 0)
    assert second.artefact.serial == first.artefact.serial + 1


def test_publishing_again_without_a_change_makes_nothing_new(desk: Desk, publisher: Publisher) -> None:
    desk.active()
    first = publisher.publish(rpz.target(), CONTEXT)
    leaves = len(desk.sealed.leaves)
    second = publisher.publish(rpz.target(), CONTEXT)
    assert (first.new, second.new, second.artefact) == (True, False, first.artefact)
    assert len(desk.sealed.leaves) == leaves
    assert publisher.publish(hosts.target(), CONTEXT).new


def test_a_refused_entry_keeps_the_rest_and_is_reported(desk: Desk, publisher: Publisher) -> None:
    good, bad = desk.active("huobi.pro"), desk.active("theguardian.com")
    published = publisher.publish(rpz.target(), CONTEXT)
    assert publisher.orders(published.artefact) == (good.id,)
    assert [(refusal.order, refusal.rule) for refusal in published.refused] == [
        (bad.id, "theguardian.com"), (bad.id, "*.theguardian.com"),
    ]  # fmt: skip
    assert all(refusal.reasons == ("protected.press",) for refusal in published.refused)


def test_a_wildcard_over_another_subject_leaves_the_name_itself(desk: Desk, publisher: Publisher) -> None:
    desk.active("huobi.pro")
    context = Context(known_hosts={"huobi.pro": "site:huobi.pro", "news.huobi.pro": "site:news.huobi.pro"})
    published = publisher.publish(rpz.target(), context)
    assert [entry.rule for entry in entries(publisher, published.artefact)] == ["huobi.pro"]
    assert published.refused[0].reasons == ("others.wildcard_covers_another_subject",)


def test_laboratory_orders_stay_in_the_laboratory(desk: Desk, publisher: Publisher) -> None:
    invented, real = desk.active("okex.com", laboratory=True), desk.active("huobi.pro")
    assert publisher.orders(publisher.publish(rpz.target(), CONTEXT).artefact) == (real.id,)
    inside = publisher.publish(rpz.target(), CONTEXT, laboratory=True).artefact
    assert publisher.orders(inside) == (invented.id,) and inside.laboratory
    both, _ = select([invented, real], CONTEXT, desk.clock.at)
    for laboratory in (False, True):
        with pytest.raises(RefusedError, match="laboratory"):
            rpz.render(both, serial=1, laboratory=laboratory)
    outside = Target("feed", rpz.target().render, rpz.parse)
    with pytest.raises(RefusedError, match="no place"):
        publisher.publish(outside, CONTEXT, laboratory=True)


def test_two_orders_for_one_name_give_one_entry_that_lasts(desk: Desk, publisher: Publisher) -> None:
    short = desk.active("www.huobi.pro", scope=Scope("huobi.pro", True), days=10)
    long = desk.active("huobi.pro", days=100)
    assert publisher.orders(publisher.publish(rpz.target(), CONTEXT).artefact) == (long.id,)
    desk.cases.revoke(long.id, "wang", "replaced")
    assert publisher.orders(publisher.publish(rpz.target(), CONTEXT).artefact) == (short.id,)


def test_milder_measures_are_not_block_lists(desk: Desk, publisher: Publisher) -> None:
    desk.active(measure="warn_public")
    assert publisher.publish(rpz.target(), CONTEXT).artefact.entries == 0


def test_a_seal_that_fails_leaves_no_artefact(desk: Desk, publisher: Publisher) -> None:
    desk.active()

    def broken(*_: object) -> None:
        raise RuntimeError("the log is full")

    publisher.seal = broken
    with pytest.raises(RuntimeError):
        publisher.publish(rpz.target(), CONTEXT)
    assert publisher.last("rpz") is None


def test_the_database_keeps_artefacts_and_their_orders(desk: Desk, publisher: Publisher) -> None:
    desk.active()
    proposed = desk.propose("okex.com")
    made = publisher.publish(rpz.target(), CONTEXT).artefact
    copy = (
        "into artefacts select 99, id, target, serial, laboratory, made_at, content_digest, record,"
        " digest, content from artefacts"
    )
    own = {
        "sqlite": ["replace into artefacts select * from artefacts", f"replace {copy}"],
        "postgresql": ["truncate artefacts", "truncate artefact_orders"],
    }
    with Raw(desk.path) as raw:
        for statement in (
            "update artefacts set content = record",
            "delete from artefacts",
            "insert into artefacts select * from artefacts",
            f"insert {copy}",
            "delete from artefact_orders",
            f"insert into artefact_orders values ('{made.id}', '{proposed.id}')",
            f"insert into artefact_orders values ('{made.id}', 'RF-none')",
            *own[raw.kind],
        ):
            with pytest.raises(Refused):
                raw.execute(statement)
    assert publisher.last("rpz") == made
