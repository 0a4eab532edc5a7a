"""A site as the desk reads it, and a feature seen on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from ringfence.desks.platforms.document import Document
from ringfence.register.suffix import registrable


class Seen(msgspec.Struct, frozen=True):
    """A feature before it is weighed: ``id``, an excerpt, and the page it came from."""

    id: str
    value: str
    evidence: str
    where: str


class Script(msgspec.Struct, frozen=True):
    """A script of the site's own, fetched as an asset: much of a modern venue stands only there."""

    url: str
    digest: str
    text: str


class Site(msgspec.Struct, frozen=True):
    """The pages of one host as seen from outside, landing page first, and its own scripts."""

    host: str
    pages: tuple[Document, ...]
    scripts: tuple[Script, ...] = ()

    @property
    def landing(self) -> Document:
        """The first page."""
        return self.pages[0]

    def own(self, url: str) -> bool:
        """Whether a URL belongs to this site (same registrable domain)."""
        host = _host(url)
        if host.replace(".", "").isdigit() or ":" in host:
            return host == self.host  # an address has no registrable domain
        domain = registrable(self.host)
        return host == self.host or (domain is not None and registrable(host) == domain)


@lru_cache(maxsize=8192)
def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:  # brackets that are no IPv6 address
        return ""


Extractor = Callable[[Site], Iterator[Seen]]


def seen(feature: str, value: str, page: Document | Script) -> Seen:
    """A feature with its excerpt cut to 160 characters."""
    return Seen(feature, " ".join(value.split())[:160], page.digest, page.url)
