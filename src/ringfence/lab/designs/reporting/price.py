"""Price sites: tables, converters and portfolios fed by other people's markets."""

from __future__ import annotations

import random
from typing import Any

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._html import places
from ringfence.lab.designs.reporting._money import percent, show, usd
from ringfence.lab.designs.reporting.news import quotes
from ringfence.lab.site import Brief, Pages


def _figures(rng: random.Random, brief: Brief) -> dict[str, Any]:
    caps = [
        (c, show(usd(c)), f"{rng.uniform(1e7, 9e10):,.0f}", f"{rng.uniform(1e6, 5e9):,.0f}", percent(rng))
        for c in brief.coins or ("BTC",)
    ]
    venues = [
        (n, h, f"{rng.uniform(1e6, 9e8):,.0f}", rng.randrange(8, 400), percent(rng)) for n, h in brief.others
    ]
    return {
        "caps": caps,
        "venues": venues,
        "ticker": quotes(rng, brief, 24),
        "unit": rng.choice(("USD", "CNY", "EUR")),
    }


def capital(rng: random.Random, brief: Brief) -> Pages:
    """A table of coins by market capital, with a page for each coin and each exchange."""
    css, js = places(rng)
    return assets(
        draw("price_capital", rng, brief, css=css, js=js, **_figures(rng, brief)), rng, css, js, "cap spark"
    )


def converter(rng: random.Random, brief: Brief) -> Pages:
    """A converter between coins and money."""
    css, _ = places(rng)
    return assets(draw("price_converter", rng, brief, css=css, **_figures(rng, brief)), rng, css)


def portfolio(rng: random.Random, brief: Brief) -> Pages:
    """A portfolio tracker with charts, alerts and links to venues."""
    css, js = places(rng)
    return assets(draw("price_portfolio", rng, brief, css=css, js=js, **_figures(rng, brief)), rng, css, js)


DESIGNS = (capital, converter, portfolio)
