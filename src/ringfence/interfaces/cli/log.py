"""`ringfence log`: checkpoints, proofs, the export, fsck."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import (
    emit,
    json_option,
    note,
    opened,
    progress,
    rooms_declared,
    store_option,
    table,
)
from ringfence.interfaces.cli.log_timestamp import timestamp
from ringfence.interfaces.cli.log_verify import verify
from ringfence.interfaces.cli.log_witness import witness

_NEW = click.Path(path_type=Path)
key_option = click.option(
    "--key", "key_file", type=_NEW, help="The log's secret key file (default: log.key in the store)."
)


@click.group(name="log")
def command() -> None:
    """The log: one leaf for every record, in a tree that outsiders can check.

    Formats: RFC 6962, https://c2sp.org (checkpoints, tiles, proofs, cosignatures), RFC 3161.
    """


@command.command()
@key_option
@click.option("--name", default="", help="What the log is called, when its key is made: example.org/log.")
@click.option("--anew", is_flag=True, help="Make all tiles again from the leaves, as after a power cut.")
@store_option
@json_option
def checkpoint(key_file: Path | None, name: str, anew: bool, store: Path | None, as_json: bool) -> None:
    """Sign the size and root of everything kept so far; the last checkpoint again if nothing was added.

    The first checkpoint makes the log's key. Nothing is signed that contradicts an earlier checkpoint.
    """
    from ringfence.evidence.publish import checkpoint as make

    rooms_declared()
    with opened(store, make=False) as house:
        made = make(house, key_file, name, anew=anew)
    found = made.checkpoint
    if as_json:
        emit(
            {
                "number": made.number,
                "origin": found.origin,
                "size": found.size,
                "root": found.root.hex(),
                "checkpoint": made.note.decode("utf-8"),
            }
        )
    else:
        click.echo(made.note, nl=False)


@command.command()
@click.argument("record_id", metavar="ID")
@click.option("--out", required=True, type=_NEW, help="The proof's file (.tlog-proof).")
@click.option("--record", type=_NEW, help="Also write the canonical record that the leaf's digest names.")
@key_option
@store_option
@json_option
def prove(
    record_id: str,
    out: Path,
    record: Path | None,
    key_file: Path | None,
    store: Path | None,
    as_json: bool,
) -> None:
    """Prove that the record ID stands in the log (its latest leaf), in one file.

    A checkpoint is made first where none covers it yet. Exit code 2 where no leaf has this id.
    """
    from ringfence.evidence.prove import prove as make
    from ringfence.interfaces.cli.output import written

    rooms_declared()
    with opened(store, make=False) as house:
        found = make(house, record_id, key_file)
    if record is not None and found.record is None:
        raise InputError(f"the record of {record_id} is not kept", hint="it was erased: leave --record out")
    with written(out) as file:
        file.write(found.proof.to_bytes())
    if record is not None and found.record is not None:
        with written(record) as file:
            file.write(found.record)
    plain = {
        "id": found.id,
        "index": found.index,
        "size": found.size,
        "leaf": found.leaf.hex(),
        "digest": found.digest,
    }
    if as_json:
        emit(plain)
    else:
        click.echo(f"{found.id}: leaf {found.index} of {found.size}, record {found.digest}")
        note(f"the proof is in {out}; see docs/guide/audit.md for how to check it without Ringfence")


command.add_command(verify)


@command.command()
@click.option("--out", required=True, type=_NEW, help="The folder; it must not exist.")
@key_option
@store_option
@json_option
def export(out: Path, key_file: Path | None, store: Path | None, as_json: bool) -> None:
    """Write the log as static files: checkpoint, keys, tiles, entries and every published checkpoint.

    A checkpoint is made first where something was added since the last one.
    """
    from ringfence.evidence.export import export as make

    rooms_declared()
    with opened(store, make=False) as house:
        found = make(house, out, key_file)
    if as_json:
        emit({"size": found.size, "root": found.root.hex(), "files": found.files})
    else:
        click.echo(f"{found.files} files in {out}: {found.size} entries, root {found.root.hex()}")


command.add_command(witness)
command.add_command(timestamp)


@command.command()
@store_option
@json_option
@click.pass_context
def fsck(ctx: click.Context, store: Path | None, as_json: bool) -> None:
    """Compare everything with everything: blobs, rows, records, leaves, tiles, checkpoints, time stamps.

    Nothing is changed. Exit code 1 with a problem.
    """
    from ringfence.evidence.fsck import fsck as look

    rooms_declared()
    with opened(store, make=False) as house, progress("checking", None) as advance:
        found = look(house, lambda _, count: advance(count))
    if as_json:
        emit(
            {
                "entries": found.entries,
                "rows": found.rows,
                "blobs": found.blobs,
                "problems": [{"where": one.where, "what": one.what} for one in found.problems],
            }
        )
    else:
        counted = f"{found.entries} entries, {found.rows} rows, {found.blobs} blobs"
        if found.problems:
            rows = [(one.where, one.what) for one in found.problems]
            table(f"{counted}: {len(rows)} problems", ("where", "what"), rows)
        else:
            click.echo(f"{counted}: no problem")
    if found.problems:
        ctx.exit(1)
