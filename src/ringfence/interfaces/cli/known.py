"""What commands know of a store: its docket, and for the guard whose host is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.cases.docket import Cases
    from ringfence.enforce.guard import Context
    from ringfence.evidence.store import Store


def guard_context(house: Store) -> Context:
    """The guard's context: hosts of the register's subjects, and of every subject ever looked at.

    Who is known only because somebody looked there counts as a neighbour that must not be hit, but
    not as registered: looking at a popular site does not make it one that may be ordered.
    """
    from sqlalchemy import select

    from ringfence.enforce.guard import Context
    from ringfence.evidence.store import observations
    from ringfence.register.store import Register

    hosts: dict[str, str] = {}
    registered: set[str] = set()
    own: dict[str, str] = {}
    for subject in Register(house.database):
        registered.update(subject.hosts)
        hosts.update(dict.fromkeys(subject.hosts, subject.id))
        if subject.host is not None:
            own[subject.host] = subject.id
    with house.database.begin() as connection:
        for name in connection.execute(select(observations.c.subject).distinct()).scalars():
            if name.startswith("site:"):
                own[name.removeprefix("site:")] = name
    # A host that names a subject belongs to it, whatever other subject also lists it.
    return Context(registered=frozenset(registered), known_hosts={**hosts, **own})


def docket(house: Store) -> Cases:
    """The docket over a store, sealed into its log."""
    from ringfence.cases.docket import Cases
    from ringfence.evidence import log

    return Cases(house.database, log.seal)
