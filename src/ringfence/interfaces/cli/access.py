"""`ringfence access`: measurements of reachability, judged and made."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import emit, note
from ringfence.interfaces.cli.verdict_line import unread, verdict_line


@click.group(name="access")
def command() -> None:
    """Judge whether a site can be reached, and measure it."""


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
    from ringfence.desks.access.ooni.files import measurements

    good = bad = 0
    for path in files:
        try:
            for item in measurements(path):
                if isinstance(item, InputError):
                    _report(path, item)
                    bad += 1
                    continue
                good += 1
                emit(verdict_line(item.url, judged(item.probe, item.control)) | {"file": str(path)})
        except InputError as error:
            _report(path, error)
            bad += 1
    if bad:
        note(f"{bad} of {good + bad} could not be read")
    return 0 if good else 2


def _report(path: Path, error: InputError) -> None:
    note(f"{path}: {error.message}")
    emit({"file": str(path)} | unread(error.message))
