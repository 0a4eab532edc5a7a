"""Verify: whether a head is genuine, and follows from the one before. Every refusal says why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from ringfence.core.errors import RingfenceError
from ringfence.core.note import PublicKey, any_signed
from ringfence.core.time import parse_stamp
from ringfence.enforce.feed.file import Signed
from ringfence.enforce.feed.head import Head

SKEW = timedelta(minutes=10)  # how far a publisher's clock may be ahead of ours


class FeedRefusedError(RingfenceError):
    """A feed that must not be used. ``reason`` is one word: key, signature, stale, future, rollback,
    fork, gap, laboratory, name, payload."""

    exit_code = 1

    def __init__(self, reason: str, message: str, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


def genuine(signed: Signed, trusted: Sequence[PublicKey]) -> None:
    """The head is signed by a trusted key, and by every key that it lists (so a key is passed on only
    where the old and the new one both sign). Raises `FeedRefusedError`."""
    if not any_signed(signed.note, trusted):
        ids = {(key.name, key.id) for key in trusted}
        claimed = any((name, id_) in ids for name, id_, _ in signed.note.signatures)
        if claimed:
            raise FeedRefusedError("signature", "the signature is not one of this text: the head was changed")
        names = ", ".join(key.to_text() for key in signed.head.keys)
        raise FeedRefusedError(
            "key",
            "not signed by the key that you trust",
            hint=f"it names {names}; ask the publisher elsewhere",
        )
    for key in signed.head.keys:
        if not signed.note.signed_by(key):
            raise FeedRefusedError("signature", f"the head lists {key.to_text()}, which has not signed it")
    if not any(key in signed.head.keys for key in trusted):
        raise FeedRefusedError("key", "the key that you trust signs this feed, but is not one of its keys")


def current(head: Head, at: datetime) -> None:
    """The head is to be relied on now. Raises `FeedRefusedError`."""
    if not head.fresh(at):
        raise FeedRefusedError(
            "stale",
            f"serial {head.link.serial} was good until {head.valid_until}",
            hint="fetch it again; an old list that is offered again may be an attack",
        )
    if parse_stamp(head.made) > at + SKEW:
        raise FeedRefusedError("future", f"made at {head.made}, which is not yet", hint="check the clock")


def kind(head: Head, laboratory: bool) -> None:
    """The laboratory's lists and real ones never meet. Raises `FeedRefusedError`."""
    if head.link.laboratory != laboratory:
        what = "a laboratory's list" if head.link.laboratory else "a real list"
        raise FeedRefusedError(
            "laboratory",
            f"{what}, and this is the other place",
            hint="--laboratory is for the laboratory only",
        )


def follows(old: Head, new: Head) -> bool:
    """Whether ``new`` is the very next after ``old`` (True) or the same list (False). Raises
    `FeedRefusedError` for another feed, an earlier serial, a fork and a gap."""
    here, there = old.link, new.link
    if (here.name, here.laboratory) != (there.name, there.laboratory):
        raise FeedRefusedError("name", f"this is the feed {there.name}, not {here.name}")
    if there.serial < here.serial:
        raise FeedRefusedError(
            "rollback", f"serial {there.serial} is older than {here.serial}, which is applied"
        )
    if there.serial == here.serial:
        if there != here:
            raise FeedRefusedError(
                "fork",
                f"another list under the same serial {here.serial}",
                hint="the publisher signed two histories: keep both files and ask",
            )
        return False
    if there.previous is None or there.previous[0] < here.serial:
        raise FeedRefusedError(
            "fork", f"serial {there.serial} does not go back to {here.serial}, which is applied",
            hint="the publisher signed two histories: keep both files and ask",
        )  # fmt: skip
    if there.previous[0] > here.serial:
        raise FeedRefusedError(
            "gap",
            f"serial {there.serial} follows {there.previous[0]}, and {here.serial} is applied",
            hint="fetch the deltas between, or take the snapshot with --skip-history",
        )
    if there.previous[1] != here.digest:
        raise FeedRefusedError(
            "fork", f"serial {there.serial} follows another list than the one applied as {here.serial}",
            hint="the publisher signed two histories: keep both files and ask",
        )  # fmt: skip
    return True
