"""Proposal: what must hold before an order may even be proposed. Pure: no database, no clock."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from ringfence.cases.case import Case
from ringfence.cases.ladder import ACCOUNT_LADDER, require_smallest, rung
from ringfence.cases.order import Order, Policy, Scope
from ringfence.cases.override import Override, checked_overrides
from ringfence.cases.seal import salt
from ringfence.core.errors import InputError, RefusedError
from ringfence.core.ids import reference
from ringfence.core.time import stamp
from ringfence.rulebook.assessment import Assessment, Measure
from ringfence.rulebook.provision import REPLY_DAYS, house_for

# A renewal is a new decision with its own approvals, so no order outlives about a year.
MAX_LIFE = timedelta(days=366)
REVIEW_AFTER = timedelta(days=90)


def actionable(assessment: Assessment) -> None:
    """Refuse an assessment on which no measure may rest.

    It must be made out, every exclusion must be found *not* to apply (unclear is not enough),
    and the house's own exclusion, which protects journalism, must have been examined.
    """
    if assessment.state != "made_out":
        raise RefusedError(
            f"the assessment is {assessment.state}: {assessment.reason}",
            hint="an order rests on elements found met; gather evidence for what is unclear",
        )
    standing = [exclusion for exclusion in assessment.exclusions if exclusion.state != "not_met"]
    if standing:
        named = ", ".join(f"{exclusion.id} ({exclusion.state})" for exclusion in standing)
        raise RefusedError(
            f"an exclusion is not ruled out: {named}",
            hint="every exclusion must be found not to apply before any measure",
        )
    examined = {exclusion.id for exclusion in assessment.exclusions if exclusion.basis == "house"}
    unseen = [key for key in house_for([assessment.subject.partition(":")[0]]) if key not in examined]
    if unseen:
        raise RefusedError(
            f"the assessment did not examine the house exclusion for {', '.join(unseen)}",
            hint="assess again with a rulebook that carries the house exclusions",
        )


def granted(assessment: Assessment, measure: str) -> Measure:
    """The grant of a measure in the assessment. Raises `RefusedError` if no power in force gives it."""
    rung(measure)
    for grant in assessment.measures:
        if grant.measure == measure:
            return grant
    offered = ", ".join(grant.measure for grant in assessment.measures) or "none"
    raise RefusedError(f"no power in force grants {measure}", hint=f"granted here: {offered}")


def propose(
    case: Case,
    assessment: Assessment,
    measure: str,
    proposer: str,
    scope: Scope,
    reasons: str,
    expires: datetime,
    at: datetime,
    *,
    why_not_smaller: Mapping[str, str],
    needed: int,
    policy: Policy,
    review: datetime | None,
    overrides: Iterable[Override] = (),
    urgency: str = "",
    renews: str | None = None,
) -> Order:
    """The order as it would be proposed. Raises `RefusedError` or `InputError`, each with a hint."""
    if case.state != "open":
        raise RefusedError(f"case {case.id} is closed", hint="open a new case")
    same = (case.subject, case.provision, case.laboratory)
    if same != (assessment.subject, assessment.provision, assessment.laboratory):
        raise RefusedError(
            f"the assessment is of {assessment.subject} under {assessment.provision}, not of case {case.id}"
        )
    actionable(assessment)
    grant = granted(assessment, measure)
    smaller = require_smallest(measure, why_not_smaller)
    _within(scope, assessment.subject, measure)
    overrides = checked_overrides(overrides)
    if not grant.appeal:
        raise RefusedError(
            f"{grant.provision} names no appeal against {measure}",
            hint="a measure without an appeal route cannot be ordered: complete the pack",
        )
    _notice(grant, urgency)
    if not reasons.strip():
        raise InputError("an order needs reasons", hint="say in words which elements are met and how")
    if needed < 1:
        raise RefusedError("an order needs at least one approver besides its proposer")
    if expires <= at:
        raise InputError(f"expiry {stamp(expires)} is past", hint="choose a day to come")
    if expires > at + MAX_LIFE:
        raise InputError(
            f"expiry {stamp(expires)} is not within a year from now",
            hint="choose a day at most 366 days ahead; a renewal is a new decision",
        )
    return Order(
        id=reference("RF"),
        case=case.id,
        subject=assessment.subject,
        scope=scope,
        assessment=assessment.id,
        provision=assessment.provision,
        power=grant.provision,
        measure=measure,
        form=grant.form,
        legal_basis=grant.citation,
        mark=grant.mark,
        reasons=reasons.strip(),
        why_not_smaller=smaller,
        authority=grant.authority,
        addressee=grant.addressee,
        notice=grant.notice,
        appeal=grant.appeal,
        policy=policy,
        proposer=proposer,
        needed=needed,
        proposed_at=stamp(at),
        expires_at=stamp(expires),
        review_at=stamp(min(expires, review or at + REVIEW_AFTER)),
        laboratory=assessment.laboratory,
        salt=salt(),
        overrides=overrides,
        notice_basis=grant.notice_basis,
        reply_days=max(grant.reply_days, REPLY_DAYS) if grant.notice == "before" else 0,
        urgency=grant.urgency if urgency.strip() else "",
        urgency_reasons=urgency.strip(),
        language=grant.language,
        power_zh=grant.title_zh,
        renews=renews,
        moved_at=stamp(at),
    )


def _notice(grant: Measure, urgency: str) -> None:
    """Refuse a measure that would come unannounced without a text that says so."""
    if grant.notice in ("deferred", "none") and not grant.notice_basis.strip():
        raise RefusedError(
            f"{grant.provision} names no text by which notice of {grant.measure} is {grant.notice}",
            hint="complete the pack: notice_basis",
        )
    if grant.notice not in ("before", "after", "deferred", "none"):
        raise RefusedError(f"{grant.provision} does not say when notice of {grant.measure} is given")
    if urgency.strip() and not grant.urgency.strip():
        raise RefusedError(
            f"{grant.provision} has no rule by which {grant.measure} may come before the answer",
            hint="leave urgency out, and give the time to reply",
        )


def _within(scope: Scope, subject: str, measure: str) -> None:
    """A scope is the subject's host, a name below it, or (for the guard to judge) one above it."""
    kind, _, own = subject.partition(":")
    if (kind == "account") != (measure in ACCOUNT_LADDER):
        raise RefusedError(
            f"{measure} is no measure against {subject}",
            hint=f"measures on accounts, and on nothing else: {', '.join(ACCOUNT_LADDER)}",
        )
    if kind != "site":
        if scope.host or scope.addresses or measure == "block_access":
            raise RefusedError(f"{subject} is no site, so it has no host to act on")
        return
    host = scope.host
    if not host:
        raise InputError("the scope names no host", hint=f"for this subject: {own}")
    if host != own and not host.endswith("." + own) and not own.endswith("." + host):
        raise RefusedError(
            f"{host} is not a name of {subject}", hint="another name is another subject: open a case for it"
        )
    for text in scope.addresses:
        try:
            spelled = str(ipaddress.ip_address(text))
        except ValueError as error:
            raise InputError(f"not a single IP address: {text!r}") from error
        if spelled != text:
            raise InputError(f"an address in another spelling: {text!r}", hint=f"write {spelled}")
    if list(scope.addresses) != sorted(set(scope.addresses)):
        raise InputError("the addresses of a scope are sorted and each stands once")
