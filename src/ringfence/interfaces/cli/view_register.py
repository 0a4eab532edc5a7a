"""Subjects and imports as tables and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import msgspec

from ringfence.interfaces.cli.common import emit, table

if TYPE_CHECKING:
    from ringfence.register.store import Added, Version
    from ringfence.register.subject import Subject


def report(head: dict[str, str], added: Added, problems: int, as_json: bool) -> None:
    """What an import did."""
    counts = msgspec.to_builtins(added)
    if as_json:
        emit({**head, **counts, "problems": problems})
        return
    table(
        " ".join(["imported", *head.values()]),
        ("new", "changed", "merged", "unchanged", "problems"),
        [tuple(str(value) for value in (*counts.values(), problems))],
    )


def listing(title: str, subjects: Iterable[Subject], as_json: bool) -> None:
    """Subjects as a table, or one JSON line each."""
    rows = []
    for subject in subjects:
        if as_json:
            emit(plain(subject))
            continue
        others = ", ".join(name for name in subject.names if name != subject.name)
        mark = "laboratory" if subject.laboratory else ""
        rows.append((subject.id, subject.name, others, ", ".join(subject.countries), _rank(subject), mark))
    if not as_json:
        columns = ("subject", "name", "also", "countries", "volume rank", "mark")
        table(f"{len(rows)} of {title}", columns, rows)


def plain(subject: Subject) -> dict[str, Any]:
    """A subject's record with its host and its countries."""
    record = cast("dict[str, Any]", msgspec.to_builtins(subject))
    return {**record, "host": subject.host, "countries": subject.countries}


def _rank(subject: Subject) -> str:
    return str(max(subject.ranks, key=lambda rank: rank.as_of).place) if subject.ranks else ""


def print_subject(subject: Subject, history: tuple[Version, ...]) -> None:
    """Every fact with its source, and the versions."""
    facts: list[tuple[str, str, str]] = [("name", subject.name, subject.source)]
    facts += [("alias", alias.name, alias.source) for alias in subject.aliases]
    facts += [
        (
            item.kind,
            item.value,
            " ".join(filter(None, (item.source, _dates(item.first_seen, item.last_seen)))),
        )
        for item in subject.identifiers
    ]
    facts += [(place.kind, place.text or place.country or "", place.source) for place in subject.places]
    facts += [(relation.kind, relation.target, relation.source) for relation in subject.relations]
    facts += [(f"rank by {rank.measure}", str(rank.place), rank.source) for rank in subject.ranks]
    facts += [("tag", tag, "") for tag in subject.tags] + [("note", text, "") for text in subject.notes]
    mark = " (laboratory: invented)" if subject.laboratory else ""
    table(f"{subject.id}{mark}: a listing is no finding of a breach", ("what", "value", "source"), facts)
    rows = [(str(v.version), v.time, v.subject.name, v.digest) for v in history]
    table("history", ("version", "since", "name", "digest"), rows)


def _dates(first: str | None, last: str | None) -> str:
    return f"({first})" if first == last and first else f"({first} – {last})" if first or last else ""
