"""What tests of tokens may ask for: a node of a chain, and one that lies."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .anvil import Anvil, Liar, running


@pytest.fixture(scope="session")
def one_anvil() -> Iterator[Anvil]:
    with running() as node:
        yield node


@pytest.fixture
def anvil(one_anvil: Anvil) -> Iterator[Anvil]:
    """A node as it was at its first block."""
    mark = one_anvil.rpc("evm_snapshot")
    yield one_anvil
    one_anvil.rpc("evm_revert", mark)


@pytest.fixture
def liar(anvil: Anvil) -> Iterator[Liar]:
    made = Liar(anvil)
    yield made
    made.close()
