"""Features of a venue: structures through which customers trade.

A feature is a *structure* (a form, a table, links to one's own pages) read with the lexicon, not a
word by itself: news quote order books, shops have amounts, wallets have deposits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from ringfence.desks.platforms import lexicon
from ringfence.desks.platforms.assets import names_crypto, pairs
from ringfence.desks.platforms.blocks import Grid
from ringfence.desks.platforms.document import Document
from ringfence.desks.platforms.site import Extractor, Script, Seen, Site, seen

_NUMBER = re.compile(r"^[¥$€£₩₽₿฿≈~+\-]?\s?\d[\d,.\s]*(?:[%kKmM]|\s?[A-Z]{2,6})?$")
_TRADE_URL = re.compile(
    r"/(?:[a-z-]{2,6}/)?(?:trade|trading|exchange|spot|market|markets|pro|terminal|orderbook|symbol|pair)s?[/?#_=-]"
    r"|[?&](?:symbol|pair|market|instrument)=",
    re.IGNORECASE,
)
_RAILS = re.compile(
    r"alipay|支付宝|wechat|微信|unionpay|银联|bank|银行|банк|banco|은행|銀行|sepa|paypal|qiwi|card|银行卡|pix|transfer",
    re.IGNORECASE,
)
# What a trading script talks about: market data, and acts with an account. Both are needed.
_DATA_WORDS = re.compile(
    r"(?<![A-Za-z])(depth|order_?book|ticker|tickers|klines?|candles?|trades|funding_?rate)(?![a-z])",
    re.IGNORECASE,
)
_ACT_WORDS = re.compile(
    r"(place_?order|create_?order|submit_?order|new_?order|cancel_?order|open_?orders|orders?/|/orders?"
    r"|withdraw|deposit/?address|/balances?|account/balance|positions?|leverage)(?![a-z])",
    re.IGNORECASE,
)
_BOOK_DATA = re.compile(r"[\"']?(?:asks|bids|orderbook|order_book|depth)[\"']?\s*[:=]\s*[\[{]", re.IGNORECASE)
_PAIR_LIST = re.compile(
    r"[\"']?(?:symbols?|pairs?|markets?|instruments?|tickers?)[\"']?\s*[:=]\s*[\[{]", re.IGNORECASE
)


def order_panel(site: Site) -> Iterator[Seen]:
    """A block with price and amount inputs and buttons to buy or sell, in a context of crypto-assets."""
    for page in site.pages:
        crypto = names_crypto(page.all_text[:20_000]) >= 2 or bool(pairs(page.all_text[:20_000]))
        for panel in page.panels:
            fields = [field.words for field in panel.fields]
            words = " ".join(fields)
            buttons = " ".join(panel.buttons)
            if not crypto or lexicon.has("cart", buttons) or lexicon.has("delivery", words):
                continue
            priced = any(lexicon.has("price", field) for field in fields) or lexicon.has("orders", panel.text)
            sized = any(lexicon.has("amount", field) or lexicon.has("total", field) for field in fields)
            both = lexicon.has("buy", f"{buttons} {panel.text}") and lexicon.has(
                "sell", f"{buttons} {panel.text}"
            )
            acts = lexicon.has("buy", buttons) or lexicon.has("sell", buttons)
            near = f"{buttons} {words}"
            named = bool(pairs(near) or pairs(page.title)) or names_crypto(near) >= 1
            if acts and sized and priced and (named or both):
                yield seen("venue.order_panel", f"{buttons} | {words}", page)
            elif acts and sized and both and named:
                yield seen("venue.dealing_panel", f"{buttons} | {words}", page)


def order_book(site: Site) -> Iterator[Seen]:
    """A table of prices and amounts under the words for an order book, or its data for a script."""
    for page in site.pages:
        if names_crypto(page.all_text[:20_000]) < 2:
            continue
        for grid in page.grids:
            numeric = [row for row in grid.rows if sum(bool(_NUMBER.match(cell)) for cell in row) >= 2]
            head = " ".join(grid.header)
            if len(numeric) >= 4 and lexicon.has("price", head) and lexicon.has("amount", head):
                near = head + " " + " ".join(cell for row in grid.rows[:3] for cell in row)
                sided = (
                    lexicon.has("order_book", near) or lexicon.has("buy", near) or lexicon.has("sell", near)
                )
                if sided or lexicon.has("order_book", page.text):
                    yield seen("venue.order_book", head + " " + " ".join(numeric[0]), page)
            elif _is_ladder(grid) and (
                pairs(page.title) or pairs(_tail(page.url)) or pairs(page.text[:4000])
            ):
                yield seen("venue.order_book", " ".join(grid.rows[0]), page)
        if _BOOK_DATA.search(page.scripts):
            yield seen("venue.book_data", _excerpt(_BOOK_DATA, page.scripts), page)


def _is_ladder(grid: Grid) -> bool:
    """Eight rows or more of two or three numbers, the first of each close to the others: price levels."""
    rows = [row for row in grid.rows if 2 <= len(row) <= 3 and all(_NUMBER.match(cell) for cell in row)]
    if len(rows) < 8:
        return False
    levels = [_value(row[0]) for row in rows]
    high, low = max(levels), min(levels)
    return high > 0 and (high - low) / high < 0.2 and len({row[1] for row in rows}) > len(rows) // 2


def _value(cell: str) -> float:
    digits = re.sub(r"[^\d.]", "", cell.replace(",", ""))
    try:
        return float(digits)
    except ValueError:
        return 0.0


def market_links(site: Site) -> Iterator[Seen]:
    """At least three pairs, each with a link to a page of the site's own where it is traded."""
    for page in site.pages:
        named = [
            (link, pair)
            for link in page.links
            if site.own(link.url) and (pair := pairs(f"{link.text} {_tail(link.url)}"))
        ]
        trading = [(link, pair) for link, pair in named if _TRADE_URL.search(_path(link.url) + "/")]
        if len({pair[0] for _, pair in trading}) >= 3:
            yield seen("venue.market_links", " ".join(f"{p[0][0]}/{p[0][1]}" for _, p in trading[:8]), page)
        elif len({pair[0] for _, pair in named}) >= 3:
            yield seen("venue.pair_links", " ".join(f"{p[0][0]}/{p[0][1]}" for _, p in named[:8]), page)


def market_grid(site: Site) -> Iterator[Seen]:
    """A table of pairs with prices; said again by price sites and tickers, hence weak by itself."""
    for page in site.pages:
        for grid in page.grids:
            rows = [row for row in grid.rows if pairs(" ".join(row)) and any(_NUMBER.match(c) for c in row)]
            if len(rows) >= 3:
                yield seen("venue.market_grid", " ".join(rows[0]), page)
                break


def pair_data(site: Site) -> Iterator[Seen]:
    """Pairs handed to a script that draws the page."""
    for page in site.pages:
        if len(pairs(page.scripts)) >= 3 and _PAIR_LIST.search(page.scripts):
            yield seen("venue.pair_data", " ".join(f"{b}/{q}" for b, q in pairs(page.scripts)[:8]), page)


def trade_api(site: Site) -> Iterator[Seen]:
    """A script of the site's own that reads market data *and* acts for an account: places or cancels
    orders, asks for balances, positions or addresses."""
    sources: list[tuple[Document | Script, str]] = [(page, page.scripts) for page in site.pages]
    sources += [(script, script.text) for script in site.scripts]
    for source, code in sources:
        data = {match.group(1).lower() for match in _DATA_WORDS.finditer(code)}
        acts = {match.group(1).lower() for match in _ACT_WORDS.finditer(code)}
        if data and acts and len(data) + len(acts) >= 4:
            yield seen("venue.trade_api", " ".join(sorted(data | acts)), source)


def order_words(site: Site) -> Iterator[Seen]:
    """The vocabulary of an account that trades: open orders, limit orders, balances; two terms at least."""
    for page in site.pages:
        text = page.text + " " + page.scripts[:20_000]
        if lexicon.count("orders", text) >= 2 and lexicon.has("balance", text) and names_crypto(text) >= 2:
            yield seen("venue.order_words", lexicon.first("orders", text) or "", page)


def leverage_panel(site: Site) -> Iterator[Seen]:
    """Leverage or margin offered beside inputs."""
    for page in site.pages:
        for panel in page.panels:
            if lexicon.has("leverage", panel.text) and (
                lexicon.has("buy", panel.text) or lexicon.has("sell", panel.text)
            ):
                yield seen("venue.leverage", lexicon.first("leverage", panel.text) or "", page)
                break


def fee_table(site: Site) -> Iterator[Seen]:
    """A schedule of trading fees: maker and taker, or fees by pair or volume."""
    for page in site.pages:
        for grid in page.grids:
            cells = " ".join((*grid.header, *(c for row in grid.rows[:6] for c in row)))
            if lexicon.has("fees", cells) and "%" in cells and lexicon.has("trade", page.text + page.title):
                yield seen("venue.fee_table", cells, page)
                break
        else:
            if lexicon.count("fees", page.text) >= 3 and "%" in page.text and names_crypto(page.text) >= 1:
                yield seen("venue.fee_words", lexicon.first("fees", page.text) or "", page)


def c2c_offers(site: Site) -> Iterator[Seen]:
    """Offers by other customers: rows with a price, a way to pay and a link or button to deal."""
    for page in site.pages:
        for grid in page.grids:
            rows = [" ".join(row) for row in grid.rows]
            dealing = [
                row
                for row in rows
                if (lexicon.has("buy", row) or lexicon.has("sell", row))
                and any(char.isdigit() for char in row)
                and (_RAILS.search(row) or lexicon.has("c2c", row))
            ]
            near = " ".join((*grid.header, page.title, *rows[:2]))
            if len(dealing) >= 2 and (names_crypto(near) or pairs(page.all_text[:4000])):
                yield seen("venue.c2c_offers", dealing[0], page)
                break


def funding(site: Site) -> Iterator[Seen]:
    """Deposits *and* withdrawals as pages or forms of the site's own."""
    deposit = withdraw = None
    for page in site.pages:
        for link in page.links:
            if not site.own(link.url):
                continue
            words = f"{link.text} {_words(link.url)}"
            if deposit is None and lexicon.has("deposit", words):
                deposit = page
            if withdraw is None and lexicon.has("withdraw", words):
                withdraw = page
        for panel in page.panels:
            words = " ".join(panel.buttons) + " " + " ".join(field.words for field in panel.fields)
            deposit = deposit or (page if lexicon.has("deposit", words) else None)
            withdraw = withdraw or (page if lexicon.has("withdraw", words) else None)
    if deposit and withdraw:
        yield seen("venue.funding", lexicon.first("deposit", deposit.text) or "deposit", deposit)
    elif deposit or withdraw:
        page = deposit or withdraw or site.landing
        yield seen("venue.deposit", lexicon.first("deposit", page.text) or "deposit or withdraw", page)


def account(site: Site) -> Iterator[Seen]:
    """Customers open accounts: sign-up and log-in of the site's own."""
    for page in site.pages:
        own = [f"{link.text} {_words(link.url)}" for link in page.links if site.own(link.url)]
        panel_words = [" ".join(panel.buttons) for panel in page.panels]
        if any(lexicon.has("signup", words) for words in own + panel_words) and any(
            lexicon.has("login", words) for words in own + panel_words
        ):
            yield seen("venue.account", lexicon.first("signup", page.text) or "sign-up and log-in", page)
            return


def identity(site: Site) -> Iterator[Seen]:
    """Customers are identified."""
    for page in site.pages:
        if lexicon.has("identity", page.text):
            yield seen("venue.identity", lexicon.first("identity", page.text) or "", page)
            return


def calls_itself(site: Site) -> Iterator[Seen]:
    """The site's own title, description or name says that it is an exchange."""
    for page in site.pages[:3]:
        own = " ".join(
            (page.title, page.description, page.meta.get("og:site_name", ""), page.meta.get("og:title", ""))
        )
        if lexicon.has("exchange_self", own) and not lexicon.has("published", own):
            yield seen("venue.calls_itself", own, page)
            return
    top = " ".join(site.landing.headings[:4])
    if lexicon.has("exchange_self", top) or (lexicon.has("trade", top) and names_crypto(top) >= 1):
        yield seen("venue.headline", top, site.landing)


def trade_navigation(site: Site) -> Iterator[Seen]:
    """Menu entries that lead to trading on the site's own pages."""
    page = site.landing
    entries = [
        link.text
        for link in page.links
        if site.own(link.url) and len(link.text) <= 24 and lexicon.has("trade", link.text)
    ]
    if entries:
        yield seen("venue.trade_navigation", " ".join(entries[:6]), page)


EXTRACTORS: Final[Sequence[Extractor]] = (
    order_panel,
    order_book,
    market_links,
    market_grid,
    pair_data,
    trade_api,
    order_words,
    leverage_panel,
    fee_table,
    c2c_offers,
    funding,
    account,
    identity,
    calls_itself,
    trade_navigation,
)


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _tail(url: str) -> str:
    """The end of a path as a pair is written there: btc_usdt, BTC-USDT, symbol=BTCUSDT."""
    tail = _path(url).rstrip("/").rsplit("/", 1)[-1]
    return tail.rsplit("=", 1)[-1].upper()


def _words(url: str) -> str:
    return re.sub(r"[/_\-.?=&]+", " ", _path(url))


def _excerpt(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return text[max(0, match.start() - 20) : match.end() + 80] if match else ""
