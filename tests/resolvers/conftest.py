"""One primary, one publisher and the four resolvers, each started once a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cases.examples import Desk
from resolvers.daemons import RESOLVERS, Daemon, Ports, bind_primary, primary_place, publisher_key, world
from ringfence.enforce.guard import Context
from ringfence.enforce.primary.publisher import LivePublisher


@pytest.fixture(scope="session")
def ports() -> Ports:
    return Ports()


@pytest.fixture(scope="session")
def upstream() -> Iterator[int]:
    with world() as port:
        yield port


@pytest.fixture(scope="session")
def primary(ports: Ports) -> Iterator[Daemon]:
    with bind_primary(ports) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made = Desk(tmp_path_factory.mktemp("decisions") / "store.sqlite")
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def publisher(
    desk: Desk, primary: Daemon, ports: Ports, tmp_path_factory: pytest.TempPathFactory
) -> LivePublisher:
    made = LivePublisher(
        desk.database, desk.sealed, primary_place(ports),
        publisher_key(tmp_path_factory.mktemp("key")), Context,
        expire=desk.cases.expire_due, redirect=("192.0.2.80", "2001:db8::80"), clock=desk.clock,
    )  # fmt: skip
    made.run()
    return made


@pytest.fixture(scope="session", params=list(RESOLVERS))
def resolver(
    request: pytest.FixtureRequest, ports: Ports, upstream: int, publisher: LivePublisher
) -> Iterator[Daemon]:
    with RESOLVERS[request.param](ports, upstream) as daemon:
        yield daemon
