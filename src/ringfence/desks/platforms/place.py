"""Where a service stands: its addresses by country, and a domestic operator's number. Context only."""

from __future__ import annotations

import re
from typing import Final

from ringfence.core.country import Countries
from ringfence.desks.platforms.look import Look, Maker
from ringfence.desks.platforms.site import Site
from ringfence.evidence.observation import DNSStep
from ringfence.rulebook.finding import Feature, Finding, State

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ICP: Final = re.compile(rf"[{_PROVINCES}]ICP[备证]\s?\d{{5,9}}号?")


def domestic_operator(make: Maker, site: Site) -> Finding:
    """An ICP number points to a domestic operator; as numbers are copied it is never met by itself."""
    for page in site.pages:
        if match := _ICP.search(page.text):
            feature = Feature("operator.icp_number", 300, match.group(), page.digest, page.url)
            reason = "an ICP number is shown; it may be copied: look it up"
            return make("domestic_operator", "unclear", reason, (feature,))
    return make("domestic_operator", "unclear", "no ICP number on the pages read", ())


def hosted_overseas(make: Maker, look: Look, countries: Countries) -> Finding:
    """Where the addresses are that the name resolved to, outside if possible."""
    step = _resolved(look)
    if step is None:
        return make("hosted_overseas", "unclear", "its name did not resolve", ())
    placed = {address: countries.lookup(address) for address in step.addresses}
    features = [
        Feature("address.country", 0, f"{address} {country or 'unknown'}", step.message or "")
        for address, country in placed.items()
    ]
    known = {country for country in placed.values() if country}
    state: State = "unclear"
    if not known:
        where = "no country known for its addresses"
    elif known == {"CN"}:
        state, where = "not_met", "all addresses in CN"
    elif "CN" not in known:
        state, where = "met", f"addresses in {', '.join(sorted(known))}"
    else:
        where = "addresses in CN and elsewhere"
    reason = f"{where}; by {countries.source}; where a server stands is context, never proof"
    return make("hosted_overseas", state, reason, features)


def _resolved(look: Look) -> DNSStep | None:
    for observation in (look.outside, look.inside):
        for exchange in observation.exchanges if observation is not None else ():
            step = exchange.hops[-1].dns if exchange.hops else None
            if step is not None and step.addresses:
                return step
    return None
