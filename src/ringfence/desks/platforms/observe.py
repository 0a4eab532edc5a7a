"""Observe: which pages of a site are looked at, through a `fetch` that seals what it sees.

The landing page first; then, of the site's own links, those that show what it does; if that looks
like a venue, those that show whom it serves; then its icon, two scripts and a style sheet. The
choice depends only on the pages, so a replay knows why each was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator
from functools import lru_cache
from typing import Final, Protocol
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from ringfence.desks.platforms import lexicon, residents, venue, weights
from ringfence.desks.platforms.assets import pairs
from ringfence.desks.platforms.document import Document, Link, parse
from ringfence.desks.platforms.markup import absolute
from ringfence.desks.platforms.site import Site
from ringfence.evidence.observation import Exchange

MAX_FIRST: Final = 7
MAX_SECOND: Final = 6
MAX_THIRD: Final = 8
ENOUGH: Final = 2  # different means, as `find` needs them
_FILE: Final = re.compile(
    r"\.(?:apk|ipa|zip|exe|dmg|pdf|png|jpe?g|gif|svg|ico|css|js|json|xml|rss)(?:$|\?)", re.I
)
MAX_HEAD: Final = 64 << 10  # bytes in which a page names its icon and style sheets
MAX_EACH: Final = 2  # pages for one purpose
# What the site does, in the order of what each tells; then whom it serves.
WHAT: Final = ("pair", "trade", "c2c", "market", "deposit", "signup", "chinese")
WHOM: Final = ("chinese", "deposit", "c2c", "wallet", "app", "signup", "fees", "contact", "terms", "login")
MAX_SCRIPTS: Final = 2
_LIBRARY: Final = re.compile(
    "vendor|runtime|polyfill|jquery|bootstrap|chunk-vendors|react|vue|analytics|common|lib", re.IGNORECASE
)
_TERMS: Final = re.compile("terms|about|help|support|faq|legal|条款|关于|帮助|條款|關於|幫助", re.IGNORECASE)
_CONTACT: Final = re.compile(
    "contact|community|join us|group|联系|客服|社群|聯繫|聯絡|お問い合わせ|문의", re.IGNORECASE
)
_WALLET: Final = re.compile("wallet|assets|finance|funds|account|钱包|资产|财务|資產|錢包", re.IGNORECASE)
_APP: Final = re.compile(r"download|\bapps?\b|mobile|android|apk|下载|下載|客户端", re.IGNORECASE)


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
    """Look at a whole site: landing page, chosen pages, icon and assets.

    A second round, for whom the site serves, is spent only where the first saw a venue; a third
    only where that is still unclear.
    """
    landed = await observe_landing(fetch, host)
    page = _document(landed)
    if page is None:
        return
    asked = {landed.exchange.url, page.url}
    pages = [page]
    for purposes, most in ((WHAT, MAX_FIRST), (WHOM, MAX_SECOND)):
        left = most
        while left and (link := _next(Site(host, tuple(pages)), purposes, asked)) is not None:
            asked.add(link)
            left -= 1
            document = _document(await fetch(link, "page"))
            if document is not None:
                pages.append(document)
        if not promising(Site(host, tuple(pages))):
            break
    else:
        await _whom_else(fetch, host, pages, asked)
    for url, role in _assets(landed, page):
        await fetch(url, role)


async def _whom_else(fetch: Fetch, host: str, pages: list[Document], asked: set[str]) -> None:
    """A venue whose addressees are still unclear gets a few more of its pages, in the order of its links."""
    for _ in range(MAX_THIRD):
        site = Site(host, tuple(pages))
        if len(residents.means(site)) >= ENOUGH:
            return
        link = next((u for p in pages for u in _own_pages(site, p) if u not in asked), None)
        if link is None:
            return
        asked.add(link)
        document = _document(await fetch(link, "page"))
        if document is not None:
            pages.append(document)


def _own_pages(site: Site, page: Document) -> Iterator[str]:
    for link in page.links:
        if link.url.startswith("http") and site.own(link.url) and not _FILE.search(link.url):
            yield link.url


def promising(site: Site) -> bool:
    """Whether something on these pages looks as if customers traded here."""
    return any(feature.id in weights.CORE for extractor in venue.EXTRACTORS for feature in extractor(site))


def _next(site: Site, purposes: tuple[str, ...], asked: set[str]) -> str | None:
    """The link to follow next: a purpose not served yet before a second page for any."""
    candidates: dict[str, str] = {}
    for page in site.pages:
        for link in page.links:
            if link.url in asked or not (fits := _fits(link)) or not site.own(link.url):
                continue
            purpose = next((name for name in purposes if name in fits), None)
            if purpose is not None:
                candidates.setdefault(purpose, link.url)
    if not candidates:
        return None
    served = dict.fromkeys(purposes, 0)
    for url in asked:
        fits = _fits(Link(url, ""))
        purpose = next((name for name in purposes if name in fits), None)
        if purpose is not None:
            served[purpose] += 1
    best = min(candidates, key=lambda name: (served[name], purposes.index(name)))
    return candidates[best] if served[best] < MAX_EACH else None


@lru_cache(maxsize=4096)
def _fits(link: Link) -> frozenset[str]:
    """Every purpose that a link fits, judged once: menus repeat on each page of a site."""
    if not link.url.startswith("http"):
        return frozenset()
    return frozenset(name for name, wanted in _PURPOSES.items() if wanted(link))


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


# Each link serves the first purpose it fits.
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
    "wallet": lambda link: lexicon.has("balance", _words(link)) or _WALLET.search(_words(link)) is not None,
    "app": lambda link: _APP.search(_words(link)) is not None,
    "contact": lambda link: _CONTACT.search(_words(link)) is not None,
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
    tree = LexborHTMLParser((landed.body or b"")[:MAX_HEAD])
    icon = tree.css_first("link[rel~=icon]")
    href = (icon.attributes.get("href") if icon is not None else "") or "/favicon.ico"
    found = [(absolute(page.url, href) or absolute(page.url, "/favicon.ico"), "favicon")]
    sheets = [node.attributes.get("href") or "" for node in tree.css("link[rel=stylesheet]")]
    # A site's own code says more than the libraries that it is bundled with.
    scripts = sorted(page.sources, key=lambda source: _LIBRARY.search(source) is not None)
    own = [
        url
        for source in (*scripts[:MAX_SCRIPTS], *sheets[:1])
        if (url := absolute(page.url, source)) and urlsplit(url).hostname == page.host
    ]
    found.extend((url, "asset") for url in dict.fromkeys(own))
    return found
