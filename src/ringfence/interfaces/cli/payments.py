"""`ringfence payments`: accounts that settle unlicensed trades, found, halted fairly, reported."""

from __future__ import annotations

import click

from ringfence.interfaces.cli.payments_assess import assess
from ringfence.interfaces.cli.payments_backtest import backtest
from ringfence.interfaces.cli.payments_forget import forget
from ringfence.interfaces.cli.payments_graph import graph
from ringfence.interfaces.cli.payments_hold import hold
from ringfence.interfaces.cli.payments_monitor import monitor
from ringfence.interfaces.cli.payments_pseudonym import pseudonym
from ringfence.interfaces.cli.payments_report import report
from ringfence.interfaces.cli.payments_resolve import resolve
from ringfence.interfaces.cli.payments_score import score
from ringfence.interfaces.cli.payments_simulate import simulate


@click.group(name="payments")
def command() -> None:
    """The payments desk: accounts that settle unlicensed trades in coins. It proposes; people decide, and
    customers are not dealers."""


for part in (
    monitor, score, graph, backtest, assess, hold, report, resolve, pseudonym, forget, simulate,
):  # fmt: skip
    command.add_command(part)
