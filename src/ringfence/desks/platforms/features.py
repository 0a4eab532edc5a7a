"""Every feature of a site, in a fixed order."""

from __future__ import annotations

from typing import Final

from ringfence.desks.platforms import neighbours, venue
from ringfence.desks.platforms.site import Seen, Site

MAX_INSTANCES: Final = 3  # of one feature; a hundred pages with the same menu say no more than three


def extract(site: Site) -> tuple[Seen, ...]:
    """The features of a site, at most three instances of each."""
    found: list[Seen] = []
    count: dict[str, int] = {}
    for extractor in (*venue.EXTRACTORS, *neighbours.EXTRACTORS):
        for feature in extractor(site):
            count[feature.id] = count.get(feature.id, 0) + 1
            if count[feature.id] <= MAX_INSTANCES:
                found.append(feature)
    return tuple(found)
