"""Designs that rules may be tuned on. Nothing that is reported comes from them.

A kind is told by what a site *does*: a venue takes orders on its own pages and keeps
accounts for it. Words, classes and paths are common property of all kinds.
"""

from __future__ import annotations

from ringfence.lab.designs.development import exchanges, innocents, plain
from ringfence.lab.site import Design

_VENUES: tuple[Design, ...] = (
    exchanges.spot,
    exchanges.desk,
    exchanges.shell,
    exchanges.antique,
    exchanges.modern,
    exchanges.pocket,
)
_SHARED: dict[str, tuple[Design, ...]] = {
    "exchange": _VENUES,
    "geoblocked_exchange": _VENUES,
    "local_exchange": _VENUES,
    "global_exchange": _VENUES,
    "news": innocents.NEWS,
    "explorer": innocents.EXPLORER,
    "wallet": innocents.WALLET,
    "technology": innocents.TECHNOLOGY,
    "price": innocents.PRICE,
    "fan": innocents.FAN,
    "merchant": innocents.MERCHANT,
    "phishing": innocents.PHISHING,
    "parked": (innocents.parked, innocents.empty),
    "other": innocents.OTHER,
}
DESIGNS: dict[str, tuple[Design, ...]] = {
    kind: (*shared, *plain.DESIGNS.get(kind, ())) for kind, shared in _SHARED.items()
}
