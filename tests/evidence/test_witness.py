"""Witnesses: who has seen a log grow signs that it did, and never signs two histories."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from evidence import mutate
from evidence.logged import WITNESS, keep_observations
from ringfence.core.errors import InputError, RefusedError, RingfenceError
from ringfence.core.note import Note, NoteError, PublicKey, SecretKey
from ringfence.evidence.cosigner import Cosigner, cosign
from ringfence.evidence.export import export
from ringfence.evidence.publish import checkpoint
from ringfence.evidence.store import Store
from ringfence.evidence.witness import accept, witness

COSIGNER = Cosigner.of(WITNESS)


@pytest.fixture
def log(tmp_path):
    made = Store(tmp_path / "s")
    keep_observations(made, 20)
    yield made
    made.close()


def key_of(folder: Path) -> PublicKey:
    return PublicKey.from_text((folder / "public.vkey").read_text())


def test_a_key_is_read_as_it_is_written_and_is_not_a_logs(log):
    assert Cosigner.from_text(COSIGNER.to_text()) == COSIGNER
    assert COSIGNER.to_text() != WITNESS.public.to_text()
    for bad in (WITNESS.public.to_text(), COSIGNER.to_text()[:-2] + "==", "w1", COSIGNER.to_text() + "+"):
        with pytest.raises(NoteError):
            Cosigner.from_text(bad)


def test_a_log_that_grows_is_cosigned_each_time(log, tmp_path):
    state = tmp_path / "state"
    export(log, tmp_path / "e1")
    with pytest.raises(InputError, match="not known yet"):
        witness(tmp_path / "e1", WITNESS, state, 1, None)
    first = witness(tmp_path / "e1", WITNESS, state, 1_790_000_000, key_of(tmp_path / "e1"))
    assert COSIGNER.time(Note.from_bytes(first)) == 1_790_000_000
    assert accept(log, first, COSIGNER) == 1
    assert accept(log, first, COSIGNER) == 1
    for size, number in ((300, 2), (70, 3)):
        keep_observations(log, size, start=number * 1000)
        export(log, tmp_path / f"e{number}")
        note = witness(tmp_path / f"e{number}", WITNESS, state, 1_790_000_000 + number, None)
        assert accept(log, note, COSIGNER) == number
    export(log, tmp_path / "last")
    assert (tmp_path / "last" / "checkpoint").read_bytes() == note


def test_the_same_checkpoint_may_be_cosigned_again(log, tmp_path):
    export(log, tmp_path / "e")
    key = key_of(tmp_path / "e")
    first = witness(tmp_path / "e", WITNESS, tmp_path / "state", 1_790_000_000, key)
    again = witness(tmp_path / "e", WITNESS, tmp_path / "state", 1_790_000_060, key)
    assert Note.from_bytes(first).text == Note.from_bytes(again).text
    assert len(Note.from_bytes(again).signatures) == 2


def test_a_log_that_shrank_was_rewritten_or_is_another_is_refused(log, tmp_path):
    state = tmp_path / "state"
    export(log, tmp_path / "small")
    keep_observations(log, 20, start=20)
    export(log, tmp_path / "large")
    witness(tmp_path / "large", WITNESS, state, 1, key_of(tmp_path / "large"))
    remembered = state.read_bytes()
    with pytest.raises(RefusedError, match="shows fewer"):
        witness(tmp_path / "small", WITNESS, state, 2, None)
    fork = Store(tmp_path / "fork")
    shutil.copy(log.folder / "log.key", fork.folder / "log.key")
    keep_observations(fork, 50, start=500)
    export(fork, tmp_path / "forked")
    fork.close()
    with pytest.raises(RefusedError, match="rewritten"):
        witness(tmp_path / "forked", WITNESS, state, 3, None)
    other = Store(tmp_path / "other")
    export(other, tmp_path / "others")
    other.close()
    with pytest.raises(RefusedError, match="another log"):
        witness(tmp_path / "others", WITNESS, state, 4, key_of(tmp_path / "others"))
    assert state.read_bytes() == remembered


def test_a_state_that_cannot_be_read_is_never_taken_for_none(log, tmp_path):
    export(log, tmp_path / "e")
    (tmp_path / "state").write_text("{}")
    with pytest.raises(InputError, match="cannot read the witness's state"):
        witness(tmp_path / "e", WITNESS, tmp_path / "state", 1, key_of(tmp_path / "e"))


def test_a_changed_export_is_not_cosigned(log, tmp_path):
    export(log, tmp_path / "e")
    draw = random.Random(3)
    key = key_of(tmp_path / "e")
    for number in range(30):
        place = tmp_path / f"changed{number}"
        shutil.copytree(tmp_path / "e", place)
        done = mutate.file(draw.choice(sorted(path for path in place.rglob("*") if path.is_file())), draw)
        with pytest.raises(RingfenceError):
            witness(place, WITNESS, tmp_path / f"state{number}", 1, key)
        assert not (tmp_path / f"state{number}").exists(), done


def test_only_right_cosignatures_of_our_own_checkpoints_are_taken(log, tmp_path):
    made = checkpoint(log)
    text = made.checkpoint.to_text()
    note = Note.from_bytes(made.note)
    good = cosign(text, WITNESS, 1_790_000_000)
    other = SecretKey.generate(WITNESS.name)
    for signature in (
        cosign(text, other, 1_790_000_000),
        (good[0], good[1], bytes(8) + good[2][8:]),
        (good[0], good[1], good[2] + b"x"),
        (good[0], good[1], WITNESS.sign(text)),
    ):
        with pytest.raises(NoteError):
            accept(log, Note(text, (*note.signatures, signature)).to_bytes(), COSIGNER)
    beside = (good[0], good[1], bytes(72))  # a wrong one beside a right one
    with pytest.raises(NoteError):
        accept(log, Note(text, (*note.signatures, good, beside)).to_bytes(), COSIGNER)
    with pytest.raises(InputError, match="no checkpoint of this log"):
        accept(log, Note(text, (good,)).to_bytes(), COSIGNER)
    assert accept(log, Note(text, (*note.signatures, good)).to_bytes(), COSIGNER) == 1
