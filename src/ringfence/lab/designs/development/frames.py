# ruff: noqa: E501  (tables of words and templates of markup are read by the line)
"""Page frames: head, navigation and footer in seven manners, open to every kind of site."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringfence.lab.designs.development import words
from ringfence.lab.designs.development.sketch import Sketch

Frame = Callable[[Sketch, str, Sequence[str], str], str]


def _head(s: Sketch, title: str, more: str = "") -> str:
    return (
        f'<head><meta charset="{s.charset()}"><title>{title} - {s.brief.name}</title>'
        f'<meta name="description" content="{title}"><link rel="icon" href="/favicon.ico">'
        f'<link rel="stylesheet" href="{s.sheet}">{more}{s.inline}</head>'
    )


def _languages(s: Sketch) -> str:
    if len(s.brief.languages) < 2:
        return ""
    names = {
        "zh-Hans": "简体中文",
        "zh-Hant": "繁體中文",
        "en": "English",
        "ja": "日本語",
        "ko": "한국어",
        "ru": "Русский",
    }
    return " ".join(
        f'<a href="{"/" if tag == s.brief.languages[0] else f"/{tag.lower()}/"}" lang="{tag}">{names.get(tag, tag)}</a>'
        for tag in s.brief.languages
    )


def _year(s: Sketch) -> int:
    return 2014 + s.hue % 13


def bootstrap(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """A toolkit page of the 2010s."""
    items = "".join(f"<li>{s.link(key)}</li>" for key in nav)
    return (
        f'<!DOCTYPE html><html lang="{s.language}">{_head(s, title)}<body>'
        f'<nav{s.c("nav")}><a href="/"><img src="{s.logo}" alt="{s.brief.name}"></a><ul>{items}</ul>{_languages(s)}</nav>'
        f"<div{s.c('wrap')}><h1{s.c('title')}>{title}</h1>{body}</div>"
        f"<footer{s.c('footer')}><p{s.c('muted')}>© {_year(s)} {s.brief.name}</p></footer>"
        f'<script src="{s.script}"></script></body></html>'
    )


def old(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """Tables for layout, attributes for style."""
    items = " | ".join(f'<a href="{s.path(key)}"><font color="#003399">{s.t(key)}</font></a>' for key in nav)
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\n<html>'
        f'<head><meta http-equiv="Content-Type" content="text/html; charset={s.charset()}">'
        f'<title>{s.brief.name} {title}</title></head>\n<body bgcolor="#ffffff"><center>'
        f'<table width="960" border="0" cellspacing="0"><tr><td><img src="{s.logo}"></td>'
        f"<td align=right>{items} {_languages(s)}</td></tr>"
        f'<tr><td colspan="2" valign="top"><b>{title}</b><hr>{body}</td></tr>'
        f'<tr><td colspan="2" align="center"><font size="1">Copyright {_year(s)} {s.brief.name}</font></td></tr>'
        "</table></center></body></html>"
    )


def application(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """A script's shell: the content is in ``noscript``, the words and data in JSON."""
    keys = (
        "home",
        "markets",
        "trade",
        "buy",
        "sell",
        "price",
        "amount",
        "login",
        "signup",
        "deposit",
        "withdraw",
        "wallet",
        "send",
        "search",
        "book",
        "news",
    )
    table = {tag: {key: words.term(s.rng, tag, key) for key in keys} for tag in s.brief.languages}
    state = {
        "site": s.brief.name,
        "locale": s.language,
        "i18n": table,
        "tickers": [{"symbol": f"{a}/{b}", "last": s.figure(s.price(a, b))} for a, b in s.pairs[:12]],
        "routes": {key: s.path(key) for key in nav},
    }
    items = "".join(s.link(key) for key in nav)
    return (
        f'<!doctype html><html lang="{s.language}">{_head(s, title)}<body><div id="app"></div>'
        f"<noscript><header{s.c('nav')}>{items}{_languages(s)}</header><main{s.c('wrap')}>{body}</main></noscript>"
        f'<script>window.__INITIAL_STATE__={s.data(state)}</script><script src="{s.script}" defer></script></body></html>'
    )


def rendered(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """A modern page rendered on the server, with its state beside it and a cookie notice."""
    items = "".join(s.link(key) for key in nav)
    links = "".join(f"<li>{s.link(key)}</li>" for key in nav)
    state = s.data({"page": title, "coins": list(s.brief.coins), "build": s.hue})
    return (
        f'<!doctype html><html lang="{s.language}">{_head(s, title, f"<meta property=og:title content={s.brief.host}>")}'
        f'<body><div id="root"><header{s.c("nav")}><a href="/">{s.brief.name}</a>{items}{_languages(s)}</header>'
        f"<main{s.c('wrap')}><section{s.c('box')}><h2{s.c('title')}>{title}</h2>{body}</section></main>"
        f"<footer{s.c('footer')}><ul{s.c('list')}>{links}</ul><small{s.c('muted')}>{s.brief.name} {_year(s)}</small></footer></div>"
        f'<div{s.c("box")} id="cookie">Cookies <button{s.c("button")}>OK</button></div>'
        f'<script id="__DATA__" type="application/json">{state}</script><script src="{s.script}" async></script></body></html>'
    )


def mobile(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """A page for telephones, with a bar of tabs below."""
    tabs = "".join(f'<a href="{s.path(key)}"{s.c("cell")}>{s.t(key)}</a>' for key in nav[:5])
    rest = " ".join(s.link(key) for key in nav[5:])
    return (
        f'<!DOCTYPE html><html lang="{s.language}">{_head(s, title, "<meta name=viewport content=width=device-width>")}'
        f"<body ontouchstart><header{s.c('title')}>{title}</header><div{s.c('wrap')}>{body}</div>"
        f'<p{s.c("muted")}>{rest} {_languages(s)}</p><div{s.c("nav")} style="position:fixed;bottom:0">{tabs}</div>'
        f'<script src="{s.script}"></script></body></html>'
    )


def portal(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """A portal of the late 2010s: top bar, side column, friendly links."""
    items = "".join(f"<li{s.c('item')}>{s.link(key)}</li>" for key in nav)
    side = "".join(f"<dd>{s.link(key)}</dd>" for key in reversed(nav))
    friends = " ".join(f"<span>{name}</span>" for name, _ in s.brief.others[:3])
    return (
        f'<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" ""><html xmlns="http://www.w3.org/1999/xhtml">'
        f"{_head(s, title)}<body><div{s.c('nav')}><div{s.c('wrap')}><ul>{items}</ul>{_languages(s)}</div></div>"
        f'<div{s.c("wrap")}><div{s.c("box")} style="float:left;width:75%"><div{s.c("title")}>{title}</div>{body}</div>'
        f'<div{s.c("box")} style="float:right"><dl>{side}</dl></div></div><div style="clear:both"></div>'
        f"<div{s.c('footer')}>{friends}<br/>Copyright &copy; {_year(s)} {s.brief.host}</div>"
        f'<script type="text/javascript" src="{s.script}"></script></body></html>'
    )


def bare(s: Sketch, title: str, nav: Sequence[str], body: str) -> str:
    """Hardly any markup, as people write by hand."""
    items = "\n".join(f"<a href={s.path(key)}>{s.t(key)}</a>" for key in nav)
    return (
        f"<html lang={s.language}>{_head(s, title)}<body><h1>{s.brief.name}</h1>{items}\n{_languages(s)}"
        f"<h2>{title}</h2>{body}<hr><i>{s.brief.host}</i></body></html>"
    )


ALL: tuple[Frame, ...] = (bootstrap, old, application, rendered, mobile, portal, bare)
