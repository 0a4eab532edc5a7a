# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Designs of what is no venue, made of the same pieces."""

from __future__ import annotations

import random
from collections.abc import Sequence

from ringfence.lab.designs.development import blocks, frames
from ringfence.lab.designs.development.sketch import Sketch
from ringfence.lab.site import Brief, Design, Page, Pages


class _Paper:
    """Draws pages in one frame, and the same sections in each further language."""

    def __init__(self, rng: random.Random, brief: Brief, nav: Sequence[str]) -> None:
        self.s = Sketch(rng, brief)
        self.frame = rng.choice(frames.ALL)
        self.nav = ["home", *nav]
        self.pages: Pages = self.s.files()

    def put(self, key: str, title: str, body: str) -> None:
        self.pages[self.s.path(key)] = self.s.page(self.frame(self.s, title, self.nav, body))

    def also(self, topic: str) -> Pages:
        """A front page in each further language; returns all pages."""
        s = self.s
        first = s.language
        for tag in s.brief.languages[1:]:
            s.into(tag)
            self.pages[f"/{tag.lower()}/"] = s.page(
                self.frame(s, s.brief.name, self.nav, s.paragraphs(topic, 5))
            )
        s.into(first)
        return self.pages


def _news(front: str) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(("news", "markets", "trade", "about", "login", "contact", "forum", "help", "otc"), 6),
        )
        s = p.s
        own = f"<p>{brief.name} × {brief.others[0][0]}</p>" if brief.others and rng.random() < 0.2 else ""
        widget = blocks.tickers(s, 8) if rng.random() < 0.7 else ""
        if front == "widget":
            widget += blocks.book(s, 4) + blocks.trades(s, 6)
        p.put("home", s.t("news"), own + blocks.articles(s, "report", rng.randint(6, 25)) + widget)
        p.put(
            "markets",
            s.t("markets"),
            blocks.tickers(s, 15, link=rng.choice(("others", "trade", None))) + s.paragraphs("report", 3),
        )
        sample = blocks.guide(s) if front == "columns" and rng.random() < 0.5 else ""
        p.put("trade", s.t("trade"), s.paragraphs("report", 6) + sample)
        p.put("news", s.t("news"), blocks.articles(s, "report", 12))
        p.put(
            "about",
            s.t("about"),
            s.paragraphs("plain", 3)
            + (blocks.groups(s) + blocks.application(s) if rng.random() < 0.5 else ""),
        )
        p.put("login", s.t("login"), blocks.login(s) + blocks.signup(s))
        topics = ("report", "report", "venue", "guide", "chain")
        for index in range(6):
            quote = f"<blockquote>{s.say('venue', 1)[0]}</blockquote>" if rng.random() < 0.6 else ""
            extra = blocks.book(s, 3) if rng.random() < 0.2 else ""
            title = s.say("report", 1)[0]
            text = f"<article>{s.paragraphs('report', 5)}{quote}{s.paragraphs(rng.choice(topics), 3)}{extra}</article>"
            p.pages[f"{s.path('news')}/{index}.html"] = s.page(p.frame(s, title, p.nav, text))
        return p.also("report")

    return draw


def _explorer(home: str) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng, brief, rng.sample(("markets", "wallet", "trade", "about", "login", "help", "news"), 5)
        )
        s = p.s
        price = blocks.tickers(s, 4) if home == "prices" else ""
        p.put("home", s.t("search"), blocks.search(s) + blocks.ledger(s, rng.randint(8, 40)) + price)
        p.put("trade", s.t("history"), blocks.ledger(s, 20) + blocks.trades(s, 5))
        p.put("markets", s.t("markets"), blocks.tickers(s, 10, link="others") + s.paragraphs("chain", 2))
        p.put(
            "wallet",
            s.t("wallet"),
            s.rows(
                (s.t("address"), s.t("balance")),
                [[f"1{rng.getrandbits(120):030x}", f"{rng.uniform(1, 900):.2f}"] for _ in range(15)],
            ),
        )
        p.put("login", s.t("login"), blocks.login(s) + blocks.signup(s))
        p.put("about", s.t("about"), s.paragraphs("chain", 4))
        p.put("help", s.t("help"), s.paragraphs("chain", 3) + s.paragraphs("guide", 2))
        return p.also("chain")

    return draw


def _wallet(form: bool) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(
                ("download", "wallet", "help", "fees", "markets", "login", "signup", "terms", "deposit"), 7
            ),
        )
        s = p.s
        send = blocks.transfer(s)
        p.put(
            "home",
            s.t("wallet"),
            s.paragraphs("chain", 4) + blocks.application(s) + (send if form else blocks.tickers(s, 5)),
        )
        p.put(
            "wallet",
            s.t("wallet"),
            send
            + s.rows(
                (s.t("wallet"), s.t("balance"), ""),
                [[coin, "0.0000", s.t("deposit")] for coin in brief.coins],
            ),
        )
        p.put(
            "deposit",
            s.t("deposit"),
            s.rows(
                (s.t("deposit"), s.t("address")),
                [[coin, f"{rng.getrandbits(120):030x}"] for coin in brief.coins[:4]],
            ),
        )
        p.put("download", s.t("download"), blocks.application(s) + blocks.groups(s))
        p.put("help", s.t("help"), s.paragraphs("guide", 4) + s.paragraphs("chain", 3))
        p.put(
            "fees",
            s.t("fees"),
            s.rows((s.t("pair"), s.t("fees")), [[coin, "0.0005"] for coin in brief.coins[:8]]),
        )
        p.put("markets", s.t("markets"), blocks.tickers(s, 8))
        p.put("login", s.t("login"), blocks.restore(s, s.path("wallet")) if form else blocks.login(s))
        p.put("signup", s.t("signup"), blocks.signup(s))
        p.put("terms", s.t("terms"), s.paragraphs("plain", 4))
        return p.also("chain")

    return draw


def _technology(gallery: bool) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(("about", "help", "news", "download", "trade", "markets", "contact", "login"), 6),
        )
        s = p.s
        code = blocks.interface(s)
        # A gallery of components: the forms of a venue that is none.
        sample = (
            blocks.book(s, 6) + blocks.orders(s, off=True) + blocks.trades(s, 6) + blocks.tickers(s, 6)
            if gallery
            else code
        )
        p.put("home", brief.name, s.paragraphs("chain", 6) + s.link("download"))
        p.put("help", s.t("help"), s.paragraphs("chain", 4) + sample)
        p.put("trade", s.t("trade"), s.paragraphs("chain", 4) + sample + code)
        p.put("markets", s.t("markets"), s.paragraphs("report", 3))
        p.put("news", s.t("news"), blocks.articles(s, "chain", 6) + blocks.articles(s, "report", 3))
        p.put("about", s.t("about"), s.paragraphs("plain", 3) + blocks.groups(s))
        p.put("download", s.t("download"), blocks.application(s) + code)
        p.put("login", s.t("login"), blocks.login(s) + blocks.signup(s))
        return p.also("chain")

    return draw


def _price(linked: str) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(
                ("markets", "trade", "news", "about", "login", "signup", "terms", "help", "download"), 6
            ),
        )
        s = p.s
        p.put("home", s.t("markets"), blocks.tickers(s, 30, link=linked) + s.paragraphs("report", 2))
        p.put(
            "markets",
            s.t("markets"),
            s.rows(
                (s.t("markets"), s.t("volume"), s.t("trade")),
                [
                    [f'<a href="https://{host}/">{name}</a>', f"{rng.randint(1, 900)} M", s.t("trade")]
                    for name, host in brief.others
                ],
            ),
        )
        p.put(
            "trade",
            s.t("trade"),
            blocks.tickers(s, 8, link="others")
            + blocks.book(s, 5)
            + blocks.trades(s, 8)
            + s.paragraphs("report", 3),
        )
        p.put("login", s.t("login"), blocks.login(s))
        p.put("signup", s.t("signup"), blocks.signup(s))
        p.put("news", s.t("news"), blocks.articles(s, "report", 6))
        p.put("about", s.t("about"), s.paragraphs("plain", 2))
        p.put("download", s.t("download"), blocks.application(s))
        p.put("help", s.t("help"), s.paragraphs("guide", 4) + blocks.groups(s) + blocks.interface(s))
        return p.also("report")

    return draw


def _fan(blog: bool) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(
                (
                    "forum",
                    "otc",
                    "trade",
                    "help",
                    "news",
                    "markets",
                    "fees",
                    "about",
                    "login",
                    "deposit",
                    "signup",
                ),
                8,
            ),
        )
        s = p.s
        talk = "".join(
            f"<div{s.c('item')}><b>user{rng.randint(100, 999)}</b> {line}</div>"
            for line in s.say("guide", 5) + s.say("venue", 3) + s.say("report", 3)
        )
        p.put(
            "home",
            brief.name,
            (blocks.articles(s, "guide", 6) + s.paragraphs("report", 3))
            if blog
            else talk + blocks.tickers(s, 5),
        )
        p.put("trade", s.t("trade"), blocks.guide(s) + (rng.random() < 0.5) * s.paragraphs("venue", 3))
        p.put(
            "fees",
            s.t("fees"),
            s.rows(
                (s.t("pair"), s.t("fees")),
                [[f"{a}/{b}", rng.choice(("0.1%", "0.2%"))] for a, b in s.pairs[:8]],
            ),
        )
        p.put("deposit", s.t("deposit"), s.paragraphs("guide", 2) + blocks.rails(s))
        p.put("markets", s.t("markets"), blocks.tickers(s, 10, link="others"))
        p.put("help", s.t("help"), s.paragraphs("guide", 6) + blocks.groups(s))
        p.put("forum", s.t("forum"), talk)
        p.put("otc", s.t("otc"), s.paragraphs("guide", 3) + blocks.rails(s))
        p.put("news", s.t("news"), blocks.articles(s, "guide", 5) + blocks.application(s))
        p.put("about", s.t("about"), s.paragraphs("guide", 3))
        p.put("login", s.t("login"), blocks.login(s))
        p.put("signup", s.t("signup"), blocks.signup(s))
        return p.also("guide")

    return draw


def _merchant(list_first: bool) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(
                ("trade", "deposit", "about", "terms", "contact", "login", "signup", "help", "wallet"), 7
            ),
        )
        s = p.s
        things = blocks.goods(s, 8)
        p.put(
            "home",
            brief.name,
            things + s.paragraphs("plain", 3) if list_first else s.paragraphs("plain", 5) + things,
        )
        basket = s.form(
            s.path("deposit"),
            [
                (s.t("amount"), "amount", "text"),
                (s.t("price"), "price", "text"),
                (s.t("address"), "address", "text"),
            ],
            s.t("buy"),
        )
        p.put("trade", s.t("buy"), blocks.goods(s, 2) + basket + s.paragraphs("plain", 2))
        p.put(
            "deposit",
            s.t("total"),
            blocks.rails(s)
            + s.rows(
                (s.t("wallet"), s.t("address")),
                [[coin, f"{rng.getrandbits(120):030x}"] for coin in brief.coins[:3]],
            ),
        )
        p.put(
            "wallet",
            s.t("account"),
            s.rows((s.t("account"), s.t("total")), [["#1001", "0.00"]]) + s.t("balance"),
        )
        p.put("login", s.t("login"), blocks.login(s))
        p.put("signup", s.t("signup"), blocks.signup(s))
        p.put("about", s.t("about"), s.paragraphs("plain", 4) + blocks.groups(s))
        p.put("terms", s.t("terms"), s.paragraphs("plain", 5))
        p.put("help", s.t("help"), s.paragraphs("plain", 4))
        return p.also("plain")

    return draw


def _phishing(phrase: bool) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        """A venue's front page with a log-in that sends what is typed elsewhere; nothing works behind it."""
        p = _Paper(
            rng,
            brief,
            ["markets", "trade", "login", "signup", *rng.sample(("fees", "help", "about", "download"), 2)],
        )
        s = p.s
        for key in p.nav[1:]:
            s.point(key, "/")
        target = f"https://collect-{rng.randint(10, 99)}.{rng.choice(('top', 'xyz'))}.example/save.php"
        ask = blocks.restore(s, target) if phrase else blocks.login(s, target)
        lure = s.paragraphs("chain", 2) if phrase else s.paragraphs("guide", 1)
        body = blocks.tickers(s, 10, link="trade") + s.paragraphs("venue", 4)
        p.put("home", brief.others[0][0] if brief.others else brief.name, ask + lure + body)
        for tag in brief.languages[1:]:
            s.into(tag)
            p.pages[f"/{tag.lower()}/"] = s.page(
                p.frame(s, s.t("login"), p.nav, ask + s.paragraphs("venue", 3))
            )
        return p.pages

    return draw


def parked(rng: random.Random, brief: Brief) -> Pages:
    """A name for sale."""
    s = Sketch(rng, brief)
    words = " ".join(
        f'<a href="/?q={s.t(key)}">{s.t(key)}</a>'
        for key in rng.sample(("trade", "wallet", "markets", "buy", "news", "download", "search"), 4)
    )
    text = f"<html><head><title>{brief.host}</title></head><body><h1>{brief.host}</h1>{words}{s.paragraphs('plain', 2)}</body></html>"
    return {"/": s.page(text), "/favicon.ico": s.files()["/favicon.ico"]}


def empty(rng: random.Random, brief: Brief) -> Pages:
    """A server that nobody has set up yet."""
    s = Sketch(rng, brief)
    text = frames.bare(
        s, brief.host, ["home"], f"<p>It works!</p><p>{s.t('contact')}: hostmaster@{brief.host}</p>"
    )
    return {"/": s.page(text), "/robots.txt": Page("User-agent: *\nDisallow:\n", "text/plain")}


def _other(shopfront: bool) -> Design:
    def draw(rng: random.Random, brief: Brief) -> Pages:
        p = _Paper(
            rng,
            brief,
            rng.sample(
                (
                    "about",
                    "news",
                    "contact",
                    "help",
                    "login",
                    "download",
                    "fees",
                    "terms",
                    "trade",
                    "markets",
                ),
                5,
            ),
        )
        s = p.s
        p.put(
            "home",
            brief.name,
            s.paragraphs("plain", 6) + (blocks.search(s) if shopfront else blocks.articles(s, "plain", 8)),
        )
        p.put("about", s.t("about"), s.paragraphs("plain", 4))
        p.put("news", s.t("news"), blocks.articles(s, "plain", 5) + blocks.articles(s, "report", 2))
        p.put(
            "fees",
            s.t("fees"),
            s.rows(("", s.t("price")), [[line, f"{rng.randint(1, 90)}"] for line in s.say("plain", 3)]),
        )
        p.put("trade", s.t("trade"), s.paragraphs("plain", 3) + s.paragraphs("report", 2))
        p.put("markets", s.t("markets"), blocks.goods(s, 4))
        p.put("login", s.t("login"), blocks.login(s) + blocks.signup(s))
        p.put("contact", s.t("contact"), f"<p>info@{brief.host}</p>" + blocks.groups(s))
        return p.also("plain")

    return draw


NEWS = tuple(_news(front) for front in ("list", "widget", "columns", "plain"))
EXPLORER = (_explorer("plain"), _explorer("prices"))
WALLET = (_wallet(True), _wallet(False))
TECHNOLOGY = (_technology(True), _technology(False), _technology(False))
PRICE = (_price("others"), _price("trade"))
FAN = (_fan(True), _fan(False))
MERCHANT = (_merchant(True), _merchant(False))
PHISHING = (_phishing(True), _phishing(False))
OTHER = (_other(True), _other(False))
