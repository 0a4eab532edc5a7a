"""Refusals: what the database says to anybody, said to the person who asked."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from ringfence.core.database import said
from ringfence.core.errors import RefusedError

_RULES = "the rules that it holds are in docs/method/due-process.md"
_PEOPLE = "see ringfence orders people list"
_IN_WORDS = {
    "approvals: this key exists": (
        "this person has approved this order already",
        "one approval a person; another approver must sign",
    ),
    "this person is not an approver at that time": (
        "nobody of this name holds the role of approver",
        _PEOPLE,
    ),
    "the proposer is not an analyst or approver at that time": (
        "no such person, or neither analyst nor approver now",
        "ringfence orders people add PERSON NAME analyst",
    ),
    "only a proposed order is approved": ("the order is no longer proposed", "see ringfence orders show"),
    "a case can only be closed, and only without live orders": (
        "the case has an order that is proposed or in force",
        "revoke it first: see ringfence orders list",
    ),
    "this person holds no role for this act at that time": (
        "no such person, or without the role that this act needs now",
        _PEOPLE,
    ),
    "nobody hears an appeal against an order they took part in": (
        "nobody hears an appeal against an order they took part in",
        "an appeals officer who neither proposed nor approved it must rule",
    ),
    "appeal_rulings: this key exists": (
        "this appeal has been ruled on",
        "what follows are the statutory routes that the order names",
    ),
    "an order becomes active only with its notice given and the time to reply over, or lawfully without": (
        "its notice is not given, or the time to reply is not over",
        "see ringfence orders show: what it still needs",
    ),
    "a reply was given and nobody has considered it": (
        "a reply was given and nobody has considered it",
        "ringfence orders notice consider",
    ),
    "the latest assessment of the case is none to act on, or journalism is not ruled out": (
        "the latest assessment of the case is none to act on",
        "see ringfence cases show; every exclusion must be found not to apply",
    ),
    "an appeal succeeded in part: only a new, narrower order may follow": (
        "an appeal against this order succeeded in part",
        "propose a narrower one: ringfence orders propose --renews",
    ),
    "notice is deferred by an approver other than the proposer": (
        "notice is deferred by an approver, and not by the proposer",
        _PEOPLE,
    ),
    "holds: this key exists": ("this payment was held before", "a payment is held once"),
    "hold_acts: this key exists": ("this was done to the hold before", "see ringfence payments hold list"),
    "hold_rule_acts: this key exists": (
        "this person has done so with this rule before",
        "see ringfence payments hold rules",
    ),
    "only a rule that stands is approved, withdrawn or ended": (
        "the rule is over, or this person has not approved it",
        "see ringfence payments hold rules",
    ),
    "a hold rests on an assessment that is made out, with every exclusion found not to apply": (
        "the latest assessment of the case is not made out, or does not rule out every exclusion",
        "see ringfence cases show",
    ),
    "an auditor or administrator holds no other role at the same time": (
        "an auditor or administrator holds no other role at the same time",
        "end the other role first, or choose another person",
    ),
    "only an administrator grants roles": ("only an administrator grants roles", _PEOPLE),
    "only an administrator ends roles": ("only an administrator ends roles", _PEOPLE),
    "the last administrator stays": (
        "the last administrator stays",
        "make another person administrator first",
    ),
}


def refused(error: IntegrityError) -> RefusedError:
    """The error for a rule that the database held."""
    text = said(error)
    message, hint = _IN_WORDS.get(text, (f"the database refuses: {text}", _RULES))
    return RefusedError(message, hint=hint)
