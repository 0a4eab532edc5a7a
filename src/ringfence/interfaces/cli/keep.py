"""Keeping published files up to date, for `ringfence work --keep`."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from ringfence.core.errors import InputError, OutsideError
from ringfence.interfaces.cli.common import note
from ringfence.interfaces.cli.feed import feed_target, publish_feed, secret_keys
from ringfence.interfaces.cli.output import written
from ringfence.interfaces.cli.publish import SIGNED, TARGETS, named_target, published
from ringfence.interfaces.cli.publish_live import guard_context_kept

if TYPE_CHECKING:
    from ringfence.enforce.guard import Context
    from ringfence.enforce.targets.target import Target
    from ringfence.evidence.store import Store
    from ringfence.pipeline.keep import Keeper

COMMAND_SECONDS = 60


def keepers(
    house: Store,
    wanted: tuple[str, ...],
    then: tuple[str, ...],
    *,
    redirect: tuple[str, ...],
    keys: tuple[Path, ...],
    days: int,
    cohosts: Path | None,
    laboratory: bool,
) -> list[Keeper]:
    """One keeper for each ``TARGET=PATH``; ``then`` are ``TARGET=COMMAND``. Raises `InputError`."""
    from ringfence.interfaces.cli.known import guard_context
    from ringfence.pipeline.keep import Keeper

    places = _pairs(wanted, "--keep TARGET=PATH")
    commands = {target: shlex.split(text) for target, text in _pairs(then, "--then TARGET=COMMAND").items()}
    unknown = [target for target in places if target not in TARGETS]
    if unknown or not commands.keys() <= places.keys():
        raise InputError(
            f"nothing is kept for {', '.join(unknown or commands.keys() - places.keys())}",
            hint=f"--keep TARGET=PATH, the target one of {', '.join(TARGETS)}",
        )
    if bool(set(SIGNED) & set(places)) != bool(keys):
        raise click.UsageError(f"{' and '.join(SIGNED)} need --key; other targets have no key")
    signing = secret_keys(keys)
    # Only the targets that can have a block page are given it.
    pages = {"rpz", "dnsmasq"}
    kept = guard_context_kept(house)
    context = (lambda: guard_context(house, cohosts)) if cohosts else kept
    made = []
    for target, text in places.items():
        path, sign = Path(text), None
        if target in SIGNED:
            chosen = feed_target(house, target)
            sign = partial(publish_feed, house, path, signing, days, laboratory, target)
        else:
            chosen = named_target(target, redirect if target in pages else ())
        write = _Write(house, chosen, context, laboratory, path, sign, commands.get(target))
        made.append(Keeper(house.database, f"{target}={path}", write))
    return made


class _Write:
    """Publishes a target and brings its place up to it, and then runs a command where that changed."""

    def __init__(
        self, house: Store, target: Target, context: Callable[[], Context], laboratory: bool, path: Path,
        sign: Callable[[], object] | None, command: list[str] | None,
    ) -> None:  # fmt: skip
        self.house = house
        self.target = target
        self.context = context
        self.laboratory = laboratory
        self.path = path
        self.sign = sign
        self.command = command
        self._pending: frozenset[str] | None = None  # what the command has still to see

    def __call__(self) -> frozenset[str] | None:
        from ringfence.enforce.publish import Publisher
        from ringfence.evidence import log

        name = self.target.name
        before = Publisher(self.house.database, log.seal).last(name, laboratory=self.laboratory)
        publisher, made, kept_out = published(
            self.house, self.target, self.context(), self.laboratory, "ringfence"
        )
        artefact = made.artefact
        if self.sign is not None:
            self.sign()
        changed = made.new or (self.sign is None and digest_of(self.path) != artefact.digest)
        if changed and self.sign is None:
            with written(self.path) as stream:
                for piece in publisher.pieces(artefact):
                    stream.write(piece)
        if changed:
            came_or_left = publisher.came_or_left(before, artefact) if made.new else frozenset()
            self._pending = (self._pending or frozenset()) | came_or_left
            for item in (*msgspec.to_builtins(made.refused), *kept_out):
                note(f"left out: {item['rule']} of {item['order']} ({', '.join(item['reasons'])})")
            note(f"{name} serial {artefact.serial}: {artefact.entries} entries of {artefact.orders} orders")
        if self._pending is not None and self.command is not None:
            run(self.command)
        seen, self._pending = self._pending, None
        return seen


def digest_of(path: Path) -> str | None:
    """The digest of a file as `Artefact.digest` has it; None where there is none to be read."""
    try:
        with path.open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError:
        return None


def run(command: list[str]) -> None:
    """Run a command of the operator's; its words go nowhere. Raises `OutsideError` where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 (the operator's own words, and no shell reads them)
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutsideError(f"{command[0]} does not run: {error}", hint="see --then") from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise OutsideError(f"{command[0]} ended with {done.returncode}: {last[:200]}", hint="see --then")


def _pairs(texts: tuple[str, ...], shape: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        target, equals, value = text.partition("=")
        if not equals or not value or target in found:
            raise InputError(
                f"not {shape}, each target once: {text!r}", hint="such as --keep rpz=/srv/rpz.zone"
            )
        found[target] = value
    return found
