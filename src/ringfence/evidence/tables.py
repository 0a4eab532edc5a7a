"""What the log has published: checkpoints, cosignatures, time stamps, and the keys that they rest on.

Nothing here can be changed or deleted through the database. The tallies show rows that somebody took
from the end of a table, which no numbering shows.
"""

from __future__ import annotations

from sqlalchemy import Column, Connection, Integer, LargeBinary, String, Table, UniqueConstraint, select

from ringfence.core.database import append_only, metadata

# The public keys: of the log (one, an Ed25519 key) and of the witnesses accepted (cosignature/v1).
log_keys = Table(
    "log_keys",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("vkey", String, nullable=False, unique=True),
)
append_only(log_keys)

# ``note`` is signed by the log alone; cosignatures are rows of their own.
checkpoints = Table(
    "checkpoints",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False, unique=True),
    Column("root", String, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
append_only(checkpoints)

cosignatures = Table(
    "cosignatures",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("checkpoint", Integer, nullable=False),
    Column("vkey", String, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    UniqueConstraint("checkpoint", "vkey"),
)
append_only(cosignatures)

# ``reply`` as the authority sent it (DER), ``roots`` the certificates it was held to (PEM), ``digest``
# the SHA-256 of both: parts of a reply are outside its signature.
timestamps = Table(
    "timestamps",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("checkpoint", Integer, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("roots", LargeBinary, nullable=False),
    Column("digest", String, nullable=False),
)
append_only(timestamps)

tallies = Table(
    "log_tallies",
    metadata,
    Column("what", String, primary_key=True),
    Column("count", Integer, nullable=False),
)

COUNTED = (log_keys, checkpoints, cosignatures, timestamps)


def count(connection: Connection, table: Table) -> int:
    """How many rows a counted table should have."""
    found = connection.execute(select(tallies.c.count).where(tallies.c.what == table.name)).scalar()
    return int(found or 0)


def add(connection: Connection, table: Table, **values: object) -> int:
    """Add a row under the next number, from 1, and count it; returns the number."""
    number = count(connection, table) + 1
    connection.execute(table.insert().values(number=number, **values))
    if number == 1:
        connection.execute(tallies.insert().values(what=table.name, count=1))
    else:
        connection.execute(tallies.update().where(tallies.c.what == table.name).values(count=number))
    return number
