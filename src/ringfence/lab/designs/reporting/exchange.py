"""Trading venues: customers trade on pages of the site's own host.

The four kinds of venue share these designs; the venue behind them carries what differs.
"""

from __future__ import annotations

import random
from typing import Any

from ringfence.lab.designs.reporting._bundle import assets, draw
from ringfence.lab.designs.reporting._tongues import chinese_first
from ringfence.lab.designs.reporting._venue import Venue, slug
from ringfence.lab.site import Brief, Pages

_CLASSES = "terminal chart asks bids hero ticker panel badge lead search tabs"


def venue(
    rng: random.Random,
    brief: Brief,
    bundle: str,
    css: str,
    js: str,
    encoding: str = "utf-8",
    style: str = "",
    **more: Any,  # noqa: ANN401 — what a template needs
) -> Pages:
    """A venue drawn from a bundle, with its style sheet, script, application and geo-block page."""
    v = Venue(rng, brief, style)
    rows = v.rows()
    symbols = [
        {"symbol": c + q, "base": c, "quote": q, "last": last, "change": ch, "volume": vol}
        for c, q, last, ch, _, _, vol in rows
    ]
    pages = draw(
        bundle, rng, brief, v, encoding, rows=rows, symbols=symbols, css=css, js=js, slug=slug, **more
    )
    return v.finish(assets(pages, rng, css, js, _CLASSES))


def terminal(rng: random.Random, brief: Brief) -> Pages:
    """A spot venue with a ticker strip, a market list and a terminal of three columns."""
    static = rng.choice(("/static", "/assets", "/dist", "/public"))
    signup, login = rng.choice(
        (("/register", "/login"), ("/signup", "/signin"), ("/account/register", "/account/login"))
    )
    return venue(
        rng,
        brief,
        "exchange_terminal",
        f"{static}/css/app.css",
        f"{static}/js/app.js",
        static=static,
        signup=signup,
        login=login,
        base=rng.choice(("/trade", "/exchange", "/trade/pro", "/market")),
        sep=rng.choice(("_", "-")),
        help=rng.choice(("/help", "/support", "/hc")),
        flip=rng.random() < 0.5,
        note=rng.random() < 0.6,
    )


def vintage(rng: random.Random, brief: Brief) -> Pages:
    """A venue in tables and fixed width, as they were built in 2014; in the national encoding in Chinese."""
    tongues = chinese_first(brief) if brief.residents else brief.languages
    default = (brief.languages or ("en",))[0].lower()
    plain = len(tongues) == 1 and brief.residents and default in ("zh", "zh-cn", "zh-hans")
    encoding = (
        "gb18030" if plain else "big5" if default in ("zh-tw", "zh-hk") and len(tongues) == 1 else "utf-8"
    )
    return venue(
        rng,
        brief,
        "exchange_vintage",
        "/css/style.css",
        "/js/jquery.min.js",
        encoding,
        ext=rng.choice((".html", ".shtml", ".do", "")),
        charset={"gb18030": "gb2312"}.get(encoding, encoding),
    )


def shell(rng: random.Random, brief: Brief) -> Pages:
    """A venue in one page of script: little text, the data inline as JSON."""
    mark = rng.randbytes(4).hex()
    return venue(
        rng,
        brief,
        "exchange_shell",
        f"/static/css/app.{mark}.css",
        f"/static/js/app.{mark}.js",
        chunk=f"/static/js/chunk-vendors.{mark}.js",
    )


def desk(rng: random.Random, brief: Brief) -> Pages:
    """A desk where customers buy from and sell to each other under escrow, with a small spot market."""
    return venue(rng, brief, "exchange_desk", "/assets/css/main.css", "/assets/js/main.js")


def broker(rng: random.Random, brief: Brief) -> Pages:
    """Quick buying and selling against the house, and a terminal for professionals."""
    return venue(rng, brief, "exchange_broker", rng.choice(("/css/app.css", "/build/site.css")), "")


def futures(rng: random.Random, brief: Brief) -> Pages:
    """A venue for perpetual contracts with leverage."""
    symbols = [f"{c}{rng.choice(('USD', 'USD', 'U18', 'PERP'))}" for c in (brief.coins or ("BTC",))[:6]]
    return venue(
        rng,
        brief,
        "exchange_futures",
        "/dist/css/app.css",
        "/dist/js/app.js",
        syms=list(dict.fromkeys(symbols)),
    )


def board(rng: random.Random, brief: Brief) -> Pages:
    """A long list of small coins, two tables of orders, and a chat box."""
    return venue(rng, brief, "exchange_board", "/css/bootstrap.min.css", "/js/main.js")


def utility(rng: random.Random, brief: Brief) -> Pages:
    """A venue of 2018 in utility classes, rendered on the server by a script framework."""
    build = rng.randbytes(6).hex()
    return venue(
        rng,
        brief,
        "exchange_utility",
        f"/_next/static/css/{build}.css",
        f"/_next/static/chunks/main-{build}.js",
        style="prefix",
        build=build,
        mod=rng.choice(("Home", "Layout", "Page")),
    )


DESIGNS = (terminal, vintage, shell, desk, broker, futures, board, utility)
