"""The store of what was seen: blobs as files, observations as rows, each with its leaf in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, Connection, LargeBinary, String, Table, select

from ringfence.core.canonical import canonical, digest
from ringfence.core.database import Database, append_only, metadata
from ringfence.core.errors import StoreError
from ringfence.core.ids import derived
from ringfence.evidence import log
from ringfence.evidence import tables as tables  # a store has a log, whatever the command needs itself
from ringfence.evidence.blobs import Blobs
from ringfence.evidence.observation import Observation
from ringfence.evidence.sealed import named_after, sealed

observations = Table(
    "observations",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("vantage", String, nullable=False),
    Column("role", String, nullable=False),
    Column("started", String, nullable=False),
    Column("capture", String, nullable=False, index=True),
    Column("laboratory", Boolean, nullable=False),
    Column("record", LargeBinary, nullable=False),
)
append_only(observations)
sealed(observations, "evidence", room=__name__, id=named_after("observation"), blobs=("capture",))

DATABASE_FILE = "ringfence.sqlite"


class Store:
    """The store: blobs as files under one folder, and the database beside them as one SQLite file, or at
    the PostgreSQL ``address``. Created on first use; raises `StoreError` if it cannot be."""

    def __init__(self, folder: Path, address: str | None = None) -> None:
        self.folder = folder
        self.address = address
        try:
            # The database first: a folder that holds somebody else's gets nothing from us, and for an
            # address that cannot be used none is made.
            if address is None:
                folder.mkdir(parents=True, exist_ok=True)
            self.database = Database(address or folder / DATABASE_FILE)
            folder.mkdir(parents=True, exist_ok=True)
            self.blobs = Blobs(folder / "blobs")
        except OSError as error:
            raise StoreError(
                f"cannot make a store at {folder}: {error.strerror}",
                hint="name a folder that you may write to with --store",
            ) from error

    def close(self) -> None:
        """Close the database."""
        self.database.close()

    def observation(self, observation_id: str) -> Observation:
        """One observation. Raises `StoreError` if there is none with this id."""
        with self.database.read() as connection:
            record = connection.execute(
                select(observations.c.record).where(observations.c.id == observation_id)
            ).scalar()
        if record is None:
            raise StoreError(f"no observation {observation_id}", hint="see ringfence screen")
        return msgspec.json.decode(record, type=Observation)


def observation_id(observation: Observation) -> str:
    """Derived from the canonical record, so the same observation kept twice is one."""
    return derived("observation", digest(canonical(observation)))


def keep(connection: Connection, observation: Observation) -> str:
    """Keep an observation whose capture is already a blob; returns its id."""
    record = canonical(observation)
    name = derived("observation", digest(record))
    connection.execute(
        observations.insert().values(
            id=name,
            subject=observation.subject,
            vantage=observation.vantage,
            role=observation.role,
            started=observation.started,
            capture=observation.capture,
            laboratory=observation.laboratory,
            record=record,
        )
    )
    log.append(connection, "evidence", name, record)
    return name


def all_observations(connection: Connection) -> Iterator[tuple[str, Observation]]:
    """Every observation with its id, in order of id."""
    rows = connection.execute(
        select(observations.c.id, observations.c.record).order_by(observations.c.id),
        execution_options={"yield_per": 200},
    )
    for name, record in rows:
        yield name, msgspec.json.decode(record, type=Observation)


def of_capture(connection: Connection, capture: str) -> list[dict[str, Any]]:
    """The observations whose capture a blob is: id, subject, vantage, start of each and whether it was made
    in the laboratory, in order of id."""
    names = ("id", "subject", "vantage", "started", "laboratory")
    wanted = select(*(observations.c[name] for name in names)).where(observations.c.capture == capture)
    rows = connection.execute(wanted.order_by(observations.c.id)).mappings()
    return [dict(row) for row in rows]


def addresses(connection: Connection) -> dict[str, frozenset[str]]:
    """Every host seen and the addresses that the outside resolvers gave for it, latest look first."""
    found: dict[str, frozenset[str]] = {}
    rows = connection.execute(
        select(observations.c.record)
        .where(observations.c.role == "outside")
        .order_by(observations.c.started.desc()),
        execution_options={"yield_per": 200},
    )
    for record in rows.scalars():
        observation = msgspec.json.decode(record, type=Observation)
        for exchange in observation.exchanges:
            for hop in exchange.hops:
                if hop.dns is not None and hop.dns.addresses and hop.host not in found:
                    found[hop.host] = frozenset(hop.dns.addresses)
    return found
