"""What `find` looks at, and how its findings are made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from ringfence.desks.platforms import residents, weights
from ringfence.evidence.observation import Observation
from ringfence.rulebook.finding import Feature, Finding, State

AUTHOR: Final = "instrument:platforms.find"
VERSION: Final = f"1+weights.{weights.VERSION}+residents.{residents.VERSION}"


class Look(msgspec.Struct, frozen=True):
    """What `find` reads: the two observations with their ids, decoded bodies by digest, and whether the
    genuine service refused the visitor inside (the access desk's verdict, with its evidence)."""

    subject: str
    host: str
    outside: Observation | None
    outside_id: str | None
    inside: Observation | None
    inside_id: str | None
    bodies: Mapping[str, bytes]
    geoblocked: bool = False
    geoblock_evidence: tuple[str, ...] = ()


class Maker:
    """Makes findings with what all of them share."""

    def __init__(self, look: Look, references: dict[str, str]) -> None:
        self._look = look
        self._references = references

    def __call__(
        self, element: str, state: State, reason: str, features: Sequence[Feature], score: int = 0
    ) -> Finding:
        look = self._look
        lab = any(o.laboratory for o in (look.outside, look.inside) if o is not None)
        return Finding(
            subject=look.subject,
            element=element,
            state=state,
            reason=reason,
            features=tuple(features),
            author=AUTHOR,
            rule=f"platforms.{element}",
            version=VERSION,
            observations=tuple(name for name in (look.outside_id, look.inside_id) if name),
            references=self._references,
            score=score,
            laboratory=lab,
        )
