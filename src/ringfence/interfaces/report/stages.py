"""Stages: what became of each look from inside, as a whole and by the stage at which it failed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec

from ringfence.interfaces.report.gather import Looked

# Key, words. A pattern of its own goes with each key, so that no two differ by colour alone.
ANSWERS: Final = (
    ("ok", "answers"),
    ("geoblock", "refuses visitors itself"),
    ("blocked", "blocked"),
    ("down", "down on both sides"),
    ("inconclusive", "inconclusive"),
)
STAGES: Final = (("dns", "DNS"), ("tcp", "TCP"), ("tls", "TLS"), ("http", "HTTP"))


class Segment(msgspec.Struct, frozen=True):
    """A piece of a bar: where it starts and how long it is, in per cent of the bar's full length."""

    key: str
    words: str
    count: int
    start: float
    length: float


class Bar(msgspec.Struct, frozen=True):
    """One bar of the picture."""

    label: str
    total: int
    segments: tuple[Segment, ...]

    def count(self, key: str) -> int:
        """The count of one key; 0 if the bar has no such piece."""
        return next((segment.count for segment in self.segments if segment.key == key), 0)


class Stages(msgspec.Struct, frozen=True):
    """``whole``: every look from inside. ``bars``: those that failed, by stage, on one scale."""

    whole: Bar
    bars: tuple[Bar, ...]


def stages(looked: Iterable[Looked]) -> Stages:
    """Count the latest look from inside at each subject."""
    seen = [item for item in looked if item.inside is not None]
    counts = {
        stage: Counter(_key(item) for item in seen if item.stage == stage and _key(item) != "ok")
        for stage, _ in STAGES
    }
    scale = max([sum(count.values()) for count in counts.values()] or [0]) or 1
    bars = tuple(_bar(label, counts[stage], scale) for stage, label in STAGES)
    return Stages(_bar("All", Counter(map(_key, seen)), len(seen) or 1), bars)


def _key(item: Looked) -> str:
    if item.outcome == "http.geoblock":
        return "geoblock"
    return "ok" if item.inside == "accessible" else item.inside or "inconclusive"


def _bar(label: str, counts: Counter[str], scale: int) -> Bar:
    segments: list[Segment] = []
    start = 0.0
    for key, words in ANSWERS:
        if counts[key]:
            length = 100 * counts[key] / scale
            segments.append(Segment(key, words, counts[key], round(start, 3), round(length, 3)))
            start += length
    return Bar(label, sum(counts.values()), tuple(segments))
