"""An assessment and a case in words: what was found, why, and what may follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.interfaces.cli.common import emit

if TYPE_CHECKING:
    from ringfence.cases.event import Event
    from ringfence.rulebook.assessment import Assessment, Node
    from ringfence.rulebook.provision import Pack

# Words beside the signs: a screen reader and a monochrome terminal say the same as a colour would.
SIGNS = {"met": "✔ met", "not_met": "✘ not met", "unclear": "? unclear"}
OUTCOMES = {"made_out": "MADE OUT", "not_made_out": "NOT MADE OUT", "unclear": "UNCLEAR"}
_UNSAFE = dict.fromkeys((*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), " ")


def say(line: str = "", indent: int = 0) -> None:
    """A line on standard output; text from the world cannot move the cursor or reverse what is read."""
    click.echo("  " * indent + line.translate(_UNSAFE))


def assessment_lines(assessment: Assessment) -> Iterator[tuple[int, str]]:
    """The assessment as (indent, line): the tree with states and reasons, exclusions, reach, measures."""
    mark = f" [{assessment.mark}]" if assessment.mark else ""
    yield 0, f"{OUTCOMES[assessment.state]}: {assessment.subject} under {assessment.provision}"
    yield 1, assessment.reason
    if assessment.title or assessment.citation:
        yield 1, f"{assessment.title} ({assessment.citation}){mark}"
    yield 1, f"conduct {assessment.conduct}, decision {assessment.decision}, {assessment.id}"
    if assessment.laboratory:
        yield 1, "laboratory: invented, says nothing of a real firm"
    yield 0, "What is to be shown"
    yield from _tree(assessment.tree, 1)
    yield 0, "Exclusions (each must be found not to apply)"
    for exclusion in assessment.exclusions:
        yield 1, f"{SIGNS[exclusion.state]}: {exclusion.id} ({exclusion.basis}): {exclusion.text}"
        yield 2, exclusion.reason
    yield 0, f"Reach: {assessment.reach}"
    yield 1, assessment.reach_reason
    if assessment.context:
        yield 0, "Context (no element of the breach)"
        yield from ((1, line) for line in assessment.context)
    yield 0, "Measures that a power in force grants" if assessment.measures else "Measures: none"
    for measure in assessment.measures:
        yield 1, f"{measure.measure}: {measure.form} by {measure.authority} to {measure.addressee or '–'}"
        yield 2, f"{measure.citation} [{measure.mark}]; notice {measure.notice}"
        yield from ((2, f"appeal: {route}") for route in measure.appeal)
    if assessment.notes:
        yield 0, "Notes"
        yield from ((1, line) for line in assessment.notes)


def _tree(node: Node, depth: int) -> Iterator[tuple[int, str]]:
    what = node.element or {"all": "all of", "any": "any of"}[node.op]
    text = f": {node.text}" if node.text and node.text != node.element else ""
    yield depth, f"{SIGNS[node.state]}: {what}{text}"
    if node.op == "element":
        yield depth + 1, node.reason
        if node.evidence:
            # Enough of each digest to find it; --json has them whole.
            short = ", ".join(digest.removeprefix("sha256:")[:12] for digest in node.evidence)
            yield depth + 1, f"evidence: sha256 {short}"
    for child in node.children:
        yield from _tree(child, depth + 1)


def event_lines(events: Iterable[Event]) -> Iterator[tuple[int, str]]:
    """What happened, in order."""
    yield 0, "What happened"
    for event in events:
        about = f" {event.about}" if event.about else f" {event.order}" if event.order else ""
        reasons = f": {event.body['reasons']}" if event.body.get("reasons") else ""
        yield 1, f"{event.at} {event.kind}{about} by {event.actor}{reasons}"


def print_lines(lines: Iterable[tuple[int, str]]) -> None:
    """Print (indent, line) pairs."""
    for indent, line in lines:
        say(line, indent)


def assessment_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment with its id."""
    return {"id": assessment.id, **msgspec.to_builtins(assessment, str_keys=True)}


def event_json(event: Event) -> dict[str, Any]:
    """An event with its id, without the salt (which keeps the log from being guessed) and without the
    body of an assessment, which is its own record. The id is null where the event's words were erased: it
    was made from them."""
    plain: dict[str, Any] = msgspec.to_builtins(event, str_keys=True)
    salt = plain.pop("salt")
    plain["body"] = {key: value for key, value in plain["body"].items() if key != "assessment"}
    return {"id": event.id if salt else None, **plain}


def emit_assessed(
    subject: str,
    conduct: date,
    decision: date,
    made: tuple[Assessment, ...],
    chosen: Assessment | None,
    case: str | None,
) -> None:
    """The JSON of an assessment made again."""
    emit(
        {
            "subject": subject,
            "conduct": conduct.isoformat(),
            "decision": decision.isoformat(),
            "assessment": chosen.state if chosen else "unclear",
            "provision": chosen.provision if chosen else None,
            "why": chosen.reason if chosen else "no provision was in force on that date",
            "chosen": chosen.id if chosen else None,
            "assessments": [assessment_json(item) for item in made],
            "case": case,
        }
    )


def print_assessed(
    pack: Pack, conduct: date, made: tuple[Assessment, ...], chosen: Assessment | None, case: str | None
) -> None:
    """The same in words: the one chosen in full, the others in a line."""
    from ringfence.rulebook.assess import not_in_force

    if chosen is None:
        say(f"No provision of the pack {pack.head.jurisdiction} was in force on {conduct}:")
    else:
        print_lines(assessment_lines(chosen))
    for other in made:
        if chosen is not None and other.id != chosen.id:
            say(f"Also {other.provision}: {OUTCOMES[other.state].lower()}: {other.reason}")
    if chosen is None:
        for breach in pack.breaches:
            say(not_in_force(pack, breach.id, conduct) or breach.id, 1)
    if case is not None:
        say(f"Filed in case {case}")
