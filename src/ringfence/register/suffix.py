"""Public suffixes: under which names anyone may register, so that no rule may cover one.

Both sections of the Mozilla list count: ICANN (``co.uk``) and private (``github.io``), where
every subdomain is another person's site. The list used is named by `reference`, since a
finding that depends on it must replay with the same one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import msgspec
from publicsuffixlist import PublicSuffixList

from ringfence.core.canonical import digest

Section = Literal["icann", "private", "unknown"]


class SuffixReference(msgspec.Struct, frozen=True):
    """Which list was used: ``version`` an ISO date, ``digest`` the SHA-256 of the list's bytes."""

    version: str
    digest: str


@lru_cache(maxsize=8192)
def registrable(host: str) -> str | None:
    """The registrable domain (eTLD+1, private suffixes counted) of a canonical host, or None where the
    host is itself a public suffix."""
    name = _lists()[0].privatesuffix(host)
    return str(name) if name else None


def public_suffix(host: str) -> str:
    """The public suffix of a canonical host; the last label where the list has no rule."""
    return str(_lists()[0].publicsuffix(host) or host.rpartition(".")[2])


def is_public_suffix(host: str) -> bool:
    """Whether anyone may register under this very name."""
    return registrable(host) is None


def suffix_section(host: str) -> Section:
    """Which section gives the public suffix of this host: ``icann``, ``private``, or ``unknown`` where no
    rule exists and the default rule ``*`` applies."""
    both, icann, strict = _lists()
    if strict.publicsuffix(host) is None:
        return "unknown"
    return "icann" if both.publicsuffix(host) == icann.publicsuffix(host) else "private"


@lru_cache(maxsize=1)
def reference() -> SuffixReference:
    """The list in use: its version date and digest."""
    data = _data()
    found = re.search(rb"^// VERSION: (\d{4}-\d{2}-\d{2})", data, re.MULTILINE)
    return SuffixReference(version=found[1].decode() if found else "unknown", digest=digest(data))


@lru_cache(maxsize=1)
def _data() -> bytes:
    return (files("publicsuffixlist") / "public_suffix_list.dat").read_bytes()


@lru_cache(maxsize=1)
def _lists() -> tuple[PublicSuffixList, PublicSuffixList, PublicSuffixList]:
    data = _data()
    return (
        PublicSuffixList(data),
        PublicSuffixList(data, only_icann=True),
        PublicSuffixList(data, accept_unknown=False),
    )
