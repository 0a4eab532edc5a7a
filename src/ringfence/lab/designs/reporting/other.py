"""Ordinary sites of other kinds, some with words that venues use too."""

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._money import FX
from ringfence.lab.designs.reporting._tongues import Tongues, chinese_first
from ringfence.lab.site import Brief, Pages


def university(rng: random.Random, brief: Brief) -> Pages:
    """A lecturer's page on market microstructure."""
    return assets(draw("other_university", rng, brief, css="/style.css"), rng, "/style.css")


def bank(rng: random.Random, brief: Brief) -> Pages:
    """A bank's information on foreign cash and rates."""
    css, js = "/assets/css/main.css", "/assets/js/main.js"
    rates = [
        (q, f"{FX[q] * 0.98:.4f}", f"{FX[q] * 1.02:.4f}") for q in rng.sample(sorted(FX), k=12) if len(q) == 3
    ]
    return assets(draw("other_bank", rng, brief, css=css, js=js, rates=rates), rng, css, js)


def guild(rng: random.Random, brief: Brief) -> Pages:
    """A game whose players trade items for game gold."""
    css, js = "/static/css/app.css", "/static/js/app.js"
    things = rng.sample(
        "Iron sword|Elk cloak|Healing herb|Rune of frost|Oak bow|Dragon scale|Pack mule|Silver ring".split(
            "|"
        ),
        7,
    )
    return assets(draw("other_guild", rng, brief, css=css, js=js, things=things), rng, css, js)


def forum(rng: random.Random, brief: Brief) -> Pages:
    """A general forum in an old encoding where the language has one."""
    site = Tongues(rng, brief, limit=1, languages=chinese_first(brief))
    encoding = "gb18030" if site.languages[0].lower() in ("zh", "zh-cn", "zh-hans") else "utf-8"
    pages = draw(
        "other_forum",
        rng,
        brief,
        site,
        encoding,
        css="/css/forum.css",
        charset="gbk" if encoding != "utf-8" else encoding,
    )
    return assets(pages, rng, "/css/forum.css")


def recipes(rng: random.Random, brief: Brief) -> Pages:
    """A recipe blog."""
    css = "/wp-content/themes/kitchen/style.css"
    return assets(draw("other_recipes", rng, brief, css=css), rng, css)


def logistics(rng: random.Random, brief: Brief) -> Pages:
    """A logistics firm with tracking, orders and an exchange for freight."""
    css, js = "/css/main.css", "/js/main.js"
    return assets(draw("other_logistics", rng, brief, css=css, js=js), rng, css, js)


def council(rng: random.Random, brief: Brief) -> Pages:
    """A town council."""
    return assets(draw("other_council", rng, brief, css="/css/style.css"), rng, "/css/style.css")


def stocks(rng: random.Random, brief: Brief) -> Pages:
    """Information on listed shares, with quotes of five levels and a log-in."""
    css, js = "/dist/app.css", "/dist/app.js"
    firms = [
        (
            f"{rng.randrange(600000, 603999)}",
            rng.choice("North South East Grand Blue Stone".split())
            + " "
            + rng.choice("Steel Foods Power Paper Glass Textile".split()),
            round(rng.uniform(2, 90), 2),
        )
        for _ in range(10)
    ]
    return assets(draw("other_stocks", rng, brief, css=css, js=js, firms=firms), rng, css, js)


DESIGNS = (university, bank, guild, forum, recipes, logistics, council, stocks)
