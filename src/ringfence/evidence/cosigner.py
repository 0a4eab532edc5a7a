"""Cosigner: a witness that has seen a log grow says so (https://c2sp.org/tlog-cosignature, cosignature/v1).

The signature is Ed25519 over a line that names the format, a line with the time and the text of the
checkpoint; what stands in the note is the time (8 bytes) and the signature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ringfence.core.note import Note, NoteError, SecretKey

_TYPE = b"\x04"


class Cosigner(msgspec.Struct, frozen=True):
    """Whose cosignature is checked: a name and 32 bytes."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes: the start of SHA-256(name ‖ newline ‖ 0x04 ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _TYPE + self.key).digest()[:4]

    def to_text(self) -> str:
        """One line, ``name+id+base64``, without its newline."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_TYPE + self.key).decode('ascii')}"

    @classmethod
    def from_text(cls, text: str) -> Cosigner:
        """Reads `to_text`. Raises `NoteError`."""
        try:
            name, _, value = text.strip().split("+", 2)
            data = base64.b64decode(value, validate=True)
            made = cls(name, data[1:])
            Ed25519PublicKey.from_public_bytes(made.key)
        except (ValueError, binascii.Error) as error:
            raise NoteError("not a witness's key: it is written name+id+base64") from error
        if made.to_text() != text.strip() or data[:1] != _TYPE or not name:
            raise NoteError("not a witness's key (cosignature/v1): its type, id or base64 is another")
        return made

    @classmethod
    def of(cls, secret: SecretKey) -> Cosigner:
        """The public side of a secret key that is used for cosigning, and for nothing else."""
        return cls(secret.name, secret.public.key)

    def time(self, note: Note) -> int | None:
        """When this witness cosigned the note (seconds since 1970); None if it did not, or wrongly."""
        found = [value for name, id_, value in note.signatures if (name, id_) == (self.name, self.id)]
        if not found or not all(self._verifies(value, note.text) for value in found):
            return None
        return max(int.from_bytes(value[:8], "big") for value in found)

    def _verifies(self, value: bytes, text: bytes) -> bool:
        if len(value) != 72:
            return False
        message = _message(text, int.from_bytes(value[:8], "big"))
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(value[8:], message)
        except InvalidSignature:
            return False
        return True


def cosign(text: bytes, secret: SecretKey, seconds: int) -> tuple[str, bytes, bytes]:
    """The signature of a checkpoint's text at a time, as a `Note` holds it."""
    return (
        secret.name,
        Cosigner.of(secret).id,
        seconds.to_bytes(8, "big") + secret.sign(_message(text, seconds)),
    )


def _message(text: bytes, seconds: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % seconds + text
