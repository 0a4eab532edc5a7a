"""Accounts: what a signed list asks of a payment firm, read only once it is found genuine and current."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.core.note import PublicKey
from ringfence.core.time import stamp
from ringfence.enforce.feed import lines
from ringfence.enforce.feed.check import check, contents, payload
from ringfence.enforce.feed.file import FeedFile, opened_feed
from ringfence.enforce.feed.folder import SNAPSHOT
from ringfence.enforce.feed.head import Head
from ringfence.enforce.feed.recipient import KEY, STATE
from ringfence.enforce.feed.verify import current, genuine, kind


class Asked(msgspec.Struct, frozen=True):
    """One account that is listed and not over, with the grounds of its order."""

    listed: lines.ListedAccount
    grounds: lines.Grounds


def asked(
    path: Path, trusted: Sequence[PublicKey], at: datetime, *, laboratory: bool = False
) -> tuple[Head, list[Asked]]:
    """What a list asks at an instant: a snapshot, a publisher's folder, or a state folder (of `feed apply`,
    which alone knows that nothing newer was seen). Without ``trusted`` the key that the state folder keeps.
    Raises `FeedRefusedError` for what is not genuine or not current, `InputError` for what is no such list.
    """
    file = path
    if path.is_dir():
        if (path / STATE).exists():
            file, trusted = path / STATE, trusted or _kept(path / KEY)
        else:
            check(path, trusted, at)
            file = path / SNAPSHOT
    if not trusted:
        raise InputError("no key is trusted yet", hint="name the publisher's with --key")
    with opened_feed(file) as feed:
        genuine(feed.signed, trusted)
        current(feed.head, at)
        kind(feed.head, laboratory)
        payload(feed)
        return feed.head, _asked(feed, stamp(at))


def _asked(feed: FeedFile, moment: str) -> list[Asked]:
    if feed.kind != "snapshot":
        raise InputError(f"{feed.name} is a delta: it says what changes, not what stands", hint="feed apply")
    grounds: dict[str, lines.Grounds] = {}
    found: list[Asked] = []
    for line in contents(feed):
        if isinstance(line, lines.About) and line.feed != lines.ACCOUNTS:
            raise InputError(f"{feed.name} is no list of accounts", hint="publish --target payments")
        if isinstance(line, lines.Grounds):
            grounds[line.grounds] = line
        elif isinstance(line, lines.ListedAccount) and line.until > moment:
            found.append(Asked(line, grounds[line.grounds]))
    return found


def _kept(file: Path) -> list[PublicKey]:
    try:
        return [PublicKey.from_text(text) for text in file.read_text("ascii").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file.parent} keeps no key", hint="name it with --key") from error
