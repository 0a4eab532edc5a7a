"""Derive: what a resolver reads, made from a recipient's state. Entries whose order is over are left out,
even if no news has come since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from ringfence.core.canonical import canonical
from ringfence.core.errors import InputError
from ringfence.core.time import stamp
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed import lines
from ringfence.enforce.feed.file import FeedFile, opened_feed, write
from ringfence.enforce.feed.recipient import STATE
from ringfence.enforce.targets import hosts, rpz

Format = Literal["rpz", "hosts", "names", "accounts"]
FILES: dict[Format, str] = {
    "rpz": "rpz.zone", "hosts": "hosts", "names": "names.txt", "accounts": "accounts.jsonl",
}  # fmt: skip


def derive(folder: Path, form: Format, at: datetime, redirect: Sequence[str] = ()) -> Path:
    """Write the list that stands in one format, whole or not at all; returns its path. ``redirect`` are
    the block page's addresses (rpz). Raises `InputError`."""
    place = folder / FILES[form]
    with opened_feed(folder / STATE) as feed:
        link = feed.head.link
        of_accounts = isinstance(next(_entries(feed), None), lines.ListedAccount)
        if of_accounts != (form == "accounts") and feed.head.entries:
            what = "accounts" if of_accounts else "names"
            raise InputError(f"a list of {what} has no format {form}", hint="accounts goes with payments")
        if form == "accounts":
            write(place, _accounts(feed, at))
            return place
        if form == "names":
            write(place, _names(feed, at))
            return place
        entries = list(_in_force(feed, at))
        if form == "hosts":
            content = hosts.render(entries, serial=link.serial, laboratory=link.laboratory)
        else:
            content = rpz.render(
                entries, serial=link.serial, laboratory=link.laboratory, redirect=_addresses(redirect)
            )
    write(place, [content])
    return place


def _in_force(feed: FeedFile, at: datetime) -> Iterator[Entry]:
    moment, laboratory = stamp(at), feed.head.link.laboratory
    for line in lines.read(feed.lines(), laboratory=laboratory):
        if isinstance(line, lines.Listed) and line.until > moment:
            yield line.entry(laboratory)


def _entries(feed: FeedFile) -> Iterator[lines.Line]:
    found = lines.read(feed.lines(), laboratory=feed.head.link.laboratory)
    return (line for line in found if isinstance(line, lines.ENTRIES))


def _accounts(feed: FeedFile, at: datetime) -> Iterator[bytes]:
    moment = stamp(at)
    for line in _entries(feed):
        if isinstance(line, lines.ListedAccount) and line.until > moment:
            said = {"account": line.pseudonym, "measure": line.measure}
            said |= {"order": line.order, "until": line.until}
            if feed.head.link.laboratory:
                said["laboratory"] = "true (invented; not for use outside the laboratory)"
            yield canonical(said) + b"\n"


def _names(feed: FeedFile, at: datetime) -> Iterator[bytes]:
    if feed.head.link.laboratory:
        yield b"# laboratory: true (invented; not for use outside the laboratory)\n"
    for entry in _in_force(feed, at):
        yield entry.rule.encode("ascii") + b"\n"


def _addresses(redirect: Sequence[str]) -> Sequence[str]:
    import ipaddress

    for address in redirect:
        try:
            ipaddress.ip_address(address)
        except ValueError as error:
            raise InputError(f"not an address: {address!r}", hint="write --redirect 192.0.2.1") from error
    return redirect
