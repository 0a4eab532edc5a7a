"""`ringfence feed`: keys for the signed feed, and the recipient's side of it. No store is opened."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.core.errors import InputError
from ringfence.core.time import now
from ringfence.interfaces.cli.common import emit, json_option, note

if TYPE_CHECKING:
    from ringfence.core.note import PublicKey, SecretKey
    from ringfence.enforce.feed.head import Head
    from ringfence.enforce.targets.target import Target
    from ringfence.evidence.store import Store

FORMATS = ("rpz", "hosts", "names", "accounts")
_ANY = click.Path(exists=True, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(name="feed")
def command() -> None:
    """The signed feed: make keys, verify what was published, apply it at a resolver.

    \b
    Examples:
      ringfence feed keygen perimeter.example/cn --out perimeter.key
      ringfence publish --target feed --key perimeter.key --out web/
      ringfence feed apply web/ --to state --key perimeter.key.pub --format rpz
    """


@command.command()
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The secret key's file.")
@json_option
def keygen(name: str, out: Path, as_json: bool) -> None:
    """Make an Ed25519 key called NAME: --out gets the secret, --out with .pub the public part.

    The name is the feed's name too; give the next key the same one. The file can be read by its owner
    alone. An existing file is never written over.
    """
    from ringfence.core.note import SecretKey

    key = SecretKey.generate(name)
    public = out.with_name(out.name + ".pub")
    for path, text, mode in ((out, key.to_text(), 0o600), (public, key.public.to_text(), 0o644)):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text + "\n")
        except OSError as error:
            raise InputError(f"cannot write {path}: {error.strerror}", hint="name a new file") from error
    found = {"name": name, "public": key.public.to_text(), "key": str(out), "public_key": str(public)}
    if as_json:
        emit(found)
    else:
        click.echo(key.public.to_text())
        note(f"secret in {out}, public in {public}: give the line above to recipients by a way they trust")


@command.command()
@click.argument("path", type=_ANY)
@click.option(
    "--key", "keys", required=True, multiple=True, metavar="PUBKEY", help="A public key or its file."
)
@click.option("--after", type=_ANY, help="A head, feed file or state folder that is known: nothing older.")
@json_option
def verify(path: Path, keys: tuple[str, ...], after: Path | None, as_json: bool) -> None:
    """Check PATH, a feed file or a publisher's folder: signed by PUBKEY, current, whole, one history.

    Exit code 1 with a reason if not: key, signature, stale, future, rollback, fork, gap, payload.
    """
    from ringfence.enforce.feed.check import check
    from ringfence.enforce.feed.verify import FeedRefusedError

    trusted = [public_key(text) for text in keys]
    known = _known(after) if after is not None else None
    try:
        found = check(path, trusted, now(), after=known)
    except FeedRefusedError as error:
        if as_json:
            emit({"path": str(path), "genuine": False, "reason": error.reason, "why": error.message})
        raise
    plain = {"path": str(path), "genuine": True, "kind": found.kind, "deltas": found.deltas}
    plain |= head_json(found.head)
    if as_json:
        emit(plain)
    else:
        click.echo(f"genuine: {_line(found.head)}")


@command.command()
@click.argument("source", type=_ANY)
@click.option("--to", "state", required=True, type=_FOLDER, help="The folder of the state.")
@click.option("--key", "keys", multiple=True, metavar="PUBKEY", help="A public key or its file (first time).")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Also write the list to be read.")
@click.option("--redirect", multiple=True, metavar="ADDRESS", help="The block page's address (rpz).")
@click.option("--skip-history", is_flag=True, help="Take a later snapshot without the steps between.")
@click.option("--laboratory", is_flag=True, help="The state is inside the laboratory.")
@json_option
def apply(
    source: Path,
    state: Path,
    keys: tuple[str, ...],
    form: str | None,
    redirect: tuple[str, ...],
    skip_history: bool,
    laboratory: bool,
    as_json: bool,
) -> None:
    """Take SOURCE (a snapshot, a delta, or a publisher's folder) into a state folder, whole or not at all.

    Gaps, older lists, other histories, stale heads and other keys are refused with exit code 1 and the
    state stays. Doing it again changes nothing. --format writes rpz.zone, hosts or names.txt beside it,
    without the orders that are over by now.
    """
    from ringfence.enforce.feed.derive import derive
    from ringfence.enforce.feed.recipient import Recipient
    from ringfence.enforce.feed.verify import FeedRefusedError

    if redirect and form != "rpz":
        raise click.UsageError("--redirect goes with --format rpz")
    recipient = Recipient(state, laboratory=laboratory)
    trusted = [public_key(text) for text in keys]
    try:
        done = recipient.apply(source, trusted, skip_history=skip_history)
    except FeedRefusedError as error:
        if as_json:
            emit({"applied": False, "reason": error.reason, "why": error.message})
        raise
    out = derive(state, form, now(), redirect) if form else None  # type: ignore[arg-type]
    changed = done.before != done.head.link.serial
    if as_json:
        plain: dict[str, Any] = {"applied": True, "changed": changed, "before": done.before}
        plain |= {"steps": done.steps, "snapshot": done.snapshot, "out": str(out) if out else None}
        emit(plain | head_json(done.head))
    else:
        how = "snapshot" if done.snapshot else f"{done.steps} deltas"
        note(f"{_line(done.head)}; {how if changed else 'nothing new'}{f'; {out}' if out else ''}")


def public_key(text: str) -> PublicKey:
    """A public key, written out or in a file. Raises `InputError`."""
    from ringfence.core.note import PublicKey

    if "+" not in text or Path(text).is_file():
        try:
            text = Path(text).read_text("ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"no public key: {text!r}", hint="give the line that keygen printed, or its file"
            ) from error
    return PublicKey.from_text(text)


def secret_key(path: Path) -> SecretKey:
    """A secret key from its file, which nobody else may be able to read. Raises `InputError`."""
    from ringfence.core.note import SecretKey

    try:
        mode = path.stat().st_mode
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot read the key {path}", hint="make one: ringfence feed keygen") from error
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError(f"others can read the key {path}", hint=f"chmod 600 {path}")
    return SecretKey.from_text(text)


def feed_target(house: Store, name: str = "feed") -> Target:
    """The feed as a target (of names, or ``payments``: of accounts), with the orders of a store behind it."""
    from ringfence.enforce.targets.feed import target
    from ringfence.enforce.targets.payments import target as accounts_target
    from ringfence.interfaces.cli.known import docket

    cases = docket(house)
    every = {order.id: order for order in cases.orders()}
    made = accounts_target if name == "payments" else target
    # One that came into force since is looked up when it is met.
    return made(lambda order: every.get(order) or cases.order(order))


def secret_keys(paths: tuple[Path, ...]) -> tuple[SecretKey, ...]:
    """The keys that sign one feed. Raises `InputError`."""
    keys = tuple(secret_key(path) for path in paths)
    if len({key.name for key in keys}) > 1 or len(set(keys)) != len(keys):
        raise InputError("the keys of one feed have one name, and each is given once")
    return keys


def publish_feed(
    house: Store, out: Path, keys: tuple[SecretKey, ...], days: int, laboratory: bool, target: str = "feed"
) -> Head:
    """Sign what is published and bring ``out`` up to it: a folder, or one file where it ends in .feed.
    Raises `InputError` or `RefusedError`."""
    from ringfence.enforce.feed.chain import chain, content
    from ringfence.enforce.feed.folder import Signer, write_file, write_folder

    links = chain(house.database, keys[0].name, laboratory=laboratory, target=target)
    signer = Signer(keys, now(), timedelta(days=days))
    if out.suffix == ".feed" and not out.is_dir():
        return write_file(out, links, lambda link: content(house.database, link, target), signer)
    return write_folder(out, links, lambda link: content(house.database, link, target), signer).head


def head_json(head: Head) -> dict[str, Any]:
    """What a head says."""
    link = head.link
    return {
        "name": link.name,
        "serial": link.serial,
        "entries": head.entries,
        "laboratory": link.laboratory,
        "digest": link.snapshot.digest,
        "made": head.made,
        "valid_until": head.valid_until,
        "keys": [key.to_text() for key in head.keys],
    }


def _line(head: Head) -> str:
    lab = ", laboratory" if head.link.laboratory else ""
    until = head.valid_until[:16]
    return f"{head.link.name} serial {head.link.serial}{lab}: {head.entries} entries, good until {until}Z"


def _known(path: Path) -> Head:
    from ringfence.enforce.feed.file import opened_feed, read_head
    from ringfence.enforce.feed.folder import HEAD
    from ringfence.enforce.feed.recipient import STATE

    if path.is_dir():
        path = path / STATE if (path / STATE).exists() else path / HEAD
    if path.name == HEAD:
        return read_head(path).head
    with opened_feed(path) as feed:
        return feed.head
