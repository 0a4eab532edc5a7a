"""The seam to the evidence log: every record is sealed in the transaction that writes its row."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from sqlalchemy import Connection

# (connection, leaf kind, record id, canonical record bytes): appends one leaf, or raises and so
# undoes the row as well. There is no default: an unsealed decision must not be possible by omission.
Seal = Callable[[Connection, str, str, bytes], None]


def salt() -> str:
    """128 random bits in hexadecimal. A record that may hold personal data carries one, so that its
    digest in a public log cannot be guessed from a list of names."""
    return secrets.token_hex(16)
