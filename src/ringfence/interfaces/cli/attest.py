"""`ringfence tokens attest`: signed statements of screenings, and what became of them. No store is opened."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.time import now
from ringfence.interfaces.cli.common import FILE, emit, json_option, note
from ringfence.interfaces.cli.feed import public_key, secret_keys
from ringfence.interfaces.cli.output import written

_OUT = click.Path(dir_okay=False, path_type=Path)
_days = click.option("--days", default=30, show_default=True, help="How long it is good.")
_key = click.option("--key", "key", required=True, type=FILE, help="The secret key (ringfence feed keygen).")


@click.group()
def attest() -> None:
    """Signed, expiring, revocable statements of screenings, which anybody can check offline.

    \b
    Examples:
      ringfence tokens screen --runtime token.hex > screening.json
      ringfence tokens attest sign screening.json --key desk.key --out token.attestation
      ringfence tokens attest verify token.attestation --key desk.key.pub --revocations revoked
    """


@attest.command(name="sign")
@click.argument("screening", type=FILE)
@_key
@_days
@click.option("--out", required=True, type=_OUT, help="The statement's file.")
@json_option
def sign(screening: Path, key: Path, days: int, out: Path, as_json: bool) -> None:
    """Sign what SCREENING (one line of `tokens screen`) found."""
    from ringfence.desks.tokens.attestation import attest as made

    (secret,) = secret_keys((key,))
    signed = made(_screening(screening), secret, now(), days)
    with written(out) as stream:
        stream.write(signed)
    if as_json:
        emit({"attestation": digest(signed), "out": str(out), "key": secret.name})
    else:
        note(f"{digest(signed)} by {secret.name}")


@attest.command()
@click.argument("notes", nargs=-1, required=True, type=FILE, metavar="ATTESTATION...")
@_key
@_days
@click.option("--reason", required=True, help="Why, in words.")
@click.option(
    "--list", "listed", required=True, type=_OUT, help="The list: read if it is there, written anew."
)
@json_option
def revoke(notes: tuple[Path, ...], key: Path, days: int, reason: str, listed: Path, as_json: bool) -> None:
    """Revoke statements: the list with them, signed anew. What was revoked stays so."""
    from ringfence.desks.tokens import attestation

    (secret,) = secret_keys((key,))
    known = attestation.read_revocations(listed.read_bytes(), secret.public) if listed.exists() else None
    names = [digest(path.read_bytes()) for path in notes]
    for path in notes:
        attestation.verify(path.read_bytes(), secret.public, now())  # of this key, or it is no use
    signed = attestation.revoke(known, names, reason, secret, now(), days)
    with written(listed) as stream:
        stream.write(signed)
    count = len(attestation.read_revocations(signed, secret.public).revoked)
    if as_json:
        emit({"revoked": names, "list": str(listed), "entries": count})
    else:
        note(f"{len(names)} revoked, {count} on the list")


@attest.command()
@click.argument("attestation", type=FILE)
@click.option("--key", "key", required=True, metavar="PUBKEY", help="The public key or its file.")
@click.option("--revocations", type=FILE, help="The list of what was revoked.")
@json_option
def verify(attestation: Path, key: str, revocations: Path | None, as_json: bool) -> int:
    """Check ATTESTATION: signed by PUBKEY, not over, not revoked. Exit 1 unless it is good."""
    from ringfence.desks.tokens.attestation import verify as verified

    found = verified(
        attestation.read_bytes(), public_key(key), now(), revocations.read_bytes() if revocations else None
    )
    if as_json:
        emit(found)
    else:
        present = [name for name, there in found.statement.capabilities.items() if there]
        click.echo(
            f"{found.state}: code {found.statement.code_hash}" + (f" ({found.why})" if found.why else "")
        )
        click.echo(
            f"capabilities: {', '.join(present) or 'none found'}; sellable: {found.statement.sellable}"
        )
    return 0 if found.state == "good" else 1


def _screening(path: Path) -> dict[str, object]:
    try:
        found = msgspec.json.decode(path.read_bytes())
    except msgspec.DecodeError as error:
        raise InputError(f"{path} is not one line of JSON", hint="one screening a statement") from error
    if not isinstance(found, dict):
        raise InputError(f"{path} is no screening", hint="a line of ringfence tokens screen")
    return found
