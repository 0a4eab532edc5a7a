"""`ringfence payments`: accounts that settle unlicensed trades, found, halted fairly, reported."""

from __future__ import annotations

import click

from ringfence.interfaces.cli.payments_assess import assess
from ringfence.interfaces.cli.payments_hold import hold
from ringfence.interfaces.cli.payments_report import report


@click.group(name="payments")
def command() -> None:
    """The payments desk: instruments propose, people decide; customers are not dealers."""


for part in (assess, hold, report):
    command.add_command(part)
