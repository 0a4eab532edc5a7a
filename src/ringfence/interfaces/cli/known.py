"""What commands know of a store: its docket, and for the guard whose host is whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.cases.docket import Cases
    from ringfence.enforce.cohosts import Cohosts
    from ringfence.enforce.guard import Context
    from ringfence.evidence.store import Store
    from ringfence.register.subject import Subject


def shipped_context(cohosts: Path | None = None) -> Context:
    """The guard's context without a store: the subjects of the bundled registers, which ship with the
    product, may be ordered however popular, and are nobody else's to hit."""
    from ringfence.enforce.guard import Context

    hosts = _shipped()
    return Context(registered=frozenset(hosts), known_hosts=hosts, cohosts=_read(cohosts))


def guard_context(house: Store, cohosts: Path | None = None) -> Context:
    """The guard's context: hosts of the register's subjects, bundled ones included, and of every
    subject ever looked at; and which names share an address.

    Who is known only because somebody looked there counts as a neighbour that must not be hit, but
    not as registered: looking at a popular site does not make it one that may be ordered.
    """
    from sqlalchemy import select

    from ringfence.enforce.guard import Context
    from ringfence.evidence.store import addresses, observations
    from ringfence.register.store import Register

    subjects = list(Register(house.database))
    # What the store says of a host goes before what the bundled lists say.
    hosts = {**_shipped(), **_hosts(subjects)}
    registered = frozenset(hosts)
    own: dict[str, str] = {}
    with house.database.begin() as connection:
        for name in connection.execute(select(observations.c.subject).distinct()).scalars():
            if name.startswith("site:"):
                own[name.removeprefix("site:")] = name
        seen = addresses(connection)
    # A host that names a subject belongs to it, whatever other subject also lists it.
    known = {**hosts, **own}
    return Context(registered=registered, known_hosts=known, seen=seen, cohosts=_read(cohosts))


def docket(house: Store) -> Cases:
    """The docket over a store, sealed into its log."""
    from ringfence.cases.docket import Cases
    from ringfence.core.settings import Settings
    from ringfence.evidence import log

    cases = Cases(house.database, log.seal)
    cases.most = Settings.read().account_orders
    return cases


def _read(cohosts: Path | None) -> Cohosts | None:
    from ringfence.enforce.cohosts import read_cohosts

    return read_cohosts(cohosts) if cohosts is not None else None


def _shipped() -> dict[str, str]:
    from ringfence.enforce.names import parents
    from ringfence.register.bundled import EDITIONS, bundled

    hosts = _hosts([subject for edition in sorted(EDITIONS) for subject in bundled(edition)])
    # The lists name some firms twice: what lies below another listed host is that host's.
    return {
        host: next(hosts[parent] for parent in reversed(parents(host)) if parent in hosts) for host in hosts
    }


def _hosts(subjects: list[Subject]) -> dict[str, str]:
    listed = {host: subject.id for subject in subjects for host in subject.hosts}
    return listed | {subject.host: subject.id for subject in subjects if subject.host is not None}
