"""A site of the laboratory: invented, marked as such, and with its truth known.

A *design* draws the pages of one kind of site from a brief. Designs for development and
designs for reporting live in separate folders (`lab/designs/development`, `lab/designs/reporting`)
and were written separately, so that the figures we report come from designs that no rule was
tuned on.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec


class Page(msgspec.Struct, frozen=True):
    """What the site answers on one path."""

    body: str | bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = {}
    encoding: str = "utf-8"


class Brief(msgspec.Struct, frozen=True):
    """What a design is told about the site it draws.

    ``kind`` is the truth about what the site is: exchange, geoblocked_exchange, local_exchange,
    global_exchange, news, explorer, wallet, technology, price, fan, merchant, phishing, parked, other.
    ``languages`` are BCP 47 tags, the first the default one. ``quotes`` are the currencies or
    tokens that an exchange quotes its pairs in, ``coins`` those traded or written about.
    ``residents`` says whether the site in truth serves residents of the lab's home country (CN):
    a design must show that by at least two *different* means (a Chinese version, CNY pairs,
    local payment rails, +86 among phone codes, local apps or contact groups …), or, if False, must
    show none. ``others`` are (name, host) of exchanges that news and fans write about,
    price sites list, merchants link to and phishing clones imitate.
    """

    host: str
    name: str
    kind: str
    languages: tuple[str, ...]
    quotes: tuple[str, ...]
    coins: tuple[str, ...]
    residents: bool
    others: tuple[tuple[str, str], ...]
    country: str | None = None


Pages = dict[str, Page]
Design = Callable[[random.Random, Brief], Pages]
