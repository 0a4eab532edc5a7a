"""Subject: who is watched. A site or a firm, with what identifies it and since when.

Every value keeps its source and, where known, its dates: names change hands, and an old
domain may have a new and innocent owner.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.register.host import canonical_host, site_host

Kind = Literal["site", "firm"]
RelationKind = Literal["operates", "owns", "formerly", "mirrors", "impersonates", "listed_with"]


class Identifier(msgspec.Struct, frozen=True):
    """``kind``: domain, url, app, handle, ccxt, lei, telephone, email. ``first_seen`` and ``last_seen``
    are the ISO dates of the sources that carry it, None where undated."""

    kind: str
    value: str
    source: str
    first_seen: str | None = None
    last_seen: str | None = None


class Alias(msgspec.Struct, frozen=True):
    """Another name by which a source calls the subject."""

    name: str
    source: str


class Place(msgspec.Struct, frozen=True):
    """A country or an address. ``kind``: ``jurisdiction`` (what a source says) or ``address``. ``country``
    is ISO 3166-1 alpha-2, or EU. Dates are ISO; ``as_of`` is when the source said so."""

    kind: Literal["jurisdiction", "address"]
    country: str | None
    source: str
    text: str = ""
    since: str | None = None
    until: str | None = None
    as_of: str | None = None


class Relation(msgspec.Struct, frozen=True):
    """This subject ``kind`` the ``target`` (a subject id). ``impersonates`` carries no taint: nothing may
    follow it back to the party imitated. ``listed_with``: one row of a source named both."""

    kind: RelationKind
    target: str
    source: str
    since: str | None = None
    until: str | None = None


class Rank(msgspec.Struct, frozen=True):
    """A place in an order of volume: 1 is the largest. ``measure`` says of what."""

    place: int
    measure: str
    as_of: str
    source: str


class Subject(msgspec.Struct, frozen=True):
    """See the module. ``id`` is ``site:HOST`` (canonical host without ``www.``) or ``firm:SLUG``;
    ``source`` is who gave the name. ``tags`` are marks such as ``price_publisher``. Being here is
    no finding of anything."""

    id: str
    kind: Kind
    name: str
    source: str
    identifiers: tuple[Identifier, ...] = ()
    aliases: tuple[Alias, ...] = ()
    places: tuple[Place, ...] = ()
    relations: tuple[Relation, ...] = ()
    ranks: tuple[Rank, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    laboratory: bool = False

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical record."""
        return digest(canonical(self))

    @property
    def host(self) -> str | None:
        """The host of a site, None for a firm."""
        return self.id.removeprefix("site:") if self.kind == "site" else None

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every domain that identifies the subject, the site's own first."""
        own = (self.host,) if self.host else ()
        listed = (item.value for item in self.identifiers if item.kind == "domain")
        return tuple(dict.fromkeys((*own, *listed)))

    @property
    def urls(self) -> tuple[str, ...]:
        """Addresses as the sources wrote them."""
        return tuple(dict.fromkeys(item.value for item in self.identifiers if item.kind == "url"))

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries of any date, each once, in order."""
        return tuple(dict.fromkeys(place.country for place in self.places if place.country))

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias, each once."""
        return tuple(dict.fromkeys((self.name, *(alias.name for alias in self.aliases))))

    def to_json(self) -> bytes:
        """The canonical record."""
        return canonical(self)

    @classmethod
    def from_json(cls, data: bytes) -> Subject:
        """Reads what `to_json` writes. Raises `InputError`."""
        try:
            return msgspec.json.decode(data, type=cls)
        except msgspec.MsgspecError as error:
            raise InputError(
                f"not a subject record: {error}", hint="use a record written by Ringfence"
            ) from error


def site_id(host: str) -> str:
    """``site:HOST`` from a host or URL as written. Raises `InputError`."""
    return "site:" + site_host(canonical_host(host))


def firm_id(name: str) -> str:
    """``firm:SLUG``: letters and digits of any script, folded, joined by hyphens. Raises `InputError`."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    slug = "-".join(re.findall(r"\w+", folded.replace("_", " ")))[:100].strip("-")
    if not slug:
        raise InputError(f"a firm without a name: {name!r}", hint="write the firm's registered name")
    return "firm:" + slug


def make_site(host: str, name: str, source: str, *, on: str | None = None) -> Subject:
    """A site from a host or URL as written and the name a source gives it; ``on`` dates the source.

    The host without ``www.`` names the subject; the host as written, the site's host and a full
    URL are kept as identifiers. Raises `InputError`.
    """
    full = canonical_host(host)
    own = site_host(full)
    identifiers = [Identifier("domain", value, source, on, on) for value in dict.fromkeys((own, full))]
    if "://" in host:
        identifiers.append(Identifier("url", host.strip(), source, on, on))
    return Subject(
        id="site:" + own, kind="site", name=name.strip() or own, source=source, identifiers=tuple(identifiers)
    )
