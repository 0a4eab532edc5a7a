"""Signed notes: a text with Ed25519 signatures below it (https://c2sp.org/signed-note).

The signature is over the exact bytes of the text, which ends in a newline. Then follow an empty line
and one line a signature: an em dash, the key's name, and the base64 of key id and signature. Keys are
written as in Go's `sumdb/note`: ``name+id+base64`` in public, ``PRIVATE+KEY+name+id+base64`` in secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ringfence.core.errors import InputError

MAX_SIGNATURES = 16  # a note with more is refused unread
_ED25519 = b"\x01"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}")  # narrower than C2SP, which forbids space and plus
_LINE = re.compile(r"— (?P<name>[^ +]+) (?P<value>[A-Za-z0-9+/]+={0,2})")


class NoteError(InputError):
    """A note or key that is not as it should be, or not signed by the key asked for."""


class PublicKey(msgspec.Struct, frozen=True):
    """Whose signature is checked: a name and 32 bytes."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes: the start of SHA-256(name ‖ newline ‖ 0x01 ‖ key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    def to_text(self) -> str:
        """One line, without its newline."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.key).decode('ascii')}"

    @classmethod
    def from_text(cls, text: str) -> PublicKey:
        """Reads `to_text`. Raises `NoteError`."""
        name, key = _read_key(text.strip())
        found = cls(name, key)
        if found.to_text() != text.strip():
            raise NoteError("not a public key: its id or its base64 is not the one that the key has")
        try:
            Ed25519PublicKey.from_public_bytes(key)
        except ValueError as error:
            raise NoteError(f"not an Ed25519 key: {error}") from error
        return found

    def verifies(self, signature: bytes, text: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of the text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.key).verify(signature, text)
        except InvalidSignature:
            return False
        return True


class SecretKey(msgspec.Struct, frozen=True):
    """Who signs: a name and a seed of 32 bytes. Its repr shows no seed."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"SecretKey({self.name!r})"

    @classmethod
    def generate(cls, name: str) -> SecretKey:
        """A new key. Raises `NoteError` for a name that no note may carry."""
        if not _NAME.fullmatch(name):
            raise NoteError(
                f"not a key name: {name!r}", hint="letters, digits and . _ / : -, as in perimeter.example/cn"
            )
        return cls(name, secrets.token_bytes(32))

    @property
    def public(self) -> PublicKey:
        """The key that checks what this one signs."""
        return PublicKey(self.name, self._key().public_key().public_bytes_raw())

    def sign(self, text: bytes) -> bytes:
        """64 bytes (RFC 8032, deterministic)."""
        return self._key().sign(text)

    def to_text(self) -> str:
        """One line, secret."""
        value = base64.b64encode(_ED25519 + self.seed).decode("ascii")
        return f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{value}"

    @classmethod
    def from_text(cls, text: str) -> SecretKey:
        """Reads `to_text`. Raises `NoteError`, which never quotes the text."""
        start, rest = text.strip()[:12], text.strip()[12:]
        if start != "PRIVATE+KEY+":
            raise NoteError("not a secret key", hint="make one with ringfence feed keygen")
        found = cls(*_read_key(rest))
        if found.to_text() != text.strip():
            raise NoteError("not a secret key: its id or its base64 is not the one that the key has")
        return found

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


class Note(msgspec.Struct, frozen=True):
    """A text and its signatures as they stand: (name, key id, signature). Nothing is verified yet."""

    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def signed_by(self, key: PublicKey) -> bool:
        """Whether one of the signatures is by this key and right. One that claims this key's name and id
        and is wrong makes the whole note wrong, whatever else signs it."""
        found = [value for name, id_, value in self.signatures if (name, id_) == (key.name, key.id)]
        return bool(found) and all(key.verifies(value, self.text) for value in found)

    def to_bytes(self) -> bytes:
        """The note as it is written."""
        lines = (
            f"— {name} {base64.b64encode(id_ + value).decode('ascii')}\n"
            for name, id_, value in self.signatures
        )
        return self.text + b"\n" + "".join(lines).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Note:
        """Reads a whole note. Raises `NoteError` for anything that `to_bytes` would not have written."""
        text, parted, below = data.rpartition(b"\n\n")
        if not parted or not text or not below.endswith(b"\n"):
            raise NoteError("not a signed note: no signature below the text")
        try:
            lines = below.decode("utf-8")[:-1].split("\n")
            (text + b"\n").decode("utf-8")
        except UnicodeDecodeError as error:
            raise NoteError("not a signed note: not UTF-8") from error
        if len(lines) > MAX_SIGNATURES:
            raise NoteError(f"a note with {len(lines)} signatures; at most {MAX_SIGNATURES} are read")
        note = cls(text + b"\n", tuple(map(_read_signature, lines)))
        # Base64 has spellings that differ in unused bits: one signature, one spelling.
        if note.to_bytes() != data:
            raise NoteError("not a signed note: not in its one spelling")
        return note


def sign(text: bytes, keys: Sequence[SecretKey]) -> Note:
    """The text signed by every key. Raises `ValueError` for a text that does not end in a newline."""
    if not text.endswith(b"\n") or not keys:
        raise ValueError("a note's text ends in a newline, and somebody signs it")
    return Note(text, tuple((key.name, key.public.id, key.sign(text)) for key in keys))


def any_signed(note: Note, keys: Iterable[PublicKey]) -> bool:
    """Whether at least one of the keys has signed, and rightly."""
    return any(note.signed_by(key) for key in keys)


def _read_key(text: str) -> tuple[str, bytes]:
    parts = text.split("+", 2)
    try:
        name, _, value = parts
        data = base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("not a key: it is written name+id+base64") from error
    if not _NAME.fullmatch(name) or len(data) != 33 or data[:1] != _ED25519:
        raise NoteError("not an Ed25519 key of a signed note")
    return name, data[1:]


def _read_signature(line: str) -> tuple[str, bytes, bytes]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise NoteError("not a signed note: a line below the text is no signature")
    try:
        value = base64.b64decode(found["value"], validate=True)
    except (ValueError, binascii.Error) as error:
        raise NoteError("not a signed note: a signature is no base64") from error
    if len(value) <= 4:
        raise NoteError("not a signed note: a signature is too short")
    return found["name"], value[:4], value[4:]
