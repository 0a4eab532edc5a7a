"""`ringfence payments pseudonym`: hits and alerts in pseudonyms, for the store's side of the house."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.core.words import counted
from ringfence.interfaces.cli.common import FILE, emit, note

if TYPE_CHECKING:
    from ringfence.desks.payments.mac import Keys

MAX_LINE = 16 << 20  # bytes
# What names nobody and is told on; words and parameters are left out, as they may name somebody.
_PLAIN = ("event", "n", "typology", "score", "severity", "ts", "first_ts", "last_ts", "currency", "recommend")


@click.command()
@click.option("--vault", type=FILE, required=True, help="The vault with the keys; nothing is added to it.")
def pseudonym(vault: Path) -> int:
    """Read lines of `payments score` or `payments monitor` (JSON, with account, tx_id or transactions) from
    standard input, and write each with pseudonyms instead: account, payment, transactions.

    Nothing is turned back, so nothing is recorded. Lines that are none are counted; exit 2 where none was.

    \b
    Example:
      ringfence payments pseudonym --vault vault.sqlite < hits.jsonl
    """
    from ringfence.desks.payments.vault import Vault

    with Vault(vault) as kept:
        keys = kept.keys()
    done = bad = 0
    while line := sys.stdin.buffer.readline(MAX_LINE + 1):
        if not line.strip():
            continue
        try:
            if len(line) > MAX_LINE:
                raise InputError("too long")
            emit(_told(msgspec.json.decode(line), keys))
            done += 1
        except (msgspec.MsgspecError, UnicodeDecodeError, InputError):
            bad += 1
            while line and not line.endswith(b"\n"):
                line = sys.stdin.buffer.readline(MAX_LINE)
    if bad:
        note(f"{counted(bad, 'line')} could not be read")
    return 0 if done or not bad else 2


def _told(one: Any, keys: Keys) -> dict[str, Any]:  # noqa: ANN401 (any JSON)
    from ringfence.desks.payments.mac import mac
    from ringfence.desks.payments.pseudonym import account, payment

    if not isinstance(one, dict) or not isinstance(one.get("account"), str):
        raise InputError("no account")
    told: dict[str, Any] = {name: one[name] for name in _PLAIN if name in one}
    told["account"] = account(mac(keys, "accounts", one["account"].strip()))
    if isinstance(one.get("tx_id"), str):
        told["payment"] = payment(keys, one["tx_id"])
    listed = one.get("transactions")
    if isinstance(listed, list) and all(isinstance(name, str) for name in listed):
        told["transactions"] = [payment(keys, name) for name in listed]
    return told
