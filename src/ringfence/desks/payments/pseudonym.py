"""Pseudonyms: what accounts and payments are called wherever something is kept or published."""

from __future__ import annotations

from ringfence.core.errors import InputError
from ringfence.desks.payments.mac import Keys, mac
from ringfence.desks.payments.result import ACCOUNT


def account(made: bytes) -> str:
    """``account:`` and the hexadecimal digits of an account's MAC (16 bytes)."""
    return f"account:{made.hex()}"


def payment(keys: Keys, tx_id: str) -> str:
    """``payment:`` and the hexadecimal digits of the MAC of a transaction's id, under the key for accounts.
    The prefix keeps an id apart from an account that is written alike."""
    return f"payment:{mac(keys, 'accounts', 'payment' + chr(0) + tx_id).hex()}"


def mac_of(pseudonym: str) -> bytes:
    """The MAC in an account's pseudonym. Raises `InputError`, without repeating what was given."""
    if not ACCOUNT.fullmatch(pseudonym):
        raise InputError("no pseudonym of an account", hint="account: and 32 hexadecimal digits")
    return bytes.fromhex(pseudonym.removeprefix("account:"))
