"""`ringfence log witness`: cosign a log that has only grown, and take cosignatures back."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ringfence.interfaces.cli.common import FILE, emit, json_option, note, opened, store_option

_NEW = click.Path(path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def witness() -> None:
    """Witnesses: others who remember the log, and sign only what continues it."""


@witness.command()
@click.argument("name")
@click.option("--out", required=True, type=_NEW, help="The secret key's file; .pub is the public one.")
@json_option
def keygen(name: str, out: Path, as_json: bool) -> None:
    """Make a witness's key called NAME. It cosigns, and is used for nothing else."""
    from ringfence.evidence.cosigner import Cosigner
    from ringfence.evidence.logkey import make
    from ringfence.interfaces.cli.output import written

    public = Cosigner.of(make(out, name)).to_text()
    beside = out.with_name(out.name + ".pub")
    with written(beside) as file:
        file.write(f"{public}\n".encode())
    if as_json:
        emit({"name": name, "public": public, "key": str(out), "public_key": str(beside)})
    else:
        click.echo(public)
        note(f"secret in {out}, public in {beside}: give the line above to the log's operator")


@witness.command()
@click.argument("export", type=_FOLDER)
@click.option("--key", required=True, type=FILE, help="The witness's secret key file.")
@click.option("--state", required=True, type=_NEW, help="The file of what was seen last.")
@click.option("--log", "log_key", metavar="VKEY", help="The log's public key or its file; needed once.")
@click.option("--out", required=True, type=_NEW, help="The cosigned checkpoint, to be given back.")
@json_option
def cosign(export: Path, key: Path, state: Path, log_key: str | None, out: Path, as_json: bool) -> None:
    """Cosign the checkpoint of EXPORT, if it continues what this witness saw last. No store is needed.

    Everything in the export is checked. A log that was rewritten, or shows less than before, is refused.
    """
    from ringfence.core.note import Note
    from ringfence.evidence.checkpoint import Checkpoint
    from ringfence.evidence.logkey import load
    from ringfence.evidence.witness import witness as sign
    from ringfence.interfaces.cli.log_verify import public_key
    from ringfence.interfaces.cli.output import written

    secret = load(key)
    known = public_key(log_key) if log_key else None
    signed = sign(export, secret, state, int(time.time()), known)
    with written(out) as file:
        file.write(signed)
    found = Checkpoint.from_text(Note.from_bytes(signed).text)
    if as_json:
        emit({"origin": found.origin, "size": found.size, "root": found.root.hex(), "witness": secret.name})
    else:
        click.echo(f"cosigned {found.origin} at {found.size} entries: {out}")


@witness.command()
@click.argument("cosigned", type=FILE)
@click.option("--witness", "vkey", required=True, metavar="VKEY", help="The witness's public key.")
@store_option
@json_option
def accept(cosigned: Path, vkey: str, store: Path | None, as_json: bool) -> None:
    """Take a witness's cosignature of one of this log's checkpoints; exports carry it from then on."""
    from ringfence.evidence.witness import accept as take
    from ringfence.interfaces.cli.log_verify import cosigner

    known = cosigner(vkey)
    with opened(store, make=False) as house:
        number = take(house, cosigned.read_bytes(), known)
    if as_json:
        emit({"checkpoint": number, "witness": known.to_text()})
    else:
        click.echo(f"checkpoint {number} is cosigned by {known.name}")
