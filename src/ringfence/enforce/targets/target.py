"""Target: what can be published to, and whether it may ever carry laboratory orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from ringfence.cases.ladder import ACCOUNT_LADDER
from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry
from ringfence.enforce.wish import Takes

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)+")
_ACCOUNT = re.compile(r"account:[0-9a-f]{32}", re.ASCII)
_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")

Lines = Callable[[Iterable[Entry], int, bool], Iterator[str]]


class Fit(msgspec.Struct, frozen=True):
    """How an entry fits a format: ``entry`` as it is written (None: it cannot be), and ``reason`` (an
    id) where that is less than the order says."""

    entry: Entry | None
    reason: str = ""


class Target(msgspec.Struct, frozen=True):
    """``render(entries, serial, laboratory)`` gives the bytes, ``parse`` reads them back.

    ``laboratory_ok`` says that the target exists in a laboratory too; a target without it refuses.
    ``takes`` is what it lists. ``fit`` says what the format can express. ``lines`` is the same as
    ``render`` for sorted entries that come one by one: it yields lines without their end, the head
    first and in one piece; the serial stands in the head and nowhere else. A target without it is
    rendered at once.
    """

    name: str
    render: Callable[[Sequence[Entry], int, bool], bytes]
    parse: Callable[[bytes], list[Entry]]
    laboratory_ok: bool = False
    takes: Takes = "names"
    fit: Callable[[Entry], Fit] = Fit
    lines: Lines | None = None

    def chunks(self, entries: Iterable[Entry], serial: int, laboratory: bool) -> Iterator[bytes]:
        """The bytes of the artefact piece by piece, the head first."""
        if self.lines is None:
            yield self.render(list(entries), serial, laboratory)
            return
        lines = self.lines(entries, serial, laboratory)
        size = 1  # the head by itself
        while part := list(islice(lines, size)):
            yield ("\n".join(part) + "\n").encode("ascii")
            size = 4096


def joined(lines: Iterable[str]) -> bytes:
    """Lines as one file."""
    return ("\n".join(lines) + "\n").encode("ascii")


def checked(entries: Iterable[Entry], *, laboratory: bool) -> list[Entry]:
    """The entries sorted, each fit to be written. Raises as `checked_stream`.

    ``laboratory`` is the caller's statement that the target is inside the laboratory.
    """
    return list(checked_stream(sorted(entries), laboratory=laboratory))


def checked_stream(entries: Iterable[Entry], *, laboratory: bool) -> Iterator[Entry]:
    """Sorted entries, each checked as it passes. Raises `RefusedError` where laboratory and real
    entries would meet, `InputError` for a name that is none, stands twice or is out of order."""
    before: Entry | None = None
    order = expires = ""
    is_name, is_reference = _NAME.fullmatch, _REFERENCE.fullmatch
    for entry in entries:
        if entry.laboratory != laboratory:
            _same_place(entry, laboratory)
        # Nothing may break out of its line in the file, whoever wrote the entry.
        named = len(entry.name) <= 253 and is_name(entry.name)
        if not (named and (entry.order == order or is_reference(entry.order))):
            raise InputError(f"not an entry that can be written: {entry.rule!r} of {entry.order!r}")
        order = entry.order
        if entry.expires != expires:
            if not _STAMP.fullmatch(entry.expires):
                raise InputError(f"not an expiry: {entry.expires!r}")
            expires = entry.expires
        if before is not None and not before.name < entry.name:
            _in_order(before, entry)
        yield entry
        before = entry


def checked_accounts(entries: Iterable[Entry], *, laboratory: bool) -> list[Entry]:
    """Entries of accounts, sorted. Raises `RefusedError` where laboratory and real entries would meet,
    `InputError` for what is no account by its pseudonym, no measure on accounts, or stands twice."""
    ordered = sorted(entries)
    for before, entry in zip([None, *ordered], ordered, strict=False):
        _same_place(entry, laboratory)
        if not (_ACCOUNT.fullmatch(entry.name) and _REFERENCE.fullmatch(entry.order)):
            raise InputError(f"not an account that can be listed: {entry.name!r} of {entry.order!r}")
        if entry.measure not in ACCOUNT_LADDER or entry.wildcard or entry.address:
            raise InputError(f"no measure on accounts: {entry.measure!r}")
        if not _STAMP.fullmatch(entry.expires):
            raise InputError(f"not an expiry: {entry.expires!r}")
        if before is not None and before.name == entry.name:
            raise InputError(f"{entry.name} stands twice, by {before.order} and {entry.order}")
    return ordered


def _same_place(entry: Entry, laboratory: bool) -> None:
    if entry.laboratory != laboratory:
        place = "a laboratory target" if laboratory else "a real enforcement target"
        kind = "a laboratory order" if entry.laboratory else "a real order"
        raise RefusedError(
            f"{entry.order} is {kind} and cannot go to {place}",
            hint="what the laboratory makes stays in it, and nothing else goes in",
        )


def _in_order(before: Entry, entry: Entry) -> None:
    if before.rule == entry.rule:
        raise InputError(f"{entry.rule} stands twice, by {before.order} and {entry.order}")
    if (entry.name, entry.wildcard) < (before.name, before.wildcard):
        raise InputError(f"{entry.rule} comes after {before.rule}: entries must be sorted")
