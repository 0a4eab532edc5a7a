"""What the web servers answer: a site's pages as bytes, redirects, geo-blocks, errors."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from http import HTTPStatus

import msgspec

from ringfence.lab import geoblock, mark
from ringfence.lab.population import Population, Site
from ringfence.lab.site import Page

GEOBLOCK = "/__geoblock__"  # where a design puts its own refusal of visitors from inside
KEPT = 60  # drawn sites kept in memory


class Request(msgspec.Struct, frozen=True):
    """One request as the server sees it; ``inside`` says that it came through the border."""

    method: str
    host: str
    path: str
    secure: bool
    inside: bool
    gzip: bool = False


class Answer(msgspec.Struct, frozen=True):
    """A response: its head without framing headers, and its body as sent."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Answers:
    """Draws a site when it is first asked for and keeps the sites asked for last."""

    def __init__(self, population: Population) -> None:
        self._population = population
        self._names = {site.host: site for site in population.sites}
        self._names.update({f"www.{site.host}": site for site in population.sites})
        self._drawn: OrderedDict[str, dict[str, Answer]] = OrderedDict()

    def site(self, name: str) -> Site | None:
        """The site that serves a name."""
        return self._names.get(name)

    def answer(self, request: Request, address: str) -> Answer:
        """What an address answers to a request for any name."""
        site = self._names.get(request.host)
        if site is None or site.address != address:
            return error(HTTPStatus.NOT_FOUND)
        if site.down == "error":
            return error(HTTPStatus.SERVICE_UNAVAILABLE)
        if request.inside and site.brief.kind == "geoblocked_exchange":
            own = self._pages(site).get(GEOBLOCK)
            return own if own is not None else page_answer(geoblock.notice(site))
        home = f"www.{site.host}" if site.www else site.host
        if (site.https_only and not request.secure) or request.host != home:
            secure = request.secure or site.https_only
            return redirect(f"{'https' if secure else 'http'}://{home}{request.path}")
        pages = self._pages(site)
        path, _, _ = request.path.partition("?")
        found = pages.get(request.path) or pages.get(path) or pages.get(path.rstrip("/") or "/")
        if found is None or path == GEOBLOCK:
            return error(HTTPStatus.NOT_FOUND)
        if request.gzip and site.gzip and found.status == 200 and len(found.body) > 600:
            return Answer(
                found.status,
                (*found.headers, ("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")),
                gzip.compress(found.body, 1, mtime=0),
            )
        return found

    def _pages(self, site: Site) -> dict[str, Answer]:
        drawn = self._drawn.get(site.host)
        if drawn is None:
            drawn = {path: page_answer(page) for path, page in self._population.pages(site).items()}
            self._drawn[site.host] = drawn
            if len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        else:
            self._drawn.move_to_end(site.host)
        return drawn


def page_answer(page: Page) -> Answer:
    """A page encoded as it says, with the laboratory's mark."""
    body = page.body if isinstance(page.body, bytes) else page.body.encode(page.encoding, "xmlcharrefreplace")
    if "html" in page.content_type:
        body = mark.marked(body)
    return Answer(page.status, (("Content-Type", page.content_type), *page.headers.items()), body)


def error(status: HTTPStatus) -> Answer:
    """A bare page with a status's own words."""
    title = f"{status.value} {status.phrase}"
    return page_answer(
        Page(f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>", status=status)
    )


def redirect(location: str, status: int = 301) -> Answer:
    """Elsewhere."""
    return Answer(status, (("Location", location), ("Content-Type", "text/plain")), b"")
