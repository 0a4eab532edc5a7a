"""`ringfence restore`: a store from a backup, or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.core.settings import Settings
from ringfence.interfaces.cli.common import emit, json_option, note, store_option


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@store_option
@json_option
def command(folder: Path, store: Path | None, as_json: bool) -> None:
    """Make a store from a backup in DIR. A damaged backup is refused, and nothing is made.

    The store's folder must not exist. Where RINGFENCE_DATABASE is set, its database must be empty and
    takes the rows, whichever engine the backup is from. With --json: {store, size, root, files}.

    \b
    Example:
      ringfence restore /mnt/backups/2026-11-22 --store /srv/ringfence
    """
    from ringfence.evidence.backup import restore

    settings = Settings.read()
    place = store or settings.store
    made = restore(folder, place, settings.database)
    if as_json:
        emit({"store": str(place), "size": made.size, "root": made.root, "files": len(made.files)})
    else:
        note(f"{place}: a log of {made.size} entries with root {made.root}, as of {made.made}")
