"""Which addresses the laboratory's country plan gives to whom, all within 127.0.0.0/8."""

from __future__ import annotations

HOME = "CN"
# Second octet of 127.x.0.0/16 for each country of the laboratory's world.
OCTETS = {
    "CN": 10, "SG": 20, "HK": 21, "TW": 22, "US": 30, "CA": 31, "BR": 32, "MX": 33, "JP": 40, "KR": 41,
    "TH": 42, "IN": 43, "DE": 50, "NL": 51, "GB": 52, "CH": 53, "FR": 54, "ES": 55, "PL": 56, "SC": 57,
    "RU": 60, "TR": 61, "UA": 62, "AU": 80, "NZ": 81, "ZA": 82, "VG": 90, "MT": 91,
}  # fmt: skip
ALIASES = {"UK": "GB"}
ELSEWHERE = ("SG", "HK", "US", "NL", "SC", "VG", "MT")  # where a venue with an unplanned country is hosted

INSIDE_CLIENT = "127.10.0.1"
INSIDE_RESOLVER = "127.10.0.53"
BLOCK_PAGE = "127.10.0.80"
OUTSIDE_CLIENT = "127.20.0.1"
OUTSIDE_RESOLVER = "127.20.0.53"
NOBODY = "127.30.0.99"  # an address with no listener on either side of the border
BOGON = "10.10.34.36"


def ranges() -> str:
    """The country plan as CSV ``start,end,country`` (inclusive), with its header."""
    rows = (f"127.{octet}.0.0,127.{octet}.255.255,{country}\n" for country, octet in OCTETS.items())
    return "start,end,country\n" + "".join(rows)


def country_of(address: str) -> str | None:
    """The country that the plan gives an address, if any."""
    first, second, *_ = address.split(".")
    by_octet = {str(octet): country for country, octet in OCTETS.items()}
    return by_octet.get(second) if first == "127" else None


class Allocator:
    """Gives out addresses, the next free one of a country."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def next(self, country: str) -> str:
        """An address that nobody has yet, from 127.x.1.2 upwards."""
        count = self._given.get(country, 0)
        self._given[country] = count + 1
        third, fourth = divmod(count, 250)
        return f"127.{OCTETS[country]}.{third + 1}.{fourth + 2}"
