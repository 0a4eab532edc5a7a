"""Registers as CSV: read what people have, write what spreadsheets may open without harm."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

import msgspec

from ringfence.core.errors import InputError
from ringfence.register.csvtext import Problem, Record, encoding_of, records
from ringfence.register.isocodes import country_code
from ringfence.register.subject import Alias, Identifier, Place, Rank, Relation, Subject, make_site

COLUMNS = ("name", "host", "countries", "www", "aliases", "id", "volume_rank", "laboratory")
MAX_NAME = 300

_HEADERS = {
    "name": "name title brand exchange platform ae_commercial_name 名称 平台名称 平台".split(),
    "host": "host domain hostname url website site web ae_website 网址 域名 网站".split(),
    "www": ["www"],
    "countries": "countries country jurisdiction 国家".split(),
    "aliases": "aliases alias aka 别名".split(),
    "id": "id ccxt ccxt_id".split(),
    "volume_rank": ["volume_rank"],
    "laboratory": ["laboratory"],
}
_ORDER = "host domain www url website site web ae_website 网址 域名 网站 hostname".split()
_DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def read_csv(
    path: Path,
    *,
    source: str | None = None,
    on: str | None = None,
    encoding: str | None = None,
    laboratory: bool = False,
) -> Iterator[Subject | Problem]:
    """The sites of a CSV file, and its bad rows, in file order and flat memory.

    Needed are a name and a host column in any of their usual spellings; columns id, countries,
    www, aliases, volume_rank and laboratory are read too, others ignored. Comma, semicolon and
    tab separate cells; a cell may hold several hosts, by semicolon, bar or line, and each becomes
    a site. ``source`` names the list (default: the file's name), ``on`` its ISO date. Raises
    `InputError` for a file that cannot be read at all or has no usable header.
    """
    chosen = encoding_of(path, encoding)
    origin = source or f"file:{path.name}"
    with path.open("r", encoding=chosen, newline="") as stream:
        line, columns, delimiter = _header(stream, path)
        for row in records(stream, delimiter, first_line=line + 1):
            if isinstance(row, Problem):
                yield row
            else:
                yield from _sites(row, columns, origin, on, laboratory)


def write_csv(subjects: Iterable[Subject], stream: TextIO) -> int:
    """Write sites as CSV that `read_csv` reads back; returns how many. Firms have no host and are skipped.

    A cell that a spreadsheet would run as a formula is written with an apostrophe before it,
    which `read_csv` takes off again.
    """
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    count = 0
    for subject in subjects:
        if subject.host is None:
            continue
        ids = [item.value for item in subject.identifiers if item.kind == "ccxt"]
        cells = (
            subject.name,
            subject.host,
            ";".join(subject.countries),
            ";".join(subject.urls),
            "|".join(name.replace("|", "/") for name in subject.names if name != subject.name),
            ";".join(ids),
            _latest_rank(subject),
            "true" if subject.laboratory else "",
        )
        writer.writerow([_guard(cell) for cell in cells])
        count += 1
    return count


def _header(stream: TextIO, path: Path) -> tuple[int, dict[str, list[int]], str]:
    number = 0
    for number, text in enumerate(iter(lambda: stream.readline(65536), ""), start=1):
        if not text.strip():
            continue
        for delimiter in ",;\t":
            columns = _columns(next(csv.reader([text], delimiter=delimiter), []))
            if columns["name"] and (columns["host"] or columns["www"]):
                return number, columns, delimiter
        break
    raise InputError(
        f"{path} has no header with a name and a host column", hint="begin the file with the line name,host"
    )


def _columns(cells: list[str]) -> dict[str, list[int]]:
    names = [cell.strip().strip("\ufeff").lower().replace(" ", "_") for cell in cells]
    found = {key: [i for i, name in enumerate(names) if name in known] for key, known in _HEADERS.items()}
    # `hostname` in ccxt is a template of its API's host: last among the candidates.
    found["host"].sort(key=lambda index: _ORDER.index(names[index]))
    found["width"] = [len(cells)]
    return found


def _sites(
    row: Record, columns: dict[str, list[int]], source: str, on: str | None, lab: bool
) -> Iterator[Subject | Problem]:
    width = columns["width"][0]
    if any(cell.strip() for cell in row.cells[width:]):
        hint = "quote cells that hold the separator"
        yield Problem(row.line, f"{len(row.cells)} cells where the header has {width}", hint)
        return
    cells = {
        key: [_unguard(row.cells[i]) for i in at if i < len(row.cells)]
        for key, at in columns.items()
        if key != "width"
    }
    name = next((cell.strip() for cell in cells["name"] if cell.strip()), "")
    if len(name) > MAX_NAME or _CONTROL.search(name):
        yield Problem(
            row.line, f"a name of {len(name)} characters, or with control characters", "correct the name"
        )
        return
    written = next((cell for cell in (*cells["www"], *cells["host"]) if cell.strip()), "")
    hosts = [item.strip() for item in re.split(r"[;|\r\n,]+", written) if item.strip()]
    if not hosts:
        yield Problem(
            row.line, f"no host for {name[:60]!r}" if name else "no name and no host", "write a host"
        )
        return
    sites: dict[str, Subject] = {}
    for host in hosts:
        try:
            site = make_site(host, name, source, on=on)
        except InputError as error:
            yield Problem(row.line, error.message, error.hint)
        else:
            sites.setdefault(site.id, site)
    places, notes = _places(row.line, cells["countries"], source, on)
    ranks, more = _ranks(row.line, cells["volume_rank"], source, on)
    yield from (item for item in (*notes, *more) if sites)
    # The laboratory's mark travels in the file, so that an export and its import do not wash it off.
    marked = lab or any(cell.strip().lower() == "true" for cell in cells["laboratory"])
    for site in sites.values():
        ids = [value.strip() for cell in cells["id"] for value in cell.split(";") if value.strip()]
        yield msgspec.structs.replace(
            site,
            identifiers=(*site.identifiers, *(Identifier("ccxt", value, source, on, on) for value in ids)),
            aliases=_aliases(cells["aliases"], source),
            places=places,
            relations=tuple(Relation("listed_with", other, source) for other in sites if other != site.id),
            ranks=ranks,
            laboratory=marked,
        )


def _aliases(cells: list[str], source: str) -> tuple[Alias, ...]:
    names = (name.strip() for cell in cells for name in cell.split("|"))
    return tuple(
        Alias(name, source) for name in names if name and len(name) <= MAX_NAME and not _CONTROL.search(name)
    )


def _places(
    line: int, cells: list[str], source: str, on: str | None
) -> tuple[tuple[Place, ...], list[Problem]]:
    places: list[Place] = []
    problems: list[Problem] = []
    for written in (item.strip() for cell in cells for item in re.split(r"[;|,]", cell)):
        code = country_code(written)
        if code:
            places.append(Place("jurisdiction", code, source, as_of=on))
        elif written:
            problems.append(
                Problem(line, f"no country has the code {written[:20]!r}", "the row was imported without it")
            )
    return tuple(dict.fromkeys(places)), problems


def _ranks(
    line: int, cells: list[str], source: str, on: str | None
) -> tuple[tuple[Rank, ...], list[Problem]]:
    ranks: list[Rank] = []
    problems: list[Problem] = []
    for written in (cell.strip() for cell in cells if cell.strip()):
        if re.fullmatch(r"[1-9][0-9]{0,6}", written, re.ASCII):
            ranks.append(Rank(int(written), "volume", on or "", source))
        else:
            problems.append(
                Problem(line, f"no volume rank: {written[:20]!r}", "the row was imported without it")
            )
    return tuple(ranks), problems


def _latest_rank(subject: Subject) -> str:
    return str(max(subject.ranks, key=lambda rank: rank.as_of).place) if subject.ranks else ""


def _guard(cell: str) -> str:
    return "'" + cell if _DANGEROUS.match(cell) else cell


def _unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _DANGEROUS.match(cell) else cell
