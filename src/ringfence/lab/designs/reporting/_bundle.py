"""Drawing a whole site from one template file.

A bundle holds the pages of a site as Jinja sections. A line ``=== path | title`` starts one; path and
title are templates themselves, and ``@ for x in items`` repeats the section. ``=== layout`` wraps the
pages, ``=== bare path`` escapes it, ``=== once path`` is drawn in one language only and without layout.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, StrictUndefined, Template
from jinja2.environment import TemplateExpression
from markupsafe import Markup

from ringfence.lab.designs.reporting import _html as h
from ringfence.lab.designs.reporting import _money as money
from ringfence.lab.designs.reporting import _words as words
from ringfence.lab.designs.reporting._aliases import aliases, renamed
from ringfence.lab.designs.reporting._tongues import Tongues
from ringfence.lab.designs.reporting._venue import Venue
from ringfence.lab.site import Brief, Page, Pages

_FOLDER = Path(__file__).with_name("templates")
_HEADER = re.compile(r"^=== (?:(bare|once) )?(\S+)(?: @ for (\w+) in (.+?))?(?: \| (.*))?$", re.M)
_ENVIRONMENT = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
_TYPES = {
    "css": "text/css; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xml": "application/xml",
    "txt": "text/plain; charset=utf-8",
    "js": "application/javascript",
    "svg": "image/svg+xml",
}


class _Section(NamedTuple):
    first: str
    mode: str
    path: Template
    variable: str
    items: TemplateExpression | None
    title: Template
    body: Template


@cache
def _load(name: str) -> tuple[Template | None, tuple[_Section, ...]]:
    source = (_FOLDER / f"{name}.html").read_text(encoding="utf-8")
    heads = list(_HEADER.finditer(source))
    shared = source[: heads[0].start()]
    layout, sections = None, []
    for index, found in enumerate(heads):
        end = heads[index + 1].start() if index + 1 < len(heads) else len(source)
        body = _ENVIRONMENT.from_string(shared + source[found.end() : end].strip() + "\n")
        mode, path, variable, items, title = found.groups()
        if path == "layout":
            layout = body
            continue
        expression = _ENVIRONMENT.compile_expression(items) if items else None
        sections.append(
            _Section(
                path.strip("/").partition("/")[0],
                mode or "",
                _ENVIRONMENT.from_string(path),
                variable,
                expression,
                _ENVIRONMENT.from_string(shared + (title or "")),
                body,
            )
        )
    return layout, tuple(sections)


def _tools(rng: random.Random, brief: Brief, language: str) -> dict[str, object]:
    """What every template may call."""

    def pick(*choices: object) -> object:
        return rng.choice(choices)

    def pickof(items: tuple[object, ...] | list[object]) -> object:
        return rng.choice(items)

    def some(items: list[object] | tuple[object, ...], low: int, high: int = 0) -> list[object]:
        return rng.sample(list(items), k=min(len(items), rng.randint(low, high or low)))

    def marked(function: Callable[..., str]) -> Callable[..., Markup]:
        return lambda *a, **k: Markup(function(*a, **k))  # noqa: S704

    chinese = words.is_chinese(language)
    site = brief.host.removeprefix("www.").partition(".")[0]

    def head(*texts: str, **more: str) -> Markup:
        escaped = (h.esc(html.unescape(str(text))) for text in texts)
        return Markup(h.head(rng, *escaped, **more))  # noqa: S704

    return {
        "brief": brief,
        "name": brief.name,
        "host": brief.host,
        "pick": pick,
        "pickof": pickof,
        "some": some,
        "site": site,
        "chance": lambda p: rng.random() < p,
        "num": rng.randint,
        "real": rng.uniform,
        "person": lambda: words.person(rng, chinese),
        "user": lambda: words.handle(rng),
        "hex": lambda n: rng.randbytes(n).hex(),
        "day": lambda: words.day(rng, chinese),
        "clock": lambda: words.clock(rng),
        "percent": lambda: money.percent(rng),
        "rate": lambda c, q: money.rate(rng, c, q),
        "show": money.show,
        "usd": money.usd,
        "coinaddress": lambda c="BTC": money.address(rng, c),
        "colour": lambda: h.colour(rng),
        "head": head,
        "tracker": lambda: Markup(h.tracker(rng)),  # noqa: S704
        "json": marked(h.inline),
        "exchanges": brief.others,
        "coins": brief.coins or ("BTC", "ETH"),
        "native": words.native,
    }


def draw(
    name: str,
    rng: random.Random,
    brief: Brief,
    site: Tongues | None = None,
    encoding: str = "utf-8",
    prepare: Callable[[words.Words], dict[str, object]] | None = None,
    **context: Any,  # noqa: ANN401 — what a template needs
) -> Pages:
    """The pages of a bundle; prepare gives more context for a language."""
    layout, sections = _load(name)
    site = site or Tongues(rng, brief, limit=2)
    pages: Pages = {}
    names = {} if isinstance(site, Venue) else aliases(rng, {section.first for section in sections})
    for number, (w, address) in enumerate(site.each()):
        u = renamed(address, names)
        values = _tools(rng, brief, w.language) | {
            "w": w,
            "u": u,
            "v": site,
            "zh": w.pick,
            "lang": w.language,
        }
        values |= {"t": lambda *p, w=w: w.script(rng.choice(p)) if w.chinese else rng.choice(p)} | context
        if prepare:
            values |= prepare(w)
        for section in sections:
            if section.mode == "once" and number:
                continue
            for item in (section.items(**values) or ()) if section.items else (None,):
                here = values | {section.variable: item} if section.variable else values
                path = section.path.render(here)
                title = Markup(section.title.render(here).strip())  # noqa: S704
                body = section.body.render(here | {"title": title, "path": path})
                if layout is not None and not section.mode:
                    body = layout.render(here | {"title": title, "path": path, "body": Markup(body)})  # noqa: S704
                pages[path if section.mode == "once" else u(path)] = _page(path, body, encoding)
    pages.setdefault("/favicon.ico", h.favicon(rng))
    return pages


def _page(path: str, body: str, encoding: str) -> Page:
    kind = _TYPES.get(path.rpartition(".")[2].partition("?")[0])
    if kind is None and (body.startswith(("{", "["))):
        kind = _TYPES["json"]
    return Page(body, kind) if kind else h.page(body, encoding)


def assets(pages: Pages, rng: random.Random, css: str, js: str = "", classes: str = "") -> Pages:
    """The pages with a style sheet and a script."""
    pages[css] = h.stylesheet(rng, classes)
    if js:
        pages[js] = h.script(rng)
    return pages
