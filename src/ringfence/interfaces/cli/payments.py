"""`ringfence payments`: which accounts settle unlicensed trades, and worlds to try that on."""

from __future__ import annotations

import click

from ringfence.interfaces.cli.payments_score import score
from ringfence.interfaces.cli.payments_simulate import simulate


@click.group(name="payments")
def command() -> None:
    """The payments desk: accounts that settle unlicensed trades in coins. It proposes; people decide."""


command.add_command(score)
command.add_command(simulate)
