"""The export and the proofs, checked by a program that shares no code with us; and by our own."""

from __future__ import annotations

import gzip
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from evidence import mutate
from evidence.auditors import Auditor
from evidence.logged import NAME, WITNESS, keep_observations
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError, RingfenceError
from ringfence.core.note import Note, PublicKey, SecretKey
from ringfence.core.time import now
from ringfence.evidence import log
from ringfence.evidence.cosigner import Cosigner
from ringfence.evidence.examine import examine
from ringfence.evidence.export import export
from ringfence.evidence.proof import Proof
from ringfence.evidence.prove import prove
from ringfence.evidence.publish import checkpoint
from ringfence.evidence.store import Store
from ringfence.evidence.tile import Tile
from ringfence.evidence.warc import Capture
from ringfence.evidence.witness import accept, witness
from ringfence.interfaces.cli.common import opened

COSIGNER = Cosigner.of(WITNESS).to_text()


@pytest.fixture(scope="session")
def exported(everything: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("exported")
    shutil.copytree(everything, place / "s")
    with opened(place / "s") as house:
        export(house, place / "e")
    return place / "e"


@pytest.fixture(scope="session")
def proven(everything: Path, exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of p.tlog-proof (under the cosigned first checkpoint) and its record."""
    place = tmp_path_factory.mktemp("proven")
    shutil.copytree(everything, place / "s")
    with opened(place / "s") as house:
        with house.database.read() as connection:
            order = connection.execute(
                log.select(log.leaves.c.id).where(log.leaves.c.kind == "order").limit(1)
            ).scalar()
        found = prove(house, order)
    (place / "p.tlog-proof").write_bytes(found.proof.to_bytes())
    (place / "record").write_bytes(found.record)
    return place


def test_the_export_is_what_the_interface_says(exported: Path):
    files = {path.relative_to(exported).as_posix() for path in exported.rglob("*") if path.is_file()}
    others = {name for name in files if not name.startswith("tile/")}
    assert others == {
        "checkpoint", "public.vkey", "witness.vkeys", "checkpoints/001", "checkpoints/002", "checkpoints/003",
        "timestamps/001-1.tsr", "timestamps/001-1.pem",
    }  # fmt: skip
    for name in files - others:
        Tile.from_path(name)
    assert (exported / "public.vkey").read_text().startswith(f"{NAME}+")
    assert (exported / "witness.vkeys").read_text() == f"{COSIGNER}\n"
    assert (exported / "checkpoint").read_bytes() == (exported / "checkpoints" / "003").read_bytes()
    assert len(Note.from_bytes((exported / "checkpoints" / "001").read_bytes()).signatures) == 2


def test_the_independent_verifier_holds_it(exported: Path, auditor: Auditor):
    done = auditor.run("export", exported, exported / "public.vkey")
    assert done.returncode == 0, done.stdout
    assert f"3 checkpoints, root {examine(exported, public(exported)).checkpoint.root.hex()}" in done.stdout
    # The last checkpoint carries no cosignature: who asks for one is told.
    assert not auditor.holds("export", exported, exported / "public.vkey", COSIGNER)
    assert not auditor.holds("export", exported, SecretKey.generate(NAME).public.to_text())


def test_no_changed_export_is_held_by_either(exported: Path, tmp_path: Path, auditor: Auditor):
    """A sample; the rest is in `make bench-log`. Certificates and replies of time stamps: test_timestamp."""
    draw = random.Random(5)
    key = public(exported)
    files = sorted(
        path.relative_to(exported) for path in exported.rglob("*") if (path.is_file() and path.suffix == "")
        or path.name.endswith(".vkeys") or ".p" in path.as_posix()
    )  # fmt: skip
    files = [path for path in files if (exported / path).is_file() and path.parts[0] != "timestamps"]
    place = tmp_path / "e"
    shutil.copytree(exported, place)
    missed = []
    for number in range(120):
        path = files[number % len(files)]
        done = mutate.file(place / path, draw)
        if path.name == "witness.vkeys" and not (place / path).exists():
            # Without the witnesses' keys nothing says that there were any, but the note's own lines.
            assert not auditor.holds("export", place, key.to_text())
        elif auditor.holds("export", place, key.to_text()) or ours(place, key):
            missed.append(done)
        shutil.copy(exported / path, place / path)
    assert missed == []
    assert auditor.holds("export", place, key.to_text())


def test_tiles_beyond_the_checkpoint_are_refused(exported: Path, tmp_path: Path, auditor: Auditor):
    place = tmp_path / "e"
    shutil.copytree(exported, place)
    (place / "tile/2").mkdir()
    (place / "tile/2/000.p").mkdir()
    (place / "tile/2/000.p/1").write_bytes(bytes(32))
    assert not auditor.holds("export", place)
    assert not ours(place, public(place))


def test_a_fork_is_refused(tmp_path: Path, auditor: Auditor):
    """Two histories signed by the same key: a later checkpoint of the one above an earlier of the other."""
    exports = []
    for name, start in (("a", 0), ("b", 1000)):
        house = Store(tmp_path / name)
        if exports:
            shutil.copy(tmp_path / "a" / "log.key", tmp_path / "b" / "log.key")
        keep_observations(house, 20, start=start)
        export(house, tmp_path / f"{name}1")
        keep_observations(house, 20, start=start + 20)
        export(house, tmp_path / f"{name}2")
        house.close()
        exports.append(tmp_path / f"{name}2")
    assert all(auditor.holds("export", one) for one in exports)
    shutil.copy(exports[1] / "checkpoints" / "001", exports[0] / "checkpoints" / "001")
    assert not auditor.holds("export", exports[0])
    assert not ours(exports[0], public(exports[0]))


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 513, 65_536, 65_537])
def test_exports_of_any_size_are_held(tmp_path: Path, auditor: Auditor, size: int):
    house = Store(tmp_path / "s")
    with house.database.begin() as connection:
        log.append_many(connection, (("event", f"event:{number}", b"%d" % number) for number in range(size)))
    found = export(house, tmp_path / "e")
    assert found.size == size
    assert found.files == sum(path.is_file() for path in (tmp_path / "e").rglob("*"))
    assert auditor.holds("export", tmp_path / "e")
    for index in {0, size // 2, size - 1} if size else ():
        proof = prove(house, f"event:{index}").proof
        (tmp_path / "p").write_bytes(proof.to_bytes())
        assert auditor.holds("proof", tmp_path / "p", tmp_path / "e" / "public.vkey")
    house.close()


def test_an_export_never_writes_over_anything(house: Path, tmp_path: Path):
    (tmp_path / "there").mkdir()
    with opened(house) as store, pytest.raises(InputError, match="exists"):
        export(store, tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []


def test_an_export_that_would_not_hold_is_not_handed_out(house: Path, tmp_path: Path):
    with opened(house) as store:
        checkpoint(store)
        tile = next(path for path in (house / "log/tile/entries").rglob("*") if path.name == "000")
        tile.write_bytes(tile.read_bytes().replace(b"finding", b"findinh"))
        with pytest.raises(RingfenceError, match="would not hold"):
            export(store, tmp_path / "e")
    assert not list(tmp_path.glob("*e*.part")) and not (tmp_path / "e").exists()


def test_the_proof_of_an_order_is_held_without_a_store(proven: Path, exported: Path, auditor: Auditor):
    arguments = ("proof", proven / "p.tlog-proof", exported / "public.vkey", "-record", proven / "record")
    done = auditor.run(*arguments)
    assert done.returncode == 0, done.stdout
    assert digest((proven / "record").read_bytes()) in done.stdout


def test_every_bit_of_a_proof_counts(proven: Path, exported: Path, tmp_path: Path, auditor: Auditor):
    """Each bit for our own verifier; a sample for the independent one."""
    data = (proven / "p.tlog-proof").read_bytes()
    key = public(exported)
    assert Proof.from_bytes(data).verified(key).origin == NAME
    held = []
    for at in range(len(data) * 8):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        if proof_holds(bytes(changed), key):
            held.append(at)
    assert held == []
    draw = random.Random(1)
    for _ in range(100):
        (tmp_path / "p").write_bytes(mutate.bytes_of(data, draw))
        assert not auditor.holds("proof", tmp_path / "p", exported / "public.vkey")


def test_the_proof_carries_cosignatures(house: Path, tmp_path: Path, auditor: Auditor):
    with opened(house) as store:
        export(store, tmp_path / "e")
        key = public(tmp_path / "e")
        note = witness(tmp_path / "e", WITNESS, tmp_path / "state", 1_790_000_000, key)
        accept(store, note, Cosigner.of(WITNESS))
        with store.database.read() as connection:
            name = connection.execute(log.select(log.leaves.c.id).limit(1)).scalar()
        proof = prove(store, name).proof
        export(store, tmp_path / "e2")
    path = tmp_path / "p"
    path.write_bytes(proof.to_bytes())
    assert auditor.holds("proof", path, key.to_text(), COSIGNER)
    assert auditor.holds("export", tmp_path / "e2", key.to_text(), COSIGNER)
    other = Cosigner.of(SecretKey.generate("witness.example/w2")).to_text()
    assert not auditor.holds("proof", path, key.to_text(), COSIGNER, other)
    draw = random.Random(2)
    for _ in range(60):
        path.write_bytes(mutate.bytes_of(proof.to_bytes(), draw))
        assert not auditor.holds("proof", path, key.to_text(), COSIGNER)


def test_base64_with_other_padding_bits_is_refused(proven: Path, exported: Path, tmp_path: Path, auditor):
    """Go's own `note.Open` takes it."""
    text = (proven / "p.tlog-proof").read_text()
    root = text.split("\n\n")[1].split("\n")[2]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = root[-2]
    other = letters[letters.index(last) ^ 1]
    changed = text.replace(root, f"{root[:-2]}{other}=")
    assert changed != text
    (tmp_path / "p").write_text(changed)
    assert not auditor.holds("proof", tmp_path / "p", exported / "public.vkey")
    assert not proof_holds(changed.encode(), public(exported))


def test_warcio_checks_a_capture_that_was_kept(tmp_path: Path):
    capture = Capture({"software": "test"})
    response = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
    capture.http("https://venue.example/", b"GET / HTTP/1.1\r\n\r\n", response, b"hello", at=now(),
                 address="192.0.2.1", cut="")  # fmt: skip
    house = Store(tmp_path / "s")
    path = house.blobs.path(house.blobs.put(capture.to_bytes()))
    house.close()
    program = [str(Path(sys.executable).with_name("warcio")), "check"]
    assert subprocess.run([*program, path], check=False, capture_output=True).returncode == 0
    plain = gzip.decompress(path.read_bytes()).replace(b"hello", b"hullo")
    path = tmp_path / "changed.warc"
    path.write_bytes(plain)
    assert subprocess.run([*program, path], check=False, capture_output=True).returncode == 1


def public(folder: Path) -> PublicKey:
    return PublicKey.from_text((folder / "public.vkey").read_text())


def ours(folder: Path, key: PublicKey) -> bool:
    try:
        return not examine(folder, key).problems
    except RingfenceError:
        return False


def proof_holds(data: bytes, key: PublicKey) -> bool:
    try:
        Proof.from_bytes(data).verified(key)
    except RingfenceError:
        return False
    return True
