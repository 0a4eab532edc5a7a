"""People and the roles they hold, from when until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from ringfence.cases.event import record_event
from ringfence.cases.refusals import refused
from ringfence.cases.roles import ROLES
from ringfence.cases.seal import Seal
from ringfence.cases.tables import people, roles
from ringfence.core.database import Database
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.ids import reference
from ringfence.core.time import now, stamp


class Role(msgspec.Struct, frozen=True):
    """One grant: [since, until); ``until`` None while it lasts."""

    role: str
    since: str
    until: str | None = None


class Person(msgspec.Struct, frozen=True):
    """Somebody who acts. ``id`` is what records carry; the name stays in this table."""

    id: str
    name: str
    roles: tuple[Role, ...] = ()

    def holds(self, role: str, at: str) -> bool:
        """Whether this person holds a role at an instant (a UTC stamp)."""
        return any(
            grant.role == role and grant.since <= at and (grant.until is None or grant.until > at)
            for grant in self.roles
        )


FOUNDER = "administrator"  # acts until the first administrator is named, and never after


class People:
    """The list of people. Every change is an event in the log; nothing is deleted.

    ``actor`` is who changes the list: an administrator. A new store has none, so whoever sets it up
    founds it (`FOUNDER`) until the first administrator is named; the last one stays."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], datetime] = now) -> None:
        self.database = database
        self.seal = seal
        self.clock = clock

    def add(self, person: str, name: str, *granted: str, actor: str = FOUNDER) -> Person:
        """Add a person with roles from now on; a person already there only gains the missing roles.

        Raises `InputError` for an unknown role or an empty id, `RefusedError` when the id belongs
        to another name, the actor is no administrator, or a role is held alone (`roles.ALONE`).
        """
        if not person.strip() or not name.strip():
            raise InputError("a person needs an id and a name")
        for role in granted:
            _known(role)
        at = stamp(self.clock())
        with self._act() as connection:
            _may(connection, actor, at)
            there = connection.execute(select(people.c.name).where(people.c.id == person)).scalar()
            if there is None:
                connection.execute(insert(people).values(id=person, name=name, added_at=at))
                record_event(connection, self.seal, "added", at, actor, about=person, body={"name": name})
            elif there != name:
                raise RefusedError(f"{person} is somebody else's id", hint="choose another id")
            for role in granted:
                if not _holds(connection, person, role, at):
                    self._grant(connection, person, role, at, actor)
        return self.get(person)

    def grant(self, person: str, role: str, *, actor: str = FOUNDER) -> Person:
        """Give a role from now on."""
        return self.add(person, self.get(person).name, role, actor=actor)

    def end(self, person: str, role: str, *, actor: str = FOUNDER) -> Person:
        """End a role now; what was approved under it before stays. Raises `RefusedError` if not held."""
        _known(role)
        at = stamp(self.clock())
        with self._act() as connection:
            _may(connection, actor, at)
            ended = connection.execute(
                update(roles)
                .where(roles.c.person == person, roles.c.role == role, roles.c.until.is_(None))
                .values(until=at, ended_by=actor)
            )
            if not ended.rowcount:
                raise RefusedError(f"{person} does not hold the role {role}")
            record_event(connection, self.seal, "ended", at, actor, about=person, body={"role": role})
        return self.get(person)

    def get(self, person: str) -> Person:
        """One person. Raises `InputError` if unknown."""
        for found in self.list():
            if found.id == person:
                return found
        raise InputError(f"no such person: {person!r}", hint="add the person first, with the role they need")

    def list(self) -> list[Person]:
        """Everybody, by id."""
        with self.database.read() as connection:
            held: dict[str, list[Role]] = {}
            for row in connection.execute(select(roles).order_by(roles.c.since, roles.c.role)):
                held.setdefault(row.person, []).append(Role(row.role, row.since, row.until))
            return [
                Person(row.id, row.name, tuple(held.get(row.id, ())))
                for row in connection.execute(select(people).order_by(people.c.id))
            ]

    @contextmanager
    def _act(self) -> Iterator[Connection]:
        """A transaction in which a refusal by the database reads like one of ours."""
        try:
            with self.database.begin() as connection:
                yield connection
        except IntegrityError as error:
            raise refused(error) from error

    def _grant(self, connection: Connection, person: str, role: str, at: str, actor: str) -> None:
        grant = reference("RO")
        connection.execute(
            insert(roles).values(id=grant, person=person, role=role, since=at, until=None, granted_by=actor)
        )
        body = {"role": role, "grant": grant}
        record_event(connection, self.seal, "granted", at, actor, about=person, body=body)


def _known(role: str) -> None:
    if role not in ROLES:
        raise InputError(f"unknown role: {role!r}", hint=f"one of {', '.join(ROLES)}")


def _may(connection: Connection, actor: str, at: str) -> None:
    """Refuse a change of the list by anybody but an administrator, once there has been one."""
    founded = select(roles.c.id).where(roles.c.role == "administrator")
    if connection.execute(founded.limit(1)).first() is None:
        return
    if not _holds(connection, actor, "administrator", at):
        raise RefusedError(
            "only an administrator changes the list of people",
            hint="name one with --by: see ringfence orders people list",
        )


def _holds(connection: Connection, person: str, role: str, at: str) -> bool:
    lasting = or_(roles.c.until.is_(None), roles.c.until > at)
    found = select(roles.c.id).where(roles.c.person == person, roles.c.role == role, lasting)
    return connection.execute(found.limit(1)).first() is not None
