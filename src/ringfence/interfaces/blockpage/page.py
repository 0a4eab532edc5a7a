"""Page: the answer's body, as HTML under a policy that lets nothing in, or as a problem (RFC 9457)."""

from __future__ import annotations

import base64
import hashlib
from functools import cache, lru_cache

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ringfence.enforce.reasons.reason import Reason
from ringfence.interfaces.blockpage.negotiate import Form, Language
from ringfence.interfaces.blockpage.words import moment, route, words

PROBLEMS = {400: "bad", 405: "bad", 421: "none", 503: "busy"}


class Provider(msgspec.Struct, frozen=True):
    """Who carries the blocks out: a name for people, and the address that ``blocked-by`` gives."""

    name: str = ""
    link: str = ""


class Page(msgspec.Struct, frozen=True):
    """A body and its headers, without those of the connection."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]


@lru_cache(maxsize=2048)
def blocked(asked: str, reason: Reason, provider: Provider, language: Language, form: Form) -> Page:
    """The answer for a name under an order: 451."""
    texts = words(language)
    if form == "json":
        body = _json(
            451, texts["title"], texts["lead"], language,
            name=asked, order=reason.order, authority=reason.authority or None, basis=reason.basis or None,
            since=reason.since, until=reason.until, appeal=reason.appeal or None,
            blocked_by=provider.link or None, laboratory=reason.laboratory,
        )  # fmt: skip
    else:
        body = _html(
            "block.html",
            language,
            asked=asked,
            reason=reason,
            provider=provider,
            routes=[route(text) for text in reason.appeal],
            since=moment(reason.since, language),
            until=moment(reason.until, language),
        )
    link = (("Link", f'<{provider.link}>; rel="blocked-by"'),) if provider.link else ()
    return Page(451, body, (*_headers(language, form), *link))


@lru_cache(maxsize=64)
def other(status: int, language: Language, form: Form) -> Page:
    """The answer where there is no order to tell of. It repeats nothing of the request."""
    what = PROBLEMS[status]
    title, text = words(language)[f"{what}_title"], words(language)[f"{what}_text"]
    if form == "json":
        body = _json(status, title, text, language)
    else:
        body = _html("other.html", language, title=title, text=text)
    more = (("Retry-After", "5"),) if status == 503 else (("Allow", "GET, HEAD"),) if status == 405 else ()
    return Page(status, body, (*_headers(language, form), *more))


def _json(status: int, title: str, detail: str, language: Language, **more: object) -> bytes:
    head = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return msgspec.json.encode(head | {"language": words(language)["lang"]} | more) + b"\n"


def _html(name: str, language: Language, **values: object) -> bytes:
    return _environment().get_template(name).render(words=words(language), **values).encode("utf-8")


def _headers(language: Language, form: Form) -> tuple[tuple[str, str], ...]:
    kind = "text/html; charset=utf-8" if form == "html" else "application/problem+json"
    return (
        ("Content-Type", kind),
        ("Content-Language", words(language)["lang"]),
        ("Vary", "Accept, Accept-Language"),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", _policy()),
    )


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("ringfence.interfaces.blockpage", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["style"] = Markup(_style())  # noqa: S704 (our own file)
    return found


@cache
def _style() -> str:
    loader = PackageLoader("ringfence.interfaces.blockpage", "templates")
    return "\n" + loader.get_source(Environment(autoescape=True), "style.css")[0]


@cache
def _policy() -> str:
    """No script, no request, no form, no frame; the one style sheet that has this digest."""
    named = base64.b64encode(hashlib.sha256(_style().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{named}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
