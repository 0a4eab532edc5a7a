"""A sealed register of authorised providers, and whether a subject is in it. Pure.

Absence from a list that does not claim to be complete proves nothing; so *not authorised* is
found only against an exhaustive one, and a likeness of names alone is never a match to act on.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from difflib import SequenceMatcher
from typing import Literal

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.register.subject import Subject
from ringfence.register.suffix import registrable

How = Literal["host", "registrable_domain", "name", "similar_name"]
State = Literal["met", "not_met", "unclear"]

SIMILAR = 920  # thousandths of difflib's ratio from which two names are called similar

_LEGAL_FORMS = frozenset(
    """ltd limited llc inc incorporated corp corporation co company plc gmbh ag sa sas sarl srl spa bv nv ab
    llp as oy oyj aps kk pte pty pvt uab ou sro doo ad ead kft zrt sia jsc ooo""".split()
)
_CHINESE_FORMS = re.compile(r"(股份)?有限(责任)?公司$|株式会社")


class AuthorisedEntry(msgspec.Struct, frozen=True):
    """One authorised provider; dates are ISO, ``until`` the first day no longer authorised."""

    name: str
    hosts: tuple[str, ...] = ()
    number: str = ""
    since: str | None = None
    until: str | None = None


class AuthorisedRegister(msgspec.Struct, frozen=True):
    """A snapshot of a register: who keeps it, of which day, whether it claims to be complete."""

    name: str
    authority: str
    as_of: str
    exhaustive: bool
    source: str
    entries: tuple[AuthorisedEntry, ...]

    @property
    def digest(self) -> str:
        """The seal: SHA-256 of the canonical snapshot."""
        return digest(canonical(self))

    def to_json(self) -> bytes:
        """The canonical snapshot."""
        return canonical(self)

    @classmethod
    def from_json(cls, data: bytes, *, sealed: str | None = None) -> AuthorisedRegister:
        """Reads what `to_json` writes. Raises `InputError`, also where it is not the ``sealed`` digest's."""
        try:
            register = msgspec.json.decode(data, type=cls)
        except msgspec.MsgspecError as error:
            raise InputError(f"not an authorised register: {error}", hint="use a sealed snapshot") from error
        if sealed is not None and register.digest != sealed:
            raise InputError(
                f"the register is not the one sealed as {sealed}", hint="fetch the sealed snapshot"
            )
        return register


class Match(msgspec.Struct, frozen=True):
    """An entry and how it was found. ``firm``: the tie is strong enough to rest a finding on."""

    entry: AuthorisedEntry
    how: How
    firm: bool
    score: int
    reason: str


def match(subject: Subject, register: AuthorisedRegister, *, on: date | None = None) -> Match | None:
    """The best match of a subject in a register, explained, or None.

    In this order: the same host, the same registrable domain (never across a public suffix),
    the same name without legal form, a similar name. Only hosts and domains are firm; names are
    a lead for a person. Entries not authorised on the day (default: the register's own) do not count.
    """
    day = (on or date.fromisoformat(register.as_of)).isoformat()
    found = [
        candidate
        for entry in register.entries
        if (entry.since is None or entry.since <= day) and (entry.until is None or day < entry.until)
        for candidate in [_compare(subject, entry)]
        if candidate is not None
    ]
    order: tuple[How, ...] = ("host", "registrable_domain", "name", "similar_name")
    return min(found, key=lambda item: (order.index(item.how), -item.score, item.entry.name), default=None)


def not_authorised(
    subject: Subject, register: AuthorisedRegister, *, on: date | None = None
) -> tuple[State, str, Match | None]:
    """The state of the element *not authorised*, the reason and the match behind it.

    ``not_met``: a firm match, so it is authorised. ``met``: no match in an exhaustive register.
    ``unclear``: likeness of names only, or absence from a list that is not exhaustive.
    """
    found = match(subject, register, on=on)
    where = f"{register.name} ({register.authority}, {register.as_of})"
    if found and found.firm:
        return "not_met", f"authorised in {where}: {found.reason}", found
    if found:
        return "unclear", f"perhaps authorised in {where}, by name only: {found.reason}", found
    if register.exhaustive:
        return "met", f"in no entry of {where}, which is exhaustive", None
    return "unclear", f"in no entry of {where}, which is not exhaustive: absence proves nothing", None


def _compare(subject: Subject, entry: AuthorisedEntry) -> Match | None:
    listed = {host.removeprefix("www.") for host in entry.hosts}
    own = [host.removeprefix("www.") for host in subject.hosts]
    for host in own:
        if host in listed:
            return Match(entry, "host", True, 1000, f"{entry.name} lists the host {host}")
    domains = {registrable(host): host for host in sorted(listed, reverse=True)}
    for host in own:
        domain = registrable(host)
        if domain is not None and domain in domains:
            reason = f"{host} and {domains[domain]} of {entry.name} are under {domain}"
            return Match(entry, "registrable_domain", True, 1000, reason)
    return _compare_names(subject, entry)


def _compare_names(subject: Subject, entry: AuthorisedEntry) -> Match | None:
    wanted = plain_name(entry.name)
    best: Match | None = None
    for name in subject.names:
        plain = plain_name(name)
        if not plain or not wanted:
            continue
        if plain == wanted:
            return Match(
                entry, "name", False, 1000, f"{name!r} and {entry.name!r} are one name without legal form"
            )
        score = round(SequenceMatcher(None, plain, wanted, autojunk=False).ratio() * 1000)
        if score >= SIMILAR and len(plain) >= 5 and (best is None or score > best.score):
            reason = f"{name!r} resembles {entry.name!r} ({score} of 1000)"
            best = Match(entry, "similar_name", False, score, reason)
    return best


def plain_name(name: str) -> str:
    """A firm's name for comparison: NFKC, folded, no marks, no punctuation, no legal form at its end."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    bare = _CHINESE_FORMS.sub("", unicodedata.normalize("NFC", re.sub(r"[.'’]", "", bare)).strip())
    words = re.findall(r"\w+", bare)
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)
