"""`ringfence tokens`: what a contract can do to holders of its token, shown by calls anybody can repeat."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.attest import attest
from ringfence.interfaces.cli.common import emit, note

if TYPE_CHECKING:
    from ringfence.desks.tokens.screen import Depth

FEW = 8  # files that are not worth another process
MAX_FILE = 2 << 20  # bytes of a file of code in hexadecimal


@click.group(name="tokens")
def command() -> None:
    """The tokens desk: what contracts can do to holders. It says what code does, never what it is for."""


@command.command()
@click.option("--runtime", "runtimes", multiple=True, metavar="FILE", help="Runtime code in hexadecimal.")
@click.option("--creation", "creations", multiple=True, metavar="FILE", help="Creation code in hexadecimal.")
@click.option("--depth", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.argument("more", nargs=-1, metavar="[FILE...]")
def screen(runtimes: tuple[str, ...], creations: tuple[str, ...], depth: Depth, more: tuple[str, ...]) -> int:
    """Screen contracts from their code alone: capabilities with the calls that show them, and whether the
    token trades. JSON lines, one a file, in the order given; further FILEs are of the kind named first.

    Present is true, false or null (with why): what cannot be told is never taken for safe. No store is
    opened. Exit 2 if no file could be read.

    \b
    Example:
      ringfence tokens screen --runtime token.hex --depth deep
    """
    if bool(runtimes) == bool(creations):
        raise click.UsageError("give --runtime FILE… or --creation FILE…")
    names = (*runtimes, *creations, *more)
    done = 0
    for name, found in _screened(names, bool(creations), depth):
        if isinstance(found, InputError):
            note(f"{name}: {found}" + (f" ({found.hint})" if found.hint else ""))
            continue
        emit({"subject": None, "file": name, **found})
        done += 1
    if done < len(names):
        note(f"{len(names) - done} of {len(names)} files could not be read")
    return 0 if done else 2


Found = dict[str, Any] | InputError


def _screened(names: tuple[str, ...], creation: bool, depth: Depth) -> Iterator[tuple[str, Found]]:
    """Each file with what was found, in order; many in several processes."""
    one = partial(_one, creation=creation, depth=depth)
    if len(names) < FEW:
        yield from ((name, one(name)) for name in names)
        return
    from ringfence.core.bulk import map_batches, workers

    with workers(_nothing, ()) as pool:
        yield from zip(names, map_batches(pool, one, names, ahead=16), strict=True)


def _one(name: str, *, creation: bool, depth: Depth) -> Found:
    from ringfence.desks.tokens.creation import runtime_of
    from ringfence.desks.tokens.screen import screen as screened

    try:
        code = _code(Path(name))
        return screened(runtime_of(code) if creation else code, depth).to_dict()
    except InputError as error:
        return error


def _nothing() -> None:
    """The processes need nothing beforehand."""


def _code(path: Path) -> bytes:
    """Code from a file of hexadecimal digits, with or without 0x and white space. Raises `InputError`."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise InputError("too large for code", hint=f"at most {MAX_FILE} bytes")
        text = path.read_text("ascii")
    except UnicodeDecodeError as error:
        raise InputError("no hexadecimal text", hint="binary code? write it with xxd -p") from error
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", hint="check the path") from error
    digits = "".join(_lines(text)).removeprefix("0x").removeprefix("0X")
    try:
        return bytes.fromhex(digits)
    except ValueError as error:
        hint = "link the libraries first" if "__" in digits else "an even number of digits 0-9 and a-f"
        raise InputError("no hexadecimal code", hint=hint) from error


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield "".join(line.split())


command.add_command(attest)
