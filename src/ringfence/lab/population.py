"""Who lives in the laboratory's world, drawn by a seed, and what is true of each."""

from __future__ import annotations

import importlib
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property
from typing import Literal

import msgspec

from ringfence.core.errors import InputError
from ringfence.lab import addresses, casting, names
from ringfence.lab.interference import Interference
from ringfence.lab.site import Brief, Design, Pages

Down = Literal["", "nxdomain", "servfail", "refused", "expired", "self-signed", "error"]

INNOCENTS = 420
NON_PROVIDERS = 20
ALREADY_UNREACHABLE = ("binance.com", "okex.com", "bitfinex.com")
OLD_INTERFERENCE: tuple[tuple[str, ...], ...] = (
    ("dns.forged",),
    ("tls.reset", "http.blockpage"),
    ("tcp.timeout",),
    ("dns.nxdomain",),
    ("tcp.refused",),
)


class RegisterRow(msgspec.Struct, frozen=True):
    """One host of a register: its name, where the register says it is, its rank by volume if known."""

    name: str
    host: str
    countries: tuple[str, ...] = ()
    volume_rank: int | None = None


class Site(msgspec.Struct, frozen=True):
    """A site of the world: its brief, the design that draws it, where it is and how it is served."""

    brief: Brief
    design: int
    seed: int
    address: str
    alias: str | None = None
    down: Down = ""
    https_only: bool = False
    www: bool = False
    gzip: bool = False

    @property
    def host(self) -> str:
        """The name that it is registered under."""
        return self.brief.host


class Truth(msgspec.Struct, frozen=True):
    """What is true of a site; read by scoring alone.

    ``positive``: the provision is in truth made out. ``residents`` is None where nothing is
    said about them, and for what is no venue.
    """

    host: str
    kind: str
    positive: bool
    residents: bool | None
    address: str
    shared_with: tuple[str, ...]
    already_unreachable: bool
    down: bool


class Population(msgspec.Struct, frozen=True, dict=True):
    """The world's sites, the register that lists them without labels, and the interference that is
    there before anybody orders anything."""

    seed: int
    designs: str
    sites: tuple[Site, ...]
    listing: tuple[RegisterRow, ...]
    interference: Interference

    @cached_property
    def by_host(self) -> dict[str, Site]:
        """Sites by name."""
        return {site.host: site for site in self.sites}

    @cached_property
    def _drawers(self) -> dict[str, tuple[Design, ...]]:
        return load_designs(self.designs)

    def pages(self, site: Site) -> Pages:
        """Draws a site's pages; the same ones at every call."""
        drawers = self._drawers[site.brief.kind]
        return drawers[site.design % len(drawers)](random.Random(site.seed), site.brief)

    def truth(self) -> tuple[Truth, ...]:
        """The labels of every site, in the order of `sites`."""
        neighbours: dict[str, list[str]] = defaultdict(list)
        for site in self.sites:
            neighbours[site.address].append(site.host)
        return tuple(
            Truth(
                host=site.host,
                kind=site.brief.kind,
                positive=site.brief.kind == "exchange" and not site.down,
                residents=_residents(site.brief.kind),
                address=site.address,
                shared_with=tuple(host for host in neighbours[site.address] if host != site.host),
                already_unreachable=bool(self.interference.modes(site.host, site.address)),
                down=bool(site.down),
            )
            for site in self.sites
        )


def load_designs(designs: str) -> dict[str, tuple[Design, ...]]:
    """The designs of a folder, by kind. Raises `InputError` for an unknown one."""
    if designs not in {"development", "reporting"}:
        raise InputError(f"no such designs: {designs}", hint="development or reporting")
    module = importlib.import_module(f"ringfence.lab.designs.{designs}")
    table: dict[str, tuple[Design, ...]] = module.DESIGNS
    return table


def build(register: Sequence[RegisterRow], seed: int, designs: str) -> Population:
    """Draws the world on a register's hosts: the same seed, the same world.

    At most `NON_PROVIDERS` register hosts are something else than an exchange that serves
    residents, and `INNOCENTS` invented hosts are added.
    """
    rng = random.Random(seed)
    roles = _roles(rng, register)
    plan = _AddressPlan(rng)
    sites = [_venue(rng, plan, row, roles, register) for row in register]
    taken = {row.host for row in register}
    for kind in casting.innocents(rng, INNOCENTS):
        sites.append(_innocent(rng, plan, kind, register, taken))
    sites = _take_down(rng, sites, len(register))
    interference = _old_interference(rng, sites, len(register))
    sites = [
        msgspec.structs.replace(site, alias=f"{site.address.replace('.', '-')}.edge.lab-cdn.example")
        if site.address in plan.cdn
        else site
        for site in sites
    ]
    return Population(seed, designs, tuple(sites), _listing(rng, register, sites), interference)


def _residents(kind: str) -> bool | None:
    return {"exchange": True, "geoblocked_exchange": False, "local_exchange": False}.get(kind)


def _roles(rng: random.Random, register: Sequence[RegisterRow]) -> dict[str, str]:
    """What each register host is in truth. A name below another listed name shares its fate, for an
    order on the upper one covers both."""
    hosts = [row.host for row in register]
    roles = dict.fromkeys(hosts, "exchange")
    below = {host for host in hosts if any(host.endswith("." + other) for other in hosts)}
    above = {other for other in hosts if any(host.endswith("." + other) for host in hosts)}
    free = [host for host in hosts if host not in {*ALREADY_UNREACHABLE, *below, *above}]
    others = list(casting.NON_PROVIDERS[: min(NON_PROVIDERS, max(0, len(hosts) // 6))])
    if "coinmarketcap.com" in free:
        roles["coinmarketcap.com"] = "price"
        free.remove("coinmarketcap.com")
        others = others[: NON_PROVIDERS - 1]
    for host, role in zip(rng.sample(free, min(len(others), len(free))), others, strict=False):
        roles[host] = role
    return roles


class _AddressPlan:
    """A few shared addresses of a content network, more of ordinary hosting, and addresses of one's own."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._allocator = addresses.Allocator()
        self.cdn = [
            self._allocator.next(country) for country in ("US", "US", "SG", "NL", "JP", "HK", "DE", "GB")
        ]
        abroad = [country for country in addresses.OCTETS if country not in {"VG", "MT", "SC"}]
        self.hosting = [
            self._allocator.next(rng.choice([*abroad, "CN", "CN", "US", "HK"])) for _ in range(50)
        ]

    def own(self, countries: Sequence[str]) -> str:
        """An address of one's own in the first country that the plan knows; never at home."""
        for country in countries:
            country = addresses.ALIASES.get(country, country)
            if country in addresses.OCTETS and country != addresses.HOME:
                return self._allocator.next(country)
        return self._allocator.next(self._rng.choice(addresses.ELSEWHERE))

    def for_venue(self, row: RegisterRow) -> str:
        """Mostly an address of its own; one in five behind a content network, a few on hosting."""
        draw = self._rng.random()
        if row.host in ALREADY_UNREACHABLE or draw > 0.26:
            return self.own(row.countries)
        return self._rng.choice(self.cdn if draw < 0.2 else self._abroad())

    def for_innocent(self) -> str:
        """A third behind the same content networks as the venues, most others on hosting."""
        draw = self._rng.random()
        if draw < 0.33:
            return self._rng.choice(self.cdn)
        return self._rng.choice(self.hosting) if draw < 0.97 else self.own(())

    def _abroad(self) -> list[str]:
        return [address for address in self.hosting if addresses.country_of(address) != addresses.HOME]


def _venue(
    rng: random.Random,
    plan: _AddressPlan,
    row: RegisterRow,
    roles: dict[str, str],
    register: Sequence[RegisterRow],
) -> Site:
    role = roles[row.host]
    kind = "other" if role == "dead" else role
    brief = casting.brief(rng, kind, row.name, row.host, row.countries, _others(rng, register, row.host))
    down: Down = rng.choice(("nxdomain", "refused")) if role == "dead" else ""
    address = addresses.NOBODY if down == "refused" else plan.for_venue(row)
    return _served(rng, brief, address, down)


def _innocent(
    rng: random.Random, plan: _AddressPlan, kind: str, register: Sequence[RegisterRow], taken: set[str]
) -> Site:
    language = casting.language(rng, kind)
    others = _others(rng, register, None)
    brand = others[0][1].split(".")[-2 if others[0][1].count(".") else 0]
    while True:
        name, host = names.invented(rng, kind, language, brand)
        # Neither the same name twice nor one below a listed host: that would be the host's own.
        if host not in taken and not any(host.endswith("." + row.host) for row in register):
            break
    taken.add(host)
    brief = casting.brief(rng, kind, name, host, (), others, language)
    return _served(rng, brief, plan.for_innocent(), "")


def _others(
    rng: random.Random, register: Sequence[RegisterRow], but: str | None
) -> tuple[tuple[str, str], ...]:
    rows = [row for row in register if row.host != but]
    return tuple((row.name, row.host) for row in rng.sample(rows, min(len(rows), rng.randint(4, 12))))


def _served(rng: random.Random, brief: Brief, address: str, down: Down) -> Site:
    bare = brief.host.count(".") == 1
    return Site(
        brief=brief,
        design=rng.randrange(1 << 16),
        seed=rng.randrange(1 << 48),
        address=address,
        down=down,
        https_only=rng.random() < 0.6,
        www=bare and rng.random() < 0.25,
        gzip=rng.random() < 0.5,
    )


def _take_down(rng: random.Random, sites: list[Site], venues: int) -> list[Site]:
    """A dozen innocents are broken for everybody, each in another way."""
    ways: tuple[Down, ...] = ("nxdomain", "servfail", "refused", "expired", "self-signed", "error")
    for index, site in enumerate(rng.sample(sites[venues:], min(12, len(sites) - venues))):
        way = ways[index % len(ways)]
        address = addresses.NOBODY if way == "refused" else site.address
        sites[sites.index(site)] = msgspec.structs.replace(site, down=way, address=address, www=False)
    return sites


def _old_interference(rng: random.Random, sites: list[Site], venues: int) -> Interference:
    """Three venues that were unreachable before, and the innocents on one address blocked long ago."""
    present = [host for host in ALREADY_UNREACHABLE if any(site.host == host for site in sites)]
    ways = rng.sample(OLD_INTERFERENCE, len(ALREADY_UNREACHABLE))
    hosts = dict(zip(present, ways, strict=False))
    venue_addresses = {site.address for site in sites[:venues]}
    tenants = Counter(
        site.address for site in sites[venues:] if site.address not in venue_addresses and not site.down
    )
    small = sorted((count, address) for address, count in tenants.items() if count >= 2)
    hit: dict[str, tuple[str, ...]] = {}
    if small:
        hit[small[0][1]] = (rng.choice(("tcp.timeout", "tcp.refused")),)
    return Interference(0, hosts, hit)


def _listing(
    rng: random.Random, register: Sequence[RegisterRow], sites: Sequence[Site]
) -> tuple[RegisterRow, ...]:
    """Every site as a register would list it: in random order, and with nothing that tells venues apart."""
    countries = [row.countries for row in register] or [()]
    ranks = [row.volume_rank for row in register] or [None]
    listed = [
        *register,
        *(
            RegisterRow(site.brief.name, site.host, rng.choice(countries), rng.choice(ranks))
            for site in sites[len(register) :]
        ),
    ]
    rng.shuffle(listed)
    return tuple(listed)
