"""Duration: a length of time on the calendar, such as ten years, written as ISO 8601 writes it.

Years and months have no length in days of their own, so they are counted on the calendar: a period runs
to the day of the same number, or to the last day of a month that has no such day, and is over when that
day is. The day on which it starts is not counted. (Regulation (EEC, Euratom) No 1182/71, Art 3.)
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

import msgspec

from ringfence.core.errors import InputError

_WRITTEN = re.compile(r"P(?=\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?", re.ASCII)


class Duration(msgspec.Struct, frozen=True):
    """Months (a year is twelve) and days (a week is seven), both on the calendar; not both zero."""

    months: int
    days: int

    @classmethod
    def from_text(cls, text: str) -> Duration:
        """Reads ``P10Y``, ``P1Y6M``, ``P2W`` or ``P60D``. Raises `InputError` for anything else: times of
        day, fractions and a period of nothing among it."""
        found = _WRITTEN.fullmatch(text)
        years, months, weeks, days = (int(part or 0) for part in found.groups()) if found else (0, 0, 0, 0)
        made = cls(12 * years + months, 7 * weeks + days)
        if not (made.months or made.days):
            raise InputError(
                f"not a duration in years, months, weeks or days: {text!r}", hint="write P10Y, P6M or P60D"
            )
        return made

    def last_day(self, start: date) -> date:
        """The last day of a period that starts on ``start``; it is over on the day after. Never after
        9999-12-31."""
        month = start.month - 1 + self.months
        year, month = start.year + month // 12, month % 12 + 1
        if year > date.max.year:
            return date.max
        last = date(year, month, min(start.day, monthrange(year, month)[1]))
        try:
            return last + timedelta(days=self.days)
        except OverflowError:
            return date.max
