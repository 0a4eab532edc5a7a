"""Target: what can be published to, and whether it may ever carry laboratory orders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import msgspec

from ringfence.core.errors import InputError, RefusedError
from ringfence.enforce.entry import Entry

_NAME = re.compile(
    r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)+"
)
_REFERENCE = re.compile(r"[A-Za-z0-9-]{1,64}")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Target(msgspec.Struct, frozen=True):
    """``render(entries, serial, laboratory)`` gives the bytes, ``parse`` reads them back.
    ``laboratory_ok`` says that the target exists in a laboratory too; a target without it refuses."""

    name: str
    render: Callable[[Sequence[Entry], int, bool], bytes]
    parse: Callable[[bytes], list[Entry]]
    laboratory_ok: bool = False


def checked(entries: Iterable[Entry], *, laboratory: bool) -> list[Entry]:
    """The entries sorted, each fit to be written. Raises `RefusedError` where laboratory and real
    entries would meet, `InputError` for a name that is none or stands twice.

    ``laboratory`` is the caller's statement that the target is inside the laboratory.
    """
    ordered = sorted(entries)
    for entry in ordered:
        if entry.laboratory != laboratory:
            place = "a laboratory target" if laboratory else "a real enforcement target"
            kind = "a laboratory order" if entry.laboratory else "a real order"
            raise RefusedError(
                f"{entry.order} is {kind} and cannot go to {place}",
                hint="what the laboratory makes stays in it, and nothing else goes in",
            )
        # Nothing below may break out of its line in the file, whoever wrote the entry.
        if not (_NAME.fullmatch(entry.name) and _REFERENCE.fullmatch(entry.order)):
            raise InputError(f"not an entry that can be written: {entry.rule!r} of {entry.order!r}")
        if not _STAMP.fullmatch(entry.expires):
            raise InputError(f"not an expiry: {entry.expires!r}")
    for one, other in pairwise(ordered):
        if (one.name, one.wildcard) == (other.name, other.wildcard):
            raise InputError(f"{one.rule} stands twice, by {one.order} and {other.order}")
    return ordered
