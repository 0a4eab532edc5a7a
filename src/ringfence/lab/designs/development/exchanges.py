# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Six designs of venues. Their landing pages, order pages and means of payment differ in make-up."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ringfence.lab.designs.development import blocks, frames
from ringfence.lab.designs.development.frames import Frame
from ringfence.lab.designs.development.sketch import Sketch
from ringfence.lab.site import Brief, Pages


class _Venue:
    """Draws the pages every venue has, in one frame, into one dictionary."""

    def __init__(self, rng: random.Random, brief: Brief, choice: Sequence[Frame], rows: str | None) -> None:
        self.s = Sketch(rng, brief)
        if rows:
            self.s.kind_of_rows = rows
        self.frame = rng.choice(choice)
        self.means = self._means()
        extra = rng.sample(("fees", "help", "about", "terms", "news", "download", "contact"), 4)
        # What shows whom the venue serves is within a visitor's reach.
        extra += [key for key, mean in (("download", "app"), ("contact", "groups")) if mean in self.means]
        self.nav = list(dict.fromkeys(["home", "markets", "trade", "login", "signup", "wallet", *extra]))
        self.pages: Pages = self.s.files()

    def _means(self) -> set[str]:
        """By what the venue shows whom it serves; at least two where it serves residents."""
        optional = ["phone", "rails", "app", "groups"]
        return set(self.s.rng.sample(optional, self.s.rng.randint(2, 4)))

    def put(self, key: str, title: str, body: str) -> None:
        self.pages[self.s.path(key)] = self.s.page(self.frame(self.s, title, self.nav, body))

    def common(self) -> None:
        """Account, fees, help and the like."""
        s = self.s
        self.put("login", s.t("login"), blocks.login(s) + s.link("signup"))
        self.put(
            "signup",
            s.t("signup"),
            blocks.signup(s) if "phone" in self.means else blocks.login(s, s.path("signup")),
        )
        fiat = (
            blocks.rails(s)
            if "rails" in self.means
            else s.rows(
                (s.t("deposit"), s.t("address")),
                [[coin, f"{s.rng.getrandbits(120):030x}"] for coin in s.brief.coins[:4]],
            )
        )
        self.put(
            "wallet",
            s.t("wallet"),
            s.rows(
                (s.t("wallet"), s.t("balance"), ""),
                [
                    [coin, "0.0000", f"{s.link('deposit', s.t('deposit'))} {s.t('withdraw')}"]
                    for coin in s.brief.coins
                ],
            ),
        )
        self.put("deposit", s.t("deposit"), fiat + blocks.transfer(s))
        self.put(
            "fees",
            s.t("fees"),
            s.rows(
                (s.t("pair"), s.t("fees")),
                [[f"{a}/{b}", s.rng.choice(("0.1%", "0.2%", "0.05%"))] for a, b in s.pairs[:10]],
            ),
        )
        self.put(
            "help",
            s.t("help"),
            s.paragraphs("guide", 4) + (blocks.groups(s) if "groups" in self.means else ""),
        )
        api = blocks.interface(s) if s.rng.random() < 0.4 else ""
        self.put("about", s.t("about"), s.paragraphs("venue", 4) + api)
        self.put("terms", s.t("terms"), s.paragraphs("plain", 3) + s.paragraphs("venue", 3))
        self.put("news", s.t("news"), blocks.articles(s, "venue", 6))
        self.put(
            "download",
            s.t("download"),
            blocks.application(s) if "app" in self.means else s.paragraphs("venue", 2),
        )
        self.put(
            "contact",
            s.t("contact"),
            blocks.groups(s) if "groups" in self.means else f"<p>support@{s.brief.host}</p>",
        )

    def other_languages(self, landing: str) -> None:
        """A landing page in each further language."""
        s = self.s
        first = s.language
        for tag in s.brief.languages[1:]:
            s.into(tag)
            body = s.paragraphs("venue", 4) + blocks.tickers(s, 6, link="trade") + landing
            self.pages[f"/{tag.lower()}/"] = s.page(self.frame(s, s.t("trade"), self.nav, body))
        s.into(first)


def spot(rng: random.Random, brief: Brief) -> Pages:
    """An order-book venue of 2018: tickers first, the book and its forms on one page."""
    v = _Venue(rng, brief, (frames.portal, frames.bootstrap), "table")
    s = v.s
    v.common()
    v.put(
        "home",
        s.t("markets"),
        blocks.tickers(s, 14, link="trade") + s.paragraphs("venue", 3) + blocks.login(s),
    )
    v.put("markets", s.t("markets"), blocks.tickers(s, 30, link="trade"))
    v.put("trade", s.t("trade"), blocks.book(s, 10) + blocks.orders(s) + blocks.trades(s, 12))
    v.other_languages("")
    return v.pages


def desk(rng: random.Random, brief: Brief) -> Pages:
    """A desk where people buy from and sell to each other for money, with a small spot market beside it."""
    v = _Venue(rng, brief, (frames.rendered, frames.mobile, frames.portal), None)
    s = v.s
    v.means |= {"rails"}
    v.nav.insert(2, "otc")
    s_term = f"{s.t('buy')} / {s.t('sell')}"
    v.common()
    quote = brief.quotes[0]
    offers = [
        [f"user{rng.randint(100, 999)}***", f"{rng.randint(20, 900)} {brief.coins[0]}", s.figure(s.price(brief.coins[0], quote)) + f" {quote}",
         s.link("otc", s.t(rng.choice(("buy", "sell"))))]
        for _ in range(12)
    ]  # fmt: skip
    v.pages[s.path("otc")] = s.page(
        v.frame(
            s,
            s_term,
            v.nav,
            s.rows((s.t("account"), s.t("amount"), s.t("price"), ""), offers) + blocks.rails(s),
        )
    )
    v.put(
        "home",
        s_term,
        s.paragraphs("venue", 3)
        + s.rows((s.t("account"), s.t("amount"), s.t("price"), ""), offers[:5])
        + blocks.signup(s),
    )
    v.put("markets", s.t("markets"), blocks.tickers(s, 12, link="trade"))
    v.put("trade", s.t("trade"), blocks.orders(s) + blocks.book(s, 5))
    v.other_languages(blocks.rails(s))
    return v.pages


def shell(rng: random.Random, brief: Brief) -> Pages:
    """A script's shell: words and tickers in JSON, little HTML."""
    v = _Venue(rng, brief, (frames.application,), "div")
    s = v.s
    v.common()
    v.put("home", brief.name, s.paragraphs("venue", 3) + s.link("trade") + s.link("signup"))
    v.put("markets", s.t("markets"), blocks.tickers(s, 16, link="trade"))
    v.put("trade", s.t("trade"), blocks.book(s, 7) + blocks.orders(s))
    v.other_languages("")
    return v.pages


def antique(rng: random.Random, brief: Brief) -> Pages:
    """Layout by tables, everything on the first page."""
    v = _Venue(rng, brief, (frames.old, frames.bare), "old")
    s = v.s
    v.common()
    v.put(
        "home",
        s.t("home"),
        blocks.login(s) + blocks.tickers(s, 8, link="trade") + blocks.book(s, 5) + s.paragraphs("venue", 2),
    )
    v.put("markets", s.t("markets"), blocks.tickers(s, 20, link="trade"))
    v.put("trade", s.t("trade"), blocks.orders(s) + blocks.book(s, 8) + blocks.trades(s, 8))
    v.other_languages("")
    return v.pages


def modern(rng: random.Random, brief: Brief) -> Pages:
    """A landing page that sells, and a terminal behind it."""
    v = _Venue(rng, brief, (frames.rendered, frames.application), "div")
    s = v.s
    v.common()
    cards = "".join(
        f"<div{s.c('box')}><h3>{s.t(key)}</h3><p>{line}</p></div>"
        for key, line in zip(("trade", "wallet", "download"), s.say("venue", 3), strict=False)
    )
    v.put("home", s.t("trade"), f"{cards}{s.link('signup')}{blocks.tickers(s, 5, link='trade')}")
    v.put("markets", s.t("markets"), blocks.tickers(s, 24, link="trade"))
    terminal = (
        blocks.book(s, 12) + blocks.trades(s, 10) + blocks.orders(s) + blocks.tickers(s, 6, link="trade")
    )
    v.put("trade", s.t("trade"), terminal)
    v.other_languages("")
    return v.pages


def pocket(rng: random.Random, brief: Brief) -> Pages:
    """For telephones: lists, one form at a time."""
    v = _Venue(rng, brief, (frames.mobile,), "ul")
    s = v.s
    v.common()
    v.put(
        "home",
        brief.name,
        blocks.tickers(s, 8, link="trade") + s.link("deposit") + s.link("signup") + s.paragraphs("venue", 2),
    )
    v.put("markets", s.t("markets"), blocks.tickers(s, 18, link="trade"))
    v.put("trade", s.t("trade"), blocks.orders(s) + blocks.book(s, 6) + s.link("wallet"))
    v.other_languages("")
    return v.pages
