"""Block explorers: search, blocks, transactions, rich lists, an interface for programs."""

from __future__ import annotations

import random
from typing import Any

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._money import address
from ringfence.lab.designs.reporting.news import quotes
from ringfence.lab.site import Brief, Pages


def _chain(rng: random.Random, brief: Brief) -> dict[str, Any]:
    coin = rng.choice(brief.coins or ("BTC",))
    height = rng.randrange(400_000, 6_000_000)
    blocks = [
        (height - i, rng.randbytes(32).hex(), rng.randrange(20, 2600), rng.randrange(1, 59))
        for i in range(15)
    ]
    moves = [
        (rng.randbytes(32).hex(), address(rng, coin), address(rng, coin), f"{rng.lognormvariate(0, 2):.5f}")
        for _ in range(14)
    ]
    rich = [
        (address(rng, coin), f"{x:,.2f}")
        for x in sorted((rng.uniform(900, 180000) for _ in range(20)), reverse=True)
    ]
    return {"coin": coin, "blocks": blocks, "moves": moves, "rich": rich, "ticker": quotes(rng, brief)}


def classic(rng: random.Random, brief: Brief) -> Pages:
    """Tables in a plain frame, with a chart of the price and tokens by market."""
    css, js = "/css/style.css", "/js/main.js"
    return assets(draw("explorer_classic", rng, brief, css=css, js=js, **_chain(rng, brief)), rng, css, js)


def shell(rng: random.Random, brief: Brief) -> Pages:
    """A script shell that gets its tables as JSON."""
    css, js = f"/static/css/main.{rng.randbytes(4).hex()}.css", f"/static/js/main.{rng.randbytes(4).hex()}.js"
    return assets(draw("explorer_shell", rng, brief, css=css, js=js, **_chain(rng, brief)), rng, css, js)


def pool(rng: random.Random, brief: Brief) -> Pages:
    """An explorer run by a mining pool, with workers, payouts and a calculator."""
    css = "/assets/css/style.css"
    return assets(draw("explorer_pool", rng, brief, css=css, **_chain(rng, brief)), rng, css)


DESIGNS = (classic, shell, pool)
