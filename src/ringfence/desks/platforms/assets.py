"""Crypto-assets and currencies as sites write them: symbols, names and pairs."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from ringfence.desks.platforms import lexicon

FIAT: Final = frozenset(
    """USD EUR GBP JPY CNY CNH RMB KRW RUB INR BRL TRY AUD CAD CHF HKD SGD TWD THB VND IDR MYR PHP MXN ARS CLP
    COP PEN ZAR NGN KES UAH PLN CZK SEK NOK DKK NZD ILS AED SAR KZT PKR HUF RON BGN""".split()
)
STABLE: Final = frozenset("USDT USDC TUSD PAX BUSD DAI UST QC CNYT BITCNY CKUSD GUSD FDUSD".split())
COINS: Final = frozenset(
    """BTC XBT ETH LTC BCH BCC BSV XRP EOS ETC XMR ZEC DASH NEO GAS QTUM TRX ADA XLM IOT IOTA MIOTA XEM VEN
    VET ONT OMG ZRX BAT BNB HT OKB BIX KCS FT DOGE DCR LSK STEEM BTS SC REP GNT SNT KNC MANA ELF ZIL
    ICX AE WAVES NANO BTG DGB XVG STRAT ARK KMD PIVX GNO MKR DOT SOL AVAX MATIC LINK UNI AAVE ATOM
    ALGO FIL LUNA NEAR FTM SHIB PEPE ARB OP SUI APT TON INJ TIA SEI WLD ETP INK BTM HSR GXS DDD ACT
    CVC STORJ RDN LRC RUFF IOST CRO LEO HBAR EGLD XTZ THETA KSM RUNE GRT SAND AXS CAKE PPT POLY LOOM
    NULS WTC XZC FCT MONA NMC PPC NXT""".split()
)
CRYPTO: Final = COINS | STABLE
_QUOTES: Final = (
    FIAT | STABLE | {"BTC", "XBT", "ETH", "BNB", "HT", "OKB", "KCS", "TRX", "EOS", "NEO", "QTUM", "FT"}
)
_PAIR = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{2,8})\s?[/_\-–:·|]\s?([A-Za-z]{2,6})(?![A-Za-z0-9])")
_JOINED = re.compile(
    r"(?<![A-Za-z0-9])([A-Z]{2,6}?)(USDT|USDC|USD|CNY|EUR|BTC|ETH|KRW|JPY|TRY|RUB|BRL)(?![A-Za-z0-9])"
)
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,7}(?![A-Za-z0-9])")


@lru_cache(maxsize=1024)
def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Trading pairs (base, quote) in a text, each once, in order: one side a known crypto-asset, the
    quote a known quote currency. ``EUR/USD`` is no pair of ours."""
    found: dict[tuple[str, str], None] = {}
    for pattern in (_PAIR, _JOINED):
        for match in pattern.finditer(text):
            base, quote = match.group(1).upper(), match.group(2).upper()
            if (
                base != quote
                and quote in _QUOTES
                and (base in CRYPTO or (quote in CRYPTO and _coinlike(match)))
            ):
                found[base, quote] = None
    return tuple(found)


def _coinlike(match: re.Match[str]) -> bool:
    # An unknown base counts only where it is written as symbols are: in capitals.
    base = match.group(1)
    return base.isupper() and len(base) <= 6 and base not in FIAT


def is_fiat(quote: str) -> bool:
    """Whether a quote is money issued by a state (as a pair is written, not as it is backed)."""
    return quote in FIAT


def names_crypto(text: str) -> int:
    """How many different crypto-asset names and symbols a text uses."""
    return lexicon.count("crypto", text, "assets") + len(CRYPTO.intersection(_CAPITALS.findall(text)))
