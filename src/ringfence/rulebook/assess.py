"""Assess: fill a provision's tree with findings. Pure; the output is the explanation itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ringfence.core.errors import InputError
from ringfence.rulebook.assessment import Assessment, Exclusion, Node, Outcome
from ringfence.rulebook.combine import MISSING, Combined, by_element
from ringfence.rulebook.finding import Finding, State
from ringfence.rulebook.measures import granted
from ringfence.rulebook.provision import HOUSE, Breach, ExclusionRule, Pack, Tree, house_for
from ringfence.rulebook.reach import Reached, reach

_SAID = {"met": "met", "not_met": "not met", "unclear": "unclear"}


def assess(
    pack: Pack, findings: Iterable[Finding], *, conduct: date, decision: date, subject: str | None = None
) -> tuple[Assessment, ...]:
    """One assessment for each breach provision in force on the date of conduct, in the pack's order.

    The breach is judged by the date of conduct, measures by the date of decision. Findings are
    those of one subject that count now (`combine` says how several on one element are joined);
    ``subject`` is needed only where there are none. Same input, same bytes. Raises `InputError`
    for findings of several subjects, none at all, or a decision before the conduct.
    """
    every = tuple(findings)
    subjects = {finding.subject for finding in every} | ({subject} if subject else set())
    if len(subjects) != 1:
        raise InputError(
            f"findings of {len(subjects)} subjects cannot be assessed together",
            hint="assess one subject at a time",
        )
    if decision < conduct:
        raise InputError(
            f"decided on {decision}, before the conduct of {conduct}", hint="the decision follows the conduct"
        )
    name = subjects.pop()
    states = by_element(every)
    laboratory = any(finding.laboratory for finding in every)
    kind = name.partition(":")[0]
    return tuple(
        _assess(pack, breach, name, states, conduct, decision, laboratory)
        for breach in pack.breaches
        if breach.in_force.on(conduct) and kind in breach.subjects
    )


def not_in_force(pack: Pack, provision: str, on: date) -> str | None:
    """Why a provision cannot be used for this date, or None where it was in force.

    Raises `InputError` for an id that the pack does not have.
    """
    text = pack.text(provision)
    if text is None:
        known = pack.head.jurisdiction
        raise InputError(f"no provision {provision!r}", hint=f"list those of the pack {known}")
    if text.in_force.on(on):
        return None
    since = text.in_force.since
    if on < since:
        return f"{provision} was not yet in force on {on}: it applies from {since} ({text.citation})"
    return f"{provision} was no longer in force on {on}: it ended on {text.in_force.until} ({text.citation})"


def _assess(
    pack: Pack,
    breach: Breach,
    subject: str,
    states: Mapping[str, Combined],
    conduct: date,
    decision: date,
    laboratory: bool,
) -> Assessment:
    tree = _fill(pack, breach.tree, states)
    exclusions = tuple(_exclude(rule, states) for rule in _rules(breach, subject.partition(":")[0]))
    reached, why = reach(pack, breach, states.get("domestic_operator", MISSING), conduct)
    state, reason = _conclude(tree, exclusions, reached, why)
    context = [
        f"{element}: {_SAID[states.get(element, MISSING).state]} ({states.get(element, MISSING).reason})"
        for element in breach.context
    ]
    measures, withheld = granted(pack, breach, states, conduct, decision) if state == "made_out" else ((), ())
    return Assessment(
        subject=subject,
        jurisdiction=pack.head.jurisdiction,
        provision=breach.id,
        pack_version=pack.head.version,
        pack_digest=pack.digest,
        conduct=conduct.isoformat(),
        decision=decision.isoformat(),
        state=state,
        reason=reason,
        tree=tree,
        exclusions=exclusions,
        reach=reached,
        reach_reason=why,
        context=tuple(context),
        measures=measures,
        laboratory=laboratory,
        title=breach.title,
        title_zh=breach.title_zh,
        citation=breach.citation,
        mark=pack.marked(breach),
        sources=breach.sources,
        context_findings=_beside(pack, breach, states),
        notes=(*((breach.note,) if breach.note else ()), *_changed(pack, breach, decision), *withheld),
    )


def _fill(pack: Pack, tree: Tree, states: Mapping[str, Combined]) -> Node:
    if tree.op == "element":
        element = tree.element or ""
        found = states.get(element, MISSING)
        return Node(
            op="element",
            state=found.state,
            text=tree.text or pack.head.elements.get(element, element),
            reason=found.reason,
            element=element,
            findings=found.findings,
            evidence=found.evidence,
        )
    children = tuple(_fill(pack, child, states) for child in tree.children)
    state = _join(tree.op == "all", [child.state for child in children])
    return Node(
        op=tree.op,
        state=state,
        text=tree.text,
        reason=_why(tree.op == "all", state, children),
        children=children,
    )


def _join(every: bool, states: list[State]) -> State:
    """Kleene's strong logic of three values; nothing to show is never met."""
    decisive: State = "not_met" if every else "met"
    if not states or decisive in states:
        return decisive if states else "unclear"
    return "unclear" if "unclear" in states else ("met" if every else "not_met")


def _why(every: bool, state: State, children: tuple[Node, ...]) -> str:
    named = [child.element or f"“{child.text}”" for child in children if child.state == state]
    which = ", ".join(named)
    if state == "unclear":
        return f"unclear: {which}"
    if every == (state == "met"):
        return f"all {len(children)} {_SAID[state]}" if len(children) > 1 else f"{which}: {_SAID[state]}"
    return f"{_SAID[state]}: {which}"


def _rules(breach: Breach, kind: str) -> tuple[ExclusionRule, ...]:
    """The exclusions of a breach that are asked of this kind of subject: those of law, and all of the
    house's for it, whether the pack lists them or not."""
    house = house_for([kind])
    asked = tuple(rule for rule in breach.exclusions if rule.id not in HOUSE or rule.id in house)
    listed = {rule.id for rule in asked}
    ours = (
        ExclusionRule(id=key, basis="house", text=text) for key, text in house.items() if key not in listed
    )
    return (*asked, *ours)


def _exclude(rule: ExclusionRule, states: Mapping[str, Combined]) -> Exclusion:
    found = states.get(rule.id, MISSING)
    cited = f" [{rule.citation}]" if rule.citation else ""
    return Exclusion(rule.id, rule.basis, found.state, rule.text + cited, found.reason, found.findings)


def _conclude(
    tree: Node, exclusions: tuple[Exclusion, ...], reached: Reached, why: str
) -> tuple[Outcome, str]:
    if tree.state == "not_met":
        return "not_made_out", f"what is to be shown is not met ({tree.reason})"
    for exclusion in exclusions:
        if exclusion.state == "met":
            basis = "law" if exclusion.basis == "law" else "rule of the house"
            return "not_made_out", f"excluded by {basis}, {exclusion.id}: {exclusion.reason}"
    if reached == "none":
        return "not_made_out", f"outside the provision's reach: {why}"
    doubts = [tree.reason] if tree.state == "unclear" else []
    doubts += [
        f"whether the exclusion {item.id} ({item.basis}) applies is unclear: {item.reason}"
        for item in exclusions
        if item.state == "unclear"
    ]
    doubts += [f"reach is unclear: {why}"] if reached == "unclear" else []
    if doubts:
        return "unclear", "; ".join(doubts)
    return "made_out", f"everything is met, no exclusion applies, reach is given ({reached})"


def _beside(pack: Pack, breach: Breach, states: Mapping[str, Combined]) -> tuple[str, ...]:
    """The findings behind reach, context and the conditions of measures, each once."""
    conditions = (
        condition.element
        for power in pack.powers
        if breach.id in power.breaches
        for grant in power.grants
        for condition in grant.when_any
    )
    elements = dict.fromkeys(("domestic_operator", *breach.context, *conditions))
    ids = (found for element in elements for found in states.get(element, MISSING).findings)
    return tuple(dict.fromkeys(ids))


def _changed(pack: Pack, breach: Breach, decision: date) -> tuple[str, ...]:
    """The note on a provision that ended between conduct and decision."""
    if breach.in_force.on(decision):
        return ()
    text = (
        f"{breach.id} ended on {breach.in_force.until}: repeal ends a provision, not a breach made under it"
    )
    if breach.successor:
        text += f"; the matter is now governed by {breach.successor}"
    if pack.head.milder:
        milder = pack.head.milder
        cited = f"{milder.citation}, {pack.mark(milder.mark, milder.sources)}"
        text += f"; {milder.text} ({cited}): a person compares the two"
    return (text,)
