"""Key: the shared secret of TSIG (RFC 8945), read from a file that nobody else can read."""

from __future__ import annotations

import base64
import binascii
import os
import re
import stat
from pathlib import Path

import dns.name
import dns.tsig

from ringfence.core.errors import InputError, RefusedError

ALGORITHMS = ("hmac-sha256", "hmac-sha384", "hmac-sha512")
MAX_FILE = 4096  # bytes; a key clause has about a hundred
MIN_SECRET = 16  # bytes; RFC 8945 §8 asks for no shorter secret than the (truncated) digest

_HINT = "make one with: tsig-keygen -a hmac-sha256 NAME > FILE (or keymgr -t NAME hmac-sha256)"
_CLAUSE = re.compile(r'key\s+"?(?P<name>[^\s"{]+)"?\s*\{(?P<body>[^}]*)\}')
_FIELD = re.compile(r'(algorithm|secret)\s+"?([^\s";]+)"?\s*;')
# Only at the start of a word: base64 has slashes, and one secret in fifty or a hundred has two in a row.
_COMMENT = re.compile(r'("[^"\n]*")|(?<![^\s;{}"])(?:#.*|//.*|/\*[\s\S]*?\*/)')
# What keymgr -t writes for Knot DNS.
_KNOT = re.compile(r"-?\s*(id|algorithm|secret):\s*\"?([^\s\"]+)\"?")


class Key:
    """A key's name and algorithm may be shown; its secret is only ever inside ``tsig``."""

    def __init__(self, name: str, algorithm: str, secret: bytes) -> None:
        self.name = dns.name.from_text(name)
        self.algorithm = algorithm
        self.tsig = dns.tsig.Key(self.name, secret, dns.name.from_text(algorithm))

    def __repr__(self) -> str:
        return f"Key({self.name}, {self.algorithm})"


def read_key(path: Path) -> Key:
    """The one key of a file, as ``tsig-keygen`` or ``keymgr -t`` writes it.

    Raises `RefusedError` where others than the owner may read or write the file, `InputError` where
    it holds no such key. No message repeats what the file says.
    """
    try:
        # Judged on the open file, so that it cannot be another one by the time it is read.
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(MAX_FILE + 1)
    except OSError as error:
        raise InputError(f"cannot read the key {path}: {error.strerror}", hint=_HINT) from error
    if not stat.S_ISREG(mode):
        raise InputError(f"the key {path} is no file", hint=_HINT)
    if mode & 0o077:
        raise RefusedError(f"others may read the key {path}", hint=f"chmod 600 {path}")
    return _key(content[:MAX_FILE].decode("utf-8", "replace"), path)


def _key(text: str, path: Path) -> Key:
    text = _COMMENT.sub(lambda found: found[1] or " ", text)
    clauses = list(_CLAUSE.finditer(text))
    if len(clauses) > 1:
        raise InputError(f"{path} holds more than one key", hint="keep each in its own file")
    if clauses:
        fields = {"id": clauses[0]["name"], **dict(_FIELD.findall(clauses[0]["body"]))}
    else:
        fields = dict(_KNOT.findall(text))
    missing = [word for word in ("id", "algorithm", "secret") if word not in fields]
    if missing:
        raise InputError(f"{path} holds no TSIG key (no {', '.join(missing)})", hint=_HINT)
    algorithm = fields["algorithm"].lower().rstrip(".")
    if algorithm not in ALGORITHMS:
        raise InputError(f"{path}: the algorithm must be one of {', '.join(ALGORITHMS)}", hint=_HINT)
    try:
        secret = base64.b64decode(fields["secret"], validate=True)
        if len(secret) < MIN_SECRET:
            raise InputError(f"{path}: the secret has fewer than {MIN_SECRET} bytes", hint=_HINT)
        return Key(fields["id"], algorithm, secret)
    except (binascii.Error, dns.name.LabelTooLong, dns.name.EmptyLabel) as error:
        raise InputError(f"{path} holds no TSIG key (unreadable name or secret)", hint=_HINT) from error
