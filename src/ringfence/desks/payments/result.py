"""Result: what monitoring said of one account, in pseudonyms, as it is kept and found upon."""

from __future__ import annotations

import re
from typing import Any, Final, Literal

import msgspec

from ringfence.core.canonical import canonical
from ringfence.core.errors import InputError

Recommend = Literal["none", "review", "limit", "refuse", "exit"]
ACCOUNT: Final = re.compile(r"account:[0-9a-f]{32}")
PAYMENT: Final = re.compile(r"payment:[0-9a-f]{32}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


class AccountResult(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``account`` is ``account:`` and the hexadecimal digits of a 16-byte keyed MAC, ``transactions`` are
    ``payment:`` and the same of a transaction's id; ``score`` in thousandths. ``payers`` is how many
    different accounts paid in over what was looked at, None where that is not known. ``parameters`` are
    those of the typologies by name; ``ledger`` and ``rules`` the digests of what it was worked out from."""

    account: str
    score: int
    recommend: Recommend
    typologies: tuple[str, ...]
    transactions: tuple[str, ...]
    ledger: str
    rules: str
    payers: int | None = None
    parameters: dict[str, Any] = {}
    laboratory: bool = False

    @property
    def record(self) -> bytes:
        """The canonical bytes that are kept as what was seen."""
        return canonical(self)

    @classmethod
    def from_json(cls, data: bytes) -> AccountResult:
        """Reads a line. Raises `InputError` for what is none, and for anything that names an account or a
        payment otherwise than by its pseudonym: the message repeats no identifier."""
        try:
            found = msgspec.json.decode(data, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            where = str(error) if isinstance(error, msgspec.ValidationError) else "no JSON"
            raise InputError(f"not an account's result: {where}", hint="see payments assess") from error
        found.check()
        return found

    def check(self) -> None:
        """Raises `InputError` as `from_json` does."""
        if not ACCOUNT.fullmatch(self.account):
            raise InputError(
                "an account is named by its pseudonym: account: and 32 hexadecimal digits",
                hint="a raw identifier is never kept",
            )
        if not all(PAYMENT.fullmatch(one) for one in self.transactions):
            raise InputError("a transaction is named by its pseudonym: payment: and 32 hexadecimal digits")
        if not (_DIGEST.fullmatch(self.ledger) and _DIGEST.fullmatch(self.rules)):
            raise InputError("ledger and rules are digests: sha256: and 64 hexadecimal digits")
        if not 0 <= self.score <= 1000 or (self.payers is not None and self.payers < 0):
            raise InputError("a score in thousandths, 0 to 1000, and a count of payers")
        try:
            canonical(self.parameters)
        except TypeError as error:
            raise InputError(f"parameters: {error}", hint="whole numbers and texts only") from error
