"""`ringfence blockpage`: the page that a blocked visitor sees."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import click

from ringfence.core.errors import InputError, OutsideError, RingfenceError
from ringfence.interfaces.cli.common import note, opened, store_option

if TYPE_CHECKING:
    from ringfence.enforce.reasons.feed import FeedReasons
    from ringfence.enforce.reasons.reason import Reasons
    from ringfence.interfaces.blockpage.answer import Answers

_ANY = click.Path(exists=True, path_type=Path)
SYSTEMD = "systemd"
FIRST_SOCKET = 3  # sd_listen_fds(3)
LOOK_SECONDS = 1.0


@click.group(name="blockpage")
def command() -> None:
    """The page that a blocked visitor sees: HTTP 451 with the order, its basis and its appeal.

    \b
    Example:
      ringfence blockpage serve --listen 127.0.0.1:8451 --feed state --provider "Example Net"
    """


@command.command()
@click.option(
    "--listen", required=True, metavar="ADDR:PORT", help="Or the word systemd: a socket handed over."
)
@click.option("--feed", type=_ANY, help="A feed file, folder or state instead of a store.")
@click.option("--key", "keys", multiple=True, metavar="PUBKEY", help="The feed's public key or its file.")
@click.option("--provider", default="", metavar="NAME", help="Who carries the blocks out, for visitors.")
@click.option("--blocked-by", default="", metavar="URL", help="The same as an address: the Link header.")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", help="For who wishes for neither.")
@click.option("--laboratory", is_flag=True, help="Inside the laboratory: its orders only.")
@store_option
def serve(
    listen: str,
    feed: Path | None,
    keys: tuple[str, ...],
    provider: str,
    blocked_by: str,
    language: Literal["en", "zh"],
    laboratory: bool,
    store: Path | None,
) -> None:
    """Answer every request for a name under an order with 451, until interrupted. Plain HTTP only.

    Nothing about visitors is kept. What changes in the store or the feed is seen without a restart.
    """
    from ringfence.interfaces.blockpage.answer import Answers
    from ringfence.interfaces.blockpage.page import Provider

    place = None if listen == SYSTEMD else _place(listen)
    with ExitStack() as stack:
        reasons, refresh = _reasons(stack, store, feed, keys)
        who = Provider(provider.strip(), _link(blocked_by))
        answers = Answers(reasons, provider=who, default=language, laboratory=laboratory)
        asyncio.run(_serve(answers, place, refresh))


async def _serve(answers: Answers, place: tuple[str, int] | None, refresh: FeedReasons | None) -> None:
    from ringfence.interfaces.blockpage.page import Provider
    from ringfence.interfaces.blockpage.server import Server

    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(ValueError):  # only a main thread has signals
            loop.add_signal_handler(name, over.set)
    # asyncio's own report of an error would name the visitor's address.
    loop.set_exception_handler(lambda _loop, _context: None)
    server = Server(answers.to)
    if place is None:
        await server.take(_handed_over())
        note("listening on the socket handed over")
    else:
        try:
            address, port = await server.listen(*place)
        except OSError as error:
            raise OutsideError(
                f"cannot listen on {place[0]}:{place[1]}: {os.strerror(error.errno or 0)}",
                hint="take a free port above 1023 and lead port 80 to it",
            ) from error
        shown = f"[{address}]" if ":" in address else address
        note(f"listening on http://{shown}:{port}/")
        if not answers.provider.link:
            answers.provider = Provider(answers.provider.name, _own(address, port))
    if not answers.provider.link:
        note("no --blocked-by: answers do not say who carries the blocks out, as RFC 7725 asks")
    looking = loop.create_task(_look(refresh.refresh)) if refresh is not None else None
    try:
        await over.wait()
    finally:
        if looking is not None:
            looking.cancel()
        await server.close()


async def _look(refresh: Callable[[], bool]) -> None:
    """Look for a new feed from time to time, beside the answers (a million entries take seconds)."""
    said = ""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            if await asyncio.to_thread(refresh):
                said = ""
                note("the feed was read again")
        except RingfenceError as error:
            if error.message != said:  # once, and not every second
                note(f"the new feed is not used: {error.message}")
            said = error.message


def _reasons(
    stack: ExitStack, store: Path | None, feed: Path | None, keys: tuple[str, ...]
) -> tuple[Reasons, FeedReasons | None]:
    from ringfence.enforce.reasons.store import StoreReasons
    from ringfence.interfaces.cli.explain import feed_reasons

    if feed is not None:
        if store is not None:
            raise click.UsageError("name a --store or a --feed")
        found = feed_reasons(feed, keys, fresh=False)
        return found, found
    house = stack.enter_context(opened(store, make=False))
    kept = StoreReasons(house.database)
    stack.callback(kept.close)
    return kept, None


def _place(listen: str) -> tuple[str, int]:
    host, colon, port = listen.rpartition(":")
    if not colon or not port.isdecimal() or int(port) >= 1 << 16 or not host:
        raise InputError(f"not ADDR:PORT: {listen!r}", hint="write 127.0.0.1:8451 or [::1]:8451")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _link(text: str) -> str:
    """An address for the Link header. Raises `InputError` for what could end it early."""
    if not text:
        return ""
    parts = urlsplit(text)
    plain = text.isascii() and text.isprintable() and not any(sign in text for sign in "<>\"'\\ `{}|^")
    if parts.scheme not in ("http", "https") or not parts.hostname or not plain:
        raise InputError(f"not an address for --blocked-by: {text!r}", hint="write https://provider.example/")
    return text


def _own(address: str, port: int) -> str:
    """This server's own address, where it is one that others can ask: it is what carries the block out."""
    if address in ("0.0.0.0", "::"):  # noqa: S104 (told apart, not bound)
        return ""
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}/" if port == 80 else f"http://{host}:{port}/"


def _handed_over() -> socket.socket:
    """The one socket that a service manager has opened. Raises `InputError`."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        raise InputError(
            "no socket was handed over", hint="start it by a systemd socket unit, or name ADDR:PORT"
        )
    return socket.socket(fileno=FIRST_SOCKET)
