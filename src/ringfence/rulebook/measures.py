"""Measures: what the powers in force on the date of decision grant against a breach. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ringfence.rulebook.assessment import Measure
from ringfence.rulebook.combine import MISSING, Combined
from ringfence.rulebook.provision import Breach, Grant, HoldGrant, Pack, Power


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


def holds(pack: Pack, breach: str, decision: date) -> tuple[tuple[Power, HoldGrant], ...]:
    """The holds on single payments that law in force on a day gives payment firms against a breach."""
    return tuple(
        (power, hold)
        for power in pack.powers
        if breach in power.breaches and power.in_force.on(decision)
        for hold in power.holds
    )


def routes(pack: Pack, appeal: tuple[str, ...], decision: date) -> tuple[str, ...]:
    """Routes of appeal in force on a day, each in words."""
    said = []
    for key in appeal:
        route = pack.head.appeals[key]
        if route.in_force.on(decision):
            effect = "suspends the measure" if route.suspensive else "does not suspend the measure"
            mark = pack.mark(route.mark, route.sources)
            said.append(f"{route.body}; {route.limit}; {effect} ({route.citation}, {mark})")
    return tuple(said)


def answer_days(pack: Pack, power: str, measure: str, on: date) -> int:
    """Within how many days an objection against a measure is answered, by the shortest limit that a text
    sets; 0 where none does, or the pack has the power no more."""
    found = next((one for one in pack.powers if one.id == power), None)
    grants = found.grants if found else ()
    keys = {key for grant in grants if grant.measure == measure for key in grant.appeal}
    routed = (pack.head.appeals[key] for key in keys)
    return min((one.answer_days for one in routed if one.answer_days and one.in_force.on(on)), default=0)


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
        appeal=routes(pack, grant.appeal, decision),
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
