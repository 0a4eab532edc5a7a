"""Provision: a dated rule of law with its citation; what is to be shown, and what may be done.

Breach and power are separate: what is forbidden, and who may act by which means, stand in
different texts with different dates. A pack is these values and nothing else; the words of
`docs/method/rulebook.md` are the names of the fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from ringfence.rulebook.finding import State

Mark = Literal["S", "R", "U"]  # seen, recalled, unconfirmed
Form = Literal["order", "request_to_authority", "court_application", "voluntary_request"]
Rank = Literal["law", "regulation", "rule", "notice"]

# Exclusions that are ours: no pack can remove them, and `assess` applies them even to a pack
# that was never checked.
HOUSE = {
    "journalism": "The publication reports on services and does not provide one (journalism is protected)",
    "own_account_customer": "The holder buys or sells for themselves: customers of a dealer are not dealers",
}
# Of which kinds of subject a house exclusion is asked; of every kind where none is named.
HOUSE_KINDS: dict[str, tuple[str, ...]] = {"own_account_customer": ("account",)}
APPROVALS = 2  # approvers besides the proposer, by default and at least
REPLY_DAYS = 7  # to answer a notice that comes before the measure: the house's least, a pack may give more


def house_for(kinds: Iterable[str]) -> dict[str, str]:
    """The house's exclusions that must be examined of subjects of these kinds."""
    asked = set(kinds)
    return {key: text for key, text in HOUSE.items() if asked & set(HOUSE_KINDS.get(key, asked))}


class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything a pack holds: an unknown key is an error, never ignored."""


class Source(Value, frozen=True):
    """Where a text was read: addresses as published, and ``second_hand`` for reprints, press, comment."""

    address: tuple[str, ...]
    second_hand: bool = False
    note: str = ""


class InForce(Value, frozen=True):
    """``since`` is the first day in force, ``until`` the first day no longer; None: still in force."""

    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Whether the text applied on that day."""
        return self.since <= day and (self.until is None or day < self.until)


class Tree(Value, frozen=True):
    """What is to be shown: ``all`` or ``any`` of the children, or one element."""

    op: Literal["all", "any", "element"] = "element"
    element: str | None = None
    text: str = ""
    children: tuple[Tree, ...] = ()

    def elements(self) -> tuple[str, ...]:
        """Every element of the tree, each once, in order."""
        own = (self.element,) if self.element else ()
        below = (name for child in self.children for name in child.elements())
        return tuple(dict.fromkeys((*own, *below)))


class ExclusionRule(Value, frozen=True):
    """An exclusion by ``law`` (then ``citation`` and ``mark`` are needed) or of the ``house``."""

    id: str
    basis: Literal["law", "house"]
    text: str
    citation: str = ""
    sources: tuple[str, ...] = ()
    mark: Mark | None = None


class Reading(Value, frozen=True):
    """An interpretation that extends the text: adopted when, by whom, according to which source."""

    adopted: date
    by: str
    text: str
    sources: tuple[str, ...]
    mark: Mark


class Reach(Value, frozen=True):
    """Whether the text reaches services run from abroad: it says so, it is read so, or it does not."""

    form: Literal["express", "reading", "none"]
    text: str
    reading: Reading | None = None


class Text(Value, frozen=True, kw_only=True):
    """What every provision carries: names, citation, sources, mark, dates."""

    id: str
    title: str
    title_zh: str
    citation: str
    rank: Rank
    sources: tuple[str, ...]
    mark: Mark
    in_force: InForce
    note: str = ""


class Breach(Text, frozen=True, kw_only=True):
    """What is forbidden. ``subjects`` are the kinds of subject it can be breached by; ``context`` are
    elements that are reported beside the tree and never decide; ``successor`` names the breach
    provision that later took over the matter."""

    subjects: tuple[str, ...]
    reach: Reach
    tree: Tree
    exclusions: tuple[ExclusionRule, ...]
    context: tuple[str, ...] = ()
    successor: str | None = None


class Condition(Value, frozen=True):
    """One fact on which a grant depends: this element found in this state."""

    element: str
    state: State


class Grant(Value, frozen=True, kw_only=True):
    """A measure that a text grants to an authority, in one form, under conditions.

    ``when_any``: at least one of these facts must be found (none listed: no such condition).
    ``appeal`` names routes of the pack. ``mark`` covers the whole step from breach to measure.

    ``notice``: *before* the measure, with ``reply_days`` to answer; *after*, when it takes effect;
    *deferred* or *none*, which need a text that says so (``notice_basis``). ``urgency`` cites the rule by
    which a measure may take effect before the answer; empty where there is none.
    """

    measure: str
    authority: str
    form: Form
    addressee: str
    condition: str
    notice: Literal["before", "after", "deferred", "none"]
    appeal: tuple[str, ...]
    review: str
    mark: Mark
    when_any: tuple[Condition, ...] = ()
    note: str = ""
    notice_basis: str = ""
    reply_days: int = REPLY_DAYS
    urgency: str = ""


class HoldGrant(Value, frozen=True, kw_only=True):
    """A hold on one payment that a text gives the payment firm itself: ``hours`` is the longest that law
    lets it last without anybody else's word, counted from its beginning."""

    hours: int
    condition: str
    appeal: tuple[str, ...]
    mark: Mark
    note: str = ""


class Power(Text, frozen=True, kw_only=True):
    """Who may act, by what, against which breaches (ids). ``holds``: on single payments, by the firm."""

    breaches: tuple[str, ...]
    grants: tuple[Grant, ...] = ()
    holds: tuple[HoldGrant, ...] = ()


class Guidance(Text, frozen=True, kw_only=True):
    """A text that neither forbids nor empowers; it supports the reading of others."""

    supports: tuple[str, ...]


class Appeal(Value, frozen=True):
    """A way to have a measure reviewed: body, time limit, whether it suspends the measure. No ``mark``:
    a route of the house and not of law. ``answer_days``: within how many days an objection is answered,
    where a text says so; 0 where none does."""

    body: str
    limit: str
    suspensive: bool
    citation: str
    in_force: InForce
    mark: Mark | None = None
    sources: tuple[str, ...] = ()
    answer_days: int = 0


class Never(Value, frozen=True):
    """A measure that no authority of the jurisdiction has in this form; a grant of it is a wrong pack."""

    measure: str
    form: Form
    reason: str


class Milder(Value, frozen=True):
    """The rule on a change of law between conduct and decision."""

    text: str
    citation: str
    sources: tuple[str, ...]
    mark: Mark


class Head(Value, frozen=True, kw_only=True):
    """``pack.toml``: the jurisdiction, its elements in words, its sources and routes of appeal.

    ``language`` (BCP 47) is that in which notices are given unless somebody chooses another. ``no_hold``
    says why payment firms have no hold of their own, where none was found."""

    jurisdiction: str
    title: str
    version: str
    elements: dict[str, str]
    sources: dict[str, Source]
    appeals: dict[str, Appeal]
    approvals: int = APPROVALS
    milder: Milder | None = None
    never: tuple[Never, ...] = ()
    language: str = "en"
    no_hold: str = ""


class Pack(msgspec.Struct, frozen=True):
    """A jurisdiction's rules of law. ``digest`` is that of the canonical content of its files."""

    head: Head
    breaches: tuple[Breach, ...]
    powers: tuple[Power, ...]
    guidance: tuple[Guidance, ...]
    digest: str

    def text(self, provision: str) -> Text | None:
        """The provision with this id, of any sort, or None."""
        every: tuple[Text, ...] = (*self.breaches, *self.powers, *self.guidance)
        return next((text for text in every if text.id == provision), None)

    def marked(self, text: Text) -> str:
        """``S``, ``R`` or ``U``, with ``*`` where every source is second-hand."""
        return self.mark(text.mark, text.sources)

    def mark(self, mark: Mark | None, sources: tuple[str, ...]) -> str:
        """The same for any mark with its source keys."""
        if mark is None:
            return "house"
        second = bool(sources) and all(self.head.sources[key].second_hand for key in sources)
        return mark + ("*" if second and mark == "S" else "")
