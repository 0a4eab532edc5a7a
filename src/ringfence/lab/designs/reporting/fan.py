"""Pages by fans and referrers of an exchange: they write about it and link to it, and run nothing."""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._html import places
from ringfence.lab.designs.reporting._prose import sentences, venues
from ringfence.lab.designs.reporting._words import Words
from ringfence.lab.designs.reporting.news import quotes
from ringfence.lab.site import Brief, Pages


def _fan(rng: random.Random, brief: Brief, bundle: str, css: str, js: str = "") -> Pages:
    idol, address = rng.choice(venues(brief))

    def prepare(w: Words) -> dict[str, object]:
        return {"lines": sentences(rng, brief, w, 10)}

    pages = draw(
        bundle,
        rng,
        brief,
        prepare=prepare,
        css=css,
        js=js,
        idol=idol,
        address=address,
        ref=str(rng.randrange(10_000, 999_999)),
        ticker=quotes(rng, brief),
    )
    return assets(pages, rng, css, js, "post step comment")


def referral(rng: random.Random, brief: Brief) -> Pages:
    """A referral blog: how to register, verify, deposit and trade, step by step, with links."""
    return _fan(rng, brief, "fan_referral", *places(rng))


def board(rng: random.Random, brief: Brief) -> Pages:
    """A board where customers of an exchange talk."""
    return _fan(rng, brief, "fan_board", places(rng)[0])


def club(rng: random.Random, brief: Brief) -> Pages:
    """A one-page club: groups to join, events, signals, stickers."""
    return _fan(rng, brief, "fan_club", *places(rng))


DESIGNS = (referral, board, club)
