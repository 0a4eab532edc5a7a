"""What every test may ask for: a place to keep things, once on SQLite and once on PostgreSQL.

`place` is what `Database` takes: the path of a file that is not there yet, or the address of a database at
the present schema. Whoever asks for it runs twice. Nothing is shared between tests but the server itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import engines


@pytest.fixture(scope="session")
def postgresql() -> Iterator[engines.Server]:
    with engines.server() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    if request.param == "sqlite":
        yield tmp_path / "store.sqlite"
        return
    server: engines.Server = request.getfixturevalue("postgresql")
    address = server.create()
    yield address
    server.drop(address)
