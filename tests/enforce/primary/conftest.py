"""A real primary for each test, of each kind, with the shipped configuration."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from cases.examples import Desk
from resolvers.daemons import (
    ZONE,
    Daemon,
    Ports,
    bind_primary,
    knot_primary,
    primary_place,
    publisher_key,
)
from ringfence.enforce.guard import Context
from ringfence.enforce.primary.key import Key
from ringfence.enforce.primary.place import Place
from ringfence.enforce.primary.publisher import LivePublisher

PRIMARIES = {"knot": knot_primary, "bind": bind_primary}
Make = Callable[..., LivePublisher]


class Site:
    """A primary, and publishers to it."""

    def __init__(self, desk: Desk, key: Key, ports: Ports, daemon: Daemon, place: Place) -> None:
        self.desk, self.key, self.ports, self.daemon, self.place = desk, key, ports, daemon, place

    def publisher(self, desk: Desk | None = None, **changes: Any) -> LivePublisher:
        home = desk or self.desk
        options = {
            "expire": home.cases.expire_due,
            "clock": home.clock,
            "redirect": ("192.0.2.80",),
        } | changes
        place, key = options.pop("place", self.place), options.pop("key", self.key)
        return LivePublisher(home.database, home.sealed, place, key, Context, **options)


Start = Callable[..., Site]


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return publisher_key(tmp_path)


@pytest.fixture
def start_with(desk: Desk, key: Key) -> Iterator[Start]:
    """Starts a primary of a kind; what it is given goes to the daemon."""
    with ExitStack() as stack:

        def start(kind: str, *, zone: str = ZONE, **options: Any) -> Site:
            ports = Ports()
            daemon = stack.enter_context(PRIMARIES[kind](ports, zone=zone, **options))
            place = primary_place(ports, zone, laboratory=options.get("laboratory", False))
            return Site(desk, key, ports, daemon, place)

        yield start


@pytest.fixture(params=list(PRIMARIES))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def site(start_with: Start, kind: str) -> Site:
    """A running primary of each kind with an empty zone."""
    return start_with(kind)
