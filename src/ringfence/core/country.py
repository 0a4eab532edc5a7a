"""IP address → country: context for choosing a measure, never an element of proof.

The registered country of an address, the country of its network and the place of a server
differ, and behind an anycast network none of them says where a service is run. Unknown is
None, and is common.
"""

from __future__ import annotations

import csv
import ipaddress
import sys
import zlib
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import accumulate, pairwise
from pathlib import Path

import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError

_MAGIC = b"RINGFENCE-COUNTRY 1\n"
_BUNDLED = "country-ipv4.bin"

Row = tuple[int, int, str]  # first and last address as integers, inclusive; ISO 3166-1 alpha-2


class _Head(msgspec.Struct):
    source: str
    countries: list[str]
    ranges: int


class Countries:
    """Address ranges with a country: ``Countries.load()``, ``Countries.load(path)``.

    ``source`` names the data, ``digest`` is the SHA-256 of the bytes they were read from, for the
    references of a finding.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]], *, source: str, digest: str) -> None:
        """From rows of first address, last address (inclusive) and country. Raises `InputError`."""
        self.source = source
        self.digest = digest
        sides: dict[int, list[Row]] = {4: [], 6: []}
        for number, (start, end, country) in enumerate(rows, start=1):
            version, row = _row(number, start.strip(), end.strip(), country.strip().upper())
            sides[version].append(row)
        self._v4, self._v6 = (_Ranges.of_rows(sides[version]) for version in (4, 6))

    @classmethod
    def load(cls, path: Path | None = None) -> Countries:
        """The bundled ranges, or those of a CSV (``start,end,country``, inclusive, with or without that
        header) or of a file written by `to_bytes`. Raises `InputError`."""
        if path is None:
            return cls.from_bytes((files("ringfence.core") / "data" / _BUNDLED).read_bytes())
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError(f"cannot read {path}: {error.strerror}", hint="check the path") from error
        if data.startswith(_MAGIC):
            return cls.from_bytes(data)
        try:
            rows = [row for row in csv.reader(data.decode("utf-8-sig").splitlines()) if row]
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError(
                f"{path} is no CSV of ranges: {error}", hint="write start,end,country"
            ) from error
        if rows and [cell.strip().lower() for cell in rows[0]] == ["start", "end", "country"]:
            rows = rows[1:]
        for number, row in enumerate(rows, start=1):
            if len(row) != 3:
                raise InputError(
                    f"range {number} of {path} has {len(row)} cells", hint="write start,end,country"
                )
        # Named by its content: the same file under another name, or sealed in a store, is the same source.
        sealed = digest(data)
        return cls(((a, b, c) for a, b, c in rows), source=f"ranges {sealed[:19]}", digest=sealed)

    def lookup(self, address: str) -> str | None:
        """The country of an address (IPv6-mapped IPv4 as IPv4), or None if unknown. Raises `InputError`
        for what is no address."""
        try:
            ip = ipaddress.ip_address(address.partition("%")[0])
        except ValueError as error:
            raise InputError(
                f"not an IP address: {address[:60]!r}", hint="write 192.0.2.1 or 2001:db8::1"
            ) from error
        if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        return (self._v4 if ip.version == 4 else self._v6).lookup(int(ip))

    def to_bytes(self) -> bytes:
        """The compact form, IPv4 only: a header line of JSON, then compressed the lengths of consecutive
        spans as 32-bit little-endian integers and one country byte each (0: unknown)."""
        countries = sorted(set(self._v4.countries))
        codes = {country: number for number, country in enumerate(countries, start=1)}
        lengths, marks, at = array("I"), bytearray(), 0
        for start, end, country in zip(self._v4.starts, self._v4.ends, self._v4.countries, strict=True):
            for length, mark in ((start - at, 0), (end + 1 - start, codes[country])):
                if length:
                    # A span of 2**32 does not fit: no country has all addresses.
                    lengths.append(length)
                    marks.append(mark)
            at = end + 1
        if sys.byteorder == "big":
            lengths.byteswap()
        head = msgspec.json.encode(_Head(self.source, countries, len(marks)))
        return _MAGIC + head + b"\n" + zlib.compress(lengths.tobytes() + bytes(marks), 9)

    @classmethod
    def from_bytes(cls, data: bytes) -> Countries:
        """Reads what `to_bytes` writes. Raises `InputError`."""
        try:
            magic, line, body = data.split(b"\n", 2)
            head = msgspec.json.decode(line, type=_Head)
            raw = zlib.decompress(body)
            if magic + b"\n" != _MAGIC or len(raw) != head.ranges * 5:
                raise ValueError("its length does not fit its header")
        except (ValueError, zlib.error, msgspec.MsgspecError) as error:
            raise InputError(f"not a file of countries: {error}", hint="fetch it again") from error
        lengths = array("I", raw[: head.ranges * 4])
        if sys.byteorder == "big":
            lengths.byteswap()
        found = cls((), source=head.source, digest=digest(data))
        ends = list(accumulate(lengths))
        marks = raw[head.ranges * 4 :]
        known = [index for index, mark in enumerate(marks) if mark]
        found._v4 = _Ranges(
            array("I", (ends[index] - lengths[index] for index in known)),
            array("I", (ends[index] - 1 for index in known)),
            [head.countries[marks[index] - 1] for index in known],
        )
        return found


class _Ranges:
    """Sorted ranges that do not overlap."""

    def __init__(self, starts: Sequence[int], ends: Sequence[int], countries: Sequence[str]) -> None:
        self.starts, self.ends, self.countries = starts, ends, countries

    @classmethod
    def of_rows(cls, rows: list[Row]) -> _Ranges:
        rows = sorted(rows)
        for (_, end, _), (start, _, _) in pairwise(rows):
            if start <= end:
                raise InputError(
                    f"two ranges overlap at {start}",
                    hint="an address has one country: remove one, or use `disjoint`",
                )
        return cls([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])

    def lookup(self, number: int) -> str | None:
        index = bisect_right(self.starts, number) - 1
        return self.countries[index] if index >= 0 and number <= self.ends[index] else None


def disjoint(rows: Iterable[Row]) -> tuple[list[Row], int]:
    """Ranges without what more than one of them claims for different countries, and how many addresses
    that left out: where a source contradicts itself, the country is unknown. Neighbours of one
    country are joined."""
    events = sorted(event for start, end, code in rows for event in ((start, 1, code), (end + 1, -1, code)))
    open_now: dict[str, int] = {}
    result: list[Row] = []
    left_out, at = 0, 0
    for position, change, code in events:
        if position > at and open_now:
            if len(open_now) > 1:
                left_out += position - at
            else:
                _append(result, (at, position - 1, next(iter(open_now))))
        at = position
        open_now[code] = open_now.get(code, 0) + change
        if not open_now[code]:
            del open_now[code]
    return result, left_out


def _append(rows: list[Row], row: Row) -> None:
    if rows and rows[-1][2] == row[2] and rows[-1][1] + 1 == row[0]:
        rows[-1] = (rows[-1][0], row[1], row[2])
    else:
        rows.append(row)


def _row(number: int, start: str, end: str, country: str) -> tuple[int, Row]:
    try:
        first, last = ipaddress.ip_address(start), ipaddress.ip_address(end)
    except ValueError as error:
        raise InputError(f"range {number}: {error}", hint="write start,end,country with addresses") from error
    if first.version != last.version or int(first) > int(last):
        raise InputError(
            f"range {number}: {start} to {end} is no range", hint="write the lower address first"
        )
    if len(country) != 2 or not country.isalpha() or not country.isascii():
        raise InputError(
            f"range {number}: {country[:20]!r} is no country code", hint="write ISO 3166-1 alpha-2"
        )
    return first.version, (int(first), int(last), country)
