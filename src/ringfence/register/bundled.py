"""The bundled registers: facts with their source and date, and no finding of anything."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import as_file, files

import msgspec

from ringfence.core.errors import InputError
from ringfence.register.csvfile import read_csv
from ringfence.register.csvtext import Problem
from ringfence.register.merge import merge
from ringfence.register.subject import Relation, Subject

# edition: (source named in every value, date of the release it was read from)
EDITIONS = {
    "2018-07": ("ccxt 1.17.1", "2018-07-24"),
    "2026-10": ("ccxt 4.5.90", "2026-10-23"),
}


def bundled(edition: str) -> tuple[Subject, ...]:
    """The sites of a bundled register, ordered by id: ``2018-07`` has 127 rows on 126 hosts.

    Rows on one host are one site with several aliases; the bundled facts about single sites
    (`data/facts.csv`) are merged in. Raises `InputError` for an unknown edition.
    """
    sites: dict[str, Subject] = {}
    for item in _rows(edition):
        if isinstance(item, Subject):
            sites[item.id] = merge(sites[item.id], item) if item.id in sites else merge(item, item)
    for fact in _facts():
        if fact["subject"] in sites:
            sites[fact["subject"]] = _with_fact(sites[fact["subject"]], fact)
    return tuple(sites[key] for key in sorted(sites))


def bundled_problems(edition: str) -> tuple[Problem, ...]:
    """What the bundled file holds that could not be used: rows without a host, codes of no country."""
    return tuple(item for item in _rows(edition) if isinstance(item, Problem))


def _rows(edition: str) -> Iterator[Subject | Problem]:
    if edition not in EDITIONS:
        raise InputError(
            f"no bundled register {edition!r}", hint="bundled are " + " and ".join(sorted(EDITIONS))
        )
    source, on = EDITIONS[edition]
    with as_file(files("ringfence.register") / "data" / f"exchanges-{edition}.csv") as path:
        yield from read_csv(path, source=source, on=on)


def _facts() -> list[dict[str, str]]:
    text = (files("ringfence.register") / "data" / "facts.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _with_fact(site: Subject, fact: dict[str, str]) -> Subject:
    """A row of facts: a ``tag``, a ``note`` or a ``relation`` (kind and target), with its source."""
    if fact["fact"] == "tag":
        return msgspec.structs.replace(site, tags=tuple(dict.fromkeys((*site.tags, fact["value"]))))
    if fact["fact"] == "note":
        return msgspec.structs.replace(site, notes=(*site.notes, f"{fact['value']} ({fact['source']})"))
    relation = msgspec.convert(
        {"kind": fact["fact"], "target": fact["value"], "source": fact["source"]}, Relation
    )
    return msgspec.structs.replace(site, relations=(*site.relations, relation))
