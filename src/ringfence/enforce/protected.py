"""What no order may touch: a list kept by hand, each group with its reason and reviewer, and long lists
of names that packages carry (enforce/data/SOURCES.md)."""

from __future__ import annotations

import gzip
import tomllib
from collections.abc import Container, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import msgspec

from ringfence.core.errors import InputError
from ringfence.enforce.manynames import ManyNames

# Below these each name is another party: the platform itself is protected, one tenant is not.
SHARED = "shared_platform"
# A registered subject's own domain may be ordered however popular it is.
POPULAR = "popular"
# Below these a public suffix may lie (s3.amazonaws.com), and below that again each name is a tenant.
CLOUD = frozenset({SHARED, POPULAR, "cdn", "infrastructure"})
# A public suffix of these classes was put on the Public Suffix List for its tenants' sake. Those that the
# hand's list calls something else (githubusercontent.com, akamaiedge.net) serve many from one name.
TENANTED = frozenset({SHARED, POPULAR, "infrastructure"})
# The long lists, in the order in which a name that stands in several takes its class.
LONG = ("infrastructure", SHARED, "education", "bank")


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names protected for one reason. ``class`` is an id used in verdicts (``protected.<class>``)."""

    klass: str = msgspec.field(name="class")
    reason: str
    reviewer: str
    reviewed: str
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class Protected:
    """The lists, ready to be asked. ``long``: {name: class} besides the groups; ``popular``: registrable
    domains of the class of that name, kept apart because they are very many."""

    def __init__(
        self,
        groups: tuple[Group, ...],
        long: Mapping[str, str] | None = None,
        popular: Container[str] = frozenset(),
    ) -> None:
        self.groups = groups
        self.names: dict[str, str] = {name: group.klass for group in groups for name in group.names}
        self.long = long or {}
        self.popular = popular
        self.addresses: dict[str, Group] = {a: group for group in groups for a in group.addresses}
        self._above: dict[str, str] = {}
        for names in (self.names, self.long):
            for name, klass in names.items():
                parent = name.partition(".")[2]
                while "." in parent and parent not in self._above:
                    self._above[parent] = klass
                    parent = parent.partition(".")[2]

    def klass(self, name: str) -> str | None:
        """The class of a name that stands on a list itself; the hand's word goes first."""
        return self.names.get(name) or self.long.get(name) or (POPULAR if name in self.popular else None)

    @property
    def parents(self) -> frozenset[str]:
        """Every name of two labels or more that lies strictly above a protected one."""
        return frozenset(self._above)

    def covering(self, parents: Sequence[str], suffix: str | None = None) -> tuple[str, str] | None:
        """The class that protects a name and the name on the list: itself or one above it.

        ``parents`` starts with the name; ``suffix`` is its public suffix. A tenant is not covered by
        its platform, nor by the cloud that its public suffix is a part of.
        """
        above_suffix = False
        for at, parent in enumerate(parents):
            klass = self.klass(parent)
            tenants = {SHARED} if parent != suffix else TENANTED
            if klass is not None and not (at and klass in (CLOUD if above_suffix else tenants)):
                return klass, parent
            # A platform that the Public Suffix List does not know is a suffix all the same.
            above_suffix = above_suffix or parent == suffix or (at > 0 and klass == SHARED)
        return None

    def below(self, name: str) -> str | None:
        """The class of a name strictly below this one: a wildcard here would take it along."""
        return self._above.get(name)


def read_protected(
    text: str, long: Mapping[str, str] | None = None, popular: Container[str] = frozenset()
) -> Protected:
    """Read the list from TOML with ``[[group]]`` tables. Raises `InputError`."""
    try:
        tables: Mapping[str, object] = tomllib.loads(text)
        groups = msgspec.convert(tables.get("group", []), tuple[Group, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"cannot read the protected list: {error}", hint="see docs/method/guard.md"
        ) from error
    return Protected(groups, long, popular)


@cache
def protected() -> Protected:
    """The lists that are shipped."""
    data = files("ringfence.enforce") / "data"
    long: dict[str, str] = {}
    for klass in reversed(LONG):
        long.update(dict.fromkeys(_unpacked(data, klass).split(), klass))
    popular = ManyNames(_unpacked(data, POPULAR))
    return read_protected((data / "protected.toml").read_text("utf-8"), long, popular)


def _unpacked(data: Traversable, name: str) -> str:
    return gzip.decompress((data / f"{name}.txt.gz").read_bytes()).decode("ascii")
