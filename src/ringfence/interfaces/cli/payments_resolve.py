"""`ringfence payments resolve`: a signed list in the firm's own identifiers, for its payment system."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.time import now
from ringfence.core.words import counted
from ringfence.interfaces.cli.common import FILE, note
from ringfence.interfaces.cli.feed import public_key
from ringfence.interfaces.cli.output import written

if TYPE_CHECKING:
    from ringfence.enforce.feed.accounts import Asked


@click.command()
@click.argument("list_", metavar="LIST", type=click.Path(exists=True, path_type=Path))
@click.option("--vault", type=FILE, required=True, help="The vault whose pseudonyms these are.")
@click.option("--key", "keys", multiple=True, metavar="PUBKEY", help="The publisher's key or its file.")
@click.option("--by", "person", required=True, help="Who asks; the vault writes it down.")
@click.option("--reasons", "words", required=True, help="What for, in ten characters at least.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file, for its owner alone.")
@click.option("--laboratory", is_flag=True, help="The payment system is inside the laboratory.")
def resolve(
    list_: Path, vault: Path, keys: tuple[str, ...], person: str, words: str, out: Path | None,
    laboratory: bool,
) -> None:  # fmt: skip
    """Turn the pseudonyms of a signed LIST of accounts (a state folder of `feed apply`, a snapshot, or a
    publisher's folder) back into the firm's own identifiers, by its vault. Each reversal is recorded there.

    JSON lines {account, measure, since, until, order, authority, basis, appeal}, without what is over. Where
    the vault does not know an account: {account: null, pseudonym, why, …}. The list is checked first; one
    that is not genuine or not current is refused with exit code 1, and nothing is turned back.

    \b
    Example:
      ringfence payments resolve state --vault vault.sqlite --by nightly --reasons "list for the core system"
    """
    from ringfence.desks.payments.pseudonym import mac_of
    from ringfence.desks.payments.vault import Vault
    from ringfence.enforce.feed.accounts import asked

    head, found = asked(list_, [public_key(text) for text in keys], now(), laboratory=laboratory)
    with Vault(vault) as kept:
        names = kept.reverse([mac_of(one.listed.pseudonym) for one in found], who=person, why=words)
    with _own(), written(out) as stream:
        for one, name in zip(found, names, strict=True):
            stream.write(msgspec.json.encode(_said(one, name, head.link.laboratory)) + b"\n")
    unknown = names.count(None)
    note(
        f"{head.link.name} serial {head.link.serial}: {counted(len(found), 'account')}"
        + (f", {unknown} not in this vault" if unknown else "")
    )


def _said(one: Asked, name: str | None, laboratory: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"account": name}
    if name is None:
        said |= {"pseudonym": one.listed.pseudonym, "why": "not in this vault: forgotten, or of another key"}
    said |= {field: getattr(one.listed, field) for field in ("measure", "since", "until", "order")}
    said |= {field: getattr(one.grounds, field) for field in ("authority", "basis", "appeal")}
    if laboratory:
        said["laboratory"] = "true (invented; not for use outside the laboratory)"
    return said


@contextmanager
def _own() -> Iterator[None]:
    """What is written now may be read by its owner alone: it holds identifiers."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
