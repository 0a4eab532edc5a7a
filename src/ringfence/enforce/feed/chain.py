"""Chain: the links of a feed, made again from the artefacts in the store whenever they are needed.

Nothing else remembers the chain, so no two places can disagree about it: a store that was rolled back
makes another chain, and recipients see the fork.
"""

from __future__ import annotations

from sqlalchemy import func, select

from ringfence.core.database import Database
from ringfence.core.errors import StoreError
from ringfence.enforce.artefact import artefacts
from ringfence.enforce.feed.head import Link, Payload
from ringfence.enforce.targets.feed import NAME


def chain(database: Database, name: str, *, laboratory: bool, target: str = NAME) -> list[Link]:
    """Every link of the feed of this name (of a target that is signed), the oldest first; empty before the
    first publication."""
    found = (
        select(artefacts.c.serial, artefacts.c.content_digest, func.length(artefacts.c.content))
        .where(artefacts.c.target == target, artefacts.c.laboratory == laboratory)
        .order_by(artefacts.c.seq)
    )
    links: list[Link] = []
    with database.read() as connection:
        for serial, content, size in connection.execute(found):
            last = links[-1] if links else None
            previous = (last.serial, last.digest) if last else None
            links.append(Link(name, serial, laboratory, Payload(content, size), previous))
    return links


def content(database: Database, link: Link, target: str = NAME) -> bytes:
    """The snapshot behind a link. Raises `StoreError` where the store does not hold it."""
    found = select(artefacts.c.content).where(
        artefacts.c.target == target,
        artefacts.c.laboratory == link.laboratory,
        artefacts.c.serial == link.serial,
        artefacts.c.content_digest == link.snapshot.digest,
    )
    with database.read() as connection:
        held: bytes | None = connection.execute(found).scalar()
    if held is None:
        raise StoreError(f"the store does not hold the feed of serial {link.serial}")
    return held
