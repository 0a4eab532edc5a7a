"""Redaction: the body goes, the proof that it existed and of who had it erased stays."""

import pytest
from sqlalchemy import select

from engines import Raw, Refused
from evidence.test_store import an_observation
from ringfence.cases.people import People
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError, RefusedError, StoreError
from ringfence.evidence import log
from ringfence.evidence.backup import backup
from ringfence.evidence.blobs import Blobs
from ringfence.evidence.log import leaves
from ringfence.evidence.redaction import erase, finish, hold, release
from ringfence.evidence.store import Store, keep

ORDER = ("li", "the account holder asked for it", "GDPR Art. 17(1)(d)")


@pytest.fixture
def store(tmp_path, place):
    made = Store(tmp_path / "store", place if isinstance(place, str) else None)
    people = People(made.database, log.seal)
    people.add("li", "Li", "administrator")
    people.add("wang", "Wang", "administrator", actor="li")
    yield made
    made.close()


@pytest.fixture
def blob(store):
    import msgspec

    name = store.blobs.put(b"what somebody wrote")
    with store.database.begin() as connection:
        keep(connection, msgspec.structs.replace(an_observation(), capture=name))
    return name


def kinds(store):
    with store.database.read() as connection:
        every = connection.execute(select(leaves.c.kind).order_by(leaves.c.idx)).scalars().all()
    return [kind for kind in every if kind != "event"]  # people were added


def test_the_body_goes_and_the_proof_stays(store, blob, tmp_path):
    made = erase(store, blob, *ORDER)
    with pytest.raises(StoreError, match="no blob"):
        store.blobs.get(blob)
    assert kinds(store) == ["evidence", "redaction"]
    with store.database.read() as connection:
        said = connection.execute(select(leaves.c.digest).where(leaves.c.id == made.id)).scalar()
    assert said == digest(made.record) and made.person == "li" and len(made.observations) == 1
    backup(store, tmp_path / "backup")  # a store with a redaction is whole


def test_what_a_killed_writer_left_of_it_goes_too(store, blob):
    half = store.blobs.path(blob).with_name(f".{blob.removeprefix('sha256:')}.0a1b2c3d")
    half.write_bytes(b"what somebody")
    erase(store, blob, *ORDER)
    assert not half.exists()


def test_a_capture_that_is_gone_without_an_order_is_a_loss(store, blob, tmp_path):
    store.blobs.erase(blob)
    with pytest.raises(StoreError, match="capture"):
        backup(store, tmp_path / "backup")


def test_a_hold_forbids_it_until_it_is_released(store, blob):
    hold(store, blob, "wang", "an appeal is open", "our own rule")
    with pytest.raises(RefusedError, match="hold"):
        erase(store, blob, *ORDER)
    assert store.blobs.get(blob)
    release(store, blob, "wang", "the appeal is over", "our own rule")
    with pytest.raises(RefusedError, match="no hold"):
        release(store, blob, "wang", "once more", "our own rule")
    erase(store, blob, *ORDER)
    assert kinds(store) == ["evidence", "redaction", "redaction", "redaction"]


def test_an_order_that_a_crash_left_is_carried_out(store, blob, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(Blobs, "erase", lambda *_: False)  # between the record and the file
        erase(store, blob, *ORDER)
    assert store.blobs.get(blob)
    assert finish(store) == [blob] and finish(store) == []


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_nobody_erases_without_a_person_reasons_and_basis(store, blob, missing):
    said = [" " if at == missing else word for at, word in enumerate(ORDER)]
    with pytest.raises(InputError):
        erase(store, blob, *said)
    with pytest.raises(InputError, match="no observation"):
        erase(store, "sha256:" + "0" * 64, *ORDER)
    assert store.blobs.get(blob) and kinds(store) == ["evidence"]


def test_the_database_holds_it_too(store, blob, place, tmp_path):
    hold(store, blob, "wang", "an appeal is open", "our own rule")
    record = {
        "sqlite": "cast(json_set(cast(record as text), '$.act', 'erase') as blob)",
        "postgresql": """convert_to((convert_from(record, 'UTF8')::jsonb
            || '{"act": "erase"}')::text, 'UTF8')""",
    }
    with Raw(place if isinstance(place, str) else store.database.path) as raw:
        copy = f"select 'x', 'erase', blob, person, at, {record[raw.kind]}, '' from redactions"
        with pytest.raises(Refused, match="legal hold"):
            raw.execute(f"insert into redactions (id, act, blob, person, at, record, digest) {copy}")
        for statement in ("delete from redactions", "update redactions set person = 'x'"):
            with pytest.raises(Refused):
                raw.execute(statement)
