"""Designs on which results are reported: drawn from how real sites look, by an author of their own.

Whoever writes or tunes an instrument does not read this package; its figures come from sites that
no rule has seen. Every design makes its brief's truth visible and invents the rest.
"""

from __future__ import annotations

from ringfence.lab.designs.reporting import (
    exchange,
    explorer,
    fan,
    merchant,
    news,
    other,
    parked,
    phishing,
    price,
    technology,
    venues,
    wallet,
)
from ringfence.lab.site import Design

DESIGNS: dict[str, tuple[Design, ...]] = {
    "exchange": exchange.DESIGNS,
    "geoblocked_exchange": venues.GEOBLOCKED,
    "local_exchange": venues.LOCAL,
    "global_exchange": venues.GLOBAL,
    "news": news.DESIGNS,
    "explorer": explorer.DESIGNS,
    "wallet": wallet.DESIGNS,
    "technology": technology.DESIGNS,
    "price": price.DESIGNS,
    "fan": fan.DESIGNS,
    "merchant": merchant.DESIGNS,
    "phishing": phishing.DESIGNS,
    "parked": parked.DESIGNS,
    "other": other.DESIGNS,
}

__all__ = ["DESIGNS"]
