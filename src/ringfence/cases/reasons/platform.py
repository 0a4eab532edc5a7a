"""A platform's own decision: a statement of reasons (DSA Art 17) in the fields of the Commission's
Transparency Database (digital-services-act/transparency-database, StatementStoreRequest). Pure.

What the database has no field for stands under ``extension`` and is not sent there.
"""

from __future__ import annotations

import re
from typing import Any

from ringfence.cases.reasons.facts import Facts
from ringfence.cases.reasons.plain import own

EEA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
# What an order of ours means in the database's own words.
_DECISIONS: dict[str, dict[str, Any]] = {
    "block_access": {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"]},
    "close_site": {"decision_provision": "DECISION_PROVISION_TOTAL_TERMINATION"},
    "delist_app": {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"]},
    "ask_host_registrar": {"decision_provision": "DECISION_PROVISION_TOTAL_SUSPENSION"},
    "restrict_payments": {"decision_monetary": "DECISION_MONETARY_SUSPENSION"},
    "stop_promotion": {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_DEMOTED"]},
    "limit_posting": {"decision_provision": "DECISION_PROVISION_PARTIAL_SUSPENSION"},
    "limit_receiving": {"decision_monetary": "DECISION_MONETARY_SUSPENSION"},
    "refuse_transactions": {"decision_monetary": "DECISION_MONETARY_SUSPENSION"},
    "exit_relationship": {"decision_monetary": "DECISION_MONETARY_TERMINATION"},
    "close_account": {"decision_account": "DECISION_ACCOUNT_TERMINATED"},
    "warn_public": {"decision_visibility": ["DECISION_VISIBILITY_CONTENT_LABELLED"]},
}
_OTHER = "DECISION_VISIBILITY_OTHER"
_DECEIT = frozenset({"imitates_another", "phishing", "fake_venue", "withholds_funds"})


def platform_statement(facts: Facts, _language: str = "en") -> dict[str, Any]:
    """The statement, in English; fields of the database first. Detection is automated unless people found
    everything; a decision never is. Texts are cut at the database's limits."""
    order, assessment = facts.order, facts.assessment
    decision = _DECISIONS.get(order.measure)
    if decision is None:
        words = order.measure.replace("_", " ")
        decision = {"decision_visibility": [_OTHER], "decision_visibility_other": words[:500]}
    site = order.subject.startswith("site:")
    elements = "; ".join(f"{own(leaf.text, 'en')}: {leaf.reason}" for leaf in facts.met)
    deceit = any(leaf.element in _DECEIT for leaf in facts.met)
    statement: dict[str, Any] = {
        **decision,
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": (assessment.citation or order.provision)[:500],
        "illegal_content_explanation": (elements or order.reasons)[:2000],
        "content_type": ["CONTENT_TYPE_OTHER"] if site else ["CONTENT_TYPE_TEXT"],
        "category": "STATEMENT_CATEGORY_SCAMS_AND_FRAUD"
        if deceit
        else "STATEMENT_CATEGORY_CONSUMER_INFORMATION",
        "content_date": assessment.conduct,
        "application_date": (order.activated_at or order.proposed_at)[:10],
        "decision_facts": f"{order.reasons} {elements}".strip()[:5000],
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "No" if facts.by_persons else "Yes",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": re.sub(r"[^A-Za-z0-9_-]", "-", order.id)[:500],
    }
    if site:
        statement["content_type_other"] = "website"
    territory = assessment.jurisdiction.upper()
    if territory in EEA:
        statement["territorial_scope"] = [territory]
    for field, kind in (
        ("decision_visibility", "visibility"), ("decision_monetary", "monetary"),
        ("decision_provision", "service"), ("decision_account", "account"),
    ):  # fmt: skip
        if field in statement:
            statement[f"end_date_{kind}_restriction"] = order.expires_at[:10]
    if order.subject.startswith(("channel:", "account:")):
        statement["account_type"] = "ACCOUNT_TYPE_BUSINESS"
    return {"form": "platform", "order": order.id, "statement": statement, "extension": facts.extension()}
