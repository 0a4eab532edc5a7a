"""`ringfence register`: the platforms that are watched. A listing is no finding of anything."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, cast

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.interfaces.cli.common import (
    DATE,
    emit,
    json_option,
    note,
    opened,
    progress,
    store_option,
)
from ringfence.interfaces.cli.output import written
from ringfence.interfaces.cli.view_register import listing, plain, print_subject, report

if TYPE_CHECKING:  # the room itself is imported when a command runs: help needs none of it
    from ringfence.register.csvtext import Problem
    from ringfence.register.store import Register
    from ringfence.register.subject import Subject

FORMATS = click.Choice(["csv", "ftm"])


@click.group(name="register")
def command() -> None:
    """The register of platforms: sites and firms, with the source of every fact.

    \b
    Examples:
      ringfence register bundled 2018-07
      ringfence register import platforms.csv --source "supervisor's list" --on 2018-08-24
      ringfence register show huobi.pro
    """


@command.command(name="import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=FORMATS, help="Default: csv where the name ends in .csv, else ftm.")
@click.option("--source", help="Who says so (default: the file's name).")
@click.option("--on", type=DATE, help="The date of the list (CSV only).")
@click.option("--encoding", help="The file's encoding (CSV only; default: UTF-8 or what its mark says).")
@click.option("--laboratory", is_flag=True, help="Mark every subject as invented, of the laboratory.")
@store_option
@json_option
def import_(
    file: Path,
    form: str | None,
    source: str | None,
    on: date | None,
    encoding: str | None,
    laboratory: bool,
    store: Path | None,
    as_json: bool,
) -> None:
    """Import FILE: CSV with at least name,host, or FollowTheMoney JSON lines.

    Rows that cannot be used are reported with their line and counted; the others are imported.
    Importing the same again changes nothing.
    """
    form = form or ("csv" if file.suffix.lower() in (".csv", ".tsv", ".txt") else "ftm")
    if form == "ftm" and (on or encoding):
        raise click.UsageError("--on and --encoding are for CSV; FollowTheMoney carries its own")
    items: Iterator[Subject | Problem]
    if form == "csv":
        from ringfence.register.csvfile import read_csv

        day = on.isoformat() if on else None
        items = read_csv(file, source=source, on=day, encoding=encoding, laboratory=laboratory)
    else:
        items = _entities(file, source or f"file:{file.name}", laboratory)
    # The head of the file is read before a store is made: a file that is no register leaves nothing.
    first = next(items, None)
    counted = _Counted(str(file), chain([first] if first is not None else [], items))
    with opened(store) as house, progress("importing", None) as advance:
        from ringfence.register.store import Register

        added = Register(house.database).add(counted.subjects(advance))
    if counted.bad and not counted.good:
        raise InputError(
            f"nothing in {file} could be used: {counted.bad} problems",
            hint="see the lines above; a CSV needs the columns name and host",
        )
    report({"file": str(file), "format": form}, added, counted.bad, as_json)


@command.command()
@click.argument("edition")
@store_option
@json_option
def bundled(edition: str, store: Path | None, as_json: bool) -> None:
    """Import a bundled register: EDITION is 2018-07 or 2026-10."""
    from ringfence.register.bundled import bundled as sites
    from ringfence.register.bundled import bundled_problems

    found = sites(edition)
    problems = bundled_problems(edition)
    for problem in problems:
        note(f"{edition}:{problem.line}: {problem.problem} ({problem.hint})")
    with opened(store) as house:
        from ringfence.register.store import Register

        added = Register(house.database).add(found)
    report({"edition": edition}, added, len(problems), as_json)


@command.command()
@click.option("--format", "form", type=FORMATS, default="csv", show_default=True)
@click.option("--out", type=click.Path(path_type=Path), help="A file instead of standard output.")
@store_option
@click.option("--json", "as_json", is_flag=True, help="A JSON summary on standard output (with --out).")
def export(form: str, out: Path | None, store: Path | None, as_json: bool) -> None:
    """Export the register as CSV (sites only) or as FollowTheMoney JSON lines."""
    if as_json and out is None:
        raise click.UsageError("--json needs --out: standard output takes the export itself")
    from ringfence.register.csvfile import write_csv
    from ringfence.register.ftm import write_ftm
    from ringfence.register.store import Register

    with opened(store, make=False) as house, written(out) as stream:
        register = Register(house.database)
        total = len(register)
        if form == "csv":
            text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=True)
            count = write_csv(register, cast(TextIO, text))
            text.detach()
        else:
            count = total
            for line in write_ftm(register):
                stream.write(line)
    if count < total:
        note(f"{total - count} firms have no host and are not in a CSV: --format ftm has them")
    if as_json:
        emit({"format": form, "out": str(out), "subjects": count, "left_out": total - count})
    elif out is not None:
        note(f"{count} subjects written to {out}")


@command.command(name="list")
@click.option("--kind", type=click.Choice(["site", "firm"]), help="Sites or firms only.")
@store_option
@json_option
def list_(kind: str | None, store: Path | None, as_json: bool) -> None:
    """List every subject, by id."""
    from ringfence.register.store import Register
    from ringfence.register.subject import Kind

    with opened(store, make=False) as house:
        listing("the register", Register(house.database).iterate(kind=cast("Kind | None", kind)), as_json)


@command.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@store_option
@json_option
def search(text: str, limit: int, store: Path | None, as_json: bool) -> None:
    """Find subjects by host, name or alias: exact matches first."""
    from ringfence.register.store import Register

    with opened(store, make=False) as house:
        found = Register(house.database).search(text, limit=limit)
    if not found:
        note(f"nothing on the register is called {text!r}")
    listing(f"called {text}", found, as_json)


@command.command()
@click.argument("subject", metavar="SUBJECT|HOST")
@store_option
@json_option
def show(subject: str, store: Path | None, as_json: bool) -> None:
    """Show what the register says of a subject, by whom, and what it said before."""
    from ringfence.register.store import Register

    with opened(store, make=False) as house:
        register = Register(house.database)
        for found in _asked(register, subject):
            history = register.history(found.id)
            if as_json:
                versions = [
                    {"version": v.version, "time": v.time, "digest": v.digest, "name": v.subject.name}
                    for v in history
                ]
                emit({**plain(found), "digest": found.digest, "history": versions})
            else:
                print_subject(found, history)


class _Counted:
    """Hands on the subjects of a file; reports and counts its problems."""

    def __init__(self, name: str, items: Iterable[Subject | Problem]) -> None:
        self._name, self._items = name, items
        self.good = self.bad = 0

    def subjects(self, advance: Any) -> Iterator[Subject]:  # noqa: ANN401 (a progress bar's callback)
        from ringfence.register.csvtext import Problem

        for item in self._items:
            if isinstance(item, Problem):
                self.bad += 1
                hint = f" ({item.hint})" if item.hint else ""
                note(f"{self._name}:{item.line}: {item.problem}{hint}")
                continue
            self.good += 1
            advance(1)
            yield item


def _entities(file: Path, source: str, laboratory: bool) -> Iterator[Subject | Problem]:
    from ringfence.register.csvtext import Problem
    from ringfence.register.ftm import read_ftm

    try:
        with file.open("rb") as lines:
            for item in read_ftm(lines, source=source):
                marked = laboratory and not isinstance(item, Problem)
                yield msgspec.structs.replace(item, laboratory=True) if marked else item
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}", hint="check the path") from error


def _asked(register: Register, text: str) -> tuple[Subject, ...]:
    """The subject with this id, or those that a host identifies. Raises `InputError` for none."""
    one = register.get(text)
    if one is not None:
        return (one,)
    found = () if text.startswith(("site:", "firm:")) else register.by_host(text)
    if not found:
        raise InputError(f"not on the register: {text!r}", hint=f"try ringfence register search {text[:60]}")
    return found
