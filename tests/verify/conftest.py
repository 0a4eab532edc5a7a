"""Every test here has its own real database, once on each engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.examples import Desk


@pytest.fixture
def desk(place: Path | str) -> Iterator[Desk]:
    made = Desk(place)
    yield made
    made.database.close()
