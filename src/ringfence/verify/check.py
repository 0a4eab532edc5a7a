"""Check: one expectation against what was seen. Pure. Unknown is a value: ``met`` may be None."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.ids import derived
from ringfence.core.time import parse_stamp
from ringfence.verify.expectation import Expectation
from ringfence.verify.seen import Seen

LIMIT = 300  # seconds after which an expectation not met is overdue


class Check(msgspec.Struct, frozen=True):
    """``met`` is what the latest conclusive look says; ``after_ms`` the milliseconds from ``since`` to
    the first look that met the expectation; ``why`` explains a None and an unmet."""

    order: str
    expectation: str
    vantage: str
    host: str
    met: bool | None
    after_ms: int | None
    observed_at: str | None
    evidence: str | None
    why: str = ""

    @property
    def record(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical(self)

    @property
    def id(self) -> str:
        """Derived from the content: the same looks give the same check."""
        return derived("check", digest(self.record))

    @property
    def seconds(self) -> float | None:
        """Seconds from activation (or publication) to the first answer as expected."""
        return None if self.after_ms is None else self.after_ms / 1000

    def to_json(self) -> dict[str, Any]:
        """The line that ``ringfence verify`` prints."""
        line = {
            name: getattr(self, name)
            for name in ("order", "expectation", "vantage", "met", "seconds", "evidence")
        }
        return line | {"host": self.host, "why": self.why}


def check(expectation: Expectation, seen: Iterable[Seen]) -> Check:
    """Judge an expectation by the looks from its vantage at its host, since it must hold.

    A block is met by a blocked verdict, or by an answer that names this very order (a random name
    below a wildcard exists nowhere, so only the reference tells a block from an absence). Down and
    inconclusive prove nothing either way.
    """
    looks = sorted(
        (
            look
            for look in seen
            if look.vantage == expectation.vantage
            and expectation.covers(look.host)
            and look.observed_at >= expectation.since
        ),
        key=lambda look: (look.observed_at, look.evidence),
    )
    judged = [(look, _as_expected(expectation, look)) for look in looks]
    conclusive = [(look, met) for look, met in judged if met is not None]
    first = next((look for look, met in conclusive if met), None)
    after = _milliseconds(expectation.since, first.observed_at) if first else None
    last = conclusive[-1][0] if conclusive else looks[-1] if looks else None
    met = conclusive[-1][1] if conclusive else None
    if last is None:
        why = "nothing was seen yet"
    elif met is None:
        why = f"only {last.verdict} was seen"
    else:
        why = "" if met else f"seen {last.verdict} ({last.outcome or 'no outcome'})"
    return Check(
        order=expectation.order,
        expectation=expectation.id,
        vantage=expectation.vantage,
        host=expectation.host,
        met=met,
        after_ms=after,
        observed_at=last.observed_at if last else None,
        evidence=last.evidence if last else None,
        why=why,
    )


def overdue(
    expectations: Iterable[Expectation],
    checks: Iterable[Check],
    at: datetime,
    limit: float = LIMIT,
) -> list[Expectation]:
    """The expectations that are not met ``limit`` seconds after they had to hold.

    Not known counts as not met: a measure that nobody could verify is not verified. Of several
    checks of one expectation the last given counts.
    """
    met = {found.expectation: found.met for found in checks}
    return [
        expectation
        for expectation in expectations
        if met.get(expectation.id) is not True
        and at - parse_stamp(expectation.since) > timedelta(seconds=limit)
    ]


def _as_expected(expectation: Expectation, look: Seen) -> bool | None:
    blocked = look.verdict == "blocked" or look.reference == expectation.order
    if look.verdict in ("down", "inconclusive") and not blocked:
        return None
    return blocked == (expectation.expect == "blocked")


def _milliseconds(start: str, end: str) -> int:
    return int((parse_stamp(end) - parse_stamp(start)) / timedelta(milliseconds=1))
