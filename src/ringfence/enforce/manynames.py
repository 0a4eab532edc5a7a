"""Many names in little room: a set of a million names that takes the memory of their text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

_PREFIX = 3  # characters; a bucket then holds some thirty names


class ManyNames:
    """A set of names that can be asked and not changed. ``text``: sorted names, a line each."""

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self._buckets = {
            prefix: "\n" + "\n".join(names) + "\n"
            for prefix, names in groupby(lines, key=itemgetter(slice(_PREFIX)))
            if prefix
        }

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and f"\n{name}\n" in self._buckets.get(name[:_PREFIX], "")

    def __iter__(self) -> Iterator[str]:
        for bucket in self._buckets.values():
            yield from bucket.split()

    def __len__(self) -> int:
        return sum(bucket.count("\n") - 1 for bucket in self._buckets.values())
