"""Redaction: a body is erased because a person ordered it; the log still proves that it existed.

The order to erase is kept and sealed first, then the blob goes. A crash in between leaves an order that
`finish` carries out. What an observation says of the blob (its digest) stays, and says nothing more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Index, LargeBinary, String, Table, insert, select

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import agrees, append_only, metadata, refuse
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.ids import derived
from ringfence.core.time import stamp
from ringfence.evidence import log
from ringfence.evidence.sealed import ERASED, named_after, sealed
from ringfence.evidence.store import Store, observations

# Erasures, and the legal holds that forbid them. A hold ends by a row of its own.
redactions = Table(
    "redactions",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("act", String, nullable=False),  # erase, hold, release
    Column("blob", String, nullable=False),
    Column("person", String, nullable=False),
    Column("at", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("redactions_by_blob", "blob"),
    sqlite_with_rowid=False,
)
append_only(redactions)
sealed(redactions, "redaction", room=__name__, id=named_after("redaction"))
agrees(redactions, act="act", blob="blob", person="person", at="at")
_COUNT = "(select count(*) from redactions r where r.blob = new.blob and r.act = '{}')"
refuse(
    redactions, "of_three_kinds", "before insert", "a person erases, holds or releases",
    "coalesce(new.act, '') not in ('erase', 'hold', 'release') or coalesce(trim(new.person), '') = ''",
)  # fmt: skip
refuse(
    redactions, "held", "before insert", "a legal hold forbids this erasure",
    f"new.act = 'erase' and {_COUNT.format('hold')} > {_COUNT.format('release')}",
    lock="redactions where blob = new.blob",
)  # fmt: skip
refuse(
    redactions, "release_a_hold", "before insert", "there is no hold to release",
    f"new.act = 'release' and {_COUNT.format('hold')} <= {_COUNT.format('release')}",
    lock="redactions where blob = new.blob",
)  # fmt: skip


def _erased(connection: Connection) -> Iterable[str]:
    found = select(redactions.c.blob).where(redactions.c.act == "erase")
    return connection.execute(found).scalars().all()


ERASED.append(_erased)


class Redaction(msgspec.Struct, frozen=True):
    """``act`` is erase, hold or release; ``blob`` a digest; ``observations`` those whose capture it is;
    ``basis`` what asks for it (a statute, a retention period with its source, a request)."""

    act: str
    blob: str
    person: str
    reasons: str
    basis: str
    at: str
    salt: str
    observations: tuple[str, ...] = ()

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("redaction", digest(self.record))


def erase(store: Store, blob: str, person: str, reasons: str, basis: str) -> Redaction:
    """Erase a blob for good. Raises `RefusedError` under a legal hold, `InputError` without a person,
    reasons and basis, or for what is no capture of ours."""
    done = _order(store, "erase", blob, person, reasons, basis)
    finish(store)
    return done


def hold(store: Store, blob: str, person: str, reasons: str, basis: str) -> Redaction:
    """Forbid the erasure of a blob (a court, an appeal); each hold needs its own `release`."""
    return _order(store, "hold", blob, person, reasons, basis)


def release(store: Store, blob: str, person: str, reasons: str, basis: str) -> Redaction:
    """End a hold. Raises `RefusedError` where there is none."""
    return _order(store, "release", blob, person, reasons, basis)


def finish(store: Store) -> list[str]:
    """Remove every blob whose erasure is ordered and that is still there; returns their digests."""
    ordered = select(redactions.c.blob).where(redactions.c.act == "erase").distinct()
    with store.database.read() as connection:
        blobs = connection.execute(ordered).scalars().all()
    return [blob for blob in blobs if store.blobs.erase(blob)]


def _order(store: Store, act: str, blob: str, person: str, reasons: str, basis: str) -> Redaction:
    if not (person.strip() and reasons.strip() and basis.strip()):
        raise InputError("an erasure or hold needs a person, reasons and what asks for it")
    with store.database.begin() as connection:
        captured = select(observations.c.id).where(observations.c.capture == blob).order_by(observations.c.id)
        seen = tuple(connection.execute(captured).scalars())
        if not seen:
            raise InputError(f"no observation has the capture {blob}")
        rows = connection.execute(select(redactions.c.act).where(redactions.c.blob == blob)).scalars().all()
        held = rows.count("hold") - rows.count("release")
        if act == "erase" and held:
            raise RefusedError(
                "a legal hold forbids this erasure", hint="it ends when whoever set it releases it"
            )
        if act == "release" and not held:
            raise RefusedError("there is no hold to release")
        made = Redaction(
            act, blob, person, reasons.strip(), basis.strip(), stamp(), secrets.token_hex(16), seen
        )
        row: dict[str, Any] = {"act": act, "blob": blob, "person": person, "at": made.at}
        record = made.record
        connection.execute(insert(redactions).values(id=made.id, record=record, digest=digest(record), **row))
        log.append(connection, "redaction", made.id, record)
    return made
