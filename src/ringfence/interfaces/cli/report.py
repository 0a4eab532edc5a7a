"""`ringfence report`: write a dossier for each case and a summary page."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.errors import InputError
from ringfence.core.settings import Settings
from ringfence.evidence.store import DATABASE_FILE
from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option


@click.command(name="report")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write; one that an earlier report wrote is replaced as a whole.",
)
@store_option
@json_option
def command(out: Path, store: Path | None, as_json: bool) -> None:
    """Write a dossier for each case, and a summary page, to a folder.

    The pages need no network, no script and no other file: open index.html in any browser.

    \b
    Example:
      ringfence report --out report
    """
    from ringfence.interfaces.report import write_report

    settings = Settings.read()
    folder = store or settings.store
    if not settings.database and not (folder / DATABASE_FILE).is_file():
        raise InputError(f"no store at {folder}", hint="name one with --store, or screen something first")
    with opened(folder) as house:
        written = write_report(house, out)
    if as_json:
        emit({"out": str(out), "pages": written.pages, "cases": written.cases, "seconds": written.seconds})
    else:
        count = f"{written.cases} dossier" + ("" if written.cases == 1 else "s")
        note(f"{count} and a summary in {written.seconds:.1f} s: {out / 'index.html'}")
