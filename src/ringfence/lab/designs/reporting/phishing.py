"""Clones that imitate an exchange to take credentials: no venue behind them (a different offence)."""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._html import places
from ringfence.lab.designs.reporting._prose import venues
from ringfence.lab.designs.reporting.news import quotes
from ringfence.lab.site import Brief, Pages


def _clone(rng: random.Random, brief: Brief, bundle: str, css: str, js: str = "") -> Pages:
    victim, real = rng.choice(venues(brief))
    taker = f"{rng.choice(('cdn', 'api', 'form', 'mail'))}-{rng.randbytes(3).hex()}.example"
    drop = f"https://{taker}/{rng.choice(('p.php', 'save', 'x/post.php', 'gate'))}"
    return assets(
        draw(
            bundle,
            rng,
            brief,
            victim=victim,
            truehost=real,
            drop=drop,
            css=css,
            js=js,
            ticker=quotes(rng, brief),
        ),
        rng,
        css,
        js,
    )


def login(rng: random.Random, brief: Brief) -> Pages:
    """A copied landing page whose log-in form posts to another host; the other links are dead."""
    return _clone(rng, brief, "phishing_login", *places(rng))


def recovery(rng: random.Random, brief: Brief) -> Pages:
    """A notice of a frozen account that asks for a recovery phrase or a withdrawal password."""
    return _clone(rng, brief, "phishing_recovery", places(rng)[0])


def giveaway(rng: random.Random, brief: Brief) -> Pages:
    """A false anniversary: send coins to an address, get twice back."""
    return _clone(rng, brief, "phishing_giveaway", *places(rng))


DESIGNS = (login, recovery, giveaway)
