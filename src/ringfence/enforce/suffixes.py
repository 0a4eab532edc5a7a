"""Public suffixes, ICANN and private section alike (https://publicsuffix.org).

Blocking a suffix blocks everybody registered below it, whoever runs it.
"""

from __future__ import annotations

from functools import cache

from publicsuffixlist import PublicSuffixList


class Suffixes:
    """The Public Suffix List as sets of A-label names."""

    def __init__(self) -> None:
        self._list = PublicSuffixList(accept_unknown=False)
        # A name that is no suffix itself but has suffixes below it (amazonaws.com).
        self._above: set[str] = set()
        self.names: set[str] = set()  # every suffix that is written out
        self.wildcards: set[str] = set()  # names all of whose children are suffixes (*.ck), or not (!www.ck)
        for rule in _rules():
            if rule[0] in "!*":
                self.wildcards.add(rule.lstrip("!*."))
            else:
                self.names.add(rule)
            labels = rule.removeprefix("!").removeprefix("*.").split(".")
            start = 0 if rule.startswith("*.") else 1
            for at in range(start, len(labels)):
                self._above.add(".".join(labels[at:]))

    @property
    def listed(self) -> frozenset[str]:
        """Every name that is a suffix, has one below it, or stands in a wildcard rule."""
        return frozenset(self.names | self.wildcards | self._above)

    def is_suffix(self, name: str) -> bool:
        """Whether a name is itself a public suffix."""
        return bool(self._list.publicsuffix(name) == name)

    def suffix(self, name: str) -> str | None:
        """The longest public suffix that a name ends in (itself perhaps), or None."""
        found = self._list.publicsuffix(name)
        return str(found) if found else None

    def above_suffix(self, name: str) -> bool:
        """Whether a public suffix lies strictly below a name."""
        return name in self._above

    def known(self, name: str) -> bool:
        """Whether a name ends in a suffix on the list (otherwise its top level does not exist)."""
        return self._list.publicsuffix(name) is not None

    def registrable(self, name: str) -> str | None:
        """The suffix and one label, or None for a suffix or an unknown top level."""
        found = self._list.privatesuffix(name)
        return str(found) if found else None


def _rules() -> list[str]:
    import publicsuffixlist

    rules = []
    with open(publicsuffixlist.PSLFILE, encoding="utf-8") as lines:  # noqa: PTH123 (its own path)
        for line in lines:
            rule = line.split("//")[0].strip().lower()
            if rule:
                rules.append(_a_labels(rule))
    return rules


def _a_labels(rule: str) -> str:
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in rule.split(".")
    )


@cache
def suffixes() -> Suffixes:
    """The list that comes with the installed package, read once."""
    return Suffixes()
