"""The recipient: what stands is byte for byte what the publisher has, or stays as it was."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import dns.zone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enforce.feed.parts import KEY, NEXT, STRANGER, UNTIL, Publisher, entry
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.note import sign
from ringfence.enforce.feed.delta import diff, merge
from ringfence.enforce.feed.derive import derive
from ringfence.enforce.feed.head import Head, Payload
from ringfence.enforce.feed.recipient import AT_ONCE, Recipient
from ringfence.enforce.feed.verify import FeedRefusedError

A, B, C = entry("a-venue.com"), entry("b-venue.com"), entry("c-venue.com", True)
TRUST = [KEY.public]


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    made = Publisher(tmp_path / "web")
    made.publish(A)
    return made


@pytest.fixture
def recipient(publisher: Publisher, tmp_path: Path) -> Recipient:
    made = publisher.recipient(tmp_path / "state")
    made.apply(publisher.folder, TRUST)
    return made


def state(recipient: Recipient) -> bytes:
    return (recipient.folder / "state.feed").read_bytes()


def refused(recipient: Recipient, source: Path, **options: bool) -> str:
    """The reason; and that nothing was touched."""
    before = state(recipient)
    with pytest.raises(FeedRefusedError) as error:
        recipient.apply(source, **options)
    assert state(recipient) == before
    assert {path.name for path in recipient.folder.iterdir()} == {"state.feed", "key", ".lock"}
    return error.value.reason


def test_deltas_give_the_bytes_of_the_snapshot(publisher: Publisher, recipient: Recipient) -> None:
    for entries in ([A, B], [B, C], [], [A, B, C]):
        publisher.publish(*entries)
        serial = publisher.links[-1].serial
        done = recipient.apply(publisher.delta(serial))
        assert (done.before, done.head.link.serial, done.steps) == (serial - 1, serial, 1)
        assert state(recipient) == publisher.snapshot.read_bytes()


def test_a_folder_is_caught_up_with_and_then_nothing_happens(
    publisher: Publisher, recipient: Recipient
) -> None:
    for entries in ([A, B], [B, C], [A]):
        publisher.publish(*entries)
    publisher.snapshot.unlink()  # a recipient that stands somewhere reads deltas alone
    done = recipient.apply(publisher.folder)
    assert (done.before, done.head.link.serial, done.steps, done.snapshot) == (1, 4, 3, False)
    before = (recipient.folder / "state.feed").stat().st_ino
    assert recipient.apply(publisher.folder).steps == 0
    assert recipient.apply(publisher.delta(4)).steps == 0
    assert (recipient.folder / "state.feed").stat().st_ino == before


def test_more_deltas_than_are_merged_at_once(publisher: Publisher, recipient: Recipient) -> None:
    for number in range(2 * AT_ONCE + 3):
        publisher.publish(A, entry(f"venue-{number % 7}.com"))
    done = recipient.apply(publisher.folder)
    assert done.steps == 2 * AT_ONCE + 3 and state(recipient) == publisher.snapshot.read_bytes()


NAMES = [entry(f"venue{number}.com", wildcard) for number in range(5) for wildcard in (False, True)]
LATER = "2019-03-20T09:00:00.000000Z"
histories = st.lists(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.sampled_from([UNTIL, LATER])), unique_by=lambda pair: pair[0]
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=60, deadline=None)
@given(histories, st.sets(st.integers(0, 4)))
def test_any_history_ends_in_the_same_bytes(history: list, stops: set[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        publisher = Publisher(Path(folder) / "web")
        recipient = publisher.recipient(Path(folder) / "state")
        for number, pairs in enumerate(history):
            publisher.publish(*(entry(item.name, item.wildcard, until) for item, until in pairs))
            if number in stops or number == 0:
                recipient.apply(publisher.folder, TRUST)
        recipient.apply(publisher.folder)
        assert state(recipient) == publisher.snapshot.read_bytes()


@given(st.sets(st.binary(min_size=1, max_size=4)), st.sets(st.binary(min_size=1, max_size=4)))
def test_a_delta_fits_the_list_that_it_was_made_for(old: set[bytes], new: set[bytes]) -> None:
    ours, theirs = (sorted({line.replace(b"\n", b"") + b"\n" for line in lines}) for lines in (old, new))
    delta = list(diff(ours, theirs))
    assert list(merge(ours, delta)) == theirs
    assert len(delta) == len(set(ours) ^ set(theirs))
    if delta:
        with pytest.raises(InputError):
            list(merge(theirs, delta))


def test_the_first_time_a_key_must_be_named(publisher: Publisher, tmp_path: Path) -> None:
    fresh = publisher.recipient(tmp_path / "fresh")
    with pytest.raises(InputError, match="no key"):
        fresh.apply(publisher.folder)
    with pytest.raises(FeedRefusedError, match="not signed by the key"):
        fresh.apply(publisher.folder, [STRANGER.public])
    assert not (fresh.folder / "state.feed").exists()
    assert fresh.apply(publisher.folder, TRUST).snapshot


def test_a_delta_before_a_snapshot(publisher: Publisher, tmp_path: Path) -> None:
    publisher.publish(A, B)
    fresh = publisher.recipient(tmp_path / "fresh")
    with pytest.raises(FeedRefusedError, match="nothing stands"):
        fresh.apply(publisher.delta(2), TRUST)
    assert not (fresh.folder / "state.feed").exists()


def test_gap_rollback_and_fork(publisher: Publisher, recipient: Recipient, tmp_path: Path) -> None:
    old = publisher.snapshot.read_bytes()
    publisher.publish(A, B)
    publisher.publish(B)
    assert refused(recipient, publisher.delta(3)) == "gap"
    recipient.apply(publisher.folder)
    assert refused(recipient, publisher.delta(2)) == "rollback"
    (tmp_path / "old.feed").write_bytes(old)
    assert refused(recipient, tmp_path / "old.feed") == "rollback"
    other = Publisher(tmp_path / "other")
    for entries in ([A], [C], [A, C], [C]):
        other.publish(*entries)
    assert refused(recipient, other.delta(3)) == "fork"
    assert refused(recipient, other.delta(4)) == "fork"
    assert refused(recipient, other.folder) == "fork"
    assert refused(recipient, other.snapshot, skip_history=True) == "fork"


def test_a_whole_folder_rolled_back(publisher: Publisher, recipient: Recipient, tmp_path: Path) -> None:
    shutil.copytree(publisher.folder, tmp_path / "old")
    publisher.publish(A, B)
    recipient.apply(publisher.folder)
    assert refused(recipient, tmp_path / "old") == "rollback"


def test_a_gap_is_passed_only_when_told_to(publisher: Publisher, recipient: Recipient) -> None:
    publisher.publish(A, B)
    publisher.publish(B)
    publisher.delta(2).unlink()
    assert refused(recipient, publisher.folder) == "gap"
    assert recipient.apply(publisher.folder, skip_history=True).snapshot
    assert state(recipient) == publisher.snapshot.read_bytes()


def test_stale_news_is_no_news(publisher: Publisher, recipient: Recipient) -> None:
    publisher.publish(A, B)
    publisher.at += timedelta(days=8)
    assert refused(recipient, publisher.folder) == "stale"
    assert refused(recipient, publisher.delta(2)) == "stale"
    publisher.write()  # signed anew, the same list
    assert recipient.apply(publisher.folder).steps == 1
    assert state(recipient) == publisher.snapshot.read_bytes()


def test_a_head_signed_anew_takes_the_old_ones_place(publisher: Publisher, recipient: Recipient) -> None:
    publisher.at += timedelta(days=5)
    publisher.write()
    assert recipient.apply(publisher.folder).steps == 0
    assert state(recipient) == publisher.snapshot.read_bytes()


def test_another_key_and_one_handed_on(publisher: Publisher, recipient: Recipient, tmp_path: Path) -> None:
    other = Publisher(tmp_path / "other", STRANGER)
    other.publish(A)
    other.publish(A, B)
    assert refused(recipient, other.delta(2)) == "key"
    with pytest.raises(FeedRefusedError, match="not the key of this state"):
        recipient.apply(publisher.folder, [STRANGER.public])
    publisher.keys = (KEY, NEXT)
    publisher.write()  # the same list under both keys, which this recipient never fetches
    publisher.publish(A, B)
    publisher.keys = (NEXT,)
    publisher.publish(B)
    recipient.apply(publisher.folder, TRUST)  # the first key stays the one that this state began with
    assert state(recipient) == publisher.snapshot.read_bytes()
    publisher.keys = (KEY,)
    publisher.publish(C)
    assert refused(recipient, publisher.folder) == "key"


def test_a_recipient_that_was_away_while_the_key_changed(publisher: Publisher, recipient: Recipient) -> None:
    publisher.publish(A, B)
    recipient.apply(publisher.folder)
    publisher.keys = (KEY, NEXT)
    publisher.write()
    publisher.keys = (NEXT,)
    publisher.publish(B)
    assert recipient.apply(publisher.folder).steps == 1


def test_the_laboratory_stays_in_the_laboratory(tmp_path: Path) -> None:
    lab = Publisher(tmp_path / "lab", laboratory=True)
    lab.publish(entry("a-venue.com", laboratory=True))
    outside = Recipient(tmp_path / "state", clock=lambda: lab.at)
    with pytest.raises(FeedRefusedError, match="laboratory"):
        outside.apply(lab.folder, TRUST)
    inside = lab.recipient(tmp_path / "inside")
    inside.apply(lab.folder, TRUST)
    assert b"laboratory: true" in derive(inside.folder, "names", lab.at).read_bytes()


def forged(publisher: Publisher, payload: bytes, snapshot: bytes, **changes: object) -> Path:
    """A delta that the publisher's own key signed: what a broken or turned publisher could send."""
    publisher.add([A])
    link = publisher.links[-1]
    link = type(link)(**{**{name: getattr(link, name) for name in link.__struct_fields__},
                         "snapshot": Payload(digest(snapshot), len(snapshot))})  # fmt: skip
    head, _ = publisher.signer().head(link, snapshot.count(b'\n{"n'), Payload(digest(payload), len(payload)))
    head = Head(**{**{name: getattr(head, name) for name in head.__struct_fields__}, **changes})
    path = publisher.folder / "forged.feed"
    path.write_bytes(sign(head.to_text().encode(), [KEY]).to_bytes() + b"\n" + payload)
    return path


def test_a_signed_list_is_still_read_with_care(publisher: Publisher, recipient: Recipient) -> None:
    body = publisher.contents[0]
    line = body.splitlines(keepends=True)[-1]
    for name in (b"z.com\\nevil 0.0.0.0", b'z\\"', b"Z.com", b"z.com ", b"*.z.com", b"z"):
        bad = line.replace(b"a-venue.com", name)
        assert refused(recipient, forged(publisher, b"+" + bad, body + bad)) == "payload"
        publisher.links.pop(), publisher.contents.pop()
    twice = line.replace(b"2019-02", b"2019-03")
    assert refused(recipient, forged(publisher, b"+" + twice, body + twice)) == "payload"
    publisher.links.pop(), publisher.contents.pop()
    for payload in (
        b"-" + line + b"-" + line,
        b"+" + line,
        b"?" + line,
        b"-" + line[:-1],
        b"+" + b"x" * 99_999,
    ):
        path = forged(publisher, payload, body)
        with pytest.raises((FeedRefusedError, InputError)):
            recipient.apply(path)
        publisher.links.pop(), publisher.contents.pop()
    assert refused(recipient, forged(publisher, b"-" + line, body)) == "payload"  # not what it leads to
    publisher.links.pop(), publisher.contents.pop()
    wrong = b"".join(body.splitlines(keepends=True)[:-1])
    assert refused(recipient, forged(publisher, b"-" + line, wrong, entries=5)) == "payload"
    publisher.links.pop(), publisher.contents.pop()
    assert recipient.apply(forged(publisher, b"-" + line, wrong)).head.entries == 0


def test_only_what_is_signed_is_ever_read(publisher: Publisher, recipient: Recipient) -> None:
    publisher.publish(A, B)
    path = publisher.delta(2)
    whole = path.read_bytes()
    for bad in (
        whole + b"+more\n",
        whole[:-5],
        whole + b"y" * (20 << 20),
        whole.replace(b"b-venue", b"d-venue"),
    ):
        path.write_bytes(bad)
        assert refused(recipient, path) == "payload"
    path.write_bytes(whole)
    assert recipient.apply(path).steps == 1


def test_a_damaged_state_is_noticed(publisher: Publisher, recipient: Recipient) -> None:
    place = recipient.folder / "state.feed"
    place.write_bytes(place.read_bytes().replace(b"a-venue", b"e-venue"))
    publisher.publish(A, B)
    assert refused(recipient, publisher.folder) == "payload"


def test_formats_leave_out_what_is_over(publisher: Publisher, recipient: Recipient) -> None:
    soon = entry("soon.com", until="2018-08-25T00:00:00.000000Z")
    publisher.publish(A, C, soon, entry("gone.com", policy="nxdomain"))
    recipient.apply(publisher.folder)
    names = derive(recipient.folder, "names", publisher.at).read_text().split()
    assert names == ["a-venue.com", "*.c-venue.com", "gone.com", "soon.com"]
    later = publisher.at + timedelta(days=2)
    assert "soon.com" not in derive(recipient.folder, "names", later).read_text()
    zone = dns.zone.from_text(derive(recipient.folder, "rpz", later).read_text())
    assert zone.get_soa().serial == 2 and set(map(str, zone)) == {
        "@",
        "a-venue.com",
        "*.c-venue.com",
        "gone.com",
    }
    hosts = derive(recipient.folder, "hosts", later).read_text()
    assert "0.0.0.0 a-venue.com # order=" in hosts and "serial: 2" in hosts
    publisher.publish(entry("r-venue.com", policy="redirect"))
    recipient.apply(publisher.folder)
    with pytest.raises(InputError, match="no address"):
        derive(recipient.folder, "rpz", later)
    with pytest.raises(InputError, match="not an address"):
        derive(recipient.folder, "rpz", later, ["here"])
    assert "A 192.0.2.1" in derive(recipient.folder, "rpz", later, ["192.0.2.1"]).read_text()


def test_killed_at_any_moment_it_leaves_the_old_state_or_the_new_one(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path / "web")
    many = [entry(f"venue-{number:05d}.com") for number in range(6000)]
    publisher.publish(*many)
    recipient = publisher.recipient(tmp_path / "state")
    recipient.apply(publisher.folder, TRUST)
    script = (
        "import sys\nfrom datetime import datetime\nfrom pathlib import Path\n"
        "from ringfence.enforce.feed.recipient import Recipient\n"
        "print('ready', flush=True)\n"
        "at = datetime.fromisoformat(sys.argv[3])\n"
        "Recipient(Path(sys.argv[1]), clock=lambda: at).apply(Path(sys.argv[2]))\n"
    )
    chance, seen = random.Random(7), {False: 0, True: 0}
    for round_ in range(12):
        old = publisher.snapshot.read_bytes()
        publisher.publish(*many[round_ + 1 :])
        new = publisher.snapshot.read_bytes()
        arguments = [
            sys.executable,
            "-c",
            script,
            recipient.folder,
            publisher.folder,
            publisher.at.isoformat(),
        ]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE)
        assert process.stdout is not None and process.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, 0.16))
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)
        process.stdout.close()
        assert state(recipient) in (old, new)
        seen[state(recipient) == new] += 1
        recipient.apply(publisher.folder)
        assert state(recipient) == new
        assert {path.name for path in recipient.folder.iterdir()} == {"state.feed", "key", ".lock"}
    assert seen[False] > 0
