"""`ringfence orders people`: who may propose and approve, from when until when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option, table

if TYPE_CHECKING:
    from ringfence.cases.people import People, Person
    from ringfence.evidence.store import Store


@click.group()
def people() -> None:
    """The people who act, and their roles: analyst, approver, appeals_officer, publisher, auditor,
    administrator.

    An auditor reads and an administrator manages people: neither holds another role. Until the first
    administrator is named anybody may add people; after that only an administrator may (--by).
    """


_by = click.option(
    "--by", "actor", default="administrator", help="The administrator who acts, once there is one."
)


@people.command()
@click.argument("person", metavar="ID")
@click.argument("name")
@click.argument("roles", nargs=-1, metavar="[ROLE]...")
@_by
@store_option
@json_option
def add(
    person: str, name: str, roles: tuple[str, ...], actor: str, store: Path | None, as_json: bool
) -> None:
    """Add a person with roles from now on, or give more roles to one who is there."""
    with opened(store) as house:
        _said(_list(house).add(person, name, *roles, actor=actor), as_json)


@people.command()
@click.argument("person", metavar="ID")
@click.argument("role")
@_by
@store_option
@json_option
def end(person: str, role: str, actor: str, store: Path | None, as_json: bool) -> None:
    """End a role now. What was approved under it before stays approved."""
    with opened(store, make=False) as house:
        _said(_list(house).end(person, role, actor=actor), as_json)


@people.command(name="list")
@store_option
@json_option
def list_(store: Path | None, as_json: bool) -> None:
    """List everybody, with the roles held now."""
    with opened(store, make=False) as house:
        found = _list(house).list()
    if as_json:
        for person in found:
            emit(_plain(person))
        return
    rows = [(person.id, person.name, ", ".join(_now(person))) for person in found]
    table(f"{len(rows)} people", ("id", "name", "roles"), rows)


def _list(house: Store) -> People:
    from ringfence.cases.people import People
    from ringfence.evidence import log

    return People(house.database, log.seal)


def _now(person: Person) -> list[str]:
    from ringfence.core.time import stamp

    at = stamp()
    return list(dict.fromkeys(grant.role for grant in person.roles if person.holds(grant.role, at)))


def _plain(person: Person) -> dict[str, Any]:
    grants = msgspec.to_builtins(person.roles)
    return {"id": person.id, "name": person.name, "roles": _now(person), "grants": grants}


def _said(person: Person, as_json: bool) -> None:
    if as_json:
        emit(_plain(person))
    else:
        note(f"{person.id} ({person.name}): {', '.join(_now(person)) or 'no role'}")
