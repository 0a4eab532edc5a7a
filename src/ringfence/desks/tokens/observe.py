"""Observe: look at a chain through a node and seal exactly what was read.

What is done with a state (a screening, a simulation) is handed in; when it is done, everything that it read
is a bundle, and the bundle's digest the observation's capture.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from time import perf_counter_ns
from typing import Final, Generic, TypeVar

import msgspec

from ringfence import __version__
from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.time import stamp
from ringfence.desks.tokens.bundle import Bundle
from ringfence.desks.tokens.node import Node
from ringfence.desks.tokens.pinned import Pinned
from ringfence.desks.tokens.state import State
from ringfence.evidence import store as evidence
from ringfence.evidence.observation import Observation
from ringfence.evidence.store import Store

INSTRUMENT: Final = "tokens"

T = TypeVar("T")


class Sealed(msgspec.Struct, frozen=True):
    """An observation and the bundle (bytes) that its ``capture`` digest names."""

    observation: Observation
    capture: bytes


class Observed(msgspec.Struct, Generic[T], frozen=True):
    """What came of looking, and what was seen."""

    result: T
    sealed: Sealed


def observe(
    subject: str,
    url: str,
    chain: str,
    look: Callable[[State], T],
    *,
    block: int | str = "latest",
    second: str | None = None,
    vantage: str = "node",
    laboratory: bool = False,
    per_second: float = 25.0,
    about: str = "",
) -> Observed[T]:
    """Look at a chain at one block. ``second`` is the address of a node that must say the same.

    ``subject`` is `token:` and a CAIP-19 name, or `account:`; ``about`` what the bundle says instead, where
    more was asked for. Raises `InputError` for a wrong chain or
    address, and `OutsideError` for what nodes do.
    """
    started, began = stamp(), perf_counter_ns()
    with ExitStack() as held:
        node = held.enter_context(Node(url, per_second=per_second))
        other = held.enter_context(Node(second, per_second=per_second)) if second else None
        pinned = Pinned.at(node, chain, block, other)
        state = State(pinned.block, pinned)
        result = look(state)
        pinned.ask_many([])  # the block must still be there when all is read
    took = (perf_counter_ns() - began) // 1000
    sealed = seal(
        subject,
        Bundle.of(state, about or subject),
        vantage=vantage,
        started=started,
        took_us=took,
        laboratory=laboratory,
    )
    return Observed(result, sealed)


def seal(
    subject: str, bundle: Bundle, *, vantage: str, started: str, took_us: int, laboratory: bool = False
) -> Sealed:
    """An observation of a bundle. Raises `InputError` for one that is too large."""
    capture = bundle.to_bytes()
    observation = Observation(
        subject=subject,
        instrument=INSTRUMENT,
        version=__version__,
        vantage=vantage,
        role="outside",
        country=None,
        started=started,
        took_us=took_us,
        exchanges=(),
        capture=digest(capture),
        laboratory=laboratory,
    )
    return Sealed(observation, capture)


def keep(house: Store, sealed: Sealed) -> str:
    """Keep an observation and its bundle, with a leaf in the log; returns its id. Raises `StoreError`."""
    house.blobs.put(sealed.capture)
    with house.database.begin() as connection:
        return evidence.keep(connection, sealed.observation)


def recall(house: Store, observation: str) -> Bundle:
    """The bundle of a kept observation. Raises `StoreError` where it is gone or changed, and `InputError`
    where the observation is another instrument's."""
    found = house.observation(observation)
    if found.instrument != INSTRUMENT:
        raise InputError(f"{observation} is an observation of {found.instrument}", hint="name one of a token")
    return Bundle.from_bytes(house.blobs.get(found.capture))
