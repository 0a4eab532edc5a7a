"""Co-hosts: which names were seen at an address, from a dated export (passive DNS). It is the one thing
that can show that an address serves one subject alone.

ASIC 2013: one fraud site's address held 1,090 sites, another 250,000. No export is complete, so what
counts against an address is any name of another at any time, and what counts for it must be fresh and
come from two sources.
"""

from __future__ import annotations

import csv
import ipaddress
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.enforce.names import read_rule

FRESH_DAYS = 30
SOURCES = 2
COLUMNS = ("address", "name", "source", "seen")


class Sighting(msgspec.Struct, frozen=True):
    """A name at an address, as a source last saw it."""

    name: str
    source: str
    seen: date


class Cohosts:
    """Sightings by address. ``digest`` is that of the export they come from."""

    def __init__(self, sightings: Mapping[str, Iterable[Sighting]], digest: str = "") -> None:
        self.sightings = {address: tuple(found) for address, found in sightings.items()}
        self.digest = digest

    def against(self, address: str, host: str, today: date) -> list[str]:
        """The reasons (ids) why an address is not shown to serve ``host`` and the names below it alone;
        none where it is shown."""
        found = self.sightings.get(address, ())
        if not found:
            return ["address.shared_or_unproven"]
        reasons = []
        if any(name != host and not name.endswith("." + host) for name in (item.name for item in found)):
            reasons.append("address.other_names")
        if any(item.seen > today for item in found):
            reasons.append("address.proof_from_the_future")
        fresh = [item for item in found if today - timedelta(days=FRESH_DAYS) <= item.seen <= today]
        if not fresh:
            reasons.append("address.proof_too_old")
        elif len({item.source for item in fresh}) < SOURCES:
            reasons.append("address.one_source_only")
        return reasons


def read_cohosts(path: Path) -> Cohosts:
    """Read an export: CSV with the columns address, name, source, seen (YYYY-MM-DD).

    Raises `InputError` with the line for anything that cannot be read: a line skipped could be the
    one that names another tenant.
    """
    data = path.read_bytes()
    found: dict[str, list[Sighting]] = {}
    try:
        rows = csv.DictReader(data.decode("utf-8-sig").splitlines(), strict=True)
        if rows.fieldnames is None or not set(COLUMNS) <= set(rows.fieldnames):
            raise InputError(
                f"{path} is no co-hosting export", hint=f"its first line names {', '.join(COLUMNS)}"
            )
        for row in rows:
            address, sighting = _read(row, f"{path}, line {rows.line_num}")
            found.setdefault(address, []).append(sighting)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path} is no CSV file: {error}") from error
    return Cohosts(found, digest(data))


def _read(row: Mapping[str, str | None], where: str) -> tuple[str, Sighting]:
    try:
        address = str(ipaddress.ip_address((row["address"] or "").strip()))
        seen = datetime.strptime((row["seen"] or "").strip(), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise InputError(f"{where}: {error}", hint="an address, and a date as YYYY-MM-DD") from error
    source = (row["source"] or "").strip()
    rule = read_rule(row["name"] or "")
    if not rule.name or rule.wildcard or not source:
        raise InputError(
            f"{where}: no name or no source", hint="every line has an address, name, source, seen"
        )
    return address, Sighting(rule.name, source, seen)
