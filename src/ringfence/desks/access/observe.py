"""Observe: looking at URLs from a vantage. The names by which other rooms use the instrument."""

from __future__ import annotations

from ringfence.desks.access.health import Health, health
from ringfence.desks.access.limiter import Limiter
from ringfence.desks.access.look import look
from ringfence.desks.access.outcome import outcome_of
from ringfence.desks.access.session import INSTRUMENT, MAX_REDIRECTS, Fetched, Sealed, Session

__all__ = [
    "INSTRUMENT",
    "MAX_REDIRECTS",
    "Fetched",
    "Health",
    "Limiter",
    "Sealed",
    "Session",
    "health",
    "look",
    "outcome_of",
]
