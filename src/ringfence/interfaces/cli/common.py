"""What commands share: the store, tables for people, JSON for programs, dates and vantages."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from ringfence.core.errors import InputError
from ringfence.core.settings import Settings
from ringfence.core.time import parse_date
from ringfence.evidence.vantage import DIRECT, Vantage, load_vantages

if TYPE_CHECKING:  # help and shell completion open no store, and need not wait for a database library
    from ringfence.evidence.store import Store

F = TypeVar("F", bound=Callable[..., Any])

store_option = click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    help="The embedded store's folder (or RINGFENCE_STORE; default ./store).",
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="JSON on standard output instead of a table."
)


FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def vantage_options(function: F) -> F:
    """``--vantage`` and ``--vantages``, for `choose`."""
    one = click.option(
        "--vantage",
        "vantage_names",
        multiple=True,
        metavar="NAME",
        help="A vantage to look from; twice for inside and outside (default: direct).",
    )
    file = click.option(
        "--vantages", "vantage_file", type=FILE, help="TOML file of vantages (or RINGFENCE_VANTAGES)."
    )
    return one(file(function))


class DateParam(click.ParamType[date]):
    """A date written YYYY-MM-DD."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        if isinstance(value, date):
            return value
        try:
            return parse_date(value)
        except InputError as error:
            self.fail(f"{error.message} ({error.hint})", param, ctx)


DATE = DateParam()


# Rooms declare their tables when they are imported; `make schema` writes the migration from all of them.
ROOMS = (
    "ringfence.core.work",
    "ringfence.core.due",
    "ringfence.evidence.store",
    "ringfence.evidence.retention_order",
    "ringfence.evidence.redaction",
    "ringfence.evidence.tables",
    "ringfence.register.store",
    "ringfence.rulebook.records",
    "ringfence.cases.docket",
    "ringfence.enforce.publish",
    "ringfence.enforce.primary.tables",
    "ringfence.verify.verification",
)


def rooms_declared() -> None:
    """Import every room with tables, for commands that speak of all records (`log`): each room states
    beside its tables what they hold."""
    for room in ROOMS:
        importlib.import_module(room)


@contextmanager
def opened(folder: Path | None, *, make: bool = True) -> Iterator[Store]:
    """The store, opened for one command, and made if it is not there. Without ``make`` (a command that
    only reads) a folder that holds none is an `InputError`, so that a misspelt path makes no new store."""
    from ringfence.evidence.store import DATABASE_FILE, Store

    settings = Settings.read()
    place = folder or settings.store
    if not make and not settings.database and not (place / DATABASE_FILE).exists():
        raise InputError(
            f"no store at {place}", hint="name one with --store or RINGFENCE_STORE, or screen something first"
        )
    house = Store(place, settings.database)
    try:
        yield house
    finally:
        house.close()


def emit(item: object) -> None:
    """One JSON line on standard output."""
    sys.stdout.buffer.write(msgspec.json.encode(item) + b"\n")
    sys.stdout.buffer.flush()


def emit_all(items: Iterable[object]) -> None:
    """A stream of JSON lines on standard output; on a terminal each as it comes."""
    encode, write = msgspec.json.encode, sys.stdout.buffer.write
    watched = sys.stdout.isatty()
    for item in items:
        write(encode(item) + b"\n")
        if watched:
            sys.stdout.buffer.flush()
    sys.stdout.buffer.flush()


def note(text: str) -> None:
    """A message for the person at the keyboard, on standard error."""
    click.echo(text, err=True)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table on standard output, as wide as the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    for at, column in enumerate(columns):
        # What is copied (a host, an id) is one word: it is never broken where there is room at all.
        cells = [row[at] for row in rows]
        word = all(len(cell) <= 28 and " " not in cell for cell in cells)
        longest = max(map(len, cells), default=0) if word else 0
        grid.add_column(column, overflow="fold", min_width=longest or None)
    for row in rows:
        # Text, not markup: a host or a title must not be able to style or forge our output.
        grid.add_row(*(Text(cell) for cell in row))
    Console().print(grid)


@contextmanager
def progress(what: str, total: int | None, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, only where somebody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.advance(task, count)


def today() -> date:
    """The date now, UTC."""
    return datetime.now(UTC).date()


def choose(names: tuple[str, ...], file: Path | None) -> tuple[Vantage | None, Vantage | None]:
    """The outside and the inside vantage named (`direct` needs no file). Raises `InputError`."""
    outside, inside = choose_sides(names, file)
    for side, vantages in (("outside", outside), ("inside", inside)):
        if len(vantages) > 1:
            raise InputError(
                f"two vantages on the {side}: {' and '.join(vantage.name for vantage in vantages[:2])}",
                hint="name at most one inside and one outside",
            )
    return next(iter(outside), None), next(iter(inside), None)


def choose_sides(names: tuple[str, ...], file: Path | None) -> tuple[list[Vantage], list[Vantage]]:
    """All vantages named, those outside and those inside, in the order given. Raises `InputError`."""
    path = file or Settings.read().vantages
    known = {DIRECT.name: DIRECT, **(load_vantages(path) if path else {})}
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise InputError(
            f"no vantage {unknown!r}", hint=f"known: {', '.join(known)}; name a file with --vantages"
        )
    chosen = [known[name] for name in dict.fromkeys(names or (DIRECT.name,))]
    sides = ([v for v in chosen if v.role == side] for side in ("outside", "inside"))
    outside, inside = sides
    return outside, inside
