"""Designs drawn from what sites of 2013 to 2026 look like, each with a make-up of its own."""

from __future__ import annotations

from ringfence.lab.designs.development.plain import instruments, press, streets, venues
from ringfence.lab.site import Design

DESIGNS: dict[str, tuple[Design, ...]] = {
    "exchange": venues.VENUES,
    "geoblocked_exchange": (venues.shell, venues.broker, venues.futures),
    "local_exchange": (venues.portal, venues.cash, venues.broker),
    "global_exchange": (venues.programmatic, venues.futures),
    "news": press.NEWS,
    "price": instruments.PRICE,
    "wallet": instruments.WALLET,
    "explorer": instruments.EXPLORER,
    "technology": instruments.TECHNOLOGY,
    "fan": streets.FAN,
    "merchant": streets.MERCHANT,
    "phishing": streets.PHISHING,
    "other": streets.OTHER,
    "parked": streets.PARKED,
}
