"""A small register of the tests' own: invented names beside the three that were unreachable in 2018."""

from ringfence.lab.population import RegisterRow

COUNTRIES = (
    ("CN",),
    ("US",),
    ("HK",),
    ("JP",),
    ("KR",),
    ("BR",),
    ("RU",),
    ("UK",),
    (),
    ("CN", "US"),
    ("TR",),
)
SPECIAL = (
    ("Binance", "binance.com"), ("OKEx", "okex.com"), ("Bitfinex", "bitfinex.com"),
    ("CoinMarketCap", "coinmarketcap.com"), ("Upper", "upper-venue.com"), ("Lower", "pro.upper-venue.com"),
)  # fmt: skip


def rows() -> list[RegisterRow]:
    """126 rows."""
    named = [RegisterRow(name, host, ("JP",), rank) for rank, (name, host) in enumerate(SPECIAL, 1)]
    rest = [
        RegisterRow(f"Venue {index}", f"venue{index}-coin.{('com', 'io', 'co.kr', 'pro')[index % 4]}",
                    COUNTRIES[index % len(COUNTRIES)])
        for index in range(126 - len(named))
    ]  # fmt: skip
    return named + rest
