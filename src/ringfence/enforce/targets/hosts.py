"""Hosts file: ``0.0.0.0 name`` and ``:: name``, for single machines and simple filters.

A hosts file knows no wildcards and no policies, so entries below a name cannot be written (each is
reported as ``hosts.no_wildcard``), and every policy becomes an address that leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ringfence.core.errors import InputError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets.target import Fit, Target, checked_stream, joined

NOWHERE = ("0.0.0.0", "::")  # noqa: S104 (an address to answer with, not to listen on)
_MARK = "# laboratory: true (invented; not for use outside the laboratory)"
_LINE = re.compile(
    r"(?P<address>\S+) (?P<name>\S+) # order=(?P<order>\S+) policy=(?P<policy>\S+) until=(?P<until>\S+)"
)


def render(entries: Sequence[Entry], *, serial: int, laboratory: bool = False) -> bytes:
    """The file of what the format can express; the same entries give the same bytes. Raises as
    `checked_stream` does."""
    return joined(lines(sorted(entries), serial, laboratory))


def lines(entries: Iterable[Entry], serial: int, laboratory: bool) -> Iterator[str]:
    """The same line by line, for sorted entries."""
    head = [
        "# Ringfence block list. Each line names the order behind it.",
        *([_MARK] if laboratory else []),
        "# This format has no wildcards: names below those listed are not blocked.",
        f"# serial: {serial}",
    ]
    yield "\n".join(head)
    for entry in checked_stream(entries, laboratory=laboratory):
        if not entry.wildcard:
            remark = f"# order={entry.order} policy={entry.policy} until={entry.expires}"
            yield from (f"{address} {entry.name} {remark}" for address in NOWHERE)


def fit(entry: Entry) -> Fit:
    """A wildcard cannot be written."""
    return Fit(None, "hosts.no_wildcard") if entry.wildcard else Fit(entry)


def parse(content: bytes) -> list[Entry]:
    """The entries that `render` could express, sorted. Raises `InputError` with the line's number."""
    try:
        text = content.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"not a hosts file: {error}") from error
    laboratory = _MARK in text
    entries: set[Entry] = set()
    for number, line in enumerate(text, 1):
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or found["address"] not in NOWHERE:
            raise InputError(f"line {number} is no entry of a Ringfence hosts file: {line[:80]!r}")
        entries.add(
            Entry(found["name"], False, found["order"], found["policy"], found["until"], laboratory)  # type: ignore[arg-type]
        )
    return sorted(entries)


def target() -> Target:
    """The hosts file as a target."""
    return Target(
        "hosts",
        lambda entries, serial, laboratory: render(entries, serial=serial, laboratory=laboratory),
        parse,
        laboratory_ok=True,
        fit=fit,
        lines=lines,
    )
