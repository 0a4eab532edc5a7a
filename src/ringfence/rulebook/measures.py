"""Measures: what the powers in force on the date of decision grant against a breach. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ringfence.rulebook.assessment import Measure
from ringfence.rulebook.combine import MISSING, Combined
from ringfence.rulebook.provision import Breach, Grant, Pack, Power


def granted(
    pack: Pack, breach: Breach, states: Mapping[str, Combined], conduct: date, decision: date
) -> tuple[tuple[Measure, ...], tuple[str, ...]]:
    """The measures available against a breach that is made out, in the pack's order, and notes on what
    is withheld: grants whose condition is not found, powers that ended or began meanwhile."""
    measures: list[Measure] = []
    notes: list[str] = []
    for power in pack.powers:
        if breach.id not in power.breaches:
            continue
        then, now = power.in_force.on(conduct), power.in_force.on(decision)
        if not now:
            if then:
                notes.append(
                    f"{power.id} gave power on the date of conduct and ended on {power.in_force.until}"
                )
            continue
        if not then:
            notes.append(f"{power.id} gives power since {power.in_force.since}, after the conduct")
        for grant in power.grants:
            missing = _missing(grant, states)
            if missing:
                notes.append(f"{grant.measure} ({power.id}) is not available: {missing}")
            else:
                measures.append(_measure(pack, power, grant, decision))
    return tuple(measures), tuple(notes)


def _missing(grant: Grant, states: Mapping[str, Combined]) -> str:
    """Why the condition is not satisfied; empty where it is. Unclear never satisfies it."""
    if not grant.when_any:
        return ""
    unmet: list[str] = []
    for condition in grant.when_any:
        found = states.get(condition.element, MISSING)
        if found.state == condition.state:
            return ""
        wanted = condition.state.replace("_", " ")
        unmet.append(f"{condition.element} must be {wanted} and is {found.state.replace('_', ' ')}")
    return " and ".join(unmet)


def _measure(pack: Pack, power: Power, grant: Grant, decision: date) -> Measure:
    mark = pack.marked(power) if grant.mark == power.mark else grant.mark
    return Measure(
        measure=grant.measure,
        provision=power.id,
        authority=grant.authority,
        form=grant.form,
        addressee=grant.addressee,
        condition=grant.condition,
        notice=grant.notice,
        appeal=_routes(pack, grant, decision),
        citation=power.citation,
        mark=mark,
        review=grant.review,
        note=grant.note,
        notice_basis=grant.notice_basis,
        reply_days=grant.reply_days if grant.notice == "before" else 0,
        urgency=grant.urgency,
        language=pack.head.language,
        title_zh=power.title_zh,
    )


def _routes(pack: Pack, grant: Grant, decision: date) -> tuple[str, ...]:
    routes = []
    for key in grant.appeal:
        appeal = pack.head.appeals[key]
        if appeal.in_force.on(decision):
            effect = "suspends the measure" if appeal.suspensive else "does not suspend the measure"
            mark = pack.mark(appeal.mark, appeal.sources)
            routes.append(f"{appeal.body}; {appeal.limit}; {effect} ({appeal.citation}, {mark})")
    return tuple(routes)
