"""Invented prices, books and tickers, roughly as they stood in mid 2018."""
# ruff: noqa: E501 — tables of figures

from __future__ import annotations

import random

USD = {
    "BTC": 6480.0, "ETH": 412.0, "XRP": 0.44, "BCH": 702.0, "LTC": 78.0, "EOS": 7.4, "ETC": 15.1, "DASH": 221.0,
    "XMR": 121.0, "ZEC": 163.0, "TRX": 0.033, "ADA": 0.142, "XLM": 0.22, "NEO": 32.5, "QTUM": 8.1, "IOTA": 0.96,
    "DOGE": 0.0027, "ONT": 4.3, "VET": 0.019, "BNB": 13.2, "HT": 2.6, "OMG": 6.8, "ZRX": 0.87, "BTM": 0.38,
    "SOL": 142.0, "USDC": 1.0,
}  # fmt: skip
FX = {
    "USD": 1.0, "USDT": 1.0, "USDC": 1.0, "TUSD": 1.0, "DAI": 1.0, "CNY": 6.78, "CNYT": 6.78, "QC": 6.78, "EUR": 0.86,
    "GBP": 0.76, "JPY": 111.4, "KRW": 1122.0, "RUB": 62.8, "VND": 23010.0, "TRY": 4.8, "BRL": 3.85, "INR": 68.6,
    "IDR": 14450.0, "MXN": 18.9, "AUD": 1.35, "CAD": 1.31, "HKD": 7.85, "TWD": 30.6, "SGD": 1.36, "THB": 33.3,
    "PLN": 3.7, "UAH": 26.8, "CHF": 0.99, "ZAR": 13.4, "ARS": 27.6, "PHP": 53.4, "MYR": 4.05, "NGN": 360.0,
    "CLP": 655.0, "COP": 2890.0, "AED": 3.67, "ILS": 3.65, "CZK": 22.1, "SEK": 8.9, "KZT": 346.0,
}  # fmt: skip
SYMBOL = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "¥", "KRW": "₩", "RUB": "₽", "TRY": "₺", "BRL": "R$",
          "INR": "₹", "VND": "₫"}  # fmt: skip


def usd(coin: str) -> float:
    """A coin's dollar price before noise; unknown coins get one from their letters."""
    return USD.get(coin) or (FX.get(coin) and 1 / FX[coin]) or (sum(map(ord, coin)) % 97 + 3) / 40


def rate(rng: random.Random, coin: str, quote: str) -> float:
    """A price of a coin in a quote, with a little noise."""
    unit = 1 / FX[quote] if quote in FX else usd(quote)
    return usd(coin) / unit * rng.uniform(0.96, 1.05)


def show(value: float, comma: bool = True) -> str:
    """A price with digits that fit its size."""
    digits = 2 if value >= 100 else 4 if value >= 1 else 6 if value >= 0.01 else 8
    if value >= 100_000:
        digits = 0
    return f"{value:,.{digits}f}" if comma else f"{value:.{digits}f}"


def percent(rng: random.Random) -> str:
    """A change over a day."""
    return f"{rng.gauss(0, 4):+.2f}%"


def book(rng: random.Random, mid: float, depth: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Asks from best to worst and bids from best to worst as (price, amount)."""
    asks, bids, up, low = [], [], mid, mid
    for _ in range(depth):
        up *= 1 + rng.expovariate(2500)
        low *= 1 - rng.expovariate(2500)
        asks.append((show(up), f"{rng.lognormvariate(0.2, 1.3):.4f}"))
        bids.append((show(low), f"{rng.lognormvariate(0.2, 1.3):.4f}"))
    return asks, bids


def address(rng: random.Random, coin: str = "BTC") -> str:
    """An address-like string for a coin (invented; its checksum is wrong)."""
    if coin in ("ETH", "ETC", "USDT", "OMG", "ZRX", "BNB"):
        return "0x" + rng.randbytes(20).hex()
    alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
    first = {"LTC": "L", "XRP": "r", "DOGE": "D", "TRX": "T", "DASH": "X"}.get(coin, rng.choice("13"))
    return first + "".join(rng.choices(alphabet, k=33))
