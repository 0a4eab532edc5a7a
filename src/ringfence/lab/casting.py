"""What a site is told to be: kinds and their numbers, languages, quote currencies, coins."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ringfence.lab.site import Brief

# What the register hosts are that are no exchange serving residents (with one price publisher: 20).
NON_PROVIDERS = (
    *("geoblocked_exchange",) * 4,
    *("local_exchange",) * 5,
    *("global_exchange",) * 4,
    *("parked",) * 2,
    *("dead",) * 2,
    *("other",) * 1,
    *("technology",) * 1,
    "price",
)
_SHARES = {
    "news": 90, "explorer": 30, "wallet": 35, "technology": 45, "price": 30, "fan": 45, "merchant": 40,
    "phishing": 35, "parked": 20, "other": 50,
}  # fmt: skip
_LANGUAGES = {
    "zh-Hans": 38, "en": 28, "zh-Hant": 7, "ja": 4, "ko": 4, "ru": 4, "es": 4, "de": 3, "pt": 3, "tr": 3,
    "fr": 2,
}  # fmt: skip
LOCAL = {
    "JP": ("ja", "JPY"), "KR": ("ko", "KRW"), "BR": ("pt", "BRL"), "RU": ("ru", "RUB"), "TR": ("tr", "TRY"),
    "PL": ("pl", "PLN"), "MX": ("es", "MXN"), "DE": ("de", "EUR"), "UA": ("ru", "UAH"),
    "FR": ("fr", "EUR"), "CL": ("es", "CLP"), "VE": ("es", "VEF"),
    "IL": ("en", "ILS"), "AU": ("en", "AUD"), "GB": ("en", "GBP"), "CA": ("en", "CAD"), "ZA": ("en", "ZAR"),
    "NZ": ("en", "NZD"), "IN": ("en", "INR"), "TW": ("zh-Hant", "TWD"),
}  # fmt: skip
_FALLBACK = ("JP", "KR", "BR", "RU", "TR", "MX", "DE", "PL")
COINS = """BTC ETH LTC BCH XRP EOS ETC NEO QTUM DASH ZEC ADA TRX XLM IOTA XMR OMG ZRX BAT SNT KNC GAS VET
ONT HSR BTM DOGE""".split()


def innocents(rng: random.Random, count: int) -> list[str]:
    """The kinds of ``count`` innocents, in random order."""
    kinds = [kind for kind, share in _SHARES.items() for _ in range(share)]
    while len(kinds) < count:
        kinds.append(rng.choice(list(_SHARES)))
    rng.shuffle(kinds)
    return kinds[:count]


def language(rng: random.Random, kind: str) -> str:
    """The main language of an innocent; those near the trade are in Chinese more often than not."""
    weights = dict(_LANGUAGES)
    if kind in {"news", "fan", "merchant"}:
        weights["zh-Hans"] = 55
    return rng.choices(list(weights), list(weights.values()))[0]


def brief(
    rng: random.Random,
    kind: str,
    name: str,
    host: str,
    countries: Sequence[str],
    others: tuple[tuple[str, str], ...],
    main: str | None = None,
) -> Brief:
    """The brief of a site. ``main`` is its main language; drawn when None."""
    coins = tuple(rng.sample(COINS, rng.randint(6, 16)))
    country = countries[0] if countries else None
    languages, quotes = _tongue(rng, kind, countries, main)
    residents = kind == "exchange" or (not kind.endswith("exchange") and "zh-Hans" in languages)
    return Brief(
        host=host,
        name=name,
        kind=kind,
        languages=languages,
        quotes=quotes,
        coins=coins,
        residents=residents,
        others=others,
        country=country,
    )


def _tongue(
    rng: random.Random, kind: str, countries: Sequence[str], main: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if kind == "exchange":
        languages = rng.choices(
            (
                ("zh-Hans", "en"),
                ("en", "zh-Hans"),
                ("zh-Hans",),
                ("en", "zh-Hans", "ko"),
                ("zh-Hans", "zh-Hant", "en"),
                ("en",),
            ),
            (28, 28, 22, 8, 6, 8),
        )[0]
        quotes = ("CNY", "USDT", "BTC") if rng.random() < 0.45 else ("USDT", "BTC", "ETH")
        return languages, quotes
    if kind == "local_exchange":
        known = [code for code in countries if code in LOCAL]
        tongue, currency = LOCAL[known[0] if known else rng.choice(_FALLBACK)]
        return (tongue,), (currency, "BTC")
    if kind == "geoblocked_exchange":
        return rng.choice((("en",), ("en", "ko"), ("en", "ja", "ru"))), ("USDT", "BTC", "ETH")
    if kind == "global_exchange":
        return ("en",), rng.choice((("USDT", "BTC"), ("BTC", "ETH"), ("USD", "BTC")))
    main = main or language(rng, kind)
    second = "zh-Hans" if main == "en" else "en"
    spoken = (main, second) if rng.random() < 0.3 else (main,)
    if kind == "merchant":
        traded: tuple[str, ...] = (
            ("CNY", "USD") if "zh-Hans" in spoken else ("USD", rng.choice(("EUR", "JPY")))
        )
    elif "zh-Hans" in spoken:
        traded = rng.choice((("CNY", "USD"), ("CNY", "USDT", "BTC"), ("USDT", "BTC", "ETH")))
    else:
        traded = rng.choice((("USD", "BTC"), ("USD", "EUR"), ("USDT", "BTC", "ETH"), ("JPY", "USD")))
    return spoken, traded
