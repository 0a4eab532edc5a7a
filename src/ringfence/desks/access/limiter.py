"""Limiter: how many connections stand open, in all and to one address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Limiter:
    """Bounds the connections that stand open, idle ones included: in all, and to one address.

    Whoever holds a place never waits for another one, or two could wait for each other for ever.
    """

    def __init__(self, total: int = 64, per_address: int = 8) -> None:
        self._total = asyncio.Semaphore(total)
        self._per_address = per_address
        self._addresses: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def use(self, address: str) -> AsyncIterator[None]:
        """Hold one place in all and one for this address; forgets addresses nobody uses."""
        gate, users = self._addresses.get(address, (asyncio.Semaphore(self._per_address), 0))
        self._addresses[address] = (gate, users + 1)
        try:
            async with gate, self._total:
                yield
        finally:
            gate, users = self._addresses[address]
            if users == 1:
                del self._addresses[address]
            else:
                self._addresses[address] = (gate, users - 1)
