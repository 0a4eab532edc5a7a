"""Who knows orders: the store and the feed say the same of every name, and notice what changes."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.examples import Desk
from enforce.entries import entries
from enforce.feed.parts import KEY, STRANGER, Publisher, entry
from engines import Raw
from ringfence.core.errors import InputError
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed.verify import FeedRefusedError
from ringfence.enforce.reasons.feed import FeedReasons
from ringfence.enforce.reasons.store import StoreReasons

TRUST = [KEY.public]
A, B, C = entry("a-venue.com"), entry("b-venue.com"), entry("c-venue.com", True)


def reasons(publisher: Publisher, **options: bool) -> FeedReasons:
    return FeedReasons(publisher.folder, TRUST, lambda: publisher.at, **options)


def covers(item: Entry, name: str) -> bool:
    return name.endswith("." + item.name) if item.wildcard else name == item.name


@settings(max_examples=60, deadline=None)
@given(entries, st.lists(st.sampled_from(["", "www.", "a.b.", "x-"]), min_size=1))
def test_bisection_finds_what_a_plain_search_finds(listed: list[Entry], before: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        publisher = Publisher(Path(folder))
        publisher.publish(*listed)
        known = reasons(publisher)
        for item in listed:
            for prefix in before:
                name = prefix + item.name
                expected = {(one.name, one.wildcard) for one in listed if covers(one, name)}
                found = known.covering(name)
                assert {(one.name, one.wildcard) for one in found} == expected
                assert [len(one.name) for one in found] == sorted((len(o.name) for o in found), reverse=True)
        for item in listed:
            by_order = known.known(item.order)
            assert by_order is not None and by_order.order == item.order
        assert known.covering("zz.example.org") == [] and known.known("RF-0000") is None


def test_an_empty_list(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish()
    assert reasons(publisher).covering("a-venue.com") == []


def test_a_feed_is_verified_before_it_is_believed(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish(A)
    with pytest.raises(FeedRefusedError, match="not signed"):
        FeedReasons(publisher.folder, [STRANGER.public], lambda: publisher.at)
    publisher.publish(A, B)
    with pytest.raises(InputError, match="delta"):
        FeedReasons(publisher.delta(2), TRUST, lambda: publisher.at)
    whole = publisher.snapshot.read_bytes()
    publisher.snapshot.write_bytes(whole.replace(b"a-venue", b"d-venue"))
    with pytest.raises(FeedRefusedError):
        reasons(publisher)
    publisher.snapshot.write_bytes(whole)
    publisher.at += timedelta(days=8)
    with pytest.raises(FeedRefusedError, match="good until"):
        reasons(publisher)
    assert reasons(publisher, fresh=False).covering("a-venue.com")


def test_a_new_file_is_taken_and_an_older_one_is_not(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish(A)
    first, known = publisher.snapshot.read_bytes(), reasons(publisher)
    version = known.version()
    assert known.refresh() is False
    publisher.publish(B)
    assert known.covering("a-venue.com") and not known.covering("b-venue.com")  # the old file, whole
    assert known.refresh() is True and known.version() != version
    assert known.covering("b-venue.com") and not known.covering("a-venue.com")
    (tmp_path / "old").write_bytes(first)
    (tmp_path / "old").replace(publisher.snapshot)
    with pytest.raises(InputError, match="older"):
        known.refresh()
    assert known.covering("b-venue.com")
    publisher.snapshot.unlink()
    assert known.refresh() is False and known.covering("b-venue.com")


def test_an_order_that_is_over_covers_nothing(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    publisher.publish(entry("a-venue.com", until="2018-08-24T10:00:00.000000Z"))
    known = reasons(publisher)
    assert known.covering("a-venue.com")
    publisher.at += timedelta(hours=1)
    assert known.covering("a-venue.com") == []
    over = known.known(A.order)
    assert over is not None and over.state == "expired"


def test_the_store_covers_what_its_orders_say(desk: Desk) -> None:
    order = desk.active("huobi.pro")
    known = StoreReasons(desk.database, desk.clock)
    for name, expected in (("huobi.pro", False), ("www.huobi.pro", True), ("a.b.huobi.pro", True)):
        (found,) = known.covering(name)
        assert (found.order, found.wildcard, found.covers(name)) == (order.id, expected, True)
    assert known.covering("nothuobi.pro") == known.covering("pro") == []
    desk.propose("okex.com")
    desk.active("bit-z.com", measure="warn_public")
    assert known.covering("okex.com") == known.covering("bit-z.com") == []
    told = known.known(order.id)
    assert told is not None and told.state == "active" and told.appeal == order.appeal
    desk.clock.pass_(days=181)
    assert known.covering("huobi.pro") == []
    over = known.known(order.id)
    assert over is not None and over.state == "expired" and known.known("RF-0") is None


def test_the_version_of_a_store_changes_with_it_and_stands_in_nobody_s_way(desk: Desk) -> None:
    known = StoreReasons(desk.database, desk.clock)
    before = known.version()
    assert known.version() == before
    order = desk.active("huobi.pro")
    after = known.version()
    assert after != before and known.version() == after
    desk.cases.revoke(order.id, "wang", "it left")
    assert known.version() != after
    with Raw(desk.path) as raw:  # no read of ours stands open
        if raw.kind == "sqlite":
            assert raw.execute("pragma wal_checkpoint(truncate)")[0][0] == 0
        else:
            open_ones = "select 1 from pg_stat_activity where state like 'idle in transaction%'"
            assert raw.execute(open_ones) == []
    known.close()
