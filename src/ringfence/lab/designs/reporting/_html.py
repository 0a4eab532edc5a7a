"""Small parts of HTML that real sites share: heads, tables, forms, menus, assets."""
# ruff: noqa: E501 — styles as they are sent

from __future__ import annotations

import html
import json
import random
import struct
import zlib

from ringfence.lab.site import Page

Link = tuple[str, str]


def esc(text: object) -> str:
    """Text safe in HTML and in a quoted attribute."""
    return html.escape(str(text), quote=True)


def page(body: str, encoding: str = "utf-8", status: int = 200, **headers: str) -> Page:
    """An HTML page in an encoding; characters that it lacks become references."""
    label = {"gb18030": "gb2312", "big5": "big5"}.get(encoding, encoding)
    if encoding != "utf-8":
        body = body.encode(encoding, "xmlcharrefreplace").decode(encoding)
    return Page(
        body,
        f"text/html; charset={label}",
        status,
        {k.replace("_", "-"): v for k, v in headers.items()},
        encoding,
    )


def inline(value: object) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")


def head(
    rng: random.Random,
    title: str,
    description: str = "",
    css: str = "",
    js: str = "",
    site: str = "",
    charset: str = "utf-8",
    extra: str = "",
) -> str:
    """The inside of a head element, as uneven as it is on real sites."""
    parts = [
        f'<meta charset="{charset}">'
        if charset == "utf-8"
        else f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">',
        f"<title>{title}</title>",
    ]
    if rng.random() < 0.85:
        parts.append('<meta name="viewport" content="width=device-width, initial-scale=1">')
    if description:
        parts.append(f'<meta name="description" content="{description}">')
    if description and rng.random() < 0.5:
        parts.append(
            f'<meta property="og:title" content="{title}"><meta property="og:type" content="website">'
        )
        parts.append(f'<meta property="og:description" content="{description}">')
        if site:
            parts.append(f'<meta property="og:site_name" content="{site}">')
    if rng.random() < 0.3:
        parts.append('<meta http-equiv="X-UA-Compatible" content="IE=edge,chrome=1">')
    if rng.random() < 0.3:
        parts.append(f'<meta name="theme-color" content="{colour(rng)}">')
    if rng.random() < 0.7:
        parts.append('<link rel="shortcut icon" href="/favicon.ico">')
    if css:
        parts.append(f'<link rel="stylesheet" href="{css}">')
    if js:
        parts.append(f'<script src="{js}" {rng.choice(("defer", "async", ""))}></script>')
    if rng.random() < 0.8:
        parts.append(critical(rng))
    if rng.random() < 0.25:
        parts.append("<!--[if lt IE 9]><script>document.createElement('section')</script><![endif]-->")
    return "\n".join(parts) + extra


_RULES = (
    "html{-webkit-text-size-adjust:100%}body{margin:0}", "a{background:transparent}a:hover{opacity:.8}",
    "button,input,select,textarea{font:inherit;margin:0}", "img{border:0;max-width:100%;height:auto}",
    ".clearfix:after{content:'';display:table;clear:both}", ".hidden{display:none!important}",
    ".form-control{display:block;width:100%;padding:6px 12px;border:1px solid #ccc;border-radius:4px}",
    ".btn{cursor:pointer;white-space:nowrap;line-height:1.42857}", ".modal{position:fixed;top:0;left:0;z-index:1050}",
    ".navbar{min-height:50px;margin-bottom:20px;border:1px solid transparent}", ".text-muted{color:#777}",
    ".dropdown-menu{position:absolute;display:none;min-width:160px;list-style:none}", ".fl{float:left}.fr{float:right}",
    ".nav>li{position:relative;display:inline-block;padding:0 10px}", ".table{margin-bottom:20px}",
    "@media print{*{color:#000!important}}", ".loading{animation:spin 1s linear infinite}",
    "@keyframes spin{to{transform:rotate(360deg)}}", ".tabs{display:flex;border-bottom:1px solid #ddd}",
    ".price{font-variant-numeric:tabular-nums}.up{color:#2a9d5c}.down{color:#c8372d}", ".list{list-style:none;padding:0}",
    ".market td{white-space:nowrap}.order label{font-size:12px}", "table{border-spacing:0;border-collapse:collapse}",
    "@font-face{font-family:icons;src:url(/fonts/icons.woff2) format('woff2')}", ".icon{font-family:icons;width:1em}",
)  # fmt: skip


def critical(rng: random.Random) -> str:
    """Styles that a page carries inline."""
    return "<style>" + "".join(rng.sample(_RULES, k=rng.randrange(8, len(_RULES)))) + "</style>"


def colour(rng: random.Random) -> str:
    """A colour."""
    return f"#{rng.randrange(1 << 24):06x}"


def stylesheet(rng: random.Random, classes: str = "") -> Page:
    """A style sheet for the common class names and the ones given."""
    main, back, ink = (
        colour(rng),
        rng.choice(("#fff", "#fafbfc", "#12161c", "#f4f4f4")),
        rng.choice(("#222", "#444")),
    )
    names = (
        "container row nav navbar header footer main content sidebar card btn btn-primary list item table title "
        "price amount buy sell up down form-group form-control market order trade banner modal tab active"
    ).split()
    rules = [
        f"*{{box-sizing:border-box}}body{{margin:0;font:{rng.choice((13, 14, 15, 16))}px/1.5 "
        f"{rng.choice(('Arial', 'Helvetica', 'Roboto', 'PingFang SC', 'Georgia'))},sans-serif;"
        f"background:{back};color:{ink}}}a{{color:{main};text-decoration:none}}",
        f".container{{max-width:{rng.choice((960, 1100, 1170, 1200, 1320))}px;margin:0 auto;padding:0 15px}}",
        ".row{display:flex;flex-wrap:wrap;margin:0 -15px}.table{width:100%;border-collapse:collapse}"
        ".table td,.table th{padding:6px 8px;border-bottom:1px solid #e3e3e3;text-align:left}",
        f".btn{{display:inline-block;padding:8px 18px;border-radius:{rng.randrange(8)}px}}"
        f".btn-primary{{background:{main};color:#fff}}.up{{color:#0a8}}.down{{color:#d43}}",
    ]
    for name in rng.sample(names + classes.split(), k=min(20, len(names))):
        rules.append(
            f".{name}{{margin:{rng.randrange(24)}px {rng.randrange(12)}px;padding:{rng.randrange(16)}px;"
            f"color:{colour(rng)}}}"
        )
    if rng.random() < 0.6:
        rules.append("@media(max-width:768px){.row{display:block}.sidebar{display:none}}")
    return Page(rng.choice(("\n", "")).join(rules), "text/css; charset=utf-8")


def places(rng: random.Random) -> tuple[str, str]:
    """Where a site keeps its style sheet and script."""
    folder = rng.choice(
        ("/static", "/assets", "/dist", "/public", "/build", "/files", "/theme", "/content", "/skin")
    )
    stem = rng.choice(("app", "main", "site", "style", "index", "all.min", "common"))
    if rng.random() < 0.5:
        return f"{folder}/css/{stem}.css", f"{folder}/js/{stem}.js"
    return f"{folder}/{stem}.css", f"{folder}/{stem}.js"


_SCRIPTS = (
    "document.querySelectorAll('[data-toggle]').forEach(function(e){e.onclick=function(){"
    "document.getElementById(e.dataset.toggle).classList.toggle('active')}});",
    "function t(n){var a=document.querySelectorAll('.tab');for(var i=0;i<a.length;i++)"
    "a[i].className='tab'+(i===n?' active':'')}window.addEventListener('hashchange',function(){t(0)});",
    "!function(){var c=document.cookie;if(c.indexOf('ok=1')<0){var b=document.getElementById('cookie');"
    "b&&(b.style.display='block',b.onclick=function(){document.cookie='ok=1;path=/';b.remove()})}}();",
    "var _q=window._q||[];_q.push(['view',location.pathname]);setInterval(function(){_q.length>50&&(_q=[])},6e4);",
    "function fmt(n,d){return Number(n).toFixed(d).replace(/\\B(?=(\\d{3})+(?!\\d))/g,',')}",
    "window.addEventListener('scroll',function(){var h=document.querySelector('header');"
    "h&&h.classList.toggle('fixed',scrollY>60)});",
)


def script(rng: random.Random, extra: str = "") -> Page:
    """A script asset."""
    parts = rng.sample(_SCRIPTS, k=rng.randrange(2, 6))
    return Page("\n".join([*parts, extra]), rng.choice(("application/javascript", "text/javascript")))


def favicon(rng: random.Random) -> Page:
    """A small square PNG of one colour with a block in another."""
    size, ground, mark = 16, rng.randbytes(3), rng.randbytes(3)
    low, high = sorted(rng.sample(range(2, 14), 2))
    rows = b"".join(
        b"\0" + b"".join(mark if low <= x <= high and low <= y <= high else ground for x in range(size))
        for y in range(size)
    )

    def chunk(tag: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0))
    png += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return Page(png, rng.choice(("image/x-icon", "image/png")))


def tracker(rng: random.Random) -> str:
    """An inline script of the kind that counts visits."""
    return rng.choice(
        (
            f"<script>window.dl=window.dl||[];dl.push(['id','U-{rng.randrange(10**7, 10**8)}-1'])</script>",
            f"<script>var _hm=_hm||[];_hm.push(['k','{rng.randbytes(8).hex()}']);</script>",
            f'<img src="/px.gif?s={rng.randrange(9999)}" width="1" height="1" alt="">',
            "",
        )
    )
