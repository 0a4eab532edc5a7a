"""Words: what states, outcomes, marks and measures are called on a page, and how values are written."""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

# Every state has a sign and a word, so that nothing is said by colour alone.
STATES: Final = {
    "met": ("✓", "met"),
    "not_met": ("✕", "not met"),
    "unclear": ("?", "unclear"),
    "applies": ("✕", "applies"),
    "does_not_apply": ("✓", "does not apply"),
    "made_out": ("✓", "made out"),
    "not_made_out": ("✕", "not made out"),
    "proposed": ("…", "proposed"),
    "approved": ("…", "approved, waiting for its notice"),
    "active": ("●", "active"),
    "suspended": ("○", "suspended"),
    "expired": ("○", "expired"),
    "revoked": ("○", "revoked"),
    "open": ("●", "open"),
    "closed": ("○", "closed"),
    "verified": ("✓", "verified"),
    "not_verified": ("✕", "not verified"),
    "unknown": ("?", "not known yet"),
    "none": ("–", "no order"),
    "accessible": ("✓", "accessible"),
    "blocked": ("✕", "blocked"),
    "down": ("○", "down"),
    "inconclusive": ("?", "inconclusive"),
}

OUTCOMES: Final = {
    "ok": "ok",
    "dns.nxdomain": "name said not to exist",
    "dns.nodata": "name without an address",
    "dns.servfail": "resolver failed",
    "dns.refused": "resolver refused",
    "dns.timeout": "resolver silent",
    "dns.bogon": "answer is a non-public address",
    "dns.hijack": "forged address",
    "dns.blockpage": "forged address, block page",
    "tcp.refused": "connection refused",
    "tcp.timeout": "connection timed out",
    "tcp.unreachable": "no route",
    "tcp.forbidden": "address not fetched from here",
    "tls.reset": "reset in the handshake",
    "tls.eof": "closed in the handshake",
    "tls.timeout": "handshake timed out",
    "tls.cert": "certificate not valid for the name",
    "http.blockpage": "block page",
    "http.diff": "different content",
    "http.reset": "reset in the response",
    "http.eof": "response cut short",
    "http.timeout": "response timed out",
    "http.throttled": "response throttled",
    "http.challenge": "asks to prove a human",
    "http.redirect": "redirect not followed",
    "http.geoblock": "the service itself refuses visitors from here",
    "http.protocol": "not understandable as HTTP",
    "control.failed": "nothing to compare with",
}

MARKS: Final = {
    "S": "seen in the text by whoever wrote the pack",
    "S*": "seen second-hand (a reprint, press or comment)",
    "R": "recalled, and not seen in the text",
    "U": "unconfirmed: for counsel before any real use",
    "house": "rule of the house, not of law",
}

PURPOSES: Final = {
    "name": "the ordered name, inside",
    "below": "a fresh name below it, inside",
    "outside": "the ordered name, outside",
    "lifted": "the name after the order has ended",
    "shared_address": "neighbour on the same address",
    "sibling": "neighbour under the same domain",
    "parent": "the domain above",
    "popular": "a name everybody uses",
}

_HAN = re.compile(r"[⺀-鿿豈-﫿＀-￯　-〿]+")
# Controls, and marks that turn the direction of text: harmless to a computer, not to a reader.
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def plain(word: str | None) -> str:
    """A word of ours as it is read: without underscores; a dash for nothing."""
    return word.replace("_", " ") if word else "–"


def outcome(word: str | None) -> str:
    """An outcome in words; one without words is given as it is."""
    return OUTCOMES.get(word or "", word or "–")


def named(value: object) -> object:
    """Any text with its unseen characters named; markup, and what is no text, as it is."""
    if type(value) is not str:
        return value
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found.group()):04X}⟩", value)


def visible(text: str) -> Markup:
    """Captured text, isolated from the direction of what surrounds it, with unseen characters named.
    Its language is not known, which an empty ``lang`` says."""
    return Markup('<bdi lang="">{}</bdi>').format(named(text))


def law(text: str) -> Markup:
    """Text of a rulebook: its Chinese runs are marked as such, for fonts and for screen readers."""
    return Markup(_HAN.sub(r'<span lang="zh">\g<0></span>', str(escape(named(text)))))  # noqa: S704 (escaped)


def milliseconds(microseconds: int) -> str:
    """``12 ms``; below ten with one decimal."""
    value = microseconds / 1000
    return f"{value:.1f} ms" if value < 10 else f"{value:,.0f} ms"


def seconds(value: float | None) -> str:
    """``1.24 s``; a dash for None."""
    return "–" if value is None else f"{value:.2f} s" if value < 10 else f"{value:,.1f} s"


def moment(stamp: str | None) -> str:
    """A UTC stamp to the second, as ``2018-08-24 09:00:00 UTC``."""
    return f"{stamp[:10]} {stamp[11:19]} UTC" if stamp and len(stamp) > 18 else stamp or "–"


def short(digest: str) -> str:
    """The first twelve digits of a digest or derived id."""
    return digest.rpartition(":")[2][:12]


def sentence(text: str) -> str:
    """The same text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def weight(thousandths: int) -> str:
    """A weight or score with its sign, a true minus included."""
    return f"{thousandths:+,}".replace("-", "\N{MINUS SIGN}") if thousandths else "0"


def figure(value: float | str) -> str:
    """A figure: grouped if whole, three decimals if not."""
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"
