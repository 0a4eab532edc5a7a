"""Code: the compiled runtime of our pool, router, factory, wrapped coin and contract wallet.

`pool.json` stands beside the source with the compiler's version and settings; the tests compile `pool.sol`
again and compare byte for byte.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib import resources
from typing import Any, Final

NAMES: Final = ("Wrapped", "Pair", "Factory", "Router", "Wallet")


@lru_cache(1)
def compiled() -> dict[str, Any]:
    """``{source, compiler, settings, runtime: {name: hex}}`` as recorded."""
    text = resources.files(__package__).joinpath("pool.json").read_text("utf-8")
    made: dict[str, Any] = json.loads(text)
    return made


def source() -> str:
    """The Solidity text."""
    return resources.files(__package__).joinpath("pool.sol").read_text("utf-8")


@lru_cache(8)
def runtime(name: str) -> bytes:
    """Runtime code of one of `NAMES`."""
    return bytes.fromhex(compiled()["runtime"][name])
