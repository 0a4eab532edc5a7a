"""What each feature says for or against each kind of site, in thousandths.

Set by hand on the development designs and the development pages, and frozen before the
reporting designs were looked at (docs/method/platforms.md). A feature counts once, however
often it is seen. Changing a weight is a new `VERSION`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

VERSION: Final = "1"

KINDS: Final = (
    "exchange",
    "broker",
    "token_sale",
    "merchant",
    "wallet",
    "explorer",
    "price",
    "news",
    "technology",
    "phishing",
    "parked",
    "other",
)

# Features through which customers really trade; at least one must be seen for a venue.
CORE: Final = frozenset(
    (
        "venue.order_panel",
        "venue.dealing_panel",
        "venue.c2c_offers",
        "venue.book_data",
        "venue.trade_api",
    )
)

WEIGHTS: Final[dict[str, dict[str, int]]] = {
    "venue.order_panel": {"exchange": 320},
    "venue.dealing_panel": {"exchange": 220, "broker": 200},
    "venue.order_book": {"exchange": 180},
    "venue.book_data": {"exchange": 180},
    "venue.market_links": {"exchange": 160, "price": 80},
    "venue.pair_links": {"exchange": 70, "price": 100},
    "venue.market_grid": {"exchange": 60, "price": 100},
    "venue.pair_data": {"exchange": 90, "price": 40},
    "venue.trade_api": {"exchange": 120},
    "venue.order_words": {"exchange": 140},
    "venue.leverage": {"exchange": 100, "broker": 150},
    "venue.fee_table": {"exchange": 130},
    "venue.fee_words": {"exchange": 70},
    "venue.c2c_offers": {"exchange": 260},
    "venue.funding": {"exchange": 140, "broker": 100, "wallet": 60},
    "venue.account": {"exchange": 60, "broker": 60},
    "venue.identity": {"exchange": 60, "broker": 50},
    "venue.calls_itself": {"exchange": 140},
    "venue.headline": {"exchange": 60},
    "venue.trade_navigation": {"exchange": 50},
    "editorial.article": {"exchange": -80, "news": 260},
    "editorial.newsroom": {"exchange": -100, "news": 200},
    "editorial.dated_items": {"exchange": -80, "news": 200, "other": 60},
    "editorial.prose": {"exchange": -60, "news": 80, "other": 60},
    "editorial.feed": {"exchange": -30, "news": 60},
    "shop.cart": {"exchange": -260, "merchant": 350},
    "shop.words": {"exchange": -120, "merchant": 180},
    "shop.product": {"exchange": -160, "merchant": 250},
    "explorer.hashes": {"exchange": -180, "explorer": 320},
    "explorer.words": {"exchange": -100, "explorer": 220},
    "wallet.keys": {"exchange": -100, "wallet": 320},
    "price.ranking": {"exchange": -120, "price": 280},
    "price.many_outside_links": {"exchange": -80, "price": 120, "news": 60},
    "price.disclaims": {"exchange": -80, "price": 80, "news": 40},
    "technology.words": {"exchange": -100, "technology": 320},
    "technology.code": {"exchange": -80, "technology": 200},
    "token_sale.terms": {"exchange": -60, "token_sale": 420},
    "community.words": {"exchange": -120, "other": 260},
    "phishing.sends_elsewhere": {"exchange": -500, "phishing": 500},
    "phishing.asks_phrase": {"exchange": -450, "phishing": 500},
    "phishing.asks_words": {"exchange": -200, "phishing": 250},
    "phishing.other_canonical": {"exchange": -200, "phishing": 200},
    "parked.words": {"exchange": -400, "parked": 600},
    "other.no_crypto": {"exchange": -700, "other": 500},
}


def score(kind: str, features: Iterable[str]) -> int:
    """The sum of a kind's weights over *different* features, in thousandths."""
    return sum(WEIGHTS.get(feature, {}).get(kind, 0) for feature in sorted(set(features)))
