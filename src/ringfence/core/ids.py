"""Identifiers.

What is derived from bytes (observations, findings, assessments) is named by its digest, so
that a repeated run makes no duplicates. What people decide (cases, orders) is named at
random: its number tells nothing about how many others there are.
"""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread aloud


def derived(kind: str, digest: str) -> str:
    """``finding:`` and the first 32 hexadecimal digits of a ``sha256:`` digest."""
    return f"{kind}:{digest.removeprefix('sha256:')[:32]}"


def reference(prefix: str) -> str:
    """A reference that a person can read out, such as ``RF-7K3M-Q2ZD-91AB`` (60 random bits)."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"{prefix}-{letters[:4]}-{letters[4:8]}-{letters[8:]}"
