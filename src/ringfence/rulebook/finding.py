"""Finding: {element, met / not met / unclear, evidence for and against, author, reason, rule version}."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived

State = Literal["met", "not_met", "unclear"]


class Feature(msgspec.Struct, frozen=True):
    """Something seen: ``weight`` in thousandths (negative speaks against), ``value`` an excerpt of at
    most 160 characters, ``evidence`` the digest of the bytes it came from."""

    id: str
    weight: int
    value: str
    evidence: str
    where: str = ""


class Finding(msgspec.Struct, frozen=True, dict=True):
    """What one author found about one element of one subject.

    ``observations`` are the ids it was drawn from; ``references`` the digests of reference
    data it depends on (public suffixes, address ranges, registers), so that a replay can prove
    it used the same. ``score`` is in thousandths and never decides by itself.
    """

    subject: str
    element: str
    state: State
    reason: str
    features: tuple[Feature, ...]
    author: str
    rule: str
    version: str
    observations: tuple[str, ...]
    references: dict[str, str]
    score: int = 0
    laboratory: bool = False

    @cached_property
    def id(self) -> str:
        """Derived from the content, so the same finding made twice is one finding."""
        return derived("finding", digest(canonical(self)))

    @property
    def evidence(self) -> tuple[str, ...]:
        """The digests of the bytes behind the features, each once, in order."""
        return tuple(dict.fromkeys(feature.evidence for feature in self.features if feature.evidence))
