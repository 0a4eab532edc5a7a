"""`ringfence log timestamp`: have a checkpoint dated by a time-stamping authority (RFC 3161)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.interfaces.cli.common import FILE, emit, json_option, note, opened, store_option

if TYPE_CHECKING:
    from ringfence.evidence.store import Store

_NEW = click.Path(path_type=Path)
_number = click.option(
    "--checkpoint", "number", type=click.IntRange(1), help="The checkpoint's number (default: the last)."
)
_ca = click.option(
    "--ca", required=True, type=FILE, help="PEM file: the authority's root, and what its reply leaves out."
)


@click.group()
def timestamp() -> None:
    """Time stamps of checkpoints: what is below a stamped checkpoint existed at that time."""


@timestamp.command()
@_number
@click.option("--out", required=True, type=_NEW, help="The query's file (.tsq).")
@store_option
@json_option
def request(number: int | None, out: Path, store: Path | None, as_json: bool) -> None:
    """Write the query for a checkpoint. Send it with
    `curl -H "Content-Type: application/timestamp-query" --data-binary @FILE URL`."""
    from ringfence.evidence.timestamp import request as make
    from ringfence.evidence.timestamp import text_of
    from ringfence.interfaces.cli.output import written

    with opened(store, make=False) as house:
        chosen = _chosen(house, number)
        text = text_of(house, chosen)
    with written(out) as file:
        file.write(make(text))
    if as_json:
        emit({"checkpoint": chosen, "query": str(out)})
    else:
        note(f"the query for checkpoint {chosen} is in {out}")


@timestamp.command()
@click.argument("reply", type=FILE)
@_ca
@_number
@store_option
@json_option
def accept(reply: Path, ca: Path, number: int | None, store: Path | None, as_json: bool) -> None:
    """Check an authority's REPLY (.tsr) and keep it; exports carry it from then on."""
    from ringfence.core.time import stamp
    from ringfence.evidence.timestamp import accept as take

    with opened(store, make=False) as house:
        chosen = _chosen(house, number)
        kept, at = take(house, chosen, reply.read_bytes(), ca.read_bytes())
    if as_json:
        emit({"timestamp": kept, "checkpoint": chosen, "time": stamp(at)})
    else:
        click.echo(f"checkpoint {chosen} existed at {stamp(at)}")


@timestamp.command()
@click.argument("reply", type=FILE)
@click.argument("checkpoint", type=FILE)
@_ca
@json_option
def verify(reply: Path, checkpoint: Path, ca: Path, as_json: bool) -> None:
    """Check a REPLY against a CHECKPOINT file, as in an export. No store is needed; exit code 2 if not."""
    from ringfence.core.note import Note
    from ringfence.core.time import stamp
    from ringfence.evidence.timestamp import verify as check

    text = Note.from_bytes(checkpoint.read_bytes()).text
    at = stamp(check(reply.read_bytes(), text, ca.read_bytes()))
    if as_json:
        emit({"time": at})
    else:
        click.echo(f"this checkpoint existed at {at}")


def _chosen(house: Store, number: int | None) -> int:
    from ringfence.core.errors import InputError
    from ringfence.evidence.publish import published

    with house.database.read() as connection:
        numbers = [one.number for one in published(connection)]
    if not numbers:
        raise InputError("there is no checkpoint yet", hint="ringfence log checkpoint")
    return number or numbers[-1]
