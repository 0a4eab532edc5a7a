"""Time stamps by a real authority (OpenSSL's), checked by OpenSSL and by us."""

from __future__ import annotations

import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from debian import require
from evidence import mutate
from evidence.logged import authority, keep_observations, openssl, stamp
from ringfence.evidence import timestamp
from ringfence.evidence.export import export
from ringfence.evidence.publish import checkpoint
from ringfence.evidence.store import Store
from ringfence.evidence.timestamp import TimestampError


@pytest.fixture(scope="module")
def ca(tmp_path_factory) -> Path:
    require("openssl", "openssl")
    return authority(tmp_path_factory.mktemp("tsa"))


@pytest.fixture
def log(tmp_path):
    made = Store(tmp_path / "s")
    keep_observations(made, 20)
    checkpoint(made)
    yield made
    made.close()


def stamped(house: Store, ca: Path, place: Path) -> bytes:
    query = place / "query.tsq"
    query.write_bytes(timestamp.request(timestamp.text_of(house, 1)))
    return stamp(ca, query).read_bytes()


def openssl_holds(text: Path, reply: Path, root: Path) -> bool:
    command = ["openssl", "ts", "-verify", "-data", text, "-in", reply, "-CAfile", root]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_checkpoint_is_stamped_kept_and_held_by_openssl(log, ca, tmp_path):
    reply = stamped(log, ca, tmp_path)
    number, at = timestamp.accept(log, 1, reply, (ca / "root.pem").read_bytes())
    assert number == 1
    assert abs(datetime.now(UTC) - at) < timedelta(hours=1)
    assert timestamp.accept(log, 1, reply, (ca / "root.pem").read_bytes())[0] == 1
    export(log, tmp_path / "e")
    # As docs/guide/audit.md says: what is stamped is the three lines of the checkpoint.
    text = tmp_path / "text"
    text.write_bytes(b"".join((tmp_path / "e/checkpoints/001").read_bytes().splitlines(keepends=True)[:3]))
    folder = tmp_path / "e/timestamps"
    assert (folder / "001-1.tsr").read_bytes() == reply
    assert openssl_holds(text, folder / "001-1.tsr", folder / "001-1.pem")
    text.write_bytes(text.read_bytes().replace(b"\n20\n", b"\n21\n"))
    assert not openssl_holds(text, folder / "001-1.tsr", folder / "001-1.pem")


def test_another_checkpoint_another_authority_and_rubbish_are_refused(log, ca, tmp_path):
    reply = stamped(log, ca, tmp_path)
    root = (ca / "root.pem").read_bytes()
    keep_observations(log, 1, start=20)
    checkpoint(log)
    other = (authority(tmp_path / "other") / "root.pem").read_bytes()
    for number, data, certificates in (
        (2, reply, root),
        (1, reply, other),
        (1, reply[:-1], root),
        (1, b"", root),
        (1, reply, b""),
        (1, reply, (ca / "signer.pem").read_bytes()),
    ):
        with pytest.raises(TimestampError):
            timestamp.accept(log, number, data, certificates)
    with log.database.read() as connection:
        assert connection.execute(timestamp.select(timestamp.timestamps)).all() == []


def test_a_reply_without_certificates_is_held_with_the_signers_beside_it(log, ca, tmp_path):
    text = timestamp.text_of(log, 1)
    (tmp_path / "text").write_bytes(text)
    query = tmp_path / "bare.tsq"
    openssl("ts", "-query", "-data", tmp_path / "text", "-sha256", "-out", query)
    reply = stamp(ca, query).read_bytes()
    with pytest.raises(TimestampError):
        timestamp.verify(reply, text, (ca / "root.pem").read_bytes())
    both = (ca / "root.pem").read_bytes() + (ca / "signer.pem").read_bytes()
    assert abs(datetime.now(UTC) - timestamp.verify(reply, text, both)) < timedelta(hours=1)


def test_what_was_changed_in_a_signed_part_is_refused(log, ca, tmp_path):
    """Parts of a reply are outside its signature: those, the digest of the row covers (test_fsck)."""
    reply = stamped(log, ca, tmp_path)
    root = (ca / "root.pem").read_bytes()
    text = timestamp.text_of(log, 1)
    draw = random.Random(4)
    sealed = timestamp.sealed_digest(reply, root)
    refused = 0
    for _ in range(100):
        changed = mutate.bytes_of(reply, draw)
        assert timestamp.sealed_digest(changed, root) != sealed
        try:
            timestamp.verify(changed, text, root)
        except TimestampError:
            refused += 1
    assert refused >= 90
