"""Outlets that report on exchanges and coins and offer no trading themselves."""

from __future__ import annotations

import random
from typing import Any

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._money import percent, rate, show
from ringfence.lab.designs.reporting._prose import sentences, stories
from ringfence.lab.designs.reporting._tongues import Tongues, chinese_first
from ringfence.lab.designs.reporting._words import Words, clock
from ringfence.lab.site import Brief, Pages


def quotes(rng: random.Random, brief: Brief, count: int = 8) -> list[tuple[str, str, str, str]]:
    """Figures for a ticker: (coin, quote, price, change)."""
    pairs = [(c, q) for c in brief.coins for q in (*brief.quotes[:2], "USD") if c != q]
    return [(c, q, show(rate(rng, c, q)), percent(rng)) for c, q in dict.fromkeys(pairs[:count])]


def _paper(
    rng: random.Random,
    brief: Brief,
    bundle: str,
    count: int,
    css: str,
    js: str,
    encoding: str = "utf-8",
    site: Tongues | None = None,
    **more: Any,  # noqa: ANN401 — what a template needs
) -> Pages:
    def prepare(w: Words) -> dict[str, object]:
        return {
            "stories": stories(rng, brief, w, count),
            "ticker": quotes(rng, brief),
            "lines": sentences(rng, brief, w, 12),
        }

    pages = draw(bundle, rng, brief, site, encoding, prepare, css=css, js=js, **more)
    return assets(pages, rng, css, js, "story byline lead ticker comment subscribe")


def newspaper(rng: random.Random, brief: Brief) -> Pages:
    """A newspaper: sections, a price page, long articles, comments, a subscription."""
    return _paper(rng, brief, "news_paper", 9, "/assets/css/main.css", "/assets/js/main.js")


def magazine(rng: random.Random, brief: Brief) -> Pages:
    """A blog magazine on a common publishing system, with how-to guides and affiliate links."""
    return _paper(
        rng,
        brief,
        "news_magazine",
        8,
        "/wp-content/themes/mag/style.css",
        "/wp-includes/js/jquery.js",
        partner=rng.choice(brief.others or (("a venue", "venue.example"),)),
    )


def flash(rng: random.Random, brief: Brief) -> Pages:
    """A feed of flash news with a price strip and an app."""
    return _paper(
        rng,
        brief,
        "news_flash",
        18,
        "/static/css/app.css",
        "/static/js/app.js",
        times=sorted((clock(rng) for _ in range(18)), reverse=True),
    )


def journal(rng: random.Random, brief: Brief) -> Pages:
    """A research journal that an exchange pays for, and that says so."""
    return _paper(
        rng,
        brief,
        "news_journal",
        6,
        "/css/style.css",
        "/js/common.js",
        owner=rng.choice(brief.others or (("a venue", "venue.example"),)),
    )


def portal(rng: random.Random, brief: Brief) -> Pages:
    """A column of a Chinese portal in the national encoding, or an old portal elsewhere."""
    site = Tongues(rng, brief, limit=1, languages=chinese_first(brief))
    first = site.languages[0].lower()
    encoding = (
        "utf-8" if not first.startswith("zh") else "big5" if first[3:] in ("tw", "hk", "hant") else "gb18030"
    )
    charset = {"gb18030": "gb2312"}.get(encoding, encoding)
    return _paper(
        rng, brief, "news_portal", 14, "/css/style.css", "/js/jquery.min.js", encoding, site, charset=charset
    )


def local(rng: random.Random, brief: Brief) -> Pages:
    """A local paper with weather, notices and now and then a story about coins."""
    return _paper(
        rng,
        brief,
        "news_local",
        5,
        "/assets/style.css",
        "/assets/app.js",
        town=rng.choice(("Harrowby", "Lindmouth", "Castle Vell", "Marrow Bay", "Ostfen")),
    )


DESIGNS = (newspaper, magazine, flash, journal, portal, local)
