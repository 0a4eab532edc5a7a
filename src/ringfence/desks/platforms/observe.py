"""Observe: which pages of a site are looked at, through a `fetch` that seals what it sees.

The landing page first; then, of the site's own links, those that show what it does and whom it
serves: trading, deposits, sign-up, fees, a Chinese version, help and terms; then its icon and
two assets. The choice depends only on the pages, so a replay knows why each was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final, Protocol
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from ringfence.desks.platforms import lexicon
from ringfence.desks.platforms.assets import pairs
from ringfence.desks.platforms.document import Document, Link, parse
from ringfence.desks.platforms.site import Site
from ringfence.evidence.observation import Exchange

MAX_PAGES: Final = 8
MAX_ASSETS: Final = 2
_TERMS: Final = re.compile(
    "terms|about|help|support|faq|contact|legal|条款|关于|帮助|联系|條款|關於|幫助", re.IGNORECASE
)


class Fetched(Protocol):
    """What a fetch gives: the exchange, and the decoded body if a response came."""

    @property
    def exchange(self) -> Exchange: ...
    @property
    def body(self) -> bytes | None: ...


Fetch = Callable[[str, str], Awaitable[Fetched]]


async def observe_landing(fetch: Fetch, host: str) -> Fetched:
    """Ask for the landing page: HTTPS first, plain HTTP where that fails before a response."""
    first = await fetch(f"https://{host}/", "landing")
    if first.exchange.stage in ("tcp", "tls"):
        second = await fetch(f"http://{host}/", "landing")
        return second if second.body is not None else first
    return first


async def observe(fetch: Fetch, host: str) -> None:
    """Look at a whole site: landing page, chosen pages, icon and assets."""
    landed = await observe_landing(fetch, host)
    page = _document(landed)
    if page is None:
        return
    site = Site(host, (page,))
    asked = {landed.exchange.url, page.url}
    queue = choose(site, page, asked)
    fetched = 0
    while queue and fetched < MAX_PAGES:
        link = queue.pop(0)
        asked.add(link)
        fetched += 1
        answer = await fetch(link, "page")
        if fetched == 1 and (further := _document(answer)) is not None:
            # A trading or market page often is the only one that links to the rest.
            queue = list(dict.fromkeys(queue + choose(site, further, asked)))
    for url, role in _assets(landed, page):
        await fetch(url, role)


def choose(site: Site, page: Document, asked: set[str]) -> list[str]:
    """Links worth following, at most `MAX_PAGES`, one for each purpose before a second for any."""
    buckets: dict[str, list[str]] = {purpose: [] for purpose in _PURPOSES}
    for link in page.links:
        if link.url in asked or not site.own(link.url) or not link.url.startswith("http"):
            continue
        for purpose, wanted in _PURPOSES.items():
            if wanted(link):
                if link.url not in buckets[purpose]:
                    buckets[purpose].append(link.url)
                break
    chosen: list[str] = []
    for turn in range(2):
        for urls in buckets.values():
            if len(urls) > turn and urls[turn] not in chosen:
                chosen.append(urls[turn])
    return chosen[:MAX_PAGES]


def _words(link: Link) -> str:
    path = urlsplit(link.url)
    plain = (
        f"{path.path} {path.query}".replace("/", " ").replace("-", " ").replace("_", " ").replace("=", " ")
    )
    return f"{link.text} {plain}"


def _is_pair(link: Link) -> bool:
    tail = urlsplit(link.url).path.rstrip("/").rsplit("/", 1)[-1].upper()
    return bool(pairs(f"{link.text} {tail} {urlsplit(link.url).query.rsplit('=', 1)[-1].upper()}"))


def _is_chinese(link: Link) -> bool:
    return link.lang.startswith(("zh-cn", "zh-hans")) or (
        len(link.text) <= 24 and lexicon.has("language", link.text, "residents")
    )


# In the order of what they tell; each link serves the first purpose it fits.
_PURPOSES: Final[dict[str, Callable[[Link], bool]]] = {
    "pair": _is_pair,
    "trade": lambda link: len(link.text) <= 40 and lexicon.has("trade", _words(link)),
    "chinese": _is_chinese,
    "c2c": lambda link: lexicon.has("c2c", _words(link)),
    "deposit": lambda link: lexicon.has("deposit", _words(link)) or lexicon.has("withdraw", _words(link)),
    "signup": lambda link: lexicon.has("signup", _words(link)),
    "market": lambda link: len(link.text) <= 40 and lexicon.has("market", _words(link)),
    "login": lambda link: lexicon.has("login", _words(link)),
    "fees": lambda link: lexicon.has("fees", _words(link)) or "fee" in link.url.lower(),
    "terms": lambda link: any(
        word in _words(link).lower()
        for word in (
            "terms",
            "about",
            "help",
            "support",
            "faq",
            "contact",
            "legal",
            "条款",
            "关于",
            "帮助",
            "联系",
            "條款",
        )
    ),
}


def _document(fetched: Fetched) -> Document | None:
    if fetched.body is None or not fetched.exchange.hops:
        return None
    hop = fetched.exchange.hops[-1]
    if hop.http is None or (hop.http.status or 0) >= 400:
        return None
    content_type = next((value for name, value in hop.http.headers if name == "content-type"), "")
    return parse(fetched.body, url=hop.url, content_type=content_type, digest=hop.http.body or "")


def _assets(landed: Fetched, page: Document) -> list[tuple[str, str]]:
    tree = LexborHTMLParser(landed.body or b"")
    icon = tree.css_first("link[rel~=icon]")
    found = [(urljoin(page.url, (icon.attributes.get("href") if icon else "") or "/favicon.ico"), "favicon")]
    sheets = [node.attributes.get("href") or "" for node in tree.css("link[rel=stylesheet]")]
    own = [
        url
        for source in (*page.sources, *sheets)
        if (url := urljoin(page.url, source)) and urlsplit(url).hostname == page.host
    ]
    found.extend((url, "asset") for url in dict.fromkeys(own[:MAX_ASSETS]))
    return found
