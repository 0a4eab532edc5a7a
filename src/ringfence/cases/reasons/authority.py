"""An authority's order: the content that Regulation (EU) 2022/2065 (DSA), Art 9(2) asks for. Pure."""

from __future__ import annotations

from typing import Any

from ringfence.cases.reasons.facts import Facts
from ringfence.cases.reasons.plain import notice_text


def authority_statement(facts: Facts, language: str) -> dict[str, Any]:
    """The order to act against illegal content: (a)(i) legal basis, (ii) reasons by reference to the law,
    (iii) the issuing authority, (iv) the exact place, (v) redress, (vi) who is told of the effect given;
    (b) the territory; (c) the language. Art 17 does not apply to such an order."""
    order, assessment = facts.order, facts.assessment
    host = order.scope.host
    return {
        "form": "authority",
        "order": order.id,
        "state": order.state,
        "legal_basis": {"power": order.power, "citation": order.legal_basis, "form": order.form},
        "reasons": {
            "provision": order.provision,
            "citation": assessment.citation,
            "explanation": order.reasons,
            "elements": [
                {
                    "element": leaf.element,
                    "text": leaf.text,
                    "reason": leaf.reason,
                    "findings": list(leaf.findings),
                    "evidence": list(leaf.evidence),
                }
                for leaf in facts.met
            ],
            "exclusions_ruled_out": [
                {"id": item.id, "basis": item.basis, "reason": item.reason} for item in assessment.exclusions
            ],
            "why_nothing_milder": order.why_not_smaller,
        },
        "issuing_authority": order.authority,
        "addressee": order.addressee,
        "measure": order.measure,
        "location": {
            "subject": order.subject,
            "urls": [f"https://{host}/"] if host else [],
            "names": ([host, f"*.{host}"] if order.scope.subdomains else [host]) if host else [],
            "addresses": list(order.scope.addresses),
        },
        "territory": assessment.jurisdiction.upper(),
        "since": order.activated_at,
        "until": order.expires_at,
        "review": order.review_at,
        "redress": list(order.appeal),
        "own_review": "by an appeals officer who took no part in the order; replaces none of the above",
        "effect_reported_to": order.authority,
        "language": language,
        "text": notice_text(order, assessment, language, None),
        "extension": facts.extension(),
    }
