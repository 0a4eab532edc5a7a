"""Find: from sealed observations to findings. Pure: the same bytes give the same findings.

Every finding carries the features that led to it, each with an excerpt and the digest of the
bytes it came from. *Unclear* is said where the features do not carry a decision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from ringfence.core.country import Countries
from ringfence.desks.platforms import lexicon, residents, weights
from ringfence.desks.platforms.assets import is_fiat, pairs
from ringfence.desks.platforms.authorised import not_in_register
from ringfence.desks.platforms.document import MAX_SCRIPT, Document, parse
from ringfence.desks.platforms.features import extract
from ringfence.desks.platforms.look import Look, Maker
from ringfence.desks.platforms.markup import decode
from ringfence.desks.platforms.place import domestic_operator, hosted_overseas
from ringfence.desks.platforms.site import Script, Seen, Site
from ringfence.evidence.observation import Exchange, Observation
from ringfence.register import suffix
from ringfence.register.licence import AuthorisedRegister
from ringfence.rulebook.finding import Feature, Finding, State

VENUE_MET: Final = 480  # thousandths; below it and above VENUE_NOT the desk says unclear
VENUE_NOT: Final = 330
RESIDENTS_MET: Final = 400  # two ordinary signs, or a strong one and a hint
MEANS_NEEDED: Final = 2


class Found(msgspec.Struct, frozen=True):
    """The findings, the kind that the site most resembles, and every kind's score in thousandths."""

    kind: str
    scores: dict[str, int]
    findings: tuple[Finding, ...]


def find(
    look: Look,
    countries: Countries,
    authorised: AuthorisedRegister | None = None,
    on: date | None = None,
) -> Found:
    """Findings on every element that this desk knows, in a fixed order.

    With a sealed register of authorised providers, *not authorised* on a day is among them.
    """
    site = site_of(look)
    references = {
        "lexicon": lexicon.DIGEST,
        "public_suffix_list": suffix.reference().digest,
        "countries": countries.digest,
    }
    if authorised is not None:
        references["authorised_register"] = authorised.digest
    make = Maker(look, references)
    listed = [not_in_register(make, look, authorised, on)] if authorised is not None and on else []
    if site is None:
        return Found("other", {}, (*_nothing_seen(make, look, countries), *listed))
    seen = extract(site)
    scores = {kind: weights.score(kind, (feature.id for feature in seen)) for kind in weights.KINDS}
    kind = _kind(scores, seen)
    venue = _venue_state(scores, seen)
    findings = [
        *_limbs(make, site, seen, scores, kind, venue),
        _serves_residents(make, look, site),
        domestic_operator(make, site),
        _journalism(make, seen, scores, venue),
        hosted_overseas(make, look, countries),
        *listed,
    ]
    return Found(kind, scores, tuple(findings))


def site_of(look: Look) -> Site | None:
    """The pages seen from outside (from inside if outside saw none), or None."""
    for observation in (look.outside, look.inside):
        pages = tuple(_documents(observation, look.bodies)) if observation is not None else ()
        if pages and observation is not None:
            return Site(look.host, pages, tuple(_scripts(observation, look.bodies)))
    return None


def _scripts(observation: Observation, bodies: Mapping[str, bytes]) -> Iterable[Script]:
    for exchange in observation.exchanges:
        answer = exchange.hops[-1].http if exchange.role == "asset" and exchange.hops else None
        if answer is None or answer.body is None or answer.status != 200 or not bodies.get(answer.body):
            continue
        content_type = next((value for name, value in answer.headers if name == "content-type"), "")
        if "javascript" in content_type or exchange.url.partition("?")[0].endswith(".js"):
            text = decode(bodies[answer.body][:MAX_SCRIPT], content_type)
            yield Script(exchange.hops[-1].url, answer.body, text)


def _documents(observation: Observation, bodies: Mapping[str, bytes]) -> Iterable[Document]:
    done: set[str] = set()
    for exchange in observation.exchanges:
        if exchange.role not in ("landing", "page") or not exchange.hops:
            continue
        hop = exchange.hops[-1]
        answer = hop.http
        if answer is None or answer.body is None or answer.body in done or not _readable(exchange):
            continue
        body = bodies.get(answer.body)
        content_type = next((value for name, value in answer.headers if name == "content-type"), "")
        if body and ("html" in content_type or not content_type or b"<html" in body[:2000].lower()):
            done.add(answer.body)
            yield parse(
                body, url=hop.url, content_type=content_type, digest=answer.body, status=answer.status or 0
            )


def _readable(exchange: Exchange) -> bool:
    answer = exchange.hops[-1].http
    # A page behind a certificate that does not verify may be anybody's.
    whole = exchange.outcome in ("ok", "http.throttled", "http.eof")
    return whole and answer is not None and (answer.status or 0) < 400


def _nothing_seen(make: Maker, look: Look, countries: Countries) -> Iterable[Finding]:
    reason = "no page could be read from any vantage"
    for element in (
        "fiat_token_exchange",
        "token_token_exchange",
        "central_counterparty",
        "pricing_service",
        "information_intermediary",
        "serves_residents",
        "domestic_operator",
        "journalism",
    ):
        yield make(element, "unclear", reason, ())
    yield hosted_overseas(make, look, countries)


def _kind(scores: dict[str, int], seen: Sequence[Seen]) -> str:
    best = max(weights.KINDS, key=lambda kind: (scores[kind], -weights.KINDS.index(kind)))
    if scores[best] < 150:
        return "other"
    if best == "exchange" and not weights.CORE & {feature.id for feature in seen}:
        return "other" if scores["exchange"] < VENUE_MET else "exchange"
    return best


def _venue_state(scores: dict[str, int], seen: Sequence[Seen]) -> State:
    core = {feature.id for feature in seen} & weights.CORE
    score = scores["exchange"]
    if score >= VENUE_MET and core:
        return "met"
    if score < VENUE_NOT:
        return "not_met"
    return "unclear"


def _limbs(
    make: Maker,
    site: Site,
    seen: Sequence[Seen],
    scores: dict[str, int],
    kind: str,
    venue: State,
) -> Iterable[Finding]:
    score = scores["exchange"]
    features = _weighed(seen, "exchange")
    quotes = {quote for page in site.pages for _, quote in pairs(page.all_text)}
    money = sorted(quote for quote in quotes if is_fiat(quote))
    tokens = sorted(quote for quote in quotes if not is_fiat(quote))
    shown = ", ".join(
        dict.fromkeys(feature.id.split(".", 1)[1] for feature in features if feature.weight > 0)
    )
    base = f"score {score} of {VENUE_MET} needed; seen: {shown or 'nothing that trades'}"
    for element, listed, what in (
        ("fiat_token_exchange", money, "money"),
        ("token_token_exchange", tokens, "tokens"),
    ):
        if venue == "met":
            state: State = "met" if listed else "unclear"
            reason = (
                f"a venue that quotes in {what} ({', '.join(listed[:6])}); {base}"
                if listed
                else f"a venue, but no pair quoted in {what} was read; {base}"
            )
        else:
            state = venue
            reason = f"no venue of its own was shown; {base}" if venue == "not_met" else f"not enough; {base}"
        yield make(element, state, reason, features, score)
    # The other three limbs of the provision need more than pages show; where nothing trades and no
    # prices are set, they are not met, else a person must look.
    silent: State = "not_met" if venue == "not_met" and kind not in ("price", "broker") else "unclear"
    why = (
        "no trading service and no price service of its own"
        if silent == "not_met"
        else "pages cannot show it"
    )
    for element in ("central_counterparty", "pricing_service", "information_intermediary"):
        yield make(element, silent, f"{why}; the site most resembles: {kind}", features[:3], score)


def _serves_residents(make: Maker, look: Look, site: Site) -> Finding:
    instances: dict[str, Feature] = {}
    for sign in residents.signs(site):
        if sign.id not in instances:
            instances[sign.id] = Feature(
                sign.id, residents.WEIGHTS[sign.id], sign.value, sign.evidence, sign.where
            )
    if look.geoblocked:
        evidence = look.geoblock_evidence[0] if look.geoblock_evidence else ""
        instances["residents.geoblocked"] = Feature(
            "residents.geoblocked", residents.WEIGHTS["residents.geoblocked"], "refused inside", evidence
        )
    features = tuple(instances.values())
    score = sum(feature.weight for feature in features)
    means = {residents.MEANS[name] for name in instances if name in residents.MEANS}
    shown = ", ".join(sorted(means)) or "no sign"
    state: State
    if look.geoblocked:
        state, reason = "not_met", "the service itself refuses visitors from inside (geo-block)"
    elif "residents.refused" in instances:
        if score > 0:
            state, reason = "unclear", f"its terms refuse residents, yet it shows {shown}"
        else:
            state, reason = "not_met", "its terms refuse residents, and little speaks against that"
    elif score >= RESIDENTS_MET and len(means) >= MEANS_NEEDED:
        state, reason = "met", f"addressed by {len(means)} different means: {shown}"
    elif means:
        state, reason = "unclear", f"only {shown}: {MEANS_NEEDED} different means are needed"
    else:
        state, reason = "unclear", "nothing was seen that addresses or refuses residents"
    return make("serves_residents", state, reason, features, score)


def _journalism(make: Maker, seen: Sequence[Seen], scores: dict[str, int], venue: State) -> Finding:
    features = _weighed([feature for feature in seen if feature.id.startswith("editorial.")], "news")
    score = scores["news"]
    state: State
    if venue == "met" and score < VENUE_MET:
        state, reason = "not_met", "customers trade on this site itself; what it publishes is beside that"
    elif venue == "met":
        state, reason = "unclear", "it trades *and* publishes: a person must judge who wrote and controls it"
    elif score >= 260:
        state, reason = "met", "a publication that reports; no venue of its own was shown"
    elif venue == "not_met" and score < 100:
        state, reason = "not_met", "no marks of a publication"
    else:
        state, reason = "unclear", "some marks of a publication"
    return make("journalism", state, reason, features, score)


def _weighed(seen: Sequence[Seen], kind: str) -> tuple[Feature, ...]:
    """Features that matter for a kind, each id once, the weightiest first."""
    once: dict[str, Feature] = {}
    for feature in seen:
        weight = weights.WEIGHTS.get(feature.id, {}).get(kind, 0)
        if weight and feature.id not in once:
            once[feature.id] = Feature(feature.id, weight, feature.value, feature.evidence, feature.where)
    return tuple(sorted(once.values(), key=lambda feature: (-abs(feature.weight), feature.id)))
