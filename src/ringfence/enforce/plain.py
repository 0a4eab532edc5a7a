"""Plain names: the short way past the guard for names that need no closer look.

Nine in ten rules are a name of letters and digits straight below an open suffix, and neither the name
nor anything above it is on any list. Such a name is allowed without asking the rules one by one. What
is not plain is not refused: it is judged in full. That a plain name is always one that the full
judgement allows is what tests/enforce/test_plain.py shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ringfence.enforce.names import MAX_OCTETS, parents
from ringfence.enforce.protected import Protected
from ringfence.enforce.suffixes import Suffixes

_PLAIN = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)


class Plain:
    """``listed``: names about which some list says something, suffixes and their parents included.
    ``open_suffixes``: suffixes below which a name that is not listed has one owner and no protection."""

    def __init__(
        self, listed: frozenset[str], lists: Protected, open_suffixes: OpenSuffixes, origin: str
    ) -> None:
        self.listed = listed
        # More listed names, kept apart because they are many.
        self.long, self.popular = lists.long, lists.popular
        self.open_suffixes = open_suffixes
        # The wildcard's label, the dot before the origin and the octets of length and root.
        self.longest = MAX_OCTETS - len(f"*..{origin.rstrip('.')}") - 2

    def __call__(self, rule: str) -> bool:
        """Whether a rule (``name`` or ``*.name``) is plain."""
        head, _, suffix = rule.partition(".")
        # The most common shape: letters and digits, straight below an open suffix.
        if self.open_suffixes[suffix] and head.isalnum() and head.isascii():
            if len(head) > 63 or head != head.lower():
                return False
            return rule not in self.listed and rule not in self.long and rule not in self.popular
        # Two hyphens together may be an A-label, which has rules of its own.
        if "--" in rule or not _PLAIN.fullmatch(rule):
            return False
        name = rule[2:] if rule[0] == "*" else rule
        if len(name) > self.longest:
            return False
        listed, long, open_suffixes = self.listed, self.long, self.open_suffixes
        while name and name not in listed and name not in long:
            above = name.partition(".")[2]
            if open_suffixes[above]:
                # The popular ones are registrable domains, so no other parent needs to be looked up.
                return name not in self.popular
            name = above
        return False


class OpenSuffixes(dict[str, bool]):
    """Whether a suffix is one that no wildcard rule touches and below which a name has no ``reasons``. Each
    suffix of the list is asked about when it is first met: most never are."""

    def __init__(self, public: Suffixes, reasons: Callable[[str], Iterable[str]]) -> None:
        super().__init__()
        self._public, self._reasons = public, reasons

    def __missing__(self, suffix: str) -> bool:
        if suffix not in self._public.names:
            return False  # not kept: there is no end to what is no suffix
        touched = any(parent in self._public.wildcards for parent in parents(suffix))
        found = not touched and not any(self._reasons(f"a-name-that-is-on-no-list.{suffix}"))
        self[suffix] = found
        return found
