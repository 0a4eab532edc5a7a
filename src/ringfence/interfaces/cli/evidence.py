"""`ringfence evidence`: bodies that are kept: show, hold, erase, and what is due to be erased."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.interfaces.cli.common import DATE, emit, json_option, note, opened, store_option, table
from ringfence.interfaces.cli.evidence_retention import by_option, pack_option, reasons_option, retention

if TYPE_CHECKING:
    from ringfence.cases.bodies import Body
    from ringfence.evidence.redaction import Redaction
    from ringfence.evidence.store import Store

basis_option = click.option(
    "--basis", required=True, help="What asks for it: a statute, a request, a court's letter."
)


@click.group(name="evidence")
def command() -> None:
    """Bodies (captures of pages): show, hold, release, erase; retention, and what is due.

    An administrator orders each act; the log keeps the proof that a body existed, and of who had it
    erased. A legal hold, an open case or a live order forbids every erasure.

    \b
    Examples:
      ringfence evidence hold CA-… --by admin --reasons "an appeal is announced" --basis "letter of 2 May"
      ringfence evidence due
      ringfence evidence retention order cn-capture-seen --by admin --reasons "…" --until 2028-01-01
    """


command.add_command(retention)


@command.command()
@click.argument("target", metavar="DIGEST|OBSERVATION")
@pack_option
@store_option
@json_option
def show(target: str, pack: str, store: Path | None, as_json: bool) -> None:
    """Show a body: what it was seen of, whether it is there, who erased or holds it, when it is due."""
    with opened(store, make=False) as house:
        blob = house.observation(target).capture if target.startswith("observation:") else target
        said = _facts(house, blob, pack)
    if as_json:
        emit(said)
        return
    click.echo(f"{said['blob']}: {'there' if said['there'] else 'not there'}")
    for line in said["words"]:
        click.echo(f"  {line}")


@command.command()
@click.argument("target", metavar="DIGEST|RECORD")
@by_option
@reasons_option
@basis_option
@pack_option
@store_option
@json_option
def erase(
    target: str, person: str, reasons: str, basis: str, pack: str, store: Path | None, as_json: bool
) -> None:
    """Erase a body for good, now; or the words of people (reasons, notes) in the RECORD of an id: an
    event, an approval, an ended order. The record's other fields and the log stay.

    Refused before a minimum period is over, under a hold, and while an open case or a live order rests
    on it.
    """
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        _said(Keeping(house).erase(target, person, reasons, basis, pack=pack), as_json)


@command.command()
@click.argument("target", metavar="DIGEST|CASE|ORDER")
@by_option
@reasons_option
@basis_option
@store_option
@json_option
def hold(target: str, person: str, reasons: str, basis: str, store: Path | None, as_json: bool) -> None:
    """Forbid the erasure of a body, or of everything seen of the subject of a CASE or ORDER."""
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        _said(Keeping(house).hold(target, person, reasons, basis), as_json)


@command.command()
@click.argument("target", metavar="DIGEST|CASE|ORDER")
@by_option
@reasons_option
@basis_option
@store_option
@json_option
def release(target: str, person: str, reasons: str, basis: str, store: Path | None, as_json: bool) -> None:
    """End one hold; each needs its own release."""
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        _said(Keeping(house).release(target, person, reasons, basis), as_json)


@command.command()
@click.option("--on", "day", type=DATE, help="As if it were this day (default: today).")
@click.option(
    "--whose",
    type=click.Choice(["authority", "payment_firm", "site_operator", "platform"]),
    default="authority",
    show_default=True,
    help="Whose records the store holds.",
)
@pack_option
@store_option
@json_option
def due(day: date | None, whose: str, pack: str, store: Path | None, as_json: bool) -> None:
    """List the bodies whose period is over: what will be erased and why, and what is held or needed."""
    from ringfence.cases.keeping import Keeping

    with opened(store, make=False) as house:
        found = list(Keeping(house).due(pack, day, whose))
    if as_json:
        for one in found:
            emit(one)
        return
    rows = [(one.due, one.state, one.blob, ", ".join(one.subjects), "; ".join(one.why)) for one in found]
    table(f"{len(rows)} bodies past their period", ("due", "state", "body", "seen of", "why"), rows)


def _facts(house: Store, blob: str, pack: str) -> dict[str, Any]:
    from ringfence.cases.keeping import Keeping
    from ringfence.evidence.redaction import erasure, gone
    from ringfence.evidence.store import of_capture

    with house.database.read() as connection:
        done = erasure(connection, blob)
        seen = of_capture(connection, blob)
    said: dict[str, Any] = {
        "blob": blob,
        "there": house.blobs.path(blob).is_file(),
        "observations": seen,
        "erased": None if done is None else redaction_json(done),
        "held": (),
        "needed": (),
        "not_before": None,
        "due": None,
        "words": [f"{one['id']}: {one['subject']} from {one['vantage']} at {one['started']}" for one in seen],
    }
    if done is not None:
        said["words"].append(gone(done))
        return said
    keeping = Keeping(house)
    body: Body = keeping.body(blob)
    said |= {"held": body.held, "needed": body.needed, **keeping.dates(body, pack)}
    said["words"] += [*body.held, *body.needed]
    said["words"] += [f"not before {said['not_before']}"] if said["not_before"] else []
    said["words"].append(f"due {said['due']}" if said["due"] else "no period ends it")
    return said


def redaction_json(made: Redaction) -> dict[str, Any]:
    """A redaction without its salt, with its id."""
    return {"id": made.id, **{k: v for k, v in msgspec.to_builtins(made).items() if k != "salt"}}


def _said(made: Redaction, as_json: bool) -> None:
    if as_json:
        emit(redaction_json(made))
        return
    verb = {"erase": "erased", "hold": "held", "release": "released"}[made.act]
    note(f"{made.target} {verb} by {made.person}: {made.id}")
