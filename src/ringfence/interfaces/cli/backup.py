"""`ringfence backup`: the whole store in a folder, while others go on working."""

from __future__ import annotations

from pathlib import Path

import click

from ringfence.interfaces.cli.common import emit, json_option, note, opened, store_option


@click.command()
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="The folder to write; it must not exist. It holds everything, keys too: keep it safe.",
)
@store_option
@json_option
def command(out: Path, store: Path | None, as_json: bool) -> None:
    """Write a backup of the whole store to a folder, checked against the log.

    Others may go on writing: the backup is one state. It is the same for SQLite and PostgreSQL and can be
    restored to either. With --json: {out, size, root, files, made}.

    \b
    Example:
      ringfence backup --out /mnt/backups/2026-11-22
    """
    from ringfence.evidence.backup import backup

    with opened(store, make=False) as house:
        made = backup(house, out)
    if as_json:
        emit(
            {
                "out": str(out),
                "size": made.size,
                "root": made.root,
                "files": len(made.files),
                "made": made.made,
            }
        )
    else:
        note(f"{len(made.files)} files, a log of {made.size} entries with root {made.root}: {out}")
