"""Features of a venue's neighbours: journalism, shops, explorers, wallets, price pages, imitators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from ringfence.desks.platforms import lexicon
from ringfence.desks.platforms.assets import names_crypto, pairs
from ringfence.desks.platforms.site import Extractor, Seen, Site, seen

_HASH = re.compile(r"\b(?:0x)?[0-9a-f]{16,64}(?:…|\.\.\.)?|\b(?:0x)?[0-9a-f]{6,}(?:…|\.{2,3})[0-9a-f]{0,8}\b")
_ARTICLE_TYPES: Final = frozenset(
    ("NewsArticle", "Article", "BlogPosting", "NewsMediaOrganization", "ReportageNewsArticle")
)
_SHOP_TYPES: Final = frozenset(
    ("Product", "Offer", "Store", "OnlineStore", "ShoppingCenter", "AggregateOffer")
)


def editorial(site: Site) -> Iterator[Seen]:
    """Marks of journalism: bylines, dates, article types, an editor, long paragraphs."""
    for page in site.pages:
        if set(page.ld_types) & _ARTICLE_TYPES or page.meta.get("og:type") == "article":
            yield seen("editorial.article", " ".join(page.ld_types) or "og:type article", page)
        if lexicon.count("editorial", page.text) >= 2:
            yield seen("editorial.newsroom", lexicon.first("editorial", page.text) or "", page)
        if lexicon.count("published", page.text) >= 2 and (page.dates >= 3 or page.bylines >= 2):
            yield seen("editorial.dated_items", lexicon.first("published", page.text) or "", page)
        if page.paragraphs >= 3:
            yield seen("editorial.prose", f"{page.paragraphs} long paragraphs", page)
        if any("rss" in link.url.lower() or link.url.endswith((".xml", "/feed")) for link in page.links):
            yield seen("editorial.feed", "feed", page)


def shop(site: Site) -> Iterator[Seen]:
    """A shop: things put into a cart, delivery, stock, products."""
    for page in site.pages:
        acts = [label for panel in page.panels for label in panel.buttons]
        acts += [link.text for link in page.links if site.own(link.url)]
        if lexicon.count("cart", page.text) >= 2 and any(lexicon.has("cart", act) for act in acts):
            yield seen("shop.cart", lexicon.first("cart", page.text) or "", page)
        elif lexicon.count("cart", page.text) >= 3:
            yield seen("shop.words", lexicon.first("cart", page.text) or "", page)
        if set(page.ld_types) & _SHOP_TYPES:
            yield seen("shop.product", " ".join(page.ld_types), page)


def explorer(site: Site) -> Iterator[Seen]:
    """Tables of hashes, blocks and transactions."""
    for page in site.pages:
        for grid in page.grids:
            if sum(bool(_HASH.search(" ".join(row).lower())) for row in grid.rows) >= 5:
                yield seen("explorer.hashes", " ".join(grid.rows[0]), page)
                break
        if lexicon.count("chain_data", page.text) >= 4:
            yield seen("explorer.words", lexicon.first("chain_data", page.text) or "", page)


def wallet(site: Site) -> Iterator[Seen]:
    """Software to hold one's own keys."""
    for page in site.pages:
        if lexicon.count("keys", page.text + " " + page.title) >= 3:
            yield seen("wallet.keys", lexicon.first("keys", page.text) or "", page)


def price_site(site: Site) -> Iterator[Seen]:
    """A publisher of prices: capitalisation, supply, rankings, many exchanges named and linked."""
    for page in site.pages:
        if lexicon.count("price_site", page.text) >= 2:
            yield seen("price.ranking", lexicon.first("price_site", page.text) or "", page)
        out = {
            urlsplit(link.url).hostname
            for link in page.links
            if link.url.startswith("http") and not site.own(link.url)
        }
        if len(out) >= 6 and names_crypto(page.text) >= 2:
            yield seen("price.many_outside_links", f"{len(out)} other hosts", page)
    for page in site.pages:
        if lexicon.has("not_a_venue", page.text):
            yield seen("price.disclaims", lexicon.first("not_a_venue", page.text) or "", page)


def technology(site: Site) -> Iterator[Seen]:
    """Documentation, development, consortia."""
    for page in site.pages:
        if lexicon.count("developers", page.text + " " + page.title) >= 4:
            yield seen("technology.words", lexicon.first("developers", page.text) or "", page)
        if page.codes >= 3:
            yield seen("technology.code", f"{page.codes} blocks of code", page)


def token_sale(site: Site) -> Iterator[Seen]:
    """Terms of a sale of new tokens."""
    for page in site.pages:
        if lexicon.count("token_sale", page.text) >= 3:
            yield seen("token_sale.terms", lexicon.first("token_sale", page.text) or "", page)


def community(site: Site) -> Iterator[Seen]:
    """A private or fan page about somebody else's service."""
    for page in site.pages:
        if lexicon.count("community", page.text + " " + page.title) >= 2:
            yield seen("community.words", lexicon.first("community", page.text) or "", page)


def phishing(site: Site) -> Iterator[Seen]:
    """Credentials sent elsewhere, recovery phrases asked for, another's address as one's own."""
    for page in site.pages:
        for action in page.passwords:
            if action and not site.own(action):
                yield seen("phishing.sends_elsewhere", action, page)
        for panel in page.panels:
            words = " ".join(field.words for field in panel.fields) + " " + " ".join(panel.buttons)
            if lexicon.has("phrase_ask", words):
                yield seen("phishing.asks_phrase", words, page)
            elif (
                panel.action and not site.own(panel.action) and lexicon.has("login", " ".join(panel.buttons))
            ):
                yield seen("phishing.sends_elsewhere", panel.action, page)
        if lexicon.count("phrase_ask", page.text) >= 2 and page.panels:
            yield seen("phishing.asks_words", lexicon.first("phrase_ask", page.text) or "", page)
        if page.canonical and not site.own(page.canonical) and page is site.landing:
            yield seen("phishing.other_canonical", page.canonical, page)


def parked(site: Site) -> Iterator[Seen]:
    """A page that waits for content or a buyer."""
    page = site.landing
    if len(page.text) < 1500 and lexicon.has("parked", page.title + " " + page.text):
        yield seen("parked.words", lexicon.first("parked", page.title + " " + page.text) or "", page)


def no_crypto(site: Site) -> Iterator[Seen]:
    """No crypto-asset is named anywhere on the pages read."""
    if all(names_crypto(page.all_text) < 1 and not pairs(page.all_text) for page in site.pages):
        yield seen("other.no_crypto", "no crypto-asset named", site.landing)


EXTRACTORS: Final[Sequence[Extractor]] = (
    editorial,
    shop,
    explorer,
    wallet,
    price_site,
    technology,
    token_sale,
    community,
    phishing,
    parked,
    no_crypto,
)
