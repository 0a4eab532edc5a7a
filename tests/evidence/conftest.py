"""What is costly to make is made once: the independent verifier, and a store with something of everything."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evidence import auditors, logged
from evidence.auditors import Auditor


@pytest.fixture(scope="session")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Auditor:
    return auditors.build(tmp_path_factory.mktemp("auditor"))


@pytest.fixture(scope="session")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that nobody changes: copy it (`house`)."""
    folder = tmp_path_factory.mktemp("everything") / "s"
    logged.build(folder)
    return folder


@pytest.fixture
def house(everything: Path, tmp_path: Path) -> Path:
    """A store of one's own with something of everything in it."""
    return Path(shutil.copytree(everything, tmp_path / "s"))
