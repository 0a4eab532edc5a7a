"""Checkpoint: the size and root of a log, as it is signed (https://c2sp.org/tlog-checkpoint)."""

from __future__ import annotations

import base64
import binascii
import re

import msgspec

from ringfence.core.note import Note, NoteError, PublicKey

_TEXT = re.compile(rb"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


class Checkpoint(msgspec.Struct, frozen=True):
    """``origin`` is the name of the log's key; ``root`` has 32 bytes. We write no extension lines."""

    origin: str
    size: int
    root: bytes

    def to_text(self) -> bytes:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n".encode()

    @classmethod
    def from_text(cls, text: bytes) -> Checkpoint:
        """Reads `to_text`. Raises `NoteError` for anything that it would not have written."""
        found = _TEXT.fullmatch(text)
        try:
            if found:
                made = cls(found[1].decode("utf-8"), int(found[2]), base64.b64decode(found[3], validate=True))
                if made.to_text() == text:
                    return made
        except (UnicodeDecodeError, binascii.Error):
            pass
        raise NoteError("not a checkpoint: three lines, origin, size and root")


def opened(data: bytes, key: PublicKey) -> tuple[Checkpoint, Note]:
    """A checkpoint signed by its log, and the note it came in. Raises `NoteError` if it is not."""
    note = Note.from_bytes(data)
    checkpoint = Checkpoint.from_text(note.text)
    if checkpoint.origin != key.name:
        raise NoteError(f"a checkpoint of {checkpoint.origin}, not of {key.name}")
    if not note.signed_by(key):
        raise NoteError(f"the checkpoint is not signed by {key.name}")
    return checkpoint, note
