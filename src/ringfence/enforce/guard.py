"""The guard: refuses a rule that would hit others. Pure; every refusal has its reasons.

Names are judged against syntax, special-use names, public suffixes, the protected lists and the hosts
of other subjects. An address is refused unless a co-hosting export shows that it serves the subject
alone (ASIC 2013: one address held 1,090 sites, another 250,000). That several names share an address
is no reason to refuse a *name*.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cached_property

import msgspec

from ringfence.enforce.cohosts import Cohosts
from ringfence.enforce.names import MAX_OCTETS, Address, parents, read_rule, wire_octets
from ringfence.enforce.plain import OpenSuffixes, Plain
from ringfence.enforce.protected import POPULAR, Protected, protected
from ringfence.enforce.ranges import ranges
from ringfence.enforce.structure import by_suffix
from ringfence.enforce.suffixes import Suffixes, suffixes

_ACCOUNT = re.compile(r"account:[0-9a-f]{32}", re.ASCII)
ORIGIN = "rpz.ringfence"
_CARRIERS = tuple(
    ipaddress.IPv6Network(text)
    for text in ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "2001::/32", "2002::/16")
)

# RFC 6761 and its registry, RFC 6762, 7686, 8375, 9476, ICANN's .internal, and names that must never
# leave a network. Anything at or below is special.
SPECIAL = frozenset(
    """localhost local invalid test example example.com example.net example.org onion alt arpa internal
    home corp lan intranet private localdomain home.arpa""".split()
)


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """``rule`` as it was given; ``reasons`` are ids, at least one where it is not allowed."""

    rule: str
    allowed: bool
    reasons: tuple[str, ...] = ()


class Context:
    """What the guard knows besides its lists.

    ``registered``: hosts of the subjects on the register (their own domains may be ordered however
    popular). ``known_hosts``: every host known to belong to a subject, as {host: subject}.
    ``seen``: {host: addresses} from our own observations. ``cohosts``: an export that may show that an
    address serves one subject alone, judged as of the day ``on`` (today by default).
    ``origin``: of the zone that must carry the name.
    """

    def __init__(
        self,
        *,
        registered: frozenset[str] = frozenset(),
        known_hosts: Mapping[str, str] | None = None,
        seen: Mapping[str, frozenset[str]] | None = None,
        cohosts: Cohosts | None = None,
        on: date | None = None,
        origin: str = ORIGIN,
        lists: Protected | None = None,
        public: Suffixes | None = None,
    ) -> None:
        self.registered = registered
        self.known_hosts = known_hosts or {}
        self.seen = seen or {}
        self.cohosts = cohosts
        self.on = on
        self.origin = origin
        self.lists = lists or protected()
        self.public = public or suffixes()

    @cached_property
    def owners(self) -> dict[str, frozenset[str]]:
        """For each name, the subjects of the known hosts strictly below it."""
        below: dict[str, set[str]] = {}
        for host, subject in self.known_hosts.items():
            for parent in parents(host)[1:]:
                # A suffix is refused whoever is below it, and everybody is below `com`.
                if parent in self.public.names:
                    break
                below.setdefault(parent, set()).add(subject)
        return {name: frozenset(subjects) for name, subjects in below.items()}

    @cached_property
    def plain(self) -> Plain:
        """The short way for names that need no closer look."""
        listed = self.public.listed | self.lists.names.keys() | self.lists.parents | SPECIAL
        below = OpenSuffixes(self.public, lambda name: _name(name, self))
        return Plain(frozenset(listed), self.lists, below, self.origin)

    @property
    def basis(self) -> dict[str, str]:
        """The digests of attested data that a verdict may rest on."""
        return {"cohosts": self.cohosts.digest} if self.cohosts else {}

    @cached_property
    def neighbours(self) -> dict[str, frozenset[str]]:
        """For each address seen, the hosts that it was given for."""
        found: dict[str, set[str]] = {}
        for host, addresses in self.seen.items():
            for address in addresses:
                found.setdefault(address, set()).add(host)
        return {address: frozenset(hosts) for address, hosts in found.items()}

    @cached_property
    def own(self) -> frozenset[str]:
        """The registered hosts, each also without ``www.``."""
        return self.registered | {host.removeprefix("www.") for host in self.registered}


def judge(rule: str, context: Context, *, subject: str | None = None) -> Verdict:
    """Whether a rule may stand in a block list. ``rule`` is a name, ``*.name``, address or CIDR;
    ``subject`` says whose order this is, if known."""
    if context.plain(rule) and not (context.known_hosts and _others(*_split(rule), context, subject)):
        return Verdict(rule, True)
    return judge_in_full(rule, context, subject=subject)


def judge_account(rule: str) -> Verdict:
    """Whether an account may be listed: by its pseudonym, and nothing but an account; no override."""
    allowed = _ACCOUNT.fullmatch(rule) is not None
    return Verdict(rule, allowed, () if allowed else ("account.no_pseudonym",))


def judge_in_full(rule: str, context: Context, *, subject: str | None = None) -> Verdict:
    """The same without the short way for plain names; slower, and never different."""
    read = read_rule(rule)
    if read.problem:
        return Verdict(rule, False, (read.problem,))
    if read.network is not None:
        reasons = _address(read.network, context, subject)
        return Verdict(rule, not reasons, tuple(dict.fromkeys(reasons)))
    reasons = _name(read.name, context) + _others(read.name, read.wildcard, context, subject)
    return Verdict(rule, not reasons, tuple(dict.fromkeys(reasons)))


def _split(rule: str) -> tuple[str, bool]:
    return (rule[2:], True) if rule.startswith("*.") else (rule, False)


def _address(network: Address, context: Context, subject: str | None) -> list[str]:
    reasons = []
    for text, group in context.lists.addresses.items():
        address = ipaddress.ip_address(text)
        if address.version == network.version and address in network:
            reasons.append(f"protected.{group.klass}")
    if not network.network_address.is_global or network.is_multicast or _carries_another(network):
        reasons.append("address.special_use")
    holder = ranges().holder(network)
    if holder is not None:
        reasons.append(f"address.network_of_many.{holder}")
    if network.num_addresses > 1:
        reasons.append("address.range")
    reasons.extend(_tenants(network, context, subject))
    return reasons


def _carries_another(network: Address) -> bool:
    """Whether an IPv6 address stands for an IPv4 one (mapped, 6to4, Teredo, NAT64)."""
    return network.version == 6 and any(network.overlaps(carrier) for carrier in _CARRIERS)


def _tenants(network: Address, context: Context, subject: str | None) -> list[str]:
    """Why an address is not shown to serve the subject alone; nothing where it is."""
    address = str(network.network_address)
    host = (subject or "").removeprefix("site:")
    if context.cohosts is None or network.num_addresses > 1 or not (subject or "").startswith("site:"):
        return ["address.shared_or_unproven"]
    reasons = context.cohosts.against(address, host, context.on or datetime.now(UTC).date())
    if any(name != host and not name.endswith("." + host) for name in context.neighbours.get(address, ())):
        reasons.append("address.seen_serving_others")
    return reasons


def _name(name: str, context: Context) -> list[str]:
    chain = parents(name)
    if any(parent in SPECIAL for parent in chain):
        return ["name.special_use"]
    reasons = []
    public = context.public
    if public.is_suffix(name):
        reasons.append("suffix.public")
    elif not public.known(name):
        reasons.append("suffix.unknown_top_level")
    if public.above_suffix(name) and "suffix.public" not in reasons:
        reasons.append("suffix.above_public")
    suffix = public.suffix(name)
    reasons.extend(by_suffix(chain, public))
    own = next((parent for parent in chain if parent in context.own), None)
    covered = context.lists.covering(chain, suffix)
    if covered is not None and not (own and _gives_way(*covered, own)):
        reasons.append(f"protected.{covered[0]}")
    below = context.lists.below(name)
    if below is not None and not (own and below == POPULAR):
        reasons.append(f"protected.{below}")
    # The owner in the zone, with the wildcard's label and the origin, must still be a name.
    if wire_octets(f"*.{name}.{context.origin.rstrip('.')}") > MAX_OCTETS:
        reasons.append("syntax.too_long_for_zone")
    return reasons


def _gives_way(klass: str, listed: str, own: str) -> bool:
    """Whether a protected name gives way to a registered subject's host at or below it."""
    # A bank's domain is protected; the trading venue that it runs below it is registered by that host.
    return klass == POPULAR or (klass == "bank" and own != listed)


def _others(name: str, wildcard: bool, context: Context, subject: str | None) -> list[str]:
    holder = context.known_hosts.get(name)
    owner = subject or holder
    reasons = []
    if holder is not None and holder != owner:
        reasons.append("others.host_of_another_subject")
    if wildcard and context.owners.get(name, frozenset()) - {owner}:
        reasons.append("others.wildcard_covers_another_subject")
    return reasons
