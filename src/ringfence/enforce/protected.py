"""The protected list: names that no order may touch, kept by hand, each with its reason and reviewer."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from ringfence.core.errors import InputError

# Below these, each name is another party: the platform itself is protected, one tenant is not.
TENANTED = frozenset({"shared_platform"})
# A registered subject's own domain may be ordered however popular it is.
POPULAR = "popular"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names protected for one reason. ``class`` is an id used in verdicts (``protected.<class>``)."""

    klass: str = msgspec.field(name="class")
    reason: str
    reviewer: str
    reviewed: str
    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


class Protected:
    """The list, ready to be asked."""

    def __init__(self, groups: tuple[Group, ...]) -> None:
        self.groups = groups
        self.names: dict[str, Group] = {name: group for group in groups for name in group.names}
        self.addresses: dict[str, Group] = {a: group for group in groups for a in group.addresses}
        self._above: dict[str, Group] = {}
        for name, group in self.names.items():
            parent = name
            while "." in parent:
                parent = parent.partition(".")[2]
                self._above.setdefault(parent, group)

    def covering(self, parents: list[str]) -> Group | None:
        """The group that protects a name through the name itself or one above it (``parents`` starts
        with the name). A tenant of a shared platform is not covered by the platform's entry."""
        for at, parent in enumerate(parents):
            group = self.names.get(parent)
            if group is not None and not (at and group.klass in TENANTED):
                return group
        return None

    def below(self, name: str) -> Group | None:
        """A group with a name strictly below this one: a rule here would take it along."""
        return self._above.get(name)


def read_protected(text: str) -> Protected:
    """Read the list from TOML with ``[[group]]`` tables. Raises `InputError`."""
    try:
        tables: Mapping[str, object] = tomllib.loads(text)
        groups = msgspec.convert(tables.get("group", []), tuple[Group, ...])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(
            f"cannot read the protected list: {error}", hint="see docs/method/enforcement.md"
        ) from error
    return Protected(groups)


@cache
def protected() -> Protected:
    """The list that is shipped."""
    return read_protected(files("ringfence.enforce").joinpath("data/protected.toml").read_text("utf-8"))
