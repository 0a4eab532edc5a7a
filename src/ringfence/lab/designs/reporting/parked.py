"""Names without a site: parked for advertising, for sale, or left at the server's default page."""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import draw
from ringfence.lab.site import Brief, Pages

_TERMS = (
    "Buy Bitcoin|Trading Platform|Exchange Rates|Crypto Wallet|Forex|Online Banking|Stock Market|"
    "Car Insurance|"
    "Cheap Flights|Trade Coins|Loans|Log In"
)


def advertised(rng: random.Random, brief: Brief) -> Pages:
    """A page of related searches."""
    return draw("parked_ads", rng, brief, terms=rng.sample(_TERMS.split("|"), k=8))


def for_sale(rng: random.Random, brief: Brief) -> Pages:
    """A broker's page that offers the name itself."""
    return draw("parked_sale", rng, brief, cost=rng.randrange(4, 900) * 100)


def default(rng: random.Random, brief: Brief) -> Pages:
    """A server's default page, or 'coming soon'."""
    return draw(
        "parked_default",
        rng,
        brief,
        soon=rng.random() < 0.5,
        server=rng.choice(("nginx", "Apache2 Debian", "IIS")),
    )


DESIGNS = (advertised, for_sale, default)
