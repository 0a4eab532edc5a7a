# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""What a design draws with: a site's words, classes, paths, numbers and files, fixed for the site."""

from __future__ import annotations

import html
import json
import random
import struct
from collections.abc import Iterable

from ringfence.lab.designs.development import style, words
from ringfence.lab.site import Brief, Page, Pages

# Paths by what they hold. Kinds mean different things by them: a newspaper has a section on trade too.
_PATHS = {
    "markets": ("/markets", "/market", "/hangqing", "/prices", "/tickers", "/quotes.html"),
    "trade": ("/trade/{pair}", "/exchange/{pair}", "/trade", "/spot/{pair}", "/trade/index.html", "/topic/{pair}", "/market/{pair}"),
    "login": ("/login", "/user/login", "/signin", "/account/login.html", "/passport/login"),
    "signup": ("/register", "/signup", "/user/register", "/join"),
    "fees": ("/fees", "/fee.html", "/help/fees", "/pricing"),
    "help": ("/help", "/support", "/faq", "/hc/faq.html"),
    "about": ("/about", "/about-us", "/about.html", "/company"),
    "terms": ("/terms", "/legal/terms", "/agreement.html", "/tos"),
    "news": ("/news", "/notice", "/blog", "/articles", "/gonggao"),
    "deposit": ("/deposit", "/user/finance", "/account/deposit", "/pay", "/checkout"),
    "wallet": ("/wallet", "/assets", "/account", "/user/center", "/balances"),
    "download": ("/download", "/app", "/mobile"),
    "forum": ("/forum", "/community", "/bbs"),
    "contact": ("/contact", "/contact.html", "/kontakt"),
    "otc": ("/otc", "/c2c", "/fiat", "/p2p"),
}  # fmt: skip
_PRICES = {"BTC": 6800.0, "ETH": 280.0, "BCH": 540.0, "LTC": 57.0, "DASH": 150.0, "ZEC": 140.0, "XMR": 95.0}
_RATES = {
    "CNY": 6.8, "JPY": 110.0, "KRW": 1120.0, "BRL": 4.0, "RUB": 67.0, "TRY": 6.0, "EUR": 0.86, "GBP": 0.77,
    "BTC": 1 / 6800, "ETH": 1 / 280, "PLN": 3.7, "MXN": 18.9, "UAH": 27.0, "CLP": 660.0, "INR": 70.0,
}  # fmt: skip
_CODES = "+1 +44 +81 +82 +49 +33 +7 +55 +90 +65 +852 +61 +34 +48".split()
_TYPES = {
    "js": "application/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "json": "application/json",
}


class Sketch:
    """See the module. ``language`` is the one the page is drawn in; `into` gives the sketch another one."""

    def __init__(self, rng: random.Random, brief: Brief) -> None:
        self.rng = rng
        self.brief = brief
        self.css = style.scheme(rng)
        self.language = brief.languages[0]
        self.kind_of_rows = rng.choice(("table", "div", "ul", "plain", "old"))
        self.hue = rng.randrange(360)
        base = rng.choice(("/static/", "/assets/", "/public/", "/dist/", "/js/"))
        tag = f"{rng.getrandbits(28):07x}"
        self.script = base + rng.choice(("app.js", f"main.{tag}.js", "common.js", f"index.{tag}.js"))
        self.sheet = base + rng.choice(("app.css", f"style.{tag}.css", "base.css"))
        self.logo = base + rng.choice(("logo.svg", "img/logo.svg"))
        self._paths: dict[str, str] = {}
        self._terms: dict[tuple[str, str], str] = {}
        self.pairs = [(coin, quote) for quote in brief.quotes for coin in brief.coins if coin != quote]
        self.encoding = self._draw_encoding()
        self.inline = self._draw_inline()

    def into(self, language: str) -> None:
        """Draws on in another language."""
        self.language = language

    def t(self, key: str) -> str:
        """The site's word for a key in the present language, escaped."""
        known = self._terms.get((self.language, key))
        if known is None:
            known = html.escape(words.term(self.rng, self.language, key))
            self._terms[self.language, key] = known
        return known

    def c(self, *concepts: str) -> str:
        """A class attribute with a space before it, or nothing."""
        names = " ".join(filter(None, (self.css[concept] for concept in concepts)))
        return f' class="{names}"' if names else ""

    def path(self, key: str) -> str:
        """Where the site keeps something."""
        if key == "home":
            return "/"
        if key not in self._paths:
            coin, quote = self.pairs[0] if self.pairs else ("BTC", "USD")
            pair = self.rng.choice((f"{coin}_{quote}", f"{coin}{quote}".lower(), f"{coin}-{quote}"))
            self._paths[key] = self.rng.choice(_PATHS[key]).format(pair=pair)
        return self._paths[key]

    def point(self, key: str, path: str) -> None:
        """Keeps something at a path of the caller's choice."""
        self._paths[key] = path

    def price(self, coin: str, quote: str) -> float:
        """A plausible price, never the same twice."""
        dollars = _PRICES.get(coin, 0.05 + (sum(map(ord, coin)) % 90) / 7)
        return dollars * _RATES.get(quote, 1.0) * self.rng.uniform(0.93, 1.07)

    def figure(self, value: float) -> str:
        """A number as a market shows it."""
        return f"{value:,.2f}" if value >= 10 else f"{value:.4f}" if value >= 0.01 else f"{value:.8f}"

    def say(self, topic: str, count: int) -> list[str]:
        """Sentences on a topic, filled in."""
        pool = words.sentences(self.language, topic)
        return [self._fill(text) for text in self.rng.sample(pool, min(count, len(pool)))]

    def _fill(self, text: str) -> str:
        coins = self.brief.coins or ("BTC",)
        coin = self.rng.choice(coins)
        quote = self.brief.quotes[0] if self.brief.quotes else "USD"
        other = self.rng.choice(self.brief.others)[0] if self.brief.others else self.brief.name
        filled = text.format(
            ex=other, coin=coin, coin2=self.rng.choice(coins), q=quote, me=self.brief.name,
            n=self.rng.randint(3, 90), n2=self.rng.choice(("0.1", "0.2", "0.05", "0.15")),
            p=self.figure(self.price(coin, quote)),
        )  # fmt: skip
        return html.escape(filled, quote=False)

    def paragraphs(self, topic: str, count: int) -> str:
        """Sentences as paragraphs, two or three in each."""
        text = self.say(topic, count)
        size = self.rng.randint(1, 3)
        return "".join(f"<p>{' '.join(text[at : at + size])}</p>" for at in range(0, len(text), size))

    def rows(self, head: Iterable[str], lines: Iterable[Iterable[str]], kind: str | None = None) -> str:
        """Tabular data in the site's manner: a table, blocks, a list, or an old table with attributes."""
        kind = kind or self.kind_of_rows
        head, lines = list(head), [list(line) for line in lines]
        if kind in {"table", "old"}:
            attributes = ' border="1" cellpadding="3" bgcolor="#f4f4f4"' if kind == "old" else self.c("table")
            top = "".join(f"<th>{cell}</th>" for cell in head)
            body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
            return f"<table{attributes}><tr>{top}</tr>{body}</table>"
        if kind == "ul":
            items = "".join(
                f"<li{self.c('item')}>" + " ".join(f"<span>{cell}</span>" for cell in line) + "</li>"
                for line in lines
            )
            return f"<ul{self.c('list')}><li{self.c('item')}>{' '.join(head)}</li>{items}</ul>"
        cell_class = self.c("cell") if kind == "div" else ""
        return (
            f"<div{self.c('table')}>"
            + "".join(
                f"<div{self.c('row')}>"
                + "".join(f"<span{cell_class}>{cell}</span> " for cell in line)
                + "</div>"
                for line in [head, *lines]
            )
            + "</div>"
        )

    def form(
        self, action: str, fields: Iterable[tuple[str, str, str]], button: str, *, off: bool = False
    ) -> str:
        """A form of (label, name, type) fields. ``off`` draws one that cannot be sent: a picture of a form."""
        lines = []
        for label, name, kind in fields:
            control = f'<input type="{kind}" name="{name}" placeholder="{label}"{self.c("input")}>'
            if kind == "phone":
                control = f'<select name="code">{self.codes()}</select><input name="{name}"{self.c("input")}>'
            lines.append(f"<div{self.c('field')}><label>{label}</label>{control}</div>")
        body = "".join(lines) + f'<button type="submit"{self.c("button")}>{button}</button>'
        if off:
            return f'<form action="#" onsubmit="return false"{self.c("form")}><fieldset disabled>{body}</fieldset></form>'
        return f'<form action="{action}" method="post"{self.c("form")}>{body}</form>'

    def codes(self) -> str:
        """Telephone country codes to choose from, with the home country's first where it is served."""
        codes = self.rng.sample(_CODES, 8)
        if self.brief.residents:
            codes = ["+86", *codes]
        return "".join(f'<option value="{code}">{code}</option>' for code in codes)

    def link(self, key: str, text: str | None = None) -> str:
        """A link to a part of the site."""
        return f'<a href="{self.path(key)}"{self.c("link")}>{text or self.t(key)}</a>'

    def files(self) -> Pages:
        """Favicon, logo, style sheet and script."""
        sheet = f"body{{margin:0;font:14px/1.6 sans-serif;color:#333}}a{{color:hsl({self.hue},70%,40%)}}"
        sheet += "".join(f".x{index}{{padding:{index}px}}\n" for index in range(self.rng.randint(10, 200)))
        script = "(function(){var s=document.createElement('i');window.__t=Date.now();})();\n"
        script += "".join(
            f"var v{index}={self.rng.getrandbits(30)};\n" for index in range(self.rng.randint(5, 150))
        )
        colour = f"hsl({self.hue},70%,50%)"
        logo = f'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="{self.rng.randint(12, 30)}" fill="{colour}"/></svg>'
        return {
            "/favicon.ico": Page(_icon(self.rng), "image/x-icon"),
            self.logo: Page(logo, _TYPES["svg"]),
            self.sheet: Page(sheet, _TYPES["css"]),
            self.script: Page(script, _TYPES["js"]),
            "/robots.txt": Page("User-agent: *\nAllow: /\n", "text/plain"),
        }

    def page(self, text: str) -> Page:
        """A finished HTML page in the site's encoding."""
        charset = {"utf-8": "utf-8", "gb18030": "gbk", "big5": "big5"}[self.encoding]
        return Page(text, f"text/html; charset={charset}", encoding=self.encoding)

    def charset(self) -> str:
        """The encoding's name for the page's own head."""
        return {"utf-8": "utf-8", "gb18030": "gb2312", "big5": "big5"}[self.encoding]

    def data(self, value: object) -> str:
        """Data for a script, safe inside HTML."""
        return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")

    def _draw_inline(self) -> str:
        """Styles and scripts within the page, as builders leave them there: nothing to 40 KB."""
        lines = self.rng.choice((0, 0, 0, 12, 12, 60, 60, 200, 700))
        rules = "".join(f".t{index}{{margin:{index % 9}px {self.hue % 7}px}}\n" for index in range(lines))
        counts = "".join(f"_q.push(['s{index}',{self.rng.getrandbits(24)}]);\n" for index in range(lines))
        return f"<style>{rules}</style><script>var _q=[];\n{counts}</script>" if lines else ""

    def _draw_encoding(self) -> str:
        first = self.brief.languages[0]
        draw = self.rng.random()
        if first == "zh-Hans" and set(self.brief.languages) <= {"zh-Hans", "en"} and draw < 0.2:
            return "gb18030"
        if first == "zh-Hant" and set(self.brief.languages) <= {"zh-Hant", "en"} and draw < 0.3:
            return "big5"
        return "utf-8"


def _icon(rng: random.Random) -> bytes:
    """A 16 × 16 icon of two random colours (ICO with one uncompressed bitmap)."""
    first, second = rng.randbytes(3) + b"\xff", rng.randbytes(3) + b"\xff"
    picture = b"".join(first if rng.random() < 0.5 else second for _ in range(256))
    bitmap = struct.pack("<IiiHHIIiiII", 40, 16, 32, 1, 32, 0, len(picture), 0, 0, 0, 0) + picture + bytes(64)
    return struct.pack("<HHHBBBBHHII", 0, 1, 1, 16, 16, 0, 0, 1, 32, len(bitmap), 22) + bitmap
