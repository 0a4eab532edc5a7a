"""Lines: the list itself, as sorted lines of JSON, each in one spelling.

The first line says what this is, then come the *grounds* (authority, basis and appeal, shared by many
orders and so written once), then the entries by name. Sorted lines make everything else simple: a delta
is lines to take away and lines to add, applying it is one merge, and a name is found by bisection.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import msgspec

from ringfence.cases.order import Order, Policy
from ringfence.core.errors import InputError
from ringfence.enforce.entry import Entry
from ringfence.enforce.targets.target import checked, checked_accounts

MAX_LINE = 16 << 10  # bytes
MAX_GROUNDS = 10_000  # a feed is written by one authority under a few provisions
FORMAT = "ringfence v1"  # a list of names
ACCOUNTS = "ringfence payments v1"  # a list of accounts

_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{16}", re.ASCII)


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line."""

    feed: str
    laboratory: bool


class Grounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why and by whom: ``grounds`` is the id, the start of SHA-256 over the rest. ``form`` is how the
    measure is granted, ``appeal`` the routes in words, as the order has them."""

    grounds: str
    authority: str
    basis: str
    form: str
    addressee: str
    appeal: tuple[str, ...]

    def named(self) -> str:
        """The id that these grounds have."""
        rest = _encoder.encode(msgspec.structs.replace(self, grounds=""))
        return hashlib.sha256(rest).hexdigest()[:16]


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry: as `Entry`, with the UTC stamp since when the order is active, and the id of its grounds."""

    name: str
    wildcard: bool
    order: str
    policy: Policy
    since: str
    until: str
    grounds: str

    def entry(self, laboratory: bool) -> Entry:
        """The entry as targets take it."""
        return Entry(self.name, self.wildcard, self.order, self.policy, self.until, laboratory)


class ListedAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account of a payment firm: ``pseudonym`` is ``account:`` and the 32 hexadecimal digits that the
    firm's own key gives, ``measure`` what is to be done; the rest as in `Listed`."""

    pseudonym: str
    measure: str
    order: str
    since: str
    until: str
    grounds: str

    def entry(self, laboratory: bool) -> Entry:
        """The entry as targets take it."""
        return Entry(
            self.pseudonym, False, self.order, "nodata", self.until, laboratory, measure=self.measure
        )


Line = About | Grounds | Listed | ListedAccount
ENTRIES = (Listed, ListedAccount)
_encoder = msgspec.json.Encoder()
_decoders: dict[bytes, msgspec.json.Decoder[Any]] = {
    b'{"f': msgspec.json.Decoder(About),
    b'{"g': msgspec.json.Decoder(Grounds),
    b'{"n': msgspec.json.Decoder(Listed),
    b'{"p': msgspec.json.Decoder(ListedAccount),
}


def encode(line: Line) -> bytes:
    """The line with its newline."""
    return _encoder.encode(line) + b"\n"


def decode(line: bytes) -> Line:
    """Reads one line with its newline. Raises `InputError` for anything that `encode` would not have
    written: another spelling, a key twice, an unknown key, bad UTF-8, deep nesting."""
    decoder = _decoders.get(line[:3])
    try:
        if decoder is None:
            raise InputError(f"not a line of a feed: {line[:60]!r}")
        found: Line = decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"not a line of a feed: {error}") from error
    if _encoder.encode(found) + b"\n" != line:
        raise InputError(f"a line in another spelling than its own: {line[:60]!r}")
    return found


def grounds(order: Order) -> Grounds:
    """The grounds of an order, each text on one line."""
    return _grounds(order.authority, order.legal_basis, order.form, order.addressee, order.appeal)


@lru_cache(maxsize=1024)  # a million orders rest on a handful of provisions
def _grounds(authority: str, basis: str, form: str, addressee: str, appeal: tuple[str, ...]) -> Grounds:
    authority, basis, form, addressee = map(plain, (authority, basis, form, addressee))
    made = Grounds("", authority, basis, form, addressee, tuple(map(plain, appeal)))
    return msgspec.structs.replace(made, grounds=made.named())


def read(lines: Iterable[bytes], *, laboratory: bool) -> Iterator[Line]:
    """The lines of a snapshot, each checked alone and against the one before: sorted, no name twice, no
    entry without its grounds, nothing that could break out of a line of another format. Raises
    `InputError` with the line's number. Memory is bounded by `MAX_GROUNDS`."""
    known: set[str] = set()
    before, key = b"", ("", False)
    entries: type[Listed] | type[ListedAccount] = Listed
    for number, line in enumerate(lines, 1):
        try:
            found = decode(line)
            if line <= before:
                raise InputError("the lines are not sorted, or one stands twice")
            if (number == 1) != isinstance(found, About):
                raise InputError("the first line, and no other, says what this is")
            if isinstance(found, Listed | ListedAccount) and not isinstance(found, entries):
                raise InputError("a list of names holds no accounts, and one of accounts no names")
            if isinstance(found, ListedAccount):
                _check_account(found, known, laboratory)
                if (found.pseudonym, False) == key:
                    raise InputError(f"{found.pseudonym} stands twice")
                key = (found.pseudonym, False)
            elif isinstance(found, Listed):
                _check_entry(found, known, laboratory)
                if (found.name, found.wildcard) == key:
                    raise InputError(f"{found.name} stands twice")
                key = (found.name, found.wildcard)
            elif isinstance(found, Grounds):
                _check_grounds(found)
                known.add(found.grounds)
                if len(known) > MAX_GROUNDS:
                    raise InputError(f"more than {MAX_GROUNDS} different grounds")
            elif found == About(ACCOUNTS, laboratory):
                entries = ListedAccount
            elif found != About(FORMAT, laboratory):
                raise InputError("another format, or a laboratory's list where a real one should be")
        except InputError as error:
            raise InputError(f"line {number}: {error.message}", hint=error.hint) from error
        before = line
        yield found
    if not before:
        raise InputError("an empty list has one line at least")


def plain(text: str) -> str:
    """A text on one line, without signs that move a cursor or turn the reading direction."""
    return " ".join("".join(" " if _odd(sign) else sign for sign in text).split())


def _odd(sign: str) -> bool:
    # Cf holds the signs that reverse text; the joiners among them are not needed in these texts.
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _check_entry(item: Listed, known: set[str], laboratory: bool) -> None:
    checked([item.entry(laboratory)], laboratory=laboratory)
    if not _STAMP.fullmatch(item.since):
        raise InputError(f"not a time: {item.since!r}")
    if item.grounds not in known:
        raise InputError(f"{item.name} rests on grounds that are not in the list")


def _check_account(item: ListedAccount, known: set[str], laboratory: bool) -> None:
    checked_accounts([item.entry(laboratory)], laboratory=laboratory)
    if not _STAMP.fullmatch(item.since):
        raise InputError(f"not a time: {item.since!r}")
    if item.grounds not in known:
        raise InputError(f"{item.pseudonym} rests on grounds that are not in the list")


def _check_grounds(item: Grounds) -> None:
    texts = (item.authority, item.basis, item.form, item.addressee, *item.appeal)
    if any(text != plain_cached(text) for text in texts):
        raise InputError("a text with signs that do not belong in one line")
    if not _KEY.fullmatch(item.grounds) or item.grounds != item.named():
        raise InputError("grounds under an id that is not theirs")


plain_cached = lru_cache(maxsize=256)(plain)
