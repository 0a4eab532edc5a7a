"""`ringfence payments assess`: from what monitoring said of accounts to findings and cases in a store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.core.errors import InputError
from ringfence.core.words import counted
from ringfence.interfaces.cli.common import DATE, emit, note, opened, store_option, today

if TYPE_CHECKING:
    from ringfence.desks.payments.result import AccountResult

MAX_LINE = 1 << 20  # bytes of one account's result


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--jurisdiction", default="cn", show_default=True, help="The pack to assess under.")
@click.option("--as-of", type=DATE, help="The date of conduct and of decision (default: today).")
@click.option("--conduct", type=DATE, help="The date of the conduct, where it is another.")
@store_option
def assess(
    file: Path, jurisdiction: str, as_of: date | None, conduct: date | None, store: Path | None
) -> int:
    """Keep what monitoring said of accounts (FILE, JSON lines, pseudonyms only), find and assess, and open a
    case where a provision is made out. JSON lines {account, findings, assessment, case}.

    A line is {account: "account:" and 32 hexadecimal digits, score and parameters in whole numbers,
    recommend, typologies, transactions: ["payment:" and 32 digits], payers, ledger, rules}; one that names
    an account otherwise is refused and counted, and no identifier repeated. A single indicator leaves every
    element unclear; who buys for themselves is protected. Exit 2 where no line could be read.
    """
    from ringfence.pipeline.account import Under, keep_accounts

    decision = as_of or today()
    under = Under(jurisdiction, conduct or decision, decision)
    bad = 0

    def results() -> Iterator[AccountResult]:
        nonlocal bad
        from ringfence.desks.payments.result import AccountResult

        with file.open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_LINE + 1):
                number += 1
                try:
                    if len(line) > MAX_LINE:
                        while line and not line.endswith(b"\n"):
                            line = stream.readline(MAX_LINE)
                        raise InputError(f"longer than {MAX_LINE} bytes")
                    if line.strip():
                        yield AccountResult.from_json(line)
                except InputError as error:
                    bad += 1
                    note(f"line {number}: {error.message}")

    done = 0
    with opened(store) as house:
        for told in keep_accounts(house, results(), under):
            emit(told)
            done += 1
    if bad:
        note(f"{counted(bad, 'line')} could not be read")
    return 0 if done or not bad else 2
