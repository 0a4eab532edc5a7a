"""The rules of the verdict: data-like, one row each, first match per layer wins.

A rule's meaning never changes under its id; a change is a new version. Weights are
thousandths for blocked, down and ok, set by hand and not calibrated: ``confidence`` is the weight
of the word that the last rule gives, no probability.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Level = Literal["none", "discarded", "scored"]


class Rule(msgspec.Struct, frozen=True):
    """``id``, ``version``, the layer it judges, its evidence level, weights, and why it is so."""

    id: str
    layer: str
    level: Level
    blocked: int
    down: int
    ok: int
    why: str
    version: int = 1


_TABLE: Final = (
    Rule(
        "control.absent",
        "control",
        "none",
        0,
        0,
        0,
        "no look from outside: nothing to compare a failure with",
    ),
    Rule(
        "control.same_failure",
        "control",
        "scored",
        50,
        900,
        50,
        "both sides fail at the same stage: the site's own fault",
    ),
    Rule(
        "control.both_fail",
        "control",
        "scored",
        250,
        600,
        50,
        "both sides fail, at different stages: likely down",
    ),
    Rule(
        "control.failed",
        "control",
        "none",
        0,
        0,
        0,
        "outside fails, and what answers inside cannot prove to be the service",
    ),
    Rule(
        "inside.only",
        "control",
        "scored",
        0,
        50,
        950,
        "answers inside with a certificate that verifies; outside fails",
    ),
    Rule(
        "tls.genuine",
        "tls",
        "scored",
        0,
        0,
        1000,
        "a certificate that verifies for the name: the real service answered",
    ),
    Rule(
        "http.same",
        "http",
        "scored",
        20,
        0,
        980,
        "no TLS, but the same status and alike content on both sides",
    ),
    Rule(
        "http.geoblock",
        "http",
        "scored",
        200,
        0,
        500,
        "the genuine service itself refuses visitors from inside: its choice, not a block",
    ),
    Rule(
        "dns.failure",
        "dns",
        "scored",
        950,
        20,
        30,
        "the inside resolver fails on a name that resolves outside",
    ),
    Rule(
        "dns.timeout",
        "dns",
        "scored",
        700,
        50,
        250,
        "the inside resolver never answers for a name that resolves outside",
    ),
    Rule("dns.bogon", "dns", "scored", 980, 0, 20, "the inside answer is a non-public address"),
    Rule(
        "dns.forged",
        "dns",
        "scored",
        900,
        30,
        70,
        "no address in common with outside, and what answers there cannot prove to be the service",
    ),
    Rule(
        "tcp.blocked",
        "tcp",
        "scored",
        850,
        100,
        50,
        "an address reached from outside cannot be reached inside",
    ),
    Rule(
        "tls.interfered",
        "tls",
        "scored",
        900,
        50,
        50,
        "the handshake is cut inside on an address that completes it outside",
    ),
    Rule(
        "tls.forged",
        "tls",
        "scored",
        930,
        40,
        30,
        "a certificate that does not verify inside, one that does outside",
    ),
    Rule(
        "http.redirect",
        "http",
        "discarded",
        100,
        0,
        400,
        "the genuine service redirects inside to where nothing can be asked for: its own doing",
    ),
    Rule("http.cut", "http", "scored", 750, 100, 150, "the response is cut inside and whole outside"),
    Rule(
        "http.throttled",
        "http",
        "scored",
        750,
        50,
        200,
        "the head arrives inside and the body does not in time; outside gets it whole",
    ),
    Rule(
        "http.blockpage",
        "http",
        "scored",
        930,
        20,
        50,
        "without proof of the service, an answer that says it is withheld",
    ),
    Rule(
        "http.diff", "http", "scored", 700, 50, 250, "without proof of the service, different content inside"
    ),
)

RULES: Final = {rule.id: rule for rule in _TABLE}
