"""The guard: refuses a rule that would hit others. Pure; every refusal has its reasons.

First form: names are judged against syntax, special-use names, public suffixes, the protected list
and the hosts of other subjects. Addresses are always refused: nothing here can show that an address
serves one subject alone (ASIC 2013: one address held 1,090 sites, another 250,000). That several
names share an address is no reason to refuse a *name*.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import cached_property

import msgspec

from ringfence.enforce.names import MAX_OCTETS, Address, parents, read_rule, wire_octets
from ringfence.enforce.plain import Plain, open_suffixes
from ringfence.enforce.protected import POPULAR, Protected, protected
from ringfence.enforce.structure import by_suffix
from ringfence.enforce.suffixes import Suffixes, suffixes

ORIGIN = "rpz.ringfence"

# RFC 6761 and its registry, RFC 6762, 7686, 8375, 9476, ICANN's .internal, and names that must never
# leave a network. Anything at or below is special.
SPECIAL = frozenset(
    """localhost local invalid test example example.com example.net example.org onion alt arpa internal
    home corp lan intranet private localdomain home.arpa""".split()
)
class Verdict(msgspec.Struct, frozen=True):
    """``rule`` as it was given; ``reasons`` are ids, at least one where it is not allowed."""

    rule: str
    allowed: bool
    reasons: tuple[str, ...] = ()


class Context:
    """What the guard knows besides its lists.

    ``registered``: hosts of the subjects on the register (their own domains may be ordered however
    popular). ``known_hosts``: every host known to belong to a subject, as {host: subject}.
    ``seen``: {host: addresses} from our own observations. ``origin``: of the zone that must carry the name.
    """

    def __init__(
        self,
        *,
        registered: frozenset[str] = frozenset(),
        known_hosts: Mapping[str, str] | None = None,
        seen: Mapping[str, frozenset[str]] | None = None,
        origin: str = ORIGIN,
        lists: Protected | None = None,
        public: Suffixes | None = None,
    ) -> None:
        self.registered = registered
        self.known_hosts = known_hosts or {}
        self.seen = seen or {}
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
        own = open_suffixes(self.public, lambda name: _name(name, self))
        return Plain(frozenset(listed), self.lists.long, own, self.origin)

    @cached_property
    def own(self) -> frozenset[str]:
        """The registered hosts, each also without ``www.``."""
        return self.registered | {host.removeprefix("www.") for host in self.registered}


def judge(rule: str, context: Context, *, subject: str | None = None) -> Verdict:
    """Whether a rule may stand in a block list. ``rule`` is a name, ``*.name``, address or CIDR;
    ``subject`` says whose order this is, if known."""
    if context.plain(rule) and not _others(*_split(rule), context, subject):
        return Verdict(rule, True)
    return judge_in_full(rule, context, subject=subject)


def judge_in_full(rule: str, context: Context, *, subject: str | None = None) -> Verdict:
    """The same without the short way for plain names; slower, and never different."""
    read = read_rule(rule)
    if read.problem:
        return Verdict(rule, False, (read.problem,))
    if read.network is not None:
        return Verdict(rule, False, _address(read.network, context.lists))
    reasons = _name(read.name, context) + _others(read.name, read.wildcard, context, subject)
    return Verdict(rule, not reasons, tuple(dict.fromkeys(reasons)))


def _split(rule: str) -> tuple[str, bool]:
    return (rule[2:], True) if rule.startswith("*.") else (rule, False)


def _address(network: Address, lists: Protected) -> tuple[str, ...]:
    reasons = []
    for text, group in lists.addresses.items():
        address = ipaddress.ip_address(text)
        if address.version == network.version and address in network:
            reasons.append(f"protected.{group.klass}")
    if not network.network_address.is_global or network.is_multicast:
        reasons.append("address.special_use")
    if network.num_addresses > 1:
        reasons.append("address.range")
    reasons.append("address.shared_or_unproven")
    return tuple(dict.fromkeys(reasons))


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
