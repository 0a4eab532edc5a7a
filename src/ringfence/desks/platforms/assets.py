"""Crypto-assets and currencies as sites write them: symbols, names and pairs."""

from __future__ import annotations

import re
from typing import Final

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
_NAMES = re.compile(
    r"bitcoin|ethereum|litecoin|ripple|dogecoin|monero|cryptocurrenc|crypto[\s-]?(?:asset|coin|exchange|wallet)"
    r"|digital (?:asset|currenc)|virtual currenc|stablecoin|blockchain|altcoin"
    r"|比特币|以太坊|以太币|莱特币|数字货币|虚拟货币|数字资产|加密货币|区块链|代币"
    r"|比特幣|以太|萊特幣|加密貨幣|數位資產|區塊鏈|代幣"
    r"|ビットコイン|イーサリアム|仮想通貨|暗号資産|ブロックチェーン"
    r"|비트코인|이더리움|암호화폐|가상자산|블록체인"
    r"|биткоин|биткойн|эфириум|криптовалют|блокчейн"
    r"|criptomoeda|criptomoneda|criptoactivo|criptoativo|criptovalut|kryptow|kripto|cryptomonnaie"
    r"|tiền (?:điện tử|mã hóa)|bitkoin",
    re.IGNORECASE,
)
_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9])(" + "|".join(sorted(CRYPTO, key=len, reverse=True)) + r")(?![A-Za-z0-9])"
)


def pairs(text: str) -> list[tuple[str, str]]:
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
    return list(found)


def _coinlike(match: re.Match[str]) -> bool:
    # An unknown base counts only where it is written as symbols are: in capitals.
    base = match.group(1)
    return base.isupper() and len(base) <= 6 and base not in FIAT


def is_fiat(quote: str) -> bool:
    """Whether a quote is money issued by a state (as a pair is written, not as it is backed)."""
    return quote in FIAT


def names_crypto(text: str) -> int:
    """How many different crypto-asset names and symbols a text uses."""
    names = {match.group().casefold() for match in _NAMES.finditer(text)}
    return len(names | {match.group() for match in _SYMBOL.finditer(text)})
