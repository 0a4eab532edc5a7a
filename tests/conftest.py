"""What every test may ask for: a place to keep things, once on SQLite and once on PostgreSQL.

`place` is what `Database` takes: the path of a file that is not there yet, or the address of a database at
the present schema. Whoever asks for it runs twice. Nothing is shared between tests but the server itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import engines

# The same cases every time, so that a change is judged by what it changed; `make soak` looks for new ones.
settings.register_profile("same", derandomize=True)
settings.register_profile("new", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


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
