"""Retention: how long which records are kept, at least and at most, from when on, and who says so.

The periods of a jurisdiction are data, in ``retention.toml`` beside its provisions. They are no part of
the pack's digest: a new period changes no assessment.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal, get_args

import msgspec

from ringfence.core.duration import Duration
from ringfence.core.errors import InputError
from ringfence.rulebook.pack import RETENTION, PackError, bundled_packs, load_pack, own_pack
from ringfence.rulebook.provision import InForce, Mark, Pack, Value

Starts = Literal["kept", "case_closed", "order_ended"]
Whose = Literal["authority", "payment_firm", "site_operator", "platform"]
# What starts the clock; where several have, a later one of these takes the place of the earlier ones.
STARTS: tuple[Starts, ...] = get_args(Starts)
HOUSE = "house"
BOUNDS = ("at_least", "at_most", "keep")
_WRITTEN_ON = (date(2001, 1, 1), date(2003, 12, 31), date(2004, 2, 29))  # days to compare periods from


class Period(Value, frozen=True, kw_only=True):
    """One period for one kind of record body (``capture``, ``transaction`` …).

    Exactly one of ``at_least`` (nothing is erased before it is over), ``at_most`` (erasure is due when it
    is over) and ``keep`` (the same, by the house's own choice) is given, as ISO 8601 durations. ``starts``
    is what starts the clock: the body was kept, the last case on it closed, the last order on it ended.
    ``source`` holds keys of the pack's sources, or is ``house``; then ``why`` says why this long.
    """

    id: str
    kind: str
    whose: Whose
    starts: Starts
    source: Literal["house"] | tuple[str, ...]
    in_force: InForce
    at_least: str | None = None
    at_most: str | None = None
    keep: str | None = None
    citation: str = ""
    mark: Mark | None = None
    why: str = ""
    note: str = ""

    @property
    def bound(self) -> str:
        """``at_least``, ``at_most`` or ``keep``."""
        return next(name for name in BOUNDS if getattr(self, name) is not None)

    @property
    def duration(self) -> str:
        """How long, as ISO 8601."""
        return str(getattr(self, self.bound))

    def last_day(self, start: date) -> date:
        """The last day of the period, if its clock started on ``start``."""
        return Duration.from_text(self.duration).last_day(start)


class _File(Value, frozen=True):
    period: tuple[Period, ...] = ()


class Retention(msgspec.Struct, frozen=True):
    """The periods of one pack."""

    jurisdiction: str
    periods: tuple[Period, ...]

    def on(self, day: date, kind: str | None = None, whose: str | None = None) -> tuple[Period, ...]:
        """The periods in force on a day, of one kind and of one party's records where named."""
        return tuple(
            period
            for period in self.periods
            if period.in_force.on(day) and kind in (None, period.kind) and whose in (None, period.whose)
        )

    def period(self, name: str) -> Period:
        """The period of an id. Raises `InputError`."""
        for period in self.periods:
            if period.id == name:
                return period
        known = ", ".join(period.id for period in self.periods) or "none"
        raise InputError(f"{self.jurisdiction} has no period {name!r}", hint=f"it has {known}")


def load_retention(name: str | Path) -> Retention:
    """The periods of a pack by its jurisdiction, or of the one in a folder; none where it has no
    ``retention.toml``. Raises `PackError` with every problem, `InputError` for a pack that does not exist."""
    pack = load_pack(name)
    if isinstance(name, Path):
        return _load(pack, name)
    if name not in bundled_packs():
        return _load(pack, own_pack(name))
    with as_file(files("ringfence.rulebook") / "packs" / name) as folder:
        return _load(pack, folder)


def _load(pack: Pack, folder: Path) -> Retention:
    path = folder / RETENTION
    if not path.exists():
        return Retention(pack.head.jurisdiction, ())
    try:
        made = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError(folder.name, (f"{RETENTION}: not TOML: {error}",)) from error
    except msgspec.ValidationError as error:
        raise PackError(folder.name, (f"{RETENTION}: {error}",)) from error
    wrong = tuple(f"{RETENTION}: {problem}" for problem in problems(pack, made.period))
    if wrong:
        raise PackError(folder.name, wrong)
    return Retention(pack.head.jurisdiction, made.period)


def problems(pack: Pack, periods: tuple[Period, ...]) -> Iterator[str]:
    """Every reason to refuse these periods, in words that name the period."""
    seen: set[str] = set()
    for period in periods:
        if period.id in seen:
            yield f"{period.id}: two periods have this id"
        seen.add(period.id)
        wrong = list(_period(pack, period))
        yield from (f"{period.id}: {problem}" for problem in wrong)
        if wrong:
            return
    for at, one in enumerate(periods):
        for other in periods[at + 1 :]:
            if _side_by_side(one, other):
                yield from _contradictions(one, other)


def _period(pack: Pack, period: Period) -> Iterator[str]:
    if not period.id.strip() or not period.kind.strip():
        yield "a period needs an id and a kind"
    given = [name for name in BOUNDS if getattr(period, name) is not None]
    if len(given) != 1:
        yield f"needs one of {', '.join(BOUNDS)}; has {' and '.join(given) or 'none'}"
    for name in given:
        try:
            Duration.from_text(getattr(period, name))
        except InputError as error:
            yield f"{name}: {error.message}"
    if period.source == HOUSE:
        if not period.why.strip():
            yield "a period of the house says why"
        if period.mark is not None:
            yield "a period of the house has no mark: marks say how well a law's text is known"
    else:
        if period.keep is not None:
            yield "keep is the house's own choice; a law says at_least or at_most"
        if not period.citation.strip() or period.mark is None:
            yield "a period of law needs its citation and mark"
        if not period.source and period.mark == "S":
            yield "marked S (seen) without a source"
        yield from (f"unknown source {key}" for key in period.source if key not in pack.head.sources)
    span = period.in_force
    if span.until is not None and span.until <= span.since:
        yield f"ends on {span.until}, not after it begins on {span.since}"


def _side_by_side(one: Period, other: Period) -> bool:
    """Whether two periods run from the same start for the same bodies on some day."""
    if (one.kind, one.whose, one.starts) != (other.kind, other.whose, other.starts):
        return False
    first, second = sorted((one.in_force, other.in_force), key=lambda span: span.since)
    return first.until is None or second.since < first.until


def _contradictions(one: Period, other: Period) -> Iterator[str]:
    if one.bound == other.bound:
        yield f"{one.id} and {other.id}: two periods of {one.bound} for the same bodies and days"
        return
    shorter, longer = sorted((one, other), key=lambda period: BOUNDS.index(period.bound))
    if (shorter.bound, longer.bound) == ("at_most", "keep"):
        shorter, longer = longer, shorter
    if any(shorter.last_day(day) > longer.last_day(day) for day in _WRITTEN_ON):
        short, long = (f"{one.id} ({one.bound} {one.duration})" for one in (shorter, longer))
        yield f"{short} is longer than {long}"
