"""Find: inside against outside, layer by layer; the first layer that cannot be trusted decides.

Pure: a function of two sealed observations and the bodies of their landing pages.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec
from selectolax.lexbor import LexborHTMLParser

from ringfence.desks.access.rules import RULES
from ringfence.evidence.observation import Exchange, Hop, Observation, Stage

Word = Literal["accessible", "blocked", "down", "inconclusive"]
ALIKE: Final = 500  # thousandths of shared word shingles above which two pages count as alike
_WITHHELD: Final = frozenset((403, 451))
_REFUSES = re.compile(
    r"not (?:available|offered|provided|supported) (?:in|to|for) (?:your|residents|users|persons)"
    r"|(?:your|this) (?:country|region|location|jurisdiction)[^.]{0,60}(?:not|restrict|unavailable|prohibit)"
    r"|(?:restricted|prohibited|unsupported) (?:country|region|location|jurisdiction|territor)"
    r"|unavailable for legal reasons|所在(?:的)?(?:国家|地区)"
    r"|暂不(?:支持|提供|向)|不(?:支持|向)[^。]{0,12}(?:地区|国家|用户)",
    re.IGNORECASE,
)


class Verdict(msgspec.Struct, frozen=True):
    """``confidence`` in thousandths; ``rules`` are ``id@version`` of every rule that fired; ``evidence``
    the digests of the bytes behind it."""

    verdict: Word
    stage: Stage | None
    outcome: str
    confidence: int
    rules: tuple[str, ...]
    evidence: tuple[str, ...] = ()


def landing(observation: Observation | None) -> Exchange | None:
    """The exchange that shows best what a visitor gets: the first landing that succeeded, else the
    first landing (HTTPS is asked first, plain HTTP only where that fails)."""
    if observation is None:
        return None
    landings = [exchange for exchange in observation.exchanges if exchange.role == "landing"]
    return next((exchange for exchange in landings if exchange.outcome == "ok"), next(iter(landings), None))


def outside_word(observation: Observation | None) -> Word:
    """What the outside says by itself: *accessible* if it answers, else *down* as seen from there."""
    exchange = landing(observation)
    if exchange is None:
        return "inconclusive"
    return "accessible" if exchange.outcome == "ok" else "down"


def judge(
    inside: Observation | None,
    outside: Observation | None,
    bodies: dict[str, bytes],
) -> Verdict:
    """Judge reachability inside. ``bodies`` holds decoded bodies by digest (missing ones count as
    unknown). Returns `Verdict`; *inconclusive* where nothing can be compared."""
    ours, theirs = landing(inside), landing(outside)
    if ours is None:
        return Verdict("inconclusive", None, "control.failed", 0, (_name("control.absent"),))
    evidence = _evidence(ours)
    if ours.outcome == "ok" and _genuine(ours):
        if theirs is not None and theirs.outcome == "ok" and _refused_by_service(ours, theirs, bodies):
            return _verdict("inconclusive", "http", "http.geoblock", evidence, "tls.genuine", "http.geoblock")
        rule = "tls.genuine" if theirs is None or theirs.outcome == "ok" else "inside.only"
        return _verdict("accessible", None, "ok", evidence, rule)
    if theirs is None:
        return _verdict("inconclusive", ours.stage, ours.outcome, evidence, "control.absent")
    if theirs.outcome != "ok":
        if ours.outcome == "ok":
            return _verdict("inconclusive", None, "control.failed", evidence, "control.failed")
        same = ours.stage == theirs.stage
        rule = "control.same_failure" if same else "control.both_fail"
        return _verdict("down", theirs.stage, theirs.outcome, evidence, rule)
    return _against_a_healthy_control(inside, ours, theirs, bodies, evidence)


def _against_a_healthy_control(
    inside: Observation | None,
    ours: Exchange,
    theirs: Exchange,
    bodies: dict[str, bytes],
    evidence: tuple[str, ...],
) -> Verdict:
    # Like with like: an HTTPS page that fails inside is not made good by a plain-HTTP page beside it.
    same_url = (
        e for e in (inside.exchanges if inside else ()) if e.role == "landing" and e.url == theirs.url
    )
    ours = next(same_url, ours)
    hop = ours.hops[-1]
    if ours.stage == "dns":
        rule = {"dns.bogon": "dns.bogon", "dns.timeout": "dns.timeout"}.get(ours.outcome, "dns.failure")
        return _verdict("blocked", "dns", ours.outcome, evidence, rule)
    forged = _no_common_address(hop, theirs) and not _genuine(ours)
    if ours.outcome == "http.redirect" and _genuine(ours):
        return _verdict("inconclusive", "http", "http.redirect", evidence, "http.redirect")
    if ours.outcome != "ok":
        if forged:
            page = _block_page(inside, bodies)
            outcome = "dns.blockpage" if page else "dns.hijack"
            return _verdict("blocked", "dns", outcome, evidence, "dns.forged")
        rule = {
            "tcp": "tcp.blocked",
            "tls": "tls.forged" if ours.outcome == "tls.cert" else "tls.interfered",
        }.get(ours.stage or "", "http.throttled" if ours.outcome == "http.throttled" else "http.cut")
        return _verdict("blocked", ours.stage, ours.outcome, evidence, rule)
    if _same_page(ours, theirs, bodies):
        return _verdict("accessible", None, "ok", evidence, "http.same")
    withheld = _says_withheld(ours, bodies)
    if forged:
        outcome = "dns.blockpage" if withheld else "dns.hijack"
        return _verdict("blocked", "dns", outcome, evidence, "dns.forged")
    if withheld:
        return _verdict("blocked", "http", "http.blockpage", evidence, "http.blockpage")
    return _verdict("inconclusive", "http", "http.diff", evidence, "http.diff")


def _verdict(
    word: Word, stage: Stage | None, outcome: str, evidence: tuple[str, ...], *rules: str
) -> Verdict:
    last = RULES[rules[-1]]
    weights = {"blocked": last.blocked, "down": last.down, "accessible": last.ok}
    confidence = weights.get(word, 1000 - max(weights.values()))
    return Verdict(word, stage, outcome, confidence, tuple(map(_name, rules)), evidence)


def _name(rule: str) -> str:
    return f"{rule}@{RULES[rule].version}"


def _genuine(exchange: Exchange) -> bool:
    """A handshake that verified for the name on the last hop, or on an earlier hop of the same host."""
    last = exchange.hops[-1]
    if not last.url.startswith("https:"):
        return False
    return any(hop.tls is not None and hop.tls.verified for hop in exchange.hops if hop.host == last.host)


def _evidence(exchange: Exchange) -> tuple[str, ...]:
    digests: list[str] = []
    for hop in exchange.hops:
        if hop.dns is not None and hop.dns.message:
            digests.append(hop.dns.message)
        if hop.tls is not None:
            digests.extend(hop.tls.chain)
        if hop.http is not None and hop.http.body:
            digests.append(hop.http.body)
    return tuple(dict.fromkeys(digests))


def _no_common_address(hop: Hop, theirs: Exchange) -> bool:
    if hop.dns is None:
        return False
    outside = {
        a for other in theirs.hops if other.host == hop.host and other.dns for a in other.dns.addresses
    }
    return bool(outside) and not outside & set(hop.dns.addresses)


def _page(exchange: Exchange, bodies: dict[str, bytes]) -> tuple[int | None, str]:
    answer = exchange.hops[-1].http
    if answer is None:
        return None, ""
    body = bodies.get(answer.body or "", b"")
    text = LexborHTMLParser(body[:200_000]).text(separator=" ", strip=True) if body else ""
    return answer.status, text


def _shingles(text: str) -> set[str]:
    words = text.split()
    if len(words) < 3:  # also languages written without spaces
        return {text[i : i + 4] for i in range(max(len(text) - 3, 1))}
    return {" ".join(words[i : i + 3]) for i in range(len(words) - 2)}


def _same_page(ours: Exchange, theirs: Exchange, bodies: dict[str, bytes]) -> bool:
    (our_status, our_text), (their_status, their_text) = _page(ours, bodies), _page(theirs, bodies)
    if our_status != their_status:
        return False
    left, right = _shingles(our_text), _shingles(their_text)
    return len(left & right) * 1000 >= ALIKE * max(len(left | right), 1)


def _refused_by_service(ours: Exchange, theirs: Exchange, bodies: dict[str, bytes]) -> bool:
    (our_status, our_text), (their_status, _) = _page(ours, bodies), _page(theirs, bodies)
    if _same_page(ours, theirs, bodies):
        return False
    if our_status == 451 or (our_status in _WITHHELD and their_status == 200):
        return True
    return len(our_text) < 4000 and bool(_REFUSES.search(our_text))


def _says_withheld(exchange: Exchange, bodies: dict[str, bytes]) -> bool:
    status, text = _page(exchange, bodies)
    return status in _WITHHELD or bool(_REFUSES.search(text[:4000]))


def _block_page(inside: Observation | None, bodies: dict[str, bytes]) -> bool:
    if inside is None:
        return False
    answered = [e for e in inside.exchanges if e.role == "landing" and e.hops and e.hops[-1].http is not None]
    return any(_says_withheld(exchange, bodies) for exchange in answered)
