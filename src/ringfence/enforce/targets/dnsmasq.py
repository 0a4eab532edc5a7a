"""dnsmasq: the small resolver of routers and company networks, as a file for ``--conf-file``.

What its lines cover (dnsmasq(8), 2.90): ``local=/name/`` and ``address=/name/…/`` take the name *and*
every name below it; ``host-record`` the name alone; nothing takes the names below without the name.
So a name with its wildcard is written as ``local`` (NXDOMAIN below), with a ``txt-record`` that names
the order and makes the name itself NODATA; a name alone as a ``host-record`` that leads nowhere; a
wildcard without its name is not written and is reported.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby

from ringfence.core.errors import InputError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets.target import Fit, Target, checked_stream, joined

NOWHERE = ("0.0.0.0", "::")  # noqa: S104 (an address to answer with, not to listen on)
_MARK = "# laboratory: true (invented; not for use outside the laboratory)"
_REMARK = re.compile(
    r"# order=(?P<order>\S+) policy=(?P<policy>nodata|nxdomain|redirect) until=(?P<until>\S+)"
    r" covers=(?P<covers>name|name-and-below)"
)
_LINE = re.compile(
    r"(?:local=/(?P<local>[^/\s]+)/|address=/(?P<page>[^/\s]+)/(?P<to>\S+)"
    r"|host-record=(?P<record>[^,\s]+),\S+|txt-record=(?P<txt>[^,\s]+),order=\S+)"
)


def render(
    entries: Sequence[Entry], *, serial: int, laboratory: bool = False, redirect: Sequence[str] = ()
) -> bytes:
    """The file; the same entries give the same bytes. Raises as `checked_stream` does, and `InputError`
    for a wildcard without its name and a redirect without an address."""
    return joined(lines(sorted(entries), serial, laboratory, redirect=redirect))


def lines(
    entries: Iterable[Entry], serial: int, laboratory: bool, *, redirect: Sequence[str] = ()
) -> Iterator[str]:
    """The same line by line, for sorted entries."""
    page = [str(ipaddress.ip_address(text)) for text in redirect]
    head = [
        "# Ringfence block list for dnsmasq. Above each name stands the order behind it.",
        *([_MARK] if laboratory else []),
        f"# serial: {serial}",
    ]
    yield "\n".join(head)
    for name, group in groupby(checked_stream(entries, laboratory=laboratory), key=lambda entry: entry.name):
        found = list(group)
        if found[0].wildcard:
            raise InputError(f"dnsmasq cannot block {found[0].rule} without {name}")
        if len(found) == 2 and _grounds(found[0]) != _grounds(found[1]):
            # Two orders: one line cannot name both, so the narrower one stands by itself above.
            raise InputError(f"{name} and {found[1].rule} stand by different orders")
        yield from _lines(found[0], len(found) == 2, page)


def _grounds(entry: Entry) -> tuple[str, str, str]:
    return entry.order, entry.policy, entry.expires


def _lines(entry: Entry, below: bool, page: list[str]) -> Iterator[str]:
    covers = "name-and-below" if below else "name"
    yield f"# order={entry.order} policy={entry.policy} until={entry.expires} covers={covers}"
    name = entry.name
    if entry.policy == "redirect":
        if not page:
            raise InputError(f"{entry.order} redirects, but the block page has no address")
        if below:
            yield from (f"address=/{name}/{address}" for address in page)
        else:
            yield f"host-record={name},{','.join(page)}"
    elif below:
        yield f"local=/{name}/"
        if entry.policy == "nodata":
            yield f"txt-record={name},order={entry.order}"
    else:
        yield f"host-record={name},{','.join(NOWHERE)}"


def parse(content: bytes) -> list[Entry]:
    """The entries of a file that `render` wrote, sorted. Raises `InputError` with the line's number."""
    try:
        text = content.decode("ascii").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"not a dnsmasq file: {error}") from error
    laboratory = _MARK in text
    entries: set[Entry] = set()
    remark: re.Match[str] | None = None
    for number, line in enumerate(text, 1):
        remark = _REMARK.fullmatch(line) or remark
        if not line or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line)
        if found is None or remark is None:
            raise InputError(f"line {number} is no entry of a Ringfence dnsmasq file: {line[:80]!r}")
        name = next(found[key] for key in ("local", "page", "record", "txt") if found[key])
        for wildcard in (False, True) if remark["covers"] == "name-and-below" else (False,):
            entries.add(
                Entry(name, wildcard, remark["order"], remark["policy"], remark["until"], laboratory)  # type: ignore[arg-type]
            )
    return sorted(entries)


class Fitting:
    """What the format can express of each entry; entries come sorted, a name before its wildcard."""

    def __init__(self, redirect: Sequence[str]) -> None:
        self.redirect = redirect
        self.before: Entry | None = None

    def __call__(self, entry: Entry) -> Fit:
        """The entry as it is written, and why that is less than the order says."""
        policy, reason = entry.policy, ""
        if policy == "redirect" and not self.redirect:
            policy, reason = "nodata", "redirect.no_page"
        fitted = Entry(entry.name, entry.wildcard, entry.order, policy, entry.expires, entry.laboratory)
        before, self.before = self.before, fitted
        if not entry.wildcard:
            return Fit(fitted, reason)
        if before is None or before.name != entry.name:
            return Fit(None, "dnsmasq.below_without_name")
        if _grounds(before) != _grounds(fitted):
            return Fit(None, "dnsmasq.two_orders")
        return Fit(fitted, reason)


def target(redirect: Sequence[str] = ()) -> Target:
    """dnsmasq as a target, with the addresses of the block page. Make one for each publication."""
    return Target(
        "dnsmasq",
        lambda entries, serial, laboratory: render(
            entries, serial=serial, laboratory=laboratory, redirect=redirect
        ),
        parse,
        laboratory_ok=True,
        fit=Fitting(tuple(redirect)),
        lines=partial(lines, redirect=redirect),
    )
