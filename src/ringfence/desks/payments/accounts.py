"""The accounts of a ledger: number, MAC and, where it may be known, the caller's own identifier."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ringfence.core.errors import RefusedError
from ringfence.desks.payments.mac import SIZE, Keys, mac


class Accounts:
    """``macs`` are n × 16 bytes in the order of the numbers; ``names`` an Arrow array of strings in that
    order, or None where only the vault knows them."""

    def __init__(self, macs: bytes, keys: Keys, names: pa.Array | None = None) -> None:
        self.macs = macs
        self.keys = keys
        self.names = names

    def __len__(self) -> int:
        return len(self.macs) // SIZE

    def mac_of(self, number: int) -> bytes:
        """16 bytes. Raises `IndexError`."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self.macs[number * SIZE : (number + 1) * SIZE]

    def name_of(self, number: int) -> str:
        """The caller's own identifier. Raises `RefusedError` where it is in a vault that is not open."""
        if not 0 <= number < len(self):
            raise IndexError(number)
        if self.names is None:
            raise RefusedError("identifiers are in the vault", hint="reverse them there, with a reason")
        name: str = self.names[number].as_py()
        return name

    def number_of(self, name: str) -> int | None:
        """The number of an identifier, or None where no payment has it."""
        return self.number_of_mac(mac(self.keys, "accounts", name.strip()))

    def number_of_mac(self, wanted: bytes) -> int | None:
        halves = np.frombuffer(wanted, ">u8").astype(np.uint64)
        first, order = self._index
        at = int(np.searchsorted(first, halves[0]))
        while at < len(first) and first[at] == halves[0]:
            if self.mac_of(int(order[at])) == wanted:
                return int(order[at])
            at += 1
        return None

    def numbers_of(self, names: Iterable[str]) -> dict[str, int]:
        """The numbers of those that have one."""
        found = ((name, self.number_of(name)) for name in names)
        return {name: number for name, number in found if number is not None}

    @cached_property
    def _index(self) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
        halves = np.frombuffer(self.macs, ">u8").reshape(-1, 2)[:, 0].astype(np.uint64)
        order = np.argsort(halves, kind="stable")
        return halves[order], order
