"""Redaction: a body is erased because a person ordered it; the log still proves that it existed.

The order to erase is kept and sealed first, then the blob goes. A crash in between leaves an order that
`finish` carries out. What an observation says of the blob (its digest) stays, and says nothing more.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, Index, LargeBinary, String, Table, Text, insert, select
from sqlalchemy.exc import IntegrityError

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import agrees, append_only, metadata, refuse, said
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.ids import derived
from ringfence.core.time import stamp
from ringfence.evidence import log
from ringfence.evidence import retention_order as retention_order  # the rules below look into its table
from ringfence.evidence.sealed import ERASED, LEFT, named_after, sealed
from ringfence.evidence.store import Store, observations

# Erasures, and the legal holds that forbid them: of one blob, of the words in one record (``row_id``, of
# which ``remainder`` is left), or of everything that a case or order (``scope``) rests on. ``case_id`` is
# the case of a record or scope. A hold ends by a row of its own.
redactions = Table(
    "redactions",
    metadata,
    Column("id", String, primary_key=True, nullable=False),
    Column("act", String, nullable=False),  # erase, hold, release
    Column("blob", String),
    Column("scope", String),
    Column("row_id", String),
    Column("remainder", Text),
    Column("case_id", String),
    Column("standing", String),  # the retention order that an erasure carries out
    Column("person", String, nullable=False),
    Column("at", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
    Index("redactions_by_blob", "blob"),
    Index("redactions_by_scope", "scope"),
    Index("redactions_by_row", "row_id"),
    Index("redactions_by_case", "case_id"),
    sqlite_with_rowid=False,
)
append_only(redactions)
sealed(redactions, "redaction", room=__name__, id=named_after("redaction"), case_id="case", row_id="row")
agrees(
    redactions, act="act", blob="blob", scope="scope", row_id="row", remainder="remainder", case_id="case",
    standing="standing", person="person",
    at="at",
)  # fmt: skip
_COUNT = """(select count(*) from redactions r where r.blob is new.blob and r.scope is new.scope
  and r.row_id is new.row_id and r.act = '{}')"""
# What two sessions could race for: the observations of a blob are there as long as the store is.
_LOCK = "observations where capture = new.blob"
refuse(
    redactions, "of_three_kinds", "before insert", "a person erases, holds or releases",
    """coalesce(new.act, '') not in ('erase', 'hold', 'release') or coalesce(trim(new.person), '') = ''
      or case when new.blob is null then 0 else 1 end + case when new.scope is null then 0 else 1 end
        + case when new.row_id is null then 0 else 1 end <> 1
      or (new.blob is null) = (new.case_id is null)
      or (new.act = 'erase' and new.scope is not null)
      or (new.remainder is null) = (new.act = 'erase' and new.row_id is not null)
      or (new.standing is not null and (new.act <> 'erase' or new.blob is null))""",
)  # fmt: skip
refuse(
    redactions, "held", "before insert", "a legal hold forbids this erasure",
    f"new.act = 'erase' and {_COUNT.format('hold')} > {_COUNT.format('release')}",
    lock=_LOCK,
)  # fmt: skip
refuse(
    redactions, "release_a_hold", "before insert", "there is no hold to release",
    f"new.act = 'release' and {_COUNT.format('hold')} <= {_COUNT.format('release')}",
    lock=(_LOCK, "redactions where scope = new.scope"),
)  # fmt: skip
refuse(
    redactions, "by_standing_order", "before insert", "no retention order in force orders this erasure",
    """new.standing is not null and not exists (select 1 from retention_orders o where o.id = new.standing
      and o.act = 'order' and o.person = new.person and o.at <= new.at and o.until > new.at
      and not exists (select 1 from retention_orders e where e.about = o.id and e.act = 'end'))""",
    lock="retention_orders where id = new.standing",
)  # fmt: skip


def _erased(connection: Connection) -> Iterable[str]:
    found = select(redactions.c.blob).where(redactions.c.act == "erase")
    return [blob for blob in connection.execute(found).scalars() if blob]


ERASED.append(_erased)


def _left(connection: Connection) -> dict[str, str]:
    found = (
        select(redactions.c.row_id, redactions.c.remainder)
        .where(redactions.c.act == "erase", redactions.c.row_id.is_not(None))
        .order_by(redactions.c.at)
    )
    return {name: digest(text.encode()) for name, text in connection.execute(found)}


LEFT.append(_left)


class Redaction(msgspec.Struct, frozen=True):
    """``act`` is erase, hold or release; of a ``blob`` (its digest; ``observations`` are those whose
    capture it is), of the words in a record (the id ``row``; ``remainder`` is the canonical record that is
    left), or of everything that a case or order (``scope``) rests on; ``case`` is theirs. ``basis`` is
    what asks for it: a statute, a request, a retention period with its source. An erasure by expiry names
    the ``standing`` retention order, whose ``person`` ordered it, and the first day it was ``due``."""

    act: Literal["erase", "hold", "release"]
    blob: str | None
    person: str
    reasons: str
    basis: str
    at: str
    salt: str
    observations: tuple[str, ...] = ()
    scope: str | None = None
    case: str | None = None
    standing: str | None = None
    due: str | None = None
    row: str | None = None
    remainder: str | None = None

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content."""
        return derived("redaction", digest(self.record))

    @property
    def target(self) -> str:
        """What it is about: the digest of a blob, or the id of a record, case or order."""
        return self.blob or self.row or self.scope or ""


def erase(
    store: Store,
    blob: str,
    person: str,
    reasons: str,
    basis: str,
    *,
    at: datetime | None = None,
    standing: str | None = None,
    due: str | None = None,
) -> Redaction:
    """Erase a blob for good. Raises `RefusedError` under a legal hold or where the database refuses,
    `InputError` without a person, reasons and basis, or for what is no capture of ours."""
    made = Redaction(
        "erase", blob, person, reasons, basis, stamp(at), secrets.token_hex(16), standing=standing, due=due
    )
    done = _keep(store, made)
    store.blobs.erase(blob)
    return done


def hold(
    store: Store,
    target: str,
    person: str,
    reasons: str,
    basis: str,
    *,
    case: str | None = None,
    at: datetime | None = None,
) -> Redaction:
    """Forbid the erasure of a blob, or of everything that a case or order rests on (``case`` is the case
    then): a court, an appeal. Each hold needs its own `release`."""
    return _keep(store, _about("hold", target, person, reasons, basis, case, at))


def release(
    store: Store,
    target: str,
    person: str,
    reasons: str,
    basis: str,
    *,
    case: str | None = None,
    at: datetime | None = None,
) -> Redaction:
    """End a hold. Raises `RefusedError` where there is none."""
    return _keep(store, _about("release", target, person, reasons, basis, case, at))


def finish(store: Store) -> list[str]:
    """Remove every blob whose erasure is ordered and that is still there; returns their digests."""
    with store.database.read() as connection:
        blobs = sorted(set(_erased(connection)))
    return [blob for blob in blobs if store.blobs.erase(blob)]


def holds(connection: Connection) -> list[Redaction]:
    """The holds that last, oldest first. A release ends the oldest of its target."""
    lasting: dict[str, list[Redaction]] = {}
    for one in _read(connection, redactions.c.act != "erase"):
        if one.act == "hold":
            lasting.setdefault(one.target, []).append(one)
        elif lasting.get(one.target):
            lasting[one.target].pop(0)
    return sorted((one for left in lasting.values() for one in left), key=lambda one: (one.at, one.id))


def erasure(connection: Connection, blob: str) -> Redaction | None:
    """The order by which a blob was erased; None if none was given."""
    return next(iter(_read(connection, redactions.c.act == "erase", redactions.c.blob == blob)), None)


def any_erasure(connection: Connection) -> bool:
    """Whether any erasure was ever ordered."""
    found = select(redactions.c.id).where(redactions.c.act == "erase").limit(1)
    return connection.execute(found).first() is not None


def gone(done: Redaction) -> str:
    """An erasure in words, for whoever asks for the body."""
    return f"the body {done.blob} was erased by order of {done.person} at {done.at} ({done.id}): {done.basis}"


def _read(connection: Connection, *where: object) -> list[Redaction]:
    found = select(redactions.c.record).where(*where).order_by(redactions.c.at, redactions.c.id)  # type: ignore[arg-type]
    return [msgspec.json.decode(record, type=Redaction) for record in connection.execute(found).scalars()]


def _about(
    act: Literal["hold", "release"],
    target: str,
    person: str,
    reasons: str,
    basis: str,
    case: str | None,
    at: datetime | None,
) -> Redaction:
    blob, scope = (target, None) if case is None else (None, target)
    salt = secrets.token_hex(16)
    return Redaction(act, blob, person, reasons, basis, stamp(at), salt, scope=scope, case=case)


def _keep(store: Store, made: Redaction) -> Redaction:
    with refusals(), store.database.begin() as connection:
        if made.blob is not None:
            captured = select(observations.c.id).where(observations.c.capture == made.blob)
            seen = tuple(connection.execute(captured.order_by(observations.c.id)).scalars())
            if not seen:
                raise InputError(f"no observation has the capture {made.blob}")
            made = msgspec.structs.replace(made, observations=seen)
        return enter(connection, made)


def enter(connection: Connection, made: Redaction) -> Redaction:
    """Keep and seal a redaction in the caller's transaction. Raises `InputError` without a person, reasons
    and basis."""
    reasons, basis = made.reasons.strip(), made.basis.strip()
    if not (made.person.strip() and reasons and basis):
        raise InputError("an erasure or hold needs a person, reasons and what asks for it")
    made = msgspec.structs.replace(made, reasons=reasons, basis=basis)
    record = made.record
    connection.execute(
        insert(redactions).values(
            id=made.id, act=made.act, blob=made.blob, scope=made.scope, row_id=made.row,
            remainder=made.remainder, case_id=made.case, standing=made.standing, person=made.person,
            at=made.at, record=record, digest=digest(record),
        )
    )  # fmt: skip
    log.append(connection, "redaction", made.id, record)
    return made


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal by the database reads like one of ours."""
    try:
        yield
    except IntegrityError as error:
        hint = "it ends when a person releases it" if "hold forbids" in said(error) else ""
        raise RefusedError(said(error), hint=hint) from error
