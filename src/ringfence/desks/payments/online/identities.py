"""Identities: accounts by number, and what lists say of them.

In memory an account is known by the caller's own name; what is written down is its keyed MAC, and the name
goes into the vault, with the month in which it was seen last: once an account and month, so that forgetting
takes none that is in use. After a restart a name is taken from the vault (which records it) only where an
alert has to be handed back before the account was seen again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from ringfence.core.errors import StoreError
from ringfence.core.time import now
from ringfence.desks.payments.mac import SIZE, Keys, mac
from ringfence.desks.payments.online.signer import NEVER
from ringfence.desks.payments.online.state import Ints
from ringfence.desks.payments.vault import Vault

_WHO: Final = "ringfence payments score"
_WHY: Final = "an alert is handed back to the caller after a restart"


class Listed:
    """Names that lists give, before any payment has them; for `lists.read_exchange_accounts` and
    `read_contacts`, which ask a ledger for numbers."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def number_of(self, name: str) -> int:
        number = self._numbers.setdefault(name.strip(), len(self.names))
        if number == len(self.names):
            self.names.append(name.strip())
        return number

    def numbers_of_contact(self, text: str) -> set[int]:
        return {self.number_of(text)}


class Identities:
    """Numbers 0… by first appearance. ``exchanges`` and ``contacts`` (since when, µs) by name."""

    def __init__(
        self, exchanges: frozenset[str], contacts: Mapping[str, int], vault: Vault | None, macs: bytes = b""
    ) -> None:
        self._exchanges, self._contacts, self._vault = exchanges, contacts, vault
        self._keys: Keys | None = vault.keys() if vault else None
        self._day = now().date()
        self._numbers: dict[str, int] = {}  # of those seen in this month
        self._before: dict[str, int] = {}  # of those that were not, yet
        self._marked: set[int] = set()  # those of open alerts of which the vault knows in this month
        self._names: list[str | None] = [None] * (len(macs) // SIZE)
        self._macs = bytearray(macs)
        self._known = {macs[at * SIZE : (at + 1) * SIZE]: at for at in range(len(self._names))}
        self._due: list[int] = []  # of which the vault is to be told
        room = max(1024, 2 * len(self._names))
        self.exchange: Ints = np.zeros(room, np.int64)
        self.advertised: Ints = np.full(room, NEVER, np.int64)
        for name in (*exchanges, *contacts):  # lists may have changed since
            if self._keys and (number := self._known.get(mac(self._keys, "accounts", name))) is not None:
                self._flag(number, name)

    def __len__(self) -> int:
        return len(self._names)

    def turn(self, day: date) -> None:
        """The day on which what comes now is seen. With another month the vault is told anew of each."""
        if self._vault and (day.year, day.month) != (self._day.year, self._day.month):
            # Two generations of a dictionary, so that an account seen before costs nothing more.
            self._before |= self._numbers
            self._numbers = {}
            self._marked.clear()
        self._day = day

    def number(self, name: str) -> int:
        """The account's number, given here where it has none."""
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = self._found(name)
        return number

    def _found(self, name: str) -> int:
        before = self._before.pop(name, None)
        if before is not None:
            self._due.append(before)
            return before
        number = len(self._names)
        if self._keys:
            one = mac(self._keys, "accounts", name)
            known = self._known.get(one)
            if known is not None:
                self._names[known] = name
                self._due.append(known)
                return known
            self._macs += one
            self._due.append(number)
        self._names.append(name)
        if number == len(self.exchange):
            self.exchange = np.append(self.exchange, np.zeros(number, np.int64))
            self.advertised = np.append(self.advertised, np.full(number, NEVER, np.int64))
        self._flag(number, name)
        return number

    def _flag(self, number: int, name: str) -> None:
        self.exchange[number] = name in self._exchanges
        self.advertised[number] = self._contacts.get(name, NEVER)

    def name(self, number: int) -> str:
        """The caller's own name. Raises `StoreError` where not even the vault has it."""
        name = self._names[number]
        if name is None:
            name = self._vault.reverse([self._mac(number)], who=_WHO, why=_WHY)[0] if self._vault else None
            if name is None:
                gone = self._vault is not None and self._vault.forgettings()
                raise StoreError(
                    "an account of the state is not in the vault",
                    hint="it may be forgotten: begin with a new folder" if gone else "restore the vault",
                )
            self._names[number] = name
        return name

    def keep(self, alive: Iterable[int] = ()) -> bytes:
        """Tell the vault of what was seen, and that accounts ``alive`` in open alerts are still needed; the
        MACs of all, 16 bytes each."""
        if self._vault and self._due:
            seen: Any = pa.array([self._names[at] for at in self._due], pa.string())
            self._vault.keep("accounts", b"".join(map(self._mac, self._due)), seen, self._day)
            self._due.clear()
        if self._vault and (needed := set(alive) - self._marked):
            self._vault.needed(map(self._mac, needed), self._day)
            self._marked |= needed
        return bytes(self._macs)

    def _mac(self, number: int) -> bytes:
        return bytes(self._macs[number * SIZE : (number + 1) * SIZE])
