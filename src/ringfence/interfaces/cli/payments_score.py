"""`ringfence payments score`: a stream of payments, event by event."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

import click

from ringfence.core.errors import InputError
from ringfence.core.words import counted
from ringfence.interfaces.cli.apart import apart
from ringfence.interfaces.cli.common import FILE, note
from ringfence.interfaces.cli.measures import size_of, time_of
from ringfence.interfaces.cli.output import device, is_device

_READ: Final = 1 << 20


@click.command()
@click.option("--rules", "rule_file", type=FILE, help="TOML file of rules; what it leaves out stays.")
@click.option("--prices", type=FILE, help="CSV: ts, asset, quote, price.")
@click.option("--exchange-accounts", type=FILE, help="CSV: account, name. Never complete.")
@click.option("--contacts", type=FILE, help="CSV: account, source, first_seen.")
@click.option("--lateness", default="0s", show_default=True, help="How late a payment may come.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here, each line once.")
@click.option("--state", type=click.Path(file_okay=False, path_type=Path), help="Folder of checkpoints.")
@click.option(
    "--vault", type=click.Path(dir_okay=False, path_type=Path),
    help="File of names and keys (default: beside the state, STATE.vault).",
)  # fmt: skip
@click.option("--every", default=100_000, show_default=True, help="Payments from one checkpoint to the next.")
@click.option("--memory", default="", help="Memory for windows, such as 1GB; the rest is in files.")
@click.option("--goes-on", is_flag=True, help="At the end of the input keep open what may still grow.")
def score(
    rule_file: Path | None, prices: Path | None, exchange_accounts: Path | None, contacts: Path | None,
    lateness: str, out: Path | None, state: Path | None, vault: Path | None, every: int, memory: str,
    goes_on: bool,
) -> int:  # fmt: skip
    """Read payments (JSON lines, or CSV with a header) from standard input, and write at once what each
    leads to: a line "hit" where an account's alert begins or grows, a line "alert" when it is final.

    \b
    Example:
      ringfence payments score --lateness 5s --state state --out alerts.jsonl < payments.jsonl
    """
    from ringfence.desks.payments.lists import read_contacts, read_exchange_accounts, read_prices
    from ringfence.desks.payments.online.checkpoint import Folder
    from ringfence.desks.payments.online.identities import Listed
    from ringfence.desks.payments.online.session import Session
    from ringfence.desks.payments.rules import load_rules
    from ringfence.desks.payments.vault import Vault

    if sys.stdin is None:
        raise InputError("no standard input", hint="payments score < payments.jsonl")
    apart((rule_file, prices, exchange_accounts, contacts, vault), {"--out": out}, {"--out"})
    if out and _same(out):
        raise InputError(f"--out {out} is the input", hint="name another file")
    allowed, bound = time_of(lateness), size_of(memory) if memory else 0
    listed: Any = Listed()
    exchanges = read_exchange_accounts(exchange_accounts, listed) if exchange_accounts else set()
    seen = read_contacts(contacts, listed) if contacts else {}
    priced = read_prices(prices) if prices else None
    for line in priced.lines() if priced else ():
        note(f"prices: {line}")
    with ExitStack() as stack:
        folder = kept = None
        if state:
            folder = Folder(state)
            stack.callback(folder.close)
            home = state.resolve()
            place = vault or home.with_name(f"{home.name}.vault")
            if place.resolve().is_relative_to(home):
                raise InputError("the vault lies in the state's folder", hint="keep the two apart")
            kept = stack.enter_context(Vault(place))
        elif vault or goes_on:
            raise InputError("--vault and --goes-on need --state", hint="name a folder for checkpoints")
        target: Path | BinaryIO = out or sys.stdout.buffer
        if out and is_device(out):  # which cannot be cut back
            target = stack.enter_context(device(out))
        session = stack.enter_context(
            Session(
                load_rules(rule_file), target, note,
                exchanges=frozenset(listed.names[at] for at in exchanges),
                contacts={listed.names[at]: since for at, since in seen.items()},
                prices=priced,
                lateness=allowed, memory=bound, folder=folder, vault=kept, every=every,
            )
        )  # fmt: skip
        stop = _Stop()
        before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            _run(session, goes_on, stop)
        except KeyboardInterrupt:
            session.save()
            raise
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)
            _told(session)
        lost = sum(session.stream.refused.values()) and not session.stream.taken
    return 2 if lost else 0  # nothing of it could be processed


def _same(out: Path) -> bool:
    """Whether a file to write is what standard input reads."""
    try:
        return out.is_file() and os.path.samestat(out.stat(), os.fstat(sys.stdin.fileno()))
    except (OSError, ValueError):  # no standard input
        return False


class _Stop:
    """Interrupts only while input is waited for: what was begun is finished, so that the checkpoint is of
    whole payments."""

    def __init__(self) -> None:
        self.asked = self.waiting = False

    def __call__(self, number: int, frame: object) -> None:
        self.asked = True
        if self.waiting:
            raise KeyboardInterrupt

    def wait(self, source: Any) -> bytes:  # noqa: ANN401 (a buffered reader)
        """What has come, and not more: a payment is not to wait until a block is full."""
        try:
            self.waiting = True
            if self.asked:
                raise KeyboardInterrupt
            part: bytes = source.read1(_READ)
            return part
        finally:
            self.waiting = False


def _run(session: Any, goes_on: bool, stop: _Stop) -> None:  # noqa: ANN401 (a `Session`)
    source: Any = sys.stdin.buffer
    if session.bytes:
        note(f"goes on after line {session.lines:,} (byte {session.bytes:,}) of the input")
    session.skip(source)
    rest = b""
    while True:
        part = stop.wait(source)
        if part and session.ended:
            raise InputError("the stream of this folder has ended", hint="begin with a new folder")
        *lines, rest = (rest + part).split(b"\n")
        session.feed(line + b"\n" for line in lines)
        if not part:
            session.feed([rest] if rest else [])
            break
    if goes_on:
        session.save()
    elif not session.ended:
        session.end()


def _told(session: Any) -> None:  # noqa: ANN401 (a `Session`)
    from ringfence.desks.payments.quarantine import REASONS

    stream = session.stream
    note(f"{counted(stream.shelf.rows, 'payment')} scored, {counted(stream.told, 'line')} told")
    spill = stream.scorer.spill
    if spill.out:
        note(
            f"windows went to files {spill.out:,} times ({8 * spill.written / 1e6:,.0f} MB) and came back "
            f"{spill.back:,} times; those of {spill.books:,} books are there"
        )
    for why, count in sorted(stream.refused.items()):
        note(f"refused {count:,}: {REASONS.get(why, why)}")
