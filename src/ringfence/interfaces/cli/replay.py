"""`ringfence replay`: find and assess again over everything stored, with the network closed."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.offline import close_network
from ringfence.interfaces.cli.common import emit, json_option, opened, store_option, table
from ringfence.pipeline import replay


@click.command(name="replay")
@store_option
@json_option
def command(store: Path | None, as_json: bool) -> int:
    """Find and assess again from the stored bytes and compare: exit 1 if a byte differs."""
    close_network()
    with opened(store) as house:
        replayed = replay(house)
    result = {
        "subjects": replayed.subjects,
        "findings": replayed.findings,
        "assessments": replayed.assessments,
        "identical": replayed.identical,
        "different": replayed.different,
    }
    if as_json:
        emit(result)
    else:
        table("Replay", ("what", "value"), [(name, str(value)) for name, value in result.items()])
    return 0 if replayed.identical else 1
