"""Blobs: named by their own digest, whole or absent, and never taken on trust."""

import hashlib
import os
import subprocess
import sys
import threading

import pytest

from evidence.small_disk import fill, small_disk
from ringfence.core.errors import InputError, StoreError
from ringfence.evidence.blobs import Blobs


@pytest.fixture
def blobs(tmp_path):
    return Blobs(tmp_path / "blobs")


def files(blobs):
    return [path for path in blobs.root.rglob("*") if path.is_file()]


def test_what_is_put_is_got_and_its_path_ends_in_its_digest(blobs):
    name = blobs.put("交易".encode())
    assert name == "sha256:" + hashlib.sha256("交易".encode()).hexdigest()
    assert blobs.get(name) == "交易".encode()
    assert "".join(blobs.path(name).parts[-1:]) == name.removeprefix("sha256:")


def test_the_same_bytes_are_kept_once_and_never_written_again(blobs):
    name = blobs.put(b"page")
    before = blobs.path(name).stat()
    assert blobs.put_many([b"page", b"page", b"other", b"page"]).count(name) == 3
    assert blobs.path(name).stat() == before
    assert len(files(blobs)) == 2


def test_digests_come_in_the_order_of_what_was_given(blobs):
    many = [str(number).encode() for number in range(100)]
    assert blobs.put_many(iter(many)) == ["sha256:" + hashlib.sha256(one).hexdigest() for one in many]
    assert sorted(map(blobs.get, blobs.put_many(many))) == sorted(many)


def test_a_changed_blob_is_noticed(blobs):
    name = blobs.put(b"what was seen")
    blobs.path(name).write_bytes(b"what was said")
    with pytest.raises(StoreError, match="changed") as refusal:
        blobs.get(name)
    assert refusal.value.hint


def test_a_cut_blob_is_noticed(blobs):
    name = blobs.put(b"what was seen")
    os.truncate(blobs.path(name), 4)
    with pytest.raises(StoreError, match="changed"):
        blobs.get(name)


def test_an_absent_blob_is_an_error_with_a_hint(blobs):
    with pytest.raises(StoreError) as refusal:
        blobs.get("sha256:" + 64 * "0")
    assert "redaction" in refusal.value.hint


@pytest.mark.parametrize(
    "name", ["", "sha256:", "../../etc/passwd", "sha256:" + 64 * "G", "sha256:" + 63 * "0",
             "SHA256:" + 64 * "0", "sha256:" + 64 * "0" + "\n", "sha256:../" + 61 * "0"],
)  # fmt: skip
def test_a_name_that_is_no_digest_never_becomes_a_path(blobs, name):
    with pytest.raises(InputError):
        blobs.path(name)


def test_many_may_put_the_same_bytes_at_once(blobs):
    failed = []

    def put():
        try:
            blobs.put_many([str(number).encode() for number in range(30)])
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=put) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert len(files(blobs)) == 30


def test_a_full_disk_is_said_leaves_no_half_blob_and_is_over_when_space_is_freed(tmp_path):
    with small_disk(tmp_path / "disk", 512) as disk:
        blobs = Blobs(disk / "blobs")
        first = blobs.put(b"kept")
        ballast = fill(disk, leave=40)
        for many in ([os.urandom(200_000)], [os.urandom(30_000) for _ in range(8)]):
            with pytest.raises(StoreError, match="disk is full") as refusal:
                blobs.put_many(many)
            assert "free some space" in refusal.value.hint
            assert [path for path in files(blobs) if path.name.startswith(".")] == []
        fill(disk)
        with pytest.raises(StoreError, match="disk is full"):
            blobs.put_many([str(number).encode() for number in range(60)])  # not even room for a folder
        assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in files(blobs))
        ballast.unlink()
        big = os.urandom(100_000)
        assert blobs.get(blobs.put(big)) == big
        assert blobs.get(first) == b"kept"


LIMITED = """
import os, resource, signal, sys
from pathlib import Path
from ringfence.core.errors import StoreError
from ringfence.evidence.blobs import Blobs
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
blobs = Blobs(Path(sys.argv[1]))
try:
    blobs.put(bytes(100_000))
except StoreError as error:
    print(error.message, "|", error.hint)
print(blobs.get(blobs.put(b"small")))
"""


def test_a_file_that_may_not_grow_is_said_in_the_same_way(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "blobs")], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("the disk is full") and "free some space" in done.stdout
    assert done.stdout.endswith("b'small'\n")
    assert [path.name for path in (tmp_path / "blobs").rglob(".*")] == []


KILLED = """
import os, sys
from pathlib import Path
from ringfence.evidence.blobs import Blobs
blobs = Blobs(Path(sys.argv[1]))
print("begun", flush=True)
while True:
    blobs.put_many([os.urandom(20_000) for _ in range(16)])
"""


def test_kill_9_never_leaves_a_blob_that_is_not_whole(tmp_path):
    root = tmp_path / "blobs"
    writer = subprocess.Popen([sys.executable, "-c", KILLED, str(root)], stdout=subprocess.PIPE)
    assert writer.stdout.readline() == b"begun\n"
    deadline = 2000
    while len([path for path in root.rglob("*") if path.is_file()]) < 50 and deadline:
        deadline -= 1
    writer.kill()
    writer.wait()
    writer.stdout.close()
    whole = [path for path in root.rglob("*") if path.is_file() and not path.name.startswith(".")]
    assert whole
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == path.name for path in whole)
