"""nftables: two sets of addresses, each shown to serve its subject alone, for ``nft -f``.

The file holds the sets and no rule: where in its own filter an operator drops what is in them is its
matter (docs/guide/targets.md). Loading the file again puts the new list in the old one's place in one
step. An element carries its order and expiry as a comment and no timeout: a timeout counts from the
loading, so a file loaded late would outlive its order. An ended order leaves with the next file.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence

from ringfence.core.errors import InputError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets.target import Target, checked_stream, joined

TABLE = "inet ringfence"
SETS = {4: ("blocked4", "ipv4_addr"), 6: ("blocked6", "ipv6_addr")}
_MARK = "# laboratory: true (invented; not for use outside the laboratory)"
_HEAD = re.compile(r"add (table|set) |flush set |#")
_LINE = re.compile(
    rf"add element {TABLE} (?P<set>blocked[46]) "
    r'{ (?P<address>[0-9a-f.:]+) comment "order=(?P<order>\S+) until=(?P<until>\S+)" }'
    r" # name=(?P<name>\S+) policy=(?P<policy>nodata|nxdomain|redirect)"
)


def render(entries: Sequence[Entry], *, serial: int, laboratory: bool = False) -> bytes:
    """The file; the same entries give the same bytes. Raises as `checked_stream` does, and `InputError`
    for an entry that is no single address."""
    return joined(lines(sorted(entries), serial, laboratory))


def lines(entries: Iterable[Entry], serial: int, laboratory: bool) -> Iterator[str]:
    """The same line by line, for sorted entries."""
    head = [
        "# Ringfence: addresses shown to serve one subject alone. Each names its order.",
        *([_MARK] if laboratory else []),
        f"# serial: {serial}",
        f"add table {TABLE}",
    ]
    for name, kind in SETS.values():
        head += [f"add set {TABLE} {name} {{ type {kind}; }}", f"flush set {TABLE} {name}"]
    yield "\n".join(head)
    for entry in checked_stream(entries, laboratory=laboratory):
        address = ipaddress.ip_address(entry.address or "none") if entry.address else None
        if address is None or str(address) != entry.address:
            raise InputError(f"not a single address: {entry.rule!r} of {entry.order}")
        comment = f'"order={entry.order} until={entry.expires}"'
        yield (
            f"add element {TABLE} {SETS[address.version][0]} {{ {address} comment {comment} }}"
            f" # name={entry.name} policy={entry.policy}"
        )


def parse(content: bytes) -> list[Entry]:
    """The entries of a file that `render` wrote, sorted. Raises `InputError` with the line's number."""
    try:
        text = content.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"not an nftables file: {error}") from error
    laboratory = _MARK in text
    entries = []
    for number, line in enumerate(text, 1):
        if not line or (_HEAD.match(line) and not line.startswith("add element")):
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise InputError(f"line {number} is no entry of a Ringfence nftables file: {line[:80]!r}")
        entries.append(
            Entry(
                found["name"], False, found["order"], found["policy"], found["until"], laboratory,  # type: ignore[arg-type]
                found["address"],
            )
        )  # fmt: skip
    return sorted(entries)


def target() -> Target:
    """The sets as a target. It takes addresses and exists in no laboratory: that has no network of
    its own."""
    return Target(
        "nftables",
        lambda entries, serial, laboratory: render(entries, serial=serial, laboratory=laboratory),
        parse,
        takes="addresses",
        lines=lines,
    )
