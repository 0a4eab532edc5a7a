"""How a genuine site turns away visitors from a country: by status 403 or 451, or by a plain page."""

from __future__ import annotations

import random

from ringfence.lab.population import Site
from ringfence.lab.site import Page

_TEXTS = (
    "This service is not available in your country or region.",
    "We are sorry: {name} does not offer its services to residents of mainland China.",
    "Access from your location is restricted. According to our terms we do not serve users in your region.",
    "您所在的国家或地区无法使用本服务。",
    "抱歉，本网站不向中国大陆用户提供服务。",
)


def notice(site: Site) -> Page:
    """What a visitor from inside gets, the same at every call."""
    rng = random.Random(site.seed)
    text = rng.choice(_TEXTS).format(name=site.brief.name)
    status = rng.choice((403, 451, 200, 403))
    body = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{site.brief.name}</title></head>'
        f"<body><h1>{site.brief.name}</h1><p>{text}</p></body></html>"
    )
    return Page(body, status=status)
