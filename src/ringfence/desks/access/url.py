"""URL: which ones are asked for, what of them goes into a request, and where a redirect leads."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from ringfence.core.errors import InputError
from ringfence.register.host import canonical_host

REDIRECTS: Final = (301, 302, 303, 307, 308)


def split(url: str) -> tuple[SplitResult, str, int]:
    """The parts of an http(s) URL, its host in canonical form, and its port. Raises `InputError`."""
    try:
        parts = urlsplit(url)
        port = parts.port or default_port(parts.scheme)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError(f"not an http(s) URL: {url[:120]!r}")
    except ValueError as error:
        raise InputError(f"not a URL: {url[:120]!r}") from error
    return parts, canonical_host(parts.hostname), port


def default_port(scheme: str) -> int:
    """The port of a scheme."""
    return 443 if scheme == "https" else 80


def target(parts: SplitResult) -> str:
    """What stands in a request's first line: path and query, in ASCII."""
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


def redirect(base: str, location: str) -> str | None:
    """The URL that a ``Location`` names, without fragment; None if it is none that can be asked for."""
    if not location:
        return None
    try:
        found = urljoin(base, location.strip())
        split(found)
    except (ValueError, InputError):
        return None
    return found.partition("#")[0]
