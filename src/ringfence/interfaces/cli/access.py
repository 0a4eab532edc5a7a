"""`ringfence access`: measurements of reachability, judged and made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, note
from ringfence.interfaces.cli.measure import measure
from ringfence.interfaces.cli.verdict_line import unread, verdict_line

if TYPE_CHECKING:
    from ringfence.desks.access.ooni.read import Measurement

SHOWN = 10  # bad items that are told one by one; the lines for programs have them all


@click.group(name="access")
def command() -> None:
    """Judge whether a site can be reached, and measure it."""


command.add_command(measure)


@command.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def judge(files: tuple[Path, ...]) -> int:
    """Judge OONI web_connectivity measurements: JSON, one a file, or JSON lines; gzip is fine.

    JSON lines {file, url, verdict, stage, outcome, confidence, rules}. Only raw observations are read,
    never the probe's own conclusions. What cannot be read has the verdict inconclusive, a null outcome and
    the reason in "why"; exit 2 only if nothing could be read.

    \b
    Example:
      ringfence access judge measurement.json
    """
    from ringfence.desks.access.judge import judge as judged

    good = bad = 0
    for path in files:
        for place, item in _items(path):
            if isinstance(item, InputError):
                bad += 1
                if bad <= SHOWN:
                    note(f"{path}{place}: {item.message}")
                emit({"file": str(path)} | unread(item.message))
            else:
                good += 1
                line = verdict_line(item.url, judged(item.probe, item.control)) | {"file": str(path)}
                emit(line | ({"laboratory": True} if item.laboratory else {}))
    if bad:
        note(f"{bad} of {good + bad} could not be read")
    return 0 if good else 2


def _items(path: Path) -> Iterator[tuple[str, Measurement | InputError]]:
    """What a file holds with its place; a file that cannot be read is one bad item."""
    from ringfence.desks.access.ooni.files import measurements

    try:
        for number, item in enumerate(measurements(path), 1):
            yield f", measurement {number}", item
    except InputError as error:
        yield "", error
