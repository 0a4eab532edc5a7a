"""Check what was published: keys, checkpoints, cosignatures, time stamps; nothing is missing from an end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select

from ringfence.core.errors import RingfenceError
from ringfence.core.note import Note, PublicKey
from ringfence.evidence import logkey
from ringfence.evidence.checkpoint import opened
from ringfence.evidence.cosigner import Cosigner
from ringfence.evidence.sealed import Problem
from ringfence.evidence.tables import COUNTED, checkpoints, cosignatures, count, log_keys, tallies, timestamps
from ringfence.evidence.timestamp import sealed_digest, verify


def check_published(connection: Connection, key_file: Path) -> tuple[dict[int, bytes], list[Problem]]:
    """The roots that were signed (size → root), and what is wrong. ``key_file`` is looked at if there."""
    problems = list(_tallies(connection))
    keys = connection.execute(select(log_keys).order_by(log_keys.c.number)).all()
    log_key: PublicKey | None = None
    known: dict[str, Cosigner] = {}
    for row in keys:
        try:
            if row.number == 1:
                log_key = PublicKey.from_text(row.vkey)
            else:
                known[row.vkey] = Cosigner.from_text(row.vkey)
            if row.vkey != row.vkey.strip():
                problems.append(Problem(f"log_keys {row.number}", "not in its one spelling"))
        except (RingfenceError, AttributeError, TypeError) as error:
            problems.append(Problem(f"log_keys {row.number}", f"not a key: {error}"))
    if key_file.exists():
        problems += _secret(key_file, log_key)
    roots: dict[int, bytes] = {}
    texts: dict[int, bytes] = {}
    for row in connection.execute(select(checkpoints).order_by(checkpoints.c.number)):
        where = f"checkpoint {row.number}"
        try:
            if log_key is None:
                problems.append(Problem(where, "the log has no key that could have signed it"))
                continue
            made, note = opened(row.note, log_key)
            if len(note.signatures) != 1:
                problems.append(Problem(where, "a signature stands there that is not the log's"))
        except (RingfenceError, AttributeError, TypeError) as error:
            problems.append(Problem(where, str(error)))
            continue
        if (row.size, row.root) != (made.size, made.root.hex()):
            problems.append(Problem(where, "its columns do not say what was signed"))
        if roots and made.size <= max(roots):
            problems.append(Problem(where, "it is not larger than the one before"))
        roots[made.size] = made.root
        texts[row.number] = note.text
    problems += _cosignatures(connection, texts, known)
    problems += _timestamps(connection, texts)
    return roots, problems


def _tallies(connection: Connection) -> Iterator[Problem]:
    for table in COUNTED:
        numbers = list(connection.execute(select(table.c.number).order_by(table.c.number)).scalars())
        if numbers != list(range(1, count(connection, table) + 1)):
            yield Problem(table.name, "rows are missing or were added, or the count was changed")
    known = {table.name for table in COUNTED}
    for what in connection.execute(select(tallies.c.what)).scalars():
        if what not in known:
            yield Problem(tallies.name, f"nothing is counted as {what}")


def _secret(path: Path, public: PublicKey | None) -> Iterator[Problem]:
    try:
        key = logkey.load(path)
    except RingfenceError as error:
        yield Problem(path.name, error.message)
        return
    if public is not None and key.public != public:
        yield Problem(path.name, "it is not the key that signed this log")
    if path.stat().st_mode & 0o077:
        yield Problem(path.name, "others than its owner may read it")


def _cosignatures(
    connection: Connection, texts: dict[int, bytes], known: dict[str, Cosigner]
) -> Iterator[Problem]:
    for row in connection.execute(select(cosignatures).order_by(cosignatures.c.number)):
        where = f"cosignature {row.number}"
        witness = known.get(row.vkey)
        text = texts.get(row.checkpoint)
        if witness is None or text is None:
            yield Problem(where, "its witness or its checkpoint is not known")
        elif not isinstance(row.signature, bytes):
            yield Problem(where, "it is no signature")
        elif witness.time(Note(text, ((witness.name, witness.id, row.signature),))) is None:
            yield Problem(where, f"{witness.name} did not sign checkpoint {row.checkpoint} so")


def _timestamps(connection: Connection, texts: dict[int, bytes]) -> Iterator[Problem]:
    for row in connection.execute(select(timestamps).order_by(timestamps.c.number)):
        where = f"timestamp {row.number}"
        text = texts.get(row.checkpoint)
        if not isinstance(row.reply, bytes) or not isinstance(row.roots, bytes):
            yield Problem(where, "it is no time stamp")
        elif sealed_digest(row.reply, row.roots) != row.digest:
            yield Problem(where, "the reply or its certificates were changed")
        elif text is None or not isinstance(text, bytes):
            yield Problem(where, "its checkpoint is not known")
        else:
            try:
                verify(row.reply, text, row.roots)
            except RingfenceError as error:
                yield Problem(where, error.message)
