"""The HTTP layer of the verdict: the last hop's response against the one from outside. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

from ringfence.desks.access import names, page
from ringfence.desks.access.fingerprints import Fingerprint, match
from ringfence.desks.access.sides import Answer, Control, Probe, Step
from ringfence.desks.access.trust import Trust
from ringfence.desks.access.verdict import Verdict, conclude
from ringfence.register.suffix import registrable

_TROUBLE: Final = frozenset((408, 425, 429, 500, 502, 503, 504))
SLOW: Final = 8_000  # octets a second below which a transfer that does not end is named throttled for sure
ENOUGH: Final = 16_000  # octets of a body below which its rate tells nothing
_SURE: Final = frozenset({"national", "provider"})


def judge(probe: Probe, trusted: Sequence[Trust], control: Control | None) -> Verdict:
    """The verdict where every layer below let the probe through."""
    step, found = probe.steps[-1], trusted[-1]
    answer = step.answer
    if answer is None:
        return conclude("inconclusive", None, "control.failed", "http.unseen")
    if answer.outcome != "ok":
        return _cut(step, answer, found, control)
    if answer.status in page.REDIRECTS and not followable(step.url, answer):
        return _redirect(step, found)
    if page.is_challenge(answer):
        return conclude("inconclusive", "http", "http.challenge", "http.challenge")
    theirs = control.answer if control is not None and control.healthy else None
    if theirs is not None and _slowed(answer, theirs):
        return conclude("inconclusive", "http", "http.throttled", "http.slow")
    if _proven(probe, trusted):
        return _genuine(answer, theirs, found, control)
    if theirs is not None:
        return _compared(step, answer, theirs, found, trusted[0])
    return _alone(answer, found, control)


def followable(url: str, answer: Answer) -> bool:
    """Whether the Location of a redirect is something that can be asked for."""
    location = next((value for name, value in answer.headers if name.lower() == "location"), "")
    try:
        target = urlsplit(urljoin(url, location.strip()))
        return bool(location) and target.scheme in ("http", "https") and bool(target.hostname)
    except ValueError:
        return False


def _redirect(step: Step, found: Trust) -> Verdict:
    if found.forged:
        return names.forged(step)
    return conclude("inconclusive", "http", "http.redirect", "http.redirect")


def _cut(step: Step, answer: Answer, found: Trust, control: Control | None) -> Verdict:
    if answer.outcome == "http.redirect":
        return _redirect(step, found)
    if control is None:
        return conclude("inconclusive", "http", answer.outcome, "control.absent")
    if not control.healthy:
        rule = "control.same_failure" if control.stage == "http" else "control.both_fail"
        return conclude("down", control.stage, control.outcome, rule)  # type: ignore[arg-type]
    if found.forged:
        return names.forged(step)
    if answer.outcome == "http.throttled":
        measured = answer.rate is not None and answer.rate <= SLOW
        rules = ("http.throttled", "http.throttled_rate") if measured else ("http.throttled",)
        return conclude("blocked", "http", "http.throttled", *rules)
    return conclude("blocked", "http", answer.outcome, "http.cut")


def _slowed(answer: Answer, theirs: Answer) -> bool:
    """Whether the whole page came, at a rate too slow to use that is a small part of the one outside."""
    if answer.rate is None or theirs.rate is None or len(answer.body) < ENOUGH:
        return False
    return answer.rate <= SLOW and answer.rate * 10 <= theirs.rate


def _proven(probe: Probe, trusted: Sequence[Trust]) -> bool:
    """Whether the page is the service's own: it came over a handshake that verified for its host, and
    nobody on the way could have chosen that host."""
    if not (probe.steps[-1].https and trusted[-1].proven):
        return False
    first = registrable(probe.steps[0].host)
    for step, then in zip(probe.steps, probe.steps[1:], strict=False):
        # What plain HTTP redirects to is the service's choice only if it stays in the service's domain.
        if not step.https and then.https and registrable(then.host) not in (first, registrable(step.host)):
            return False
    return True


def _genuine(answer: Answer, theirs: Answer | None, found: Trust, control: Control | None) -> Verdict:
    legal = answer.status == 451
    if theirs is not None and not page.same_page(answer, theirs):
        other = answer.status in page.WITHHELD and theirs.status not in page.WITHHELD
        if legal or other or (page.refuses(answer) and len(page.words(answer)) < 4000):
            return conclude("inconclusive", "http", "http.geoblock", "tls.genuine", "http.geoblock")
    elif theirs is None and legal:
        return conclude("inconclusive", "http", "http.geoblock", "tls.genuine", "http.geoblock")
    rule = "tls.genuine" if control is None or control.healthy else "inside.only"
    return _accessible(found, rule)


def _compared(step: Step, answer: Answer, theirs: Answer, found: Trust, first: Trust) -> Verdict:
    """A page in plain HTTP against the one from outside."""
    if page.is_challenge(theirs):
        return _alone(answer, found, None)
    if page.same_page(answer, theirs):
        return _accessible(found, "http.same")
    if found.forged or first.forged:
        return names.forged(step)
    ours = page.same_server(answer, theirs)
    known = match(page.source(answer))
    speaks = page.refuses(answer) and not page.denies(answer)
    named = known is not None and known.scope in _SURE
    if not named and (speaks or (ours and answer.status in page.WITHHELD)):
        # The service speaks of those whom it does not serve, or its own server answers.
        return conclude("inconclusive", "http", "http.geoblock", "http.geoblock")
    if known is not None:
        return _recognised(known)
    if page.withheld(answer):
        return conclude("blocked", "http", "http.blockpage", "http.blockpage")
    if answer.status in _TROUBLE or theirs.status in _TROUBLE:
        return conclude("inconclusive", "http", "http.diff", "http.trouble")
    if ours and answer.status == theirs.status:
        return _accessible(found, "http.same_server")
    if page.foreign_head(answer, theirs):
        return conclude("blocked", "http", "http.diff", "http.foreign")
    return conclude("inconclusive", "http", "http.diff", "http.diff")


def _alone(answer: Answer, found: Trust, control: Control | None) -> Verdict:
    """A page in plain HTTP with none to compare it with."""
    known = match(page.source(answer))
    if known is not None:
        return _recognised(known)
    rules = ("control.absent",) if control is None else ("control.failed",)
    fine = answer.status is not None and answer.status < 400 and not page.withheld(answer)
    if fine and found.proven:
        return conclude("accessible", None, "ok", *rules, "http.proven_address")
    return conclude("inconclusive", None, "control.failed", *rules)


def _recognised(known: Fingerprint) -> Verdict:
    rule = "http.fingerprint_named" if known.scope in _SURE else "http.fingerprint"
    return conclude("blocked", "http", "http.blockpage", rule, fingerprint=known.id)


def _accessible(found: Trust, rule: str) -> Verdict:
    # Two facts, and both are kept: the service is reached, and the answer led through somebody's hands.
    if found.match == "unmatched" and found.own_network:
        return conclude("accessible", None, "dns.hijack", "dns.own_network", rule)
    return conclude("accessible", None, "ok", rule)
