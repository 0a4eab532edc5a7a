"""Ending: which period governs a body, and from which day on it is to be erased. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import msgspec

from ringfence.cases.bodies import Body
from ringfence.rulebook.retention import STARTS, Period, Retention

NEVER = date.max


class Ending(msgspec.Struct, frozen=True):
    """``day`` is the first day on which a body is to be erased: its period, and every minimum that
    applies, is over then. ``period`` governs; its clock started on ``start``."""

    day: date
    period: Period
    start: date


def ending(body: Body, pack: str, packs: Mapping[str, Retention], whose: str, today: date) -> Ending | None:
    """When a body is due under the periods that ``pack`` has in force today; None where it is not this
    pack's, or no period ends it. One with cases in several jurisdictions is due when it is in each."""
    concerned = body.packs or (pack,)
    if pack not in concerned:
        return None
    days: list[date] = []
    mine: Ending | None = None
    for name in concerned:
        found = _in_pack(body, packs[name].on(today, body.kind, whose))
        if found is None:
            return None
        days.append(found.day)
        if name == pack:
            mine = found
    floor = minimum(body, packs, today)
    days += [floor[0]] if floor else []
    return None if mine is None else msgspec.structs.replace(mine, day=max(days))


def minimum(body: Body, packs: Mapping[str, Retention], today: date) -> tuple[date, Period] | None:
    """The first day on which every minimum that applies to a body is over, and the period that lasts
    longest; None where none applies. Whoever's records a minimum is about, it is kept."""
    found = [
        (_after(period, body.starts[period.starts]), period)
        for pack in packs.values()
        for period in pack.on(today, body.kind)
        if period.bound == "at_least" and period.starts in body.starts
    ]
    return max(found, key=lambda pair: pair[0]) if found else None


def _in_pack(body: Body, periods: tuple[Period, ...]) -> Ending | None:
    for starts in reversed(STARTS):
        ends = [period for period in periods if period.starts == starts and period.bound != "at_least"]
        if ends and starts in body.starts:
            start = body.starts[starts]
            first = min(ends, key=lambda period: period.last_day(start))
            return Ending(_after(first, start), first, start)
    return None


def _after(period: Period, start: date) -> date:
    last = period.last_day(start)
    return NEVER if last == NEVER else last + timedelta(days=1)
