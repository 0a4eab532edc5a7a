"""Wallet software and services: people keep and send their own coins; nobody matches orders."""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._html import places
from ringfence.lab.designs.reporting.news import quotes
from ringfence.lab.site import Brief, Pages


def software(rng: random.Random, brief: Brief) -> Pages:
    """Open-source wallet software to download, with documentation and checksums."""
    css = rng.choice(("/css/style.css", "/assets/css/main.css"))
    return assets(
        draw(
            "wallet_software",
            rng,
            brief,
            css=css,
            version=f"{rng.randrange(1, 4)}.{rng.randrange(20)}.{rng.randrange(9)}",
        ),
        rng,
        css,
    )


def hosted(rng: random.Random, brief: Brief) -> Pages:
    """A hosted wallet with log-in, balances, send and receive forms."""
    css, js = rng.choice((("/static/css/app.css", "/static/js/app.js"), ("/dist/main.css", "/dist/main.js")))
    return assets(draw("wallet_hosted", rng, brief, css=css, js=js, ticker=quotes(rng, brief)), rng, css, js)


def device(rng: random.Random, brief: Brief) -> Pages:
    """A hardware wallet with a shop, set-up guide and firmware."""
    css, js = places(rng)
    return assets(
        draw("wallet_device", rng, brief, css=css, js=js, cost=rng.randrange(39, 190)), rng, css, js
    )


DESIGNS = (software, hosted, device)
