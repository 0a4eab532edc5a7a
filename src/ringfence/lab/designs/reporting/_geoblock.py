"""The page that a venue answers to visitors from a place that it does not serve."""
# ruff: noqa: E501 — HTML as it is sent

from __future__ import annotations

import random

from ringfence.lab.designs.reporting._html import esc, page
from ringfence.lab.site import Brief, Page

_TEXTS = (
    "Service is not available in your region.",
    "We're sorry, {name} does not serve visitors from your location.",
    "Due to local regulations we cannot provide access from your country or region.",
    "Access from your country has been restricted by {name}.",
)
_ZH = ("根据当地法律法规，本站不向您所在的国家或地区提供服务。", "很抱歉，您所在的地区暂不支持访问。")


def block_page(rng: random.Random, brief: Brief) -> Page:
    """A geo-block page in one of four styles."""
    name = esc(brief.name)
    line = rng.choice(_TEXTS).format(name=name)
    chinese = rng.choice(_ZH) if rng.random() < 0.6 else ""
    ip, ray = f"203.0.113.{rng.randrange(255)}", rng.randbytes(8).hex()
    status = rng.choice((403, 451, 200))
    style = rng.randrange(4)
    if style == 0:
        body = f"""<!DOCTYPE html><html><head><title>{status if status != 200 else "Not available"}</title>
<meta name="robots" content="noindex"></head><body style="font-family:sans-serif;text-align:center;padding:12% 10%">
<h1>{status if status != 200 else "Sorry"}</h1><p>{line}</p><p>{chinese}</p><hr><small>{ray}</small></body></html>"""
    elif style == 1:
        body = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title><style>
.card{{max-width:520px;margin:90px auto;border:1px solid #ddd;border-radius:8px;padding:32px}}.btn{{color:#06c}}
</style></head><body><div class="card"><h2 class="title">{name}</h2><p>{line}</p><p lang="zh">{chinese}</p>
<p>If you already hold a balance with us, write to <a class="btn" href="mailto:support@{brief.host}">support@{brief.host}</a>
to arrange a withdrawal.</p><p class="text-muted">Your address: {ip}</p></div></body></html>"""
    elif style == 2:
        body = f"""<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>Access restricted
</title></head><body bgcolor="#ffffff"><center><table width="600" cellpadding="12" border="1"><tr><td bgcolor="#eeeeee">
<b>Access restricted</b></td></tr><tr><td>{line}<br><br>{chinese}<br><br>Error 1009 &middot; Ray {ray} &middot; {ip}</td></tr>
</table></center></body></html>"""
    else:
        body = f"""<!doctype html><html><head><meta charset=utf-8><title>{name} | Region</title></head><body>
<main class="container"><h3>{line}</h3><p>{chinese}</p><p>Our terms of use list the countries and regions that we do not
serve. If you believe this is a mistake, contact us and quote <code>{ray}</code>.</p>
<a href="/terms">Terms</a> &middot; <a href="/help">Help</a></main></body></html>"""
    return page(body, status=status)
