"""Trading venues: customers trade on pages of the site's own host.

The four kinds of venue share these designs; the venue behind them carries what differs.
"""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._venue import Venue, slug
from ringfence.lab.site import Brief, Pages


def terminal(rng: random.Random, brief: Brief) -> Pages:
    """A spot venue with a ticker strip, a market list and a terminal of three columns."""
    v = Venue(rng, brief)
    static = rng.choice(("/static", "/assets", "/dist", "/public"))
    signup, login = rng.choice(
        (("/register", "/login"), ("/signup", "/signin"), ("/account/register", "/account/login"))
    )
    pages = draw(
        "exchange_terminal", rng, brief, v, rows=v.rows(), static=static, signup=signup, login=login, slug=slug,
        base=rng.choice(("/trade", "/exchange", "/trade/pro", "/market")), sep=rng.choice(("_", "-")),
        help=rng.choice(("/help", "/support", "/hc")), flip=rng.random() < 0.5, note=rng.random() < 0.6,
    )  # fmt: skip
    return v.finish(assets(pages, rng, f"{static}/css/app.css", f"{static}/js/app.js", "terminal chart asks bids hero"))
