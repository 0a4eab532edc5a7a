"""Time is UTC, written as ISO 8601 with microseconds and ``Z``."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ringfence.core.errors import InputError


def now() -> datetime:
    """The present instant, aware, UTC."""
    return datetime.now(UTC)


def stamp(instant: datetime | None = None) -> str:
    """An instant as ``2018-08-24T00:00:00.000000Z``; the present one by default."""
    moment = (instant or now()).astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_stamp(text: str) -> datetime:
    """Reads what `stamp` writes, and any ISO 8601 instant with an offset. Raises `InputError`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"not an ISO 8601 time: {text!r}", hint="write 2018-08-24T12:00:00Z") from error
    if moment.tzinfo is None:
        raise InputError(f"time without an offset: {text!r}", hint="end it with Z for UTC")
    return moment.astimezone(UTC)


def parse_date(text: str) -> date:
    """Reads ``2018-08-24``. Raises `InputError`."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"not a date: {text!r}", hint="write YYYY-MM-DD, for example 2018-08-24") from error
