"""A page as a reader and a form-filler see it: text, links, controls, tables, scripts.

Pure and bounded: the parser (lexbor) is a real HTML parser, and what is kept has limits, so a
10 MB page costs no more than a long one.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser

from ringfence.desks.platforms.blocks import Grid, Panel, form_action, grids_of, panels_of
from ringfence.desks.platforms.markup import absolute, clean, decode, shallow

MAX_TEXT: Final = 60_000  # code points of visible text
MAX_SCRIPT: Final = 80_000
MAX_LINKS: Final = 400
MAX_PASSWORDS: Final = 300
# Paths that a script routes to: a page drawn by a script has its menu there.
_ROUTE: Final = re.compile(
    r"""["']?([A-Za-z_-]{0,24})["']?\s*:\s*["'](/[A-Za-z0-9_\-/]{1,60}(?:\.html?)?)["']"""
)
MAX_ROUTES: Final = 40


class Link(msgspec.Struct, frozen=True):
    """``url`` absolute, without fragment; ``text`` what is shown; ``rel`` and ``lang`` as written."""

    url: str
    text: str
    rel: str = ""
    lang: str = ""


class Document(msgspec.Struct, frozen=True):
    """See the module. ``digest`` names the bytes that it was parsed from."""

    url: str
    digest: str
    status: int
    lang: str
    title: str
    description: str
    canonical: str
    meta: dict[str, str]
    text: str
    headings: tuple[str, ...]
    links: tuple[Link, ...]
    panels: tuple[Panel, ...]
    grids: tuple[Grid, ...]
    passwords: tuple[str, ...]
    scripts: str
    sources: tuple[str, ...]
    ld_types: tuple[str, ...]
    options: tuple[str, ...]
    bylines: int
    dates: int
    codes: int
    paragraphs: int

    @property
    def host(self) -> str:
        """The host it was served from."""
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def all_text(self) -> str:
        """Title, description, text and script data: what is shown or rendered later."""
        return "\n".join((self.title, self.description, self.text, self.scripts))


def parse(body: bytes, *, url: str, content_type: str, digest: str, status: int = 200) -> Document:
    """Parse a page. Never raises for bad markup."""
    html = shallow(decode(body, content_type))
    tree = LexborHTMLParser(html)
    root = tree.root
    scripts, sources, ld_types = _scripts(tree)
    options = tuple(clean(node.text())[:60] for node in tree.css("option")[:400])
    meta = {
        (node.attributes.get("property") or node.attributes.get("name") or "").lower(): (
            node.attributes.get("content") or ""
        )[:400]
        for node in tree.css("meta")
    }
    canonical = tree.css_first("link[rel=canonical]")
    title = tree.css_first("title")
    html_node = tree.css_first("html")
    panels = panels_of(tree, url)
    passwords = tuple(
        absolute(url, form_action(node)) for node in tree.css("input[type=password]")[:MAX_PASSWORDS]
    )
    grids = grids_of(tree, url)
    links = (*_links(tree, url), *_routes(scripts, url))
    bylines = len(tree.css("[class*=author], [class*=byline], [rel=author], [itemprop=author], address"))
    dates = len(tree.css("time, [class*=date], [itemprop=datePublished]"))
    codes = len(tree.css("pre, code"))
    headings = tuple(clean(node.text())[:200] for node in tree.css("h1, h2, h3")[:60])
    long_paragraphs = sum(1 for node in tree.css("p")[:400] if len(node.text()) > 140)
    for node in tree.css("script, style, template, svg"):
        node.decompose()
    body_node = tree.body or root
    text = clean(body_node.text(separator=" ", strip=True)) if body_node is not None else ""
    return Document(
        url=url,
        digest=digest,
        status=status,
        lang=((html_node.attributes.get("lang") if html_node else "") or "").lower(),
        title=clean(title.text())[:300] if title else "",
        description=(meta.get("description") or meta.get("og:description") or "")[:400],
        canonical=absolute(url, canonical.attributes.get("href") or "") if canonical else "",
        meta={key: value for key, value in meta.items() if key},
        text=text[:MAX_TEXT],
        headings=headings,
        links=links,
        panels=panels,
        grids=grids,
        passwords=passwords,
        scripts=scripts,
        sources=sources,
        ld_types=ld_types,
        options=options,
        bylines=bylines,
        dates=dates,
        codes=codes,
        paragraphs=long_paragraphs,
    )


def _links(tree: LexborHTMLParser, url: str) -> tuple[Link, ...]:
    links = []
    for node in tree.css("a[href], area[href], link[hreflang]")[:MAX_LINKS]:
        attributes = node.attributes
        href = attributes.get("href") or ""
        if href.startswith(("javascript:", "mailto:", "tel:", "data:")):
            continue
        text = (
            clean(node.text())[:120] or (attributes.get("title") or attributes.get("aria-label") or "")[:120]
        )
        links.append(
            Link(
                absolute(url, href),
                text,
                attributes.get("rel") or "",
                (attributes.get("hreflang") or "").lower(),
            )
        )
    return tuple(links)


def _routes(scripts: str, url: str) -> tuple[Link, ...]:
    found = dict.fromkeys((match.group(2), match.group(1)) for match in _ROUTE.finditer(scripts))
    return tuple(Link(absolute(url, path), name, "route") for path, name in list(found)[:MAX_ROUTES])


def _scripts(tree: LexborHTMLParser) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    inline: list[str] = []
    sources: list[str] = []
    ld_types: list[str] = []
    room = MAX_SCRIPT
    for node in tree.css("script"):
        source = node.attributes.get("src")
        if source:
            sources.append(source[:300])
            continue
        code = node.text()
        if (node.attributes.get("type") or "").lower() == "application/ld+json":
            ld_types.extend(re.findall(r'"@type"\s*:\s*"(\w{2,40})"', code[:20_000]))
        if room > 0:
            inline.append(code[:room])
            room -= len(code)
    return "\n".join(inline), tuple(sources), tuple(ld_types)
