"""Head: the few lines that are signed. They name, by digest and size, everything else in the feed.

Two parts. The *link* says what the list is at a serial and which link came before: it never changes, and
its digest is the next one's ``previous``. Below it stand how long the head may be relied on, the delta
from the serial before, and the keys: these may be signed anew for the same link.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import InputError
from ringfence.core.note import PublicKey
from ringfence.core.time import parse_stamp

TITLE = "ringfence feed v1"
MAX_HEAD = 16 << 10  # bytes of a head with its signatures
MAX_PAYLOAD = 4 << 30  # bytes; a signed size above it is refused before anything is read

_DIGEST = r"sha256:[0-9a-f]{64}"
_NUMBER = r"0|[1-9][0-9]{0,11}"
_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_TEXT = re.compile(
    rf"(?P<link>{TITLE}\n"
    r"(?P<name>[^\n ]{1,128})\n"
    rf"serial (?P<serial>{_NUMBER})\n"
    r"laboratory (?P<laboratory>true|false)\n"
    rf"snapshot (?P<snapshot>{_DIGEST}) (?P<size>{_NUMBER})\n"
    rf"previous (?P<previous>none|(?:{_NUMBER}) {_DIGEST})\n)"
    rf"entries (?P<entries>{_NUMBER})\n"
    rf"delta (?P<delta>none|{_DIGEST} (?:{_NUMBER}))\n"
    rf"made (?P<made>{_STAMP})\n"
    rf"valid-until (?P<until>{_STAMP})\n"
    r"(?P<keys>(?:key [^\n ]{1,256}\n){1,4})",
    re.ASCII,
)


class Payload(msgspec.Struct, frozen=True):
    """Bytes named by their SHA-256 and their size."""

    digest: str
    size: int


class Link(msgspec.Struct, frozen=True):
    """What the list is at one serial. ``previous`` is (serial, digest of its link), None for the first."""

    name: str
    serial: int
    laboratory: bool
    snapshot: Payload
    previous: tuple[int, str] | None

    def to_text(self) -> str:
        """The lines that are hashed for the next link."""
        before = f"{self.previous[0]} {self.previous[1]}" if self.previous else "none"
        return (
            f"{TITLE}\n{self.name}\nserial {self.serial}\nlaboratory {str(self.laboratory).lower()}\n"
            f"snapshot {self.snapshot.digest} {self.snapshot.size}\nprevious {before}\n"
        )

    @property
    def digest(self) -> str:
        """``sha256:`` of the text."""
        return digest(self.to_text().encode())


class Head(msgspec.Struct, frozen=True):
    """See the module. ``delta`` leads from the previous link to this one; ``made`` and ``valid_until`` are
    UTC stamps; every one of ``keys`` must have signed."""

    link: Link
    entries: int
    delta: Payload | None
    made: str
    valid_until: str
    keys: tuple[PublicKey, ...]

    def to_text(self) -> str:
        """The text that is signed."""
        delta = f"{self.delta.digest} {self.delta.size}" if self.delta else "none"
        keys = "".join(f"key {key.to_text()}\n" for key in self.keys)
        return (
            f"{self.link.to_text()}entries {self.entries}\ndelta {delta}\n"
            f"made {self.made}\nvalid-until {self.valid_until}\n{keys}"
        )

    @classmethod
    def from_text(cls, data: bytes) -> Head:
        """Reads what `to_text` wrote, and nothing else. Raises `InputError`."""
        found = _TEXT.fullmatch(_decoded(data))
        if found is None:
            raise InputError("not the head of a feed")
        previous = None
        if found["previous"] != "none":
            number, _, value = found["previous"].partition(" ")
            previous = (int(number), value)
        delta = None
        if found["delta"] != "none":
            value, _, number = found["delta"].partition(" ")
            delta = Payload(value, int(number))
        link = Link(
            name=found["name"],
            serial=int(found["serial"]),
            laboratory=found["laboratory"] == "true",
            snapshot=Payload(found["snapshot"], int(found["size"])),
            previous=previous,
        )
        keys = tuple(PublicKey.from_text(line[4:]) for line in found["keys"].splitlines())
        head = cls(link, int(found["entries"]), delta, found["made"], found["until"], keys)
        head._check()
        return head

    def _check(self) -> None:
        sizes = [self.link.snapshot.size, self.delta.size if self.delta else 0]
        if max(sizes) > MAX_PAYLOAD:
            raise InputError(f"a feed of {max(sizes)} bytes; at most {MAX_PAYLOAD} are read")
        if (self.delta is None) != (self.link.previous is None):
            raise InputError("not the head of a feed: a delta and the serial that it starts from go together")
        if self.link.previous and self.link.previous[0] >= self.link.serial:
            raise InputError("not the head of a feed: its serial is not above the one before")
        if len(set(self.keys)) != len(self.keys) or any(key.name != self.link.name for key in self.keys):
            raise InputError("not the head of a feed: a key stands twice or has another name than the feed")
        if not parse_stamp(self.made) < parse_stamp(self.valid_until):
            raise InputError("not the head of a feed: it ends before it begins")

    def fresh(self, at: datetime) -> bool:
        """Whether the head may still be relied on."""
        return at < parse_stamp(self.valid_until)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise InputError("not the head of a feed: not ASCII") from error
