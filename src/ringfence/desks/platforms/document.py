"""A page as a reader and a form-filler see it: text, links, controls, tables, scripts.

Pure and bounded: the parser (lexbor) is a real HTML parser, and what is kept has limits, so a
10 MB page costs no more than a long one.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_TEXT: Final = 60_000  # code points of visible text
MAX_SCRIPT: Final = 80_000
MAX_LINKS: Final = 400
MAX_DEPTH: Final = 256  # levels of markup; browsers stop at 512
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr li p dd dt option".split()
)
MAX_NODES: Final = 300  # buttons, forms and tables looked at
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,20})""", re.IGNORECASE
)
_BUTTONS: Final = (
    "button, input[type=submit], input[type=button], [role=button], [class*=btn], [class*=button]"
)
_FIELDS: Final = "input, select, textarea, [contenteditable], [role=textbox], [role=spinbutton]"
# Paths that a script routes to: a page drawn by a script has its menu there.
_ROUTE: Final = re.compile(
    r"""["']?([A-Za-z_-]{0,24})["']?\s*:\s*["'](/[A-Za-z0-9_\-/]{1,60}(?:\.html?)?)["']"""
)
MAX_ROUTES: Final = 40
# What cannot be used is a picture of a form: in a figure, a quotation, a listing; or disabled.
_PICTURES: Final = frozenset(("figure", "blockquote", "pre", "code"))
_HIDDEN: Final = ("hidden", "submit", "button", "image", "checkbox", "radio", "reset", "file")


class Link(msgspec.Struct, frozen=True):
    """``url`` absolute, without fragment; ``text`` what is shown; ``rel`` and ``lang`` as written."""

    url: str
    text: str
    rel: str = ""
    lang: str = ""


class Field(msgspec.Struct, frozen=True):
    """An input of a form: ``words`` gathers its name, id, placeholder and label."""

    kind: str
    words: str


class Panel(msgspec.Struct, frozen=True):
    """Inputs and buttons that belong together, whether or not in a ``form``: the smallest block around a
    button that has text inputs. ``action`` is absolute or empty; ``text`` is the block's text."""

    action: str
    fields: tuple[Field, ...]
    buttons: tuple[str, ...]
    text: str


class Grid(msgspec.Struct, frozen=True):
    """A table, or repeated rows of one: header texts, rows of cells, and the links in it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...]


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


def decode(body: bytes, content_type: str) -> str:
    """Text from bytes: byte-order mark, then the header, then ``meta``, then what decodes strictly.

    A declared encoding that does not fit (GBK said to be UTF-8) is not believed.
    """
    declared = re.search(r"charset\s*=\s*[\"']?([\w:-]+)", content_type, re.IGNORECASE)
    meta = _META_CHARSET.search(body[:4096])
    candidates = [
        "utf-8-sig" if body.startswith(b"\xef\xbb\xbf") else "",
        "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "",
        declared.group(1) if declared else "",
        meta.group(1).decode("ascii") if meta else "",
        "utf-8",
        "gb18030",
        "big5",
    ]
    for name in candidates:
        if not name:
            continue
        name = {"gbk": "gb18030", "gb2312": "gb18030", "big5": "big5hkscs"}.get(name.lower(), name)
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            # A page cut at our limit may end within a character.
            try:
                return body[:-4].decode(name) if len(body) > 1000 else body.decode(name)
            except (UnicodeDecodeError, LookupError):
                continue
    return body.decode("utf-8", "replace")


def parse(body: bytes, *, url: str, content_type: str, digest: str, status: int = 200) -> Document:
    """Parse a page. Never raises for bad markup."""
    html = shallow(decode(body, content_type))
    tree = LexborHTMLParser(html)
    root = tree.root
    scripts, sources, ld_types = _scripts(tree)
    options = tuple(_clean(node.text())[:60] for node in tree.css("option")[:400])
    meta = {
        (node.attributes.get("property") or node.attributes.get("name") or "").lower(): (
            node.attributes.get("content") or ""
        )[:400]
        for node in tree.css("meta")
    }
    canonical = tree.css_first("link[rel=canonical]")
    title = tree.css_first("title")
    html_node = tree.css_first("html")
    panels = _panels(tree, url)
    passwords = tuple(
        absolute(url, _form_action(node)) for node in tree.css("input[type=password]")[:MAX_NODES]
    )
    grids = _grids(tree, url)
    links = (*_links(tree, url), *_routes(scripts, url))
    bylines = len(tree.css("[class*=author], [class*=byline], [rel=author], [itemprop=author], address"))
    dates = len(tree.css("time, [class*=date], [itemprop=datePublished]"))
    codes = len(tree.css("pre, code"))
    headings = tuple(_clean(node.text())[:200] for node in tree.css("h1, h2, h3")[:60])
    long_paragraphs = sum(1 for node in tree.css("p")[:400] if len(node.text()) > 140)
    for node in tree.css("script, style, template, svg"):
        node.decompose()
    body_node = tree.body or root
    text = _clean(body_node.text(separator=" ", strip=True)) if body_node is not None else ""
    return Document(
        url=url,
        digest=digest,
        status=status,
        lang=((html_node.attributes.get("lang") if html_node else "") or "").lower(),
        title=_clean(title.text())[:300] if title else "",
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


def shallow(html: str) -> str:
    """The markup up to the point where it is nested deeper than `MAX_DEPTH`: no page that people read is,
    and the cost of what follows grows with the square of depth."""
    depth = 0
    for start in range(0, len(html), 4096):
        part = html[start : start + 4096]
        closed = part.count("</")
        # Never less than the true depth: comments and elements without an end count as open here.
        depth += part.count("<") - 2 * closed
        if depth + closed > MAX_DEPTH:
            break
    else:
        return html
    depth = 0
    for match in _TAG.finditer(html):
        if match.group(2).lower() in _VOID:
            continue
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        if depth > MAX_DEPTH:
            return html[: match.start()]
    return html


def _clean(text: str) -> str:
    return " ".join(text.split())


def absolute(base: str, href: str) -> str:
    """An absolute URL without its fragment, or an empty text for what is none."""
    try:
        url = urljoin(base, href.strip()).partition("#")[0] if href else ""
        urlsplit(url)  # raises for brackets that are no IPv6 address: better here than in every reader
    except ValueError:
        return ""
    return url


def _links(tree: LexborHTMLParser, url: str) -> tuple[Link, ...]:
    links = []
    for node in tree.css("a[href], area[href], link[hreflang]")[:MAX_LINKS]:
        attributes = node.attributes
        href = attributes.get("href") or ""
        if href.startswith(("javascript:", "mailto:", "tel:", "data:")):
            continue
        text = (
            _clean(node.text())[:120] or (attributes.get("title") or attributes.get("aria-label") or "")[:120]
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


def _form_action(node: LexborNode) -> str:
    parent = node.parent
    while parent is not None:
        if parent.tag == "form":
            return parent.attributes.get("action") or ""
        parent = parent.parent
    return ""


_NAMING: Final = (
    "name",
    "id",
    "placeholder",
    "aria-label",
    "title",
    "data-label",
    "data-name",
    "data-field",
    "v-model",
    "ng-model",
    "formcontrolname",
)


def _label(node: LexborNode) -> str:
    attributes = node.attributes
    words = [
        attributes.get(name) or ""
        for name in ("name", "id", "placeholder", "aria-label", "title", "data-label")
    ]
    if node.tag not in ("input", "select", "textarea"):
        words.append(_clean(node.text())[:40])  # an editable block shows its label in itself
    near = node.prev
    for _ in range(2):  # the text just before an input is its label in most hand-written markup
        if near is None:
            break
        words.append(_clean(near.text())[:60])
        near = near.prev
    parent = node.parent
    if parent is not None and parent.tag in ("label", "td", "div", "p", "li", "span", "dd"):
        words.append(_clean(parent.text())[:80])
        if parent.prev is not None:
            words.append(_clean(parent.prev.text())[:60])
    # price_input, priceInput and price-input all say price
    joined = " ".join(words)
    return re.sub(r"[_\-]|(?<=[a-z])(?=[A-Z])", " ", joined)


def _panels(tree: LexborHTMLParser, url: str) -> tuple[Panel, ...]:
    panels: list[Panel] = []
    blocks = tree.css("form")[:MAX_NODES]
    for button in tree.css(_BUTTONS)[:MAX_NODES]:
        if _disabled(button):
            continue
        block = button.parent
        for _ in range(5):
            if block is None or block.tag in ("body", "html"):
                block = None
                break
            if len(_text_fields(block)) >= 1:
                break
            block = block.parent
        if block is not None and _text_fields(block):
            blocks.append(block)
    for block in blocks:
        if _pictured(block):
            continue
        fields = tuple(
            Field((node.attributes.get("type") or node.tag or "").lower(), _label(node))
            for node in _text_fields(block)[:40]
        )
        buttons = tuple(
            dict.fromkeys(
                label
                for node in block.css(_BUTTONS)[:40]
                if (label := _clean(node.text() or node.attributes.get("value") or "")[:60])
            )
        )
        action = block.attributes.get("action") if block.tag == "form" else _form_action(block)
        panel = Panel(absolute(url, action or ""), fields, buttons, _clean(block.text(separator=" "))[:1500])
        if panel not in panels:
            panels.append(panel)
    return tuple(panels)


def _text_fields(block: LexborNode) -> list[LexborNode]:
    return [
        node
        for node in block.css(_FIELDS)
        if (node.attributes.get("type") or "text").lower() not in _HIDDEN and not _disabled(node)
    ]


def _disabled(node: LexborNode) -> bool:
    if "disabled" in node.attributes or "readonly" in node.attributes:
        return True
    fieldset = node.parent
    while fieldset is not None:
        if fieldset.tag == "fieldset" and "disabled" in fieldset.attributes:
            return True
        fieldset = fieldset.parent
    return False


def _pictured(block: LexborNode) -> bool:
    node: LexborNode | None = block
    while node is not None:
        if node.tag in _PICTURES or "inert" in node.attributes:
            return True
        node = node.parent
    return False


def _grids(tree: LexborHTMLParser, url: str) -> tuple[Grid, ...]:
    grids = []
    for table in tree.css("table")[:40]:
        rows = [
            tuple(_clean(cell.text())[:60] for cell in row.iter() if cell.tag in ("td", "th"))
            for row in table.css("tr")[:60]
        ]
        header = tuple(_clean(cell.text())[:60] for cell in table.css("th")) or (rows[0] if rows else ())
        links = tuple(absolute(url, a.attributes.get("href") or "") for a in table.css("a[href]")[:80])
        grids.append(Grid(header, tuple(row for row in rows if row), links))
    grids.extend(_repeated_rows(tree, url))
    return tuple(grids)


def _repeated_rows(tree: LexborHTMLParser, url: str) -> list[Grid]:
    """Rows made of ``ul`` or ``div``: a parent with at least four children of one shape."""
    grids: list[Grid] = []
    for parent in tree.css("ul, ol, tbody, dl, section, div")[:1500]:
        children = [child for child in parent.iter() if child.tag in ("li", "div", "a", "dd", "p")]
        if len(children) < 4 or len(children) > 200:
            continue
        shapes = [tuple(cell.tag for cell in child.iter()) for child in children]
        common = max(set(shapes), key=lambda shape: (shapes.count(shape), shape))
        if len(common) < 2 or shapes.count(common) < 4:
            continue
        alike = [child for child, shape in zip(children, shapes, strict=True) if shape == common][:60]
        rows = tuple(tuple(_clean(cell.text())[:60] for cell in child.iter()) for child in alike)
        # What stands before the rows is their header if it is short; a menu is not.
        before = _clean(parent.prev.text()) if parent.prev is not None else ""
        before = before if len(before) <= 60 else ""
        odd = [child for child, shape in zip(children, shapes, strict=True) if shape != common]
        header = (before, *(_clean(child.text())[:80] for child in odd[:2]))
        links = tuple(
            absolute(url, a.attributes.get("href") or "")
            for child in alike
            for a in ([child] if child.tag == "a" else child.css("a[href]"))
        )
        grids.append(Grid(header, rows, links[:80]))
        if len(grids) >= 40:
            break
    return grids
