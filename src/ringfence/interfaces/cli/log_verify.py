"""`ringfence log verify`: an export or a proof, with nothing but public keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import FILE, emit, json_option

if TYPE_CHECKING:
    from ringfence.core.note import PublicKey
    from ringfence.evidence.cosigner import Cosigner

_ANY = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("path", type=_ANY)
@click.option("--key", metavar="VKEY", help="The log's public key or its file. An export names its own.")
@click.option(
    "--witness", "witnesses", multiple=True, metavar="VKEY", help="A witness that must have cosigned."
)
@click.option("--record", type=FILE, help="The record that the proof's leaf must name.")
@json_option
@click.pass_context
def verify(
    ctx: click.Context,
    path: Path,
    key: str | None,
    witnesses: tuple[str, ...],
    record: Path | None,
    as_json: bool,
) -> None:
    """Check PATH, a folder of `log export` or a file of `log prove`. No store is needed.

    A key taken from the export itself shows only that the export agrees with itself: give the one that you
    know. Exit code 1 where something does not hold.
    """
    cosigners = [cosigner(text) for text in witnesses]
    plain: dict[str, Any] = {"path": str(path)}
    problems: list[dict[str, str]] = []
    try:
        if path.is_dir():
            plain |= _export(path, key, cosigners, problems)
        else:
            plain |= _proof(path, key, cosigners, record, problems)
    except InputError as error:
        problems.append({"where": str(path), "what": error.message})
    plain |= {"holds": not problems, "problems": problems}
    if as_json:
        emit(plain)
    else:
        for problem in problems:
            click.echo(f"{problem['where']}: {problem['what']}")
        if not problems:
            click.echo(f"holds: {plain['size']} entries, root {plain['root']}")
    if problems:
        ctx.exit(1)


def public_key(text: str) -> PublicKey:
    """A log's public key from its line or a file of it. Raises `NoteError`."""
    from ringfence.core.note import PublicKey

    return PublicKey.from_text(_line(text))


def cosigner(text: str) -> Cosigner:
    """A witness's public key from its line or a file of it. Raises `NoteError`."""
    from ringfence.evidence.cosigner import Cosigner

    return Cosigner.from_text(_line(text))


def _line(text: str) -> str:
    path = Path(text)
    try:
        return path.read_text("utf-8") if path.is_file() else text
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the key {path}", hint="give a line name+id+base64") from error


def _export(
    path: Path, key: str | None, cosigners: list[Cosigner], problems: list[dict[str, str]]
) -> dict[str, Any]:
    from ringfence.evidence.examine import examine
    from ringfence.evidence.examine import public_key as own

    found = examine(path, public_key(key) if key else own(path), witnesses=tuple(cosigners))
    problems += [{"where": one.where, "what": one.what} for one in found.problems]
    problems += [
        {"where": "checkpoint", "what": f"not cosigned by {one.name}"}
        for one in cosigners
        if one.to_text() not in found.cosigned
    ]
    return {
        "origin": found.checkpoint.origin,
        "size": found.checkpoint.size,
        "root": found.checkpoint.root.hex(),
        "cosigned": found.cosigned,
    }


def _proof(
    path: Path,
    key: str | None,
    cosigners: list[Cosigner],
    record: Path | None,
    problems: list[dict[str, str]],
) -> dict[str, Any]:
    import msgspec

    from ringfence.core.canonical import digest
    from ringfence.evidence.proof import Proof

    if key is None:
        raise click.UsageError("a proof is checked with the log's public key: give it with --key")
    proof = Proof.from_bytes(path.read_bytes())
    checkpoint = proof.verified(public_key(key), cosigners)
    entry = msgspec.json.decode(proof.entry)
    if record is not None and digest(record.read_bytes()) != entry["digest"]:
        problems.append({"where": str(record), "what": "it is not the record that the leaf names"})
    return {
        "origin": checkpoint.origin,
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "index": proof.index,
        "entry": entry,
    }
