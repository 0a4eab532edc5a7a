"""Witness: somebody else who remembers how large the log was, and signs only if it has grown from there."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import msgspec
from sqlalchemy import select

from ringfence.core.errors import InputError, RefusedError
from ringfence.core.note import Note, NoteError, PublicKey, SecretKey
from ringfence.evidence.cosigner import Cosigner, cosign
from ringfence.evidence.examine import examine
from ringfence.evidence.publish import public_key, published, witnesses
from ringfence.evidence.store import Store
from ringfence.evidence.tables import add, cosignatures, log_keys


class Seen(msgspec.Struct, frozen=True):
    """What a witness remembers of a log: its key, and the latest size and root (hexadecimal)."""

    log: str
    size: int
    root: str


def witness(folder: Path, secret: SecretKey, state: Path, seconds: int, key: PublicKey | None) -> bytes:
    """Cosign the checkpoint of an export; returns the note with our line added.

    ``state`` is the file of what we saw last; ``key`` the log's public key, needed the first time, since
    an export that names its own key proves nothing. Raises `RefusedError` where the export does not hold
    or is not a continuation of what we saw. What we saw is on the disk before our signature exists.
    """
    seen = _read(state)
    if seen is None and key is None:
        raise InputError("the log's key is not known yet", hint="give its public key with --log, once")
    known = PublicKey.from_text(seen.log) if seen else None
    log = key or known
    if log is None or (known is not None and log != known):
        raise RefusedError("this is another log than the one in the state", hint="keep one state a log")
    found = examine(folder, log, (seen.size,) if seen else ())
    if found.problems:
        first = found.problems[0]
        raise RefusedError(f"the export does not hold: {first.where}: {first.what}")
    if seen is not None:
        if found.checkpoint.size < seen.size:
            raise RefusedError(f"the log had {seen.size} entries when we saw it, and shows fewer now")
        if found.roots[seen.size].hex() != seen.root:
            raise RefusedError(
                f"the first {seen.size} entries are not those that we saw: the log was rewritten"
            )
    _write(state, Seen(log.to_text(), found.checkpoint.size, found.checkpoint.root.hex()))
    note = Note.from_bytes(found.note)
    ours = Cosigner.of(secret)
    others = tuple(line for line in note.signatures if line[:2] != (ours.name, ours.id))
    return Note(note.text, (*others, cosign(note.text, secret, seconds))).to_bytes()


def accept(house: Store, data: bytes, cosigner: Cosigner) -> int:
    """Take a witness's cosignature of one of our checkpoints back; returns the checkpoint's number.

    The witness is one of ours from then on. Raises `NoteError` where it did not sign, `InputError` where
    the checkpoint is none of ours. The first cosignature of a checkpoint by a witness stays.
    """
    note = Note.from_bytes(data)
    if cosigner.time(note) is None:
        raise NoteError(f"no cosignature by {cosigner.name} in this checkpoint, or a wrong one")
    value = next(value for name, id_, value in note.signatures if (name, id_) == (cosigner.name, cosigner.id))
    with house.database.begin() as connection:
        ours = [one.number for one in published(connection) if one.checkpoint.to_text() == note.text]
        key = public_key(connection)
        if not ours or key is None or not note.signed_by(key):
            raise InputError("this is no checkpoint of this log", hint="give the note that the witness wrote")
        if cosigner not in witnesses(connection):
            add(connection, log_keys, vkey=cosigner.to_text())
        same = (cosignatures.c.checkpoint == ours[0], cosignatures.c.vkey == cosigner.to_text())
        if connection.execute(select(cosignatures.c.number).where(*same)).first() is None:
            add(connection, cosignatures, checkpoint=ours[0], vkey=cosigner.to_text(), signature=value)
    return ours[0]


def _read(state: Path) -> Seen | None:
    try:
        return msgspec.json.decode(state.read_bytes(), type=Seen)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise InputError(
            f"cannot read the witness's state {state}", hint="restore it: without it, nothing is witnessed"
        ) from error


def _write(state: Path, seen: Seen) -> None:
    beside = state.with_name(f".{state.name}.{secrets.token_hex(4)}")
    try:
        with beside.open("xb") as file:
            file.write(msgspec.json.encode(seen) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(state)
        handle = os.open(state.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(f"cannot write {state}: {error.strerror}", hint="name another --state") from error
