"""What a publisher writes: deltas, freshness, keys handed on, and no second history."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from enforce.feed.parts import KEY, NEXT, STRANGER, Publisher, entry
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.note import PublicKey, sign
from ringfence.enforce.feed.check import check
from ringfence.enforce.feed.file import read_head
from ringfence.enforce.feed.folder import write_file
from ringfence.enforce.feed.verify import FeedRefusedError

A, B, C = entry("a-venue.com"), entry("b-venue.com"), entry("c-venue.com", True)
TRUST = [KEY.public]


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "web")
    made.publish(A)
    made.publish(A, B)
    made.publish(B, C)
    return made


def refused(path: Path, publisher: Publisher, trusted: list[PublicKey] = TRUST) -> str:
    with pytest.raises(FeedRefusedError) as error:
        check(path, trusted, publisher.at)
    assert error.value.exit_code == 1
    return error.value.reason


def test_everything_written_is_genuine(publisher: Publisher) -> None:
    found = check(publisher.folder, TRUST, publisher.at)
    assert (found.head.link.serial, found.head.entries, found.deltas) == (3, 2, 2)
    for path in (publisher.snapshot, publisher.delta(2), publisher.delta(3)):
        assert check(path, TRUST, publisher.at).head.link.serial >= 2
    payload = publisher.delta(3).read_bytes().rpartition(b"\n\n")[2]
    assert [line[:20] for line in payload.splitlines()] == [b'-{"name":"a-venue.co', b'+{"name":"c-venue.co']


def test_nothing_new_is_nothing_written_until_half_the_time_is_over(publisher: Publisher) -> None:
    before = publisher.snapshot.read_bytes()
    publisher.at += timedelta(days=3)
    assert publisher.write().signed is False and publisher.snapshot.read_bytes() == before
    publisher.at += timedelta(days=1)
    again = publisher.write()
    assert again.signed and again.head.link.serial == 3 and publisher.snapshot.read_bytes() != before
    assert check(publisher.folder, TRUST, publisher.at + timedelta(days=6)).head == again.head


def test_a_run_that_was_cut_is_finished(publisher: Publisher) -> None:
    whole = publisher.snapshot.read_bytes()
    publisher.add([B, C, A])
    head = (publisher.folder / "head").read_bytes()
    publisher.write()
    (publisher.folder / "head").write_bytes(head)  # as if killed before the last step
    assert publisher.write().serials == (4,)
    assert check(publisher.folder, TRUST, publisher.at).deltas == 3
    publisher.snapshot.write_bytes(whole[:300])
    assert publisher.write().signed
    assert check(publisher.folder, TRUST, publisher.at).head.link.serial == 4


def test_steps_made_elsewhere_are_caught_up_one_by_one(publisher: Publisher) -> None:
    for entries in ([A], [A, C], [C]):
        publisher.add(entries)
    assert publisher.write().serials == (4, 5, 6)
    assert check(publisher.folder, TRUST, publisher.at).deltas == 5


def test_a_folder_of_another_history_is_refused(publisher: Publisher, tmp_path: Path) -> None:
    other = Publisher(publisher.folder)
    other.add([C])
    with pytest.raises(RefusedError, match="has not published"):
        other.write()
    (tmp_path / "file").write_text("")
    other.folder = tmp_path / "file"
    with pytest.raises(InputError, match="cannot use"):
        other.write()


def test_the_snapshot_alone_in_a_file(publisher: Publisher, tmp_path: Path) -> None:
    head = write_file(tmp_path / "list.feed", publisher.links, publisher.content, publisher.signer())
    assert check(tmp_path / "list.feed", TRUST, publisher.at).head == head == read_head_of(publisher)


def read_head_of(publisher: Publisher):
    return read_head(publisher.folder / "head").head


def test_another_key_and_a_changed_byte(publisher: Publisher) -> None:
    assert refused(publisher.folder, publisher, [STRANGER.public]) == "key"
    whole = publisher.snapshot.read_bytes()
    publisher.snapshot.write_bytes(whole.replace(b"serial 3", b"serial 4"))
    assert refused(publisher.snapshot, publisher) == "signature"
    publisher.snapshot.write_bytes(whole.replace(b"c-venue.com", b"d-venue.com"))
    assert refused(publisher.snapshot, publisher) == "payload"
    publisher.snapshot.write_bytes(whole + b'{"name":"z.com"}\n')
    assert refused(publisher.snapshot, publisher) == "payload"
    publisher.snapshot.write_bytes(whole[:-20])
    assert refused(publisher.snapshot, publisher) == "payload"


def test_every_changed_byte_of_a_head_is_seen(publisher: Publisher) -> None:
    whole = (publisher.folder / "head").read_bytes()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1
        (publisher.folder / "head").write_bytes(changed)
        with pytest.raises((FeedRefusedError, InputError)):
            check(publisher.folder, TRUST, publisher.at)


def test_stale_and_from_the_future(publisher: Publisher) -> None:
    early = publisher.at - timedelta(minutes=11)
    publisher.at += timedelta(days=7)
    assert refused(publisher.folder, publisher) == "stale"
    publisher.at = early
    assert refused(publisher.folder, publisher) == "future"


def test_a_snapshot_put_back_and_a_delta_of_another_history(publisher: Publisher, tmp_path: Path) -> None:
    old = publisher.snapshot.read_bytes()
    publisher.publish(A, B, C)
    new = publisher.snapshot.read_bytes()
    publisher.snapshot.write_bytes(old)
    assert refused(publisher.folder, publisher) == "rollback"
    publisher.snapshot.write_bytes(new)
    other = Publisher(tmp_path / "other")
    for entries in ([A], [C], [B], [A, B]):
        other.publish(*entries)
    ours = publisher.delta(3).read_bytes()
    publisher.delta(3).write_bytes(other.delta(3).read_bytes())
    assert refused(publisher.folder, publisher) == "fork"
    publisher.delta(3).write_bytes(ours)
    publisher.snapshot.write_bytes(other.snapshot.read_bytes())
    assert refused(publisher.folder, publisher) == "fork"
    publisher.snapshot.write_bytes(new)
    publisher.delta(3).unlink()
    assert refused(publisher.folder, publisher) == "gap"


def test_what_is_known_already_cannot_be_taken_back(publisher: Publisher, tmp_path: Path) -> None:
    known = read_head_of(publisher)
    first = publisher.delta(2)
    with pytest.raises(FeedRefusedError) as error:
        check(first, TRUST, publisher.at, after=known)
    assert error.value.reason == "rollback"
    publisher.publish(A)
    publisher.publish(B)
    assert check(publisher.folder, TRUST, publisher.at, after=known).head.link.serial == 5
    other = Publisher(tmp_path / "other")
    for entries in ([A], [C], [B]):
        other.publish(*entries)
    with pytest.raises(FeedRefusedError) as error:
        check(other.folder, TRUST, publisher.at, after=known)
    assert error.value.reason == "fork"


def test_a_key_is_handed_on(publisher: Publisher) -> None:
    publisher.keys = (KEY, NEXT)
    assert publisher.write().signed
    for trusted in (TRUST, [NEXT.public]):
        assert check(publisher.folder, trusted, publisher.at).deltas == 2
    publisher.publish(A)
    publisher.keys = (NEXT,)
    publisher.publish(A, B)
    assert refused(publisher.folder, publisher) == "key"
    assert check(publisher.folder, [NEXT.public], publisher.at).deltas == 4


def test_a_listed_key_that_has_not_signed(publisher: Publisher) -> None:
    publisher.keys = (KEY, NEXT)
    publisher.write()
    whole = (publisher.folder / "head").read_bytes()
    (publisher.folder / "head").write_bytes(b"\n".join(whole.split(b"\n")[:-2]) + b"\n")
    assert refused(publisher.folder, publisher) == "signature"


@pytest.mark.parametrize("content", [b"", b"hello", b"\n\n\n\n", b"x" * 100_000, b"{" * 100_000])
def test_what_is_no_feed(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(InputError):
        check(tmp_path / "f", TRUST, Publisher(tmp_path).at)
    with pytest.raises(InputError):
        read_head(tmp_path / "f")


def test_a_key_that_signs_without_being_listed(publisher: Publisher) -> None:
    """Whoever lets an old key go must not be able to bring it back by its signature alone."""
    publisher.keys = (NEXT,)
    publisher.write()
    signed = read_head(publisher.folder / "head")
    both = sign(signed.note.text, [KEY, NEXT]).to_bytes()
    whole = publisher.snapshot.read_bytes()
    publisher.snapshot.write_bytes(both + b"\n" + whole.removeprefix(signed.note.to_bytes() + b"\n"))
    assert check(publisher.snapshot, [NEXT.public], publisher.at).kind == "snapshot"
    assert refused(publisher.snapshot, publisher) == "key"
