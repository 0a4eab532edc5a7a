"""Address ranges of content networks and clouds: behind each address there stand many parties.

The list makes the reasons of a refusal better, and it bars the one door that is open to an address:
whatever a co-hosting export says, an address in such a range is never one party's alone.
"""

from __future__ import annotations

import gzip
import ipaddress
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from ringfence.enforce.names import Address


class Ranges:
    """Ranges that do not overlap, as [first, last] numbers of each IP version."""

    def __init__(self, lines: Iterable[str]) -> None:
        spans: dict[int, list[tuple[int, int, str]]] = {4: [], 6: []}
        for line in lines:
            network, holder = line.split()
            read = ipaddress.ip_network(network)
            spans[read.version].append((int(read[0]), int(read[-1]), holder))
        self._spans = {version: sorted(found) for version, found in spans.items()}
        self._starts = {version: [span[0] for span in found] for version, found in self._spans.items()}

    def holder(self, network: Address) -> str | None:
        """Who holds a range that shares an address with a network, or None."""
        spans = self._spans[network.version]
        first, last = int(network[0]), int(network[-1])
        # The last range that begins at or before the network's end is the only one that can reach it
        # and begin before it; any other that meets the network begins inside it.
        at = bisect_right(self._starts[network.version], last) - 1
        return spans[at][2] if at >= 0 and spans[at][1] >= first else None


@cache
def ranges() -> Ranges:
    """The ranges that are shipped (enforce/data/SOURCES.md)."""
    data = files("ringfence.enforce") / "data/ranges.txt.gz"
    return Ranges(gzip.decompress(data.read_bytes()).decode("ascii").splitlines())
