"""Parts that the tests of the feed share: a publisher with its history in memory, and a recipient."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ringfence.core.canonical import digest
from ringfence.core.note import SecretKey
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed.folder import Signer, Written, write_folder
from ringfence.enforce.feed.head import Link, Payload
from ringfence.enforce.feed.recipient import Recipient
from ringfence.enforce.targets.feed import render

START = datetime(2018, 8, 24, 9, tzinfo=UTC)
KEY = SecretKey("feed.example/cn", bytes(range(32)))
NEXT = SecretKey("feed.example/cn", bytes(range(1, 33)))
STRANGER = SecretKey("feed.example/cn", bytes(32))
UNTIL = "2019-02-20T09:00:00.000000Z"


def order(name: str) -> Any:
    """What the feed takes of an order."""
    return SimpleNamespace(
        id=name,
        authority="financial authority",
        legal_basis="Announcement of seven authorities, ¶3 (关于防范代币发行融资风险的公告)",
        form="order",
        addressee="telecom authority",
        appeal=("reconsideration within 60 days", "court within 6 months"),
        activated_at="2018-08-24T08:00:00.000000Z",
        proposed_at="2018-08-23T08:00:00.000000Z",
    )


def entry(name: str, wildcard: bool = False, until: str = UNTIL, **more: Any) -> Entry:
    reference = "RF-" + digest(name.encode())[7:11].upper() + "-AAAA-BBBB"
    return Entry(name, wildcard, reference, more.pop("policy", "nodata"), until, **more)


class Publisher:
    """Lists as they were published, and a folder that they are written to."""

    def __init__(self, folder: Path, *keys: SecretKey, laboratory: bool = False) -> None:
        self.folder = folder
        self.keys = keys or (KEY,)
        self.laboratory = laboratory
        self.at = START
        self.contents: list[bytes] = []
        self.links: list[Link] = []

    def add(self, entries: Sequence[Entry]) -> Link:
        content = render(entries, order=order, laboratory=self.laboratory)
        last = self.links[-1] if self.links else None
        previous = (last.serial, last.digest) if last else None
        serial = last.serial + 1 if last else 1
        link = Link(
            self.keys[0].name, serial, self.laboratory, Payload(digest(content), len(content)), previous
        )
        self.links.append(link)
        self.contents.append(content)
        return link

    def content(self, link: Link) -> bytes:
        return self.contents[self.links.index(link)]

    def signer(self) -> Signer:
        return Signer(tuple(self.keys), self.at)

    def write(self) -> Written:
        return write_folder(self.folder, self.links, self.content, self.signer())

    def publish(self, *entries: Entry) -> Written:
        self.at += timedelta(minutes=1)
        self.add(entries)
        return self.write()

    @property
    def snapshot(self) -> Path:
        return self.folder / "snapshot.feed"

    def delta(self, serial: int) -> Path:
        return self.folder / "delta" / f"{serial:010d}.feed"

    def recipient(self, folder: Path) -> Recipient:
        return Recipient(folder, laboratory=self.laboratory, clock=lambda: self.at)
