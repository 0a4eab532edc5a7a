"""Accounts under construction: their roles, what is true of them, what they own and earn."""

from __future__ import annotations

import numpy as np

from ringfence.core.errors import InputError
from ringfence.desks.payments.world.draw import Draw
from ringfence.desks.payments.world.evasion import Evasion
from ringfence.desks.payments.world.flows import Array
from ringfence.desks.payments.world.pools import NAMES
from ringfence.desks.payments.world.rows import COLLECT, PAYOUT, RELAY, RETURN, Rows

# Median opening balance and its sigma, CNY; where a role is not named, a person's.
OPENING = {
    "bank": (5e9, 0.3), "exchange": (5e7, 0.8), "employer": (4e5, 1.0), "trade_firm": (8e5, 1.0),
    "wholesaler": (3e5, 0.8), "gig_platform": (5e5, 0.8), "marketplace": (5e5, 0.8), "charity": (5e4, 1.0),
    "school": (3e5, 0.8), "biller": (1e6, 1.0), "wash_trader": (6e4, 0.8), "property_buyer": (8e4, 0.8),
}  # fmt: skip
PERSON = (9e3, 1.2)


class World:
    """What designs add to: accounts, memberships of pools, and rows for each way of trading."""

    def __init__(self, accounts: int, days: int, draw: Draw, evasion: Evasion) -> None:
        self.size = accounts
        self.days = days
        self.draw = draw
        self.evasion = evasion
        self.roles: list[str] = []
        self.role = np.zeros(accounts, np.int16)
        self.guilty = np.zeros(accounts, bool)
        self.group = np.full(accounts, -1, np.int32)
        self.since = np.full(accounts, -1, np.int32)  # day that the trade begins; -1 not guilty
        self.weight = np.zeros(accounts)  # how much somebody spends on daily life
        self.income = np.zeros(accounts)  # minor units a month
        self.opening = np.zeros(accounts)  # minor units
        self.members: dict[str, list[Array]] = {name: [] for name in NAMES}
        self.collect, self.relay = Rows(COLLECT), Rows(RELAY)
        self.payout, self.returns = Rows(PAYOUT), Rows(RETURN)
        self.taken = 0
        self.groups = 0

    def take(self, role: str, n: int, *, guilty: bool = False, person: bool = False) -> Array:
        """The numbers of ``n`` new accounts. Persons earn, spend, and may be anybody's customer."""
        if self.taken + n > self.size:
            raise InputError(
                f"{self.size} accounts are too few for the designs of a world",
                hint="at least --accounts 800, and fewer --guilty",
            )
        made = np.arange(self.taken, self.taken + n)
        self.taken += n
        if role not in self.roles:
            self.roles.append(role)
        self.role[made] = self.roles.index(role)
        self.guilty[made] = guilty
        rng = self.draw.rng
        median, sigma = OPENING.get(role, PERSON)
        self.opening[made] = np.round(median * 100 * np.exp(sigma * rng.standard_normal(n)))
        self.income[made] = np.clip(6.5e5 * np.exp(0.5 * rng.standard_normal(n)), 2.5e5, 6e6)
        if person:
            self.weight[made] = np.exp(0.7 * rng.standard_normal(n))
            self.join("persons", made)
        return made

    def join(self, pool: str, accounts: Array) -> None:
        """Make these accounts members of a pool."""
        self.members[pool].append(np.asarray(accounts, np.int64))

    def some(self, accounts: Array, share: float) -> Array:
        """A random share of them."""
        return accounts[self.draw.rng.random(len(accounts)) < share]

    def band(self, accounts: Array) -> None:
        """These accounts belong together."""
        self.group[accounts] = self.groups
        self.groups += 1

    def about(self, share: float, *, least: int = 1) -> int:
        """How many accounts a share of the world is."""
        return max(least, round(self.size * share))

    def pool_members(self) -> dict[str, Array]:
        """Every pool's members; none is empty."""
        return {
            name: np.concatenate(found) if found else np.zeros(1, np.int64)
            for name, found in self.members.items()
        }

    def settle_labels(self, first_deed: Array) -> None:
        """Guilty is who acted, from that day on. An account that was only kept ready is a sleeper, and not
        guilty; nor is an exchange's, whose owner is a subject of the register."""
        self.guilty[self.role == self.roles.index("exchange")] = False
        asleep = self.guilty & (first_deed < 0)
        if asleep.any():
            self.roles.append("sleeper")
            self.role[asleep] = len(self.roles) - 1
            self.guilty[asleep] = False
            self.group[asleep] = -1
        self.since[self.guilty] = np.maximum(first_deed[self.guilty], 0)

    def names(self) -> Array:
        """A name for each account, which says nothing of what it is."""
        shuffled = self.draw.rng.permutation(self.size)
        return np.asarray([f"A{number:08d}" for number in shuffled], dtype=object)
