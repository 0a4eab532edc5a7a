"""Attestation: a signed statement of a screening, good until a day, that can be checked without us.

It is a signed note (https://c2sp.org/signed-note) of two lines: what it is, and canonical JSON. A list of
what was revoked is another such note, good until a day of its own: whoever checks needs a list that still is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeVar

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.core.note import Note, PublicKey, SecretKey, sign
from ringfence.core.time import parse_stamp, stamp

_STATEMENT: Final = "ringfence token attestation v1"
_REVOCATIONS: Final = "ringfence token revocations v1"
_S = TypeVar("_S", bound=msgspec.Struct)
MAX_DAYS: Final = 366
MAX_BYTES: Final = 1 << 20


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was found of code with this hash (keccak-256, hexadecimal). ``capabilities`` maps each id to
    true, false or null; ``evidence`` is the digest of the whole screening; ``chain`` and ``block`` are null
    where the code alone was screened. ``rules`` is the version of what was tried, at a ``depth``."""

    code_hash: str
    subject: str | None
    chain: str | None
    block: str | None
    resolved: bool
    capabilities: dict[str, bool | None]
    sellable: bool | None
    rules: str
    depth: str
    evidence: str
    issued: str
    expires: str


class Revocation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One statement (by the digest of its note) that is no longer good."""

    attestation: str
    at: str
    reason: str


class Revocations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that one key revoked, sorted, good until ``expires``."""

    revoked: tuple[Revocation, ...]
    issued: str
    expires: str


class Verdict(msgspec.Struct, frozen=True):
    """Whether a statement may be relied on now: ``state`` is good, expired, revoked, or unchecked where no
    list that is still good was given."""

    state: Literal["good", "expired", "revoked", "unchecked"]
    statement: Statement
    attestation: str
    why: str = ""


def attest(screening: Mapping[str, Any], key: SecretKey, at: datetime, days: int = 30) -> bytes:
    """The signed note of a screening as `tokens screen` wrote it. Raises `InputError` for anything else."""
    if not 1 <= days <= MAX_DAYS:
        raise InputError(f"{days} days is no time for a statement", hint=f"1 to {MAX_DAYS}")
    try:
        statement = Statement(
            code_hash=screening["code_hash"],
            subject=screening.get("subject"),
            chain=screening.get("chain"),
            block=screening.get("block"),
            resolved=screening["resolved"],
            capabilities={one["id"]: one["present"] for one in screening["capabilities"]},
            sellable=screening["trade"]["sellable"],
            rules=str(screening["version"]),
            depth=screening["depth"],
            evidence=digest(canonical(_whole(screening))),
            issued=stamp(at),
            expires=stamp(at + timedelta(days=days)),
        )
        statement = msgspec.convert(msgspec.to_builtins(statement), Statement)
    except (KeyError, TypeError, msgspec.ValidationError) as error:
        raise InputError(f"not a screening: {error}", hint="a line of ringfence tokens screen") from error
    return _signed(_STATEMENT, statement, key)


def revoke(known: Revocations | None, notes: Iterable[str], reason: str, key: SecretKey, at: datetime,
           days: int = 30) -> bytes:  # fmt: skip
    """The signed list with more statements (digests) revoked. What is revoked stays so."""
    if not reason.strip():
        raise InputError("a revocation needs a reason")
    there = {one.attestation: one for one in (known.revoked if known else ())}
    for name in notes:
        there.setdefault(name, Revocation(name, stamp(at), reason.strip()))
    made = Revocations(
        tuple(there[name] for name in sorted(there)), stamp(at), stamp(at + timedelta(days=days))
    )
    return _signed(_REVOCATIONS, made, key)


def verify(note: bytes, key: PublicKey, at: datetime, revocations: bytes | None = None) -> Verdict:
    """Read a statement and say whether it is good. Raises `InputError` for one that the key did not sign."""
    statement = _opened(note, _STATEMENT, key, Statement)
    name = digest(note)
    if revocations is not None:
        listed = read_revocations(revocations, key)
        found = next((one for one in listed.revoked if one.attestation == name), None)
        if found is not None:
            return Verdict("revoked", statement, name, f"{found.at}: {found.reason}")
    if parse_stamp(statement.expires) <= at:
        return Verdict("expired", statement, name, f"it was good until {statement.expires}")
    if revocations is None:
        return Verdict("unchecked", statement, name, "no list of what was revoked was given")
    if parse_stamp(listed.expires) <= at:
        return Verdict("unchecked", statement, name, f"the list was good until {listed.expires}")
    return Verdict("good", statement, name)


def read_revocations(note: bytes, key: PublicKey) -> Revocations:
    """A signed list. Raises `InputError` for one that the key did not sign."""
    return _opened(note, _REVOCATIONS, key, Revocations)


def _whole(screening: Mapping[str, Any]) -> Any:  # noqa: ANN401 (JSON)
    """Without the name of a file; numbers that are no integers as text, as canonical bytes have none."""

    def plain(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, float):
            return repr(value)
        if isinstance(value, Mapping):
            return {name: plain(one) for name, one in value.items()}
        return [plain(one) for one in value] if isinstance(value, list | tuple) else value

    return plain({name: value for name, value in screening.items() if name != "file"})


def _signed(what: str, said: msgspec.Struct, key: SecretKey) -> bytes:
    text = what.encode() + b"\n" + canonical(said) + b"\n"
    return sign(text, (key,)).to_bytes()


def _opened(data: bytes, what: str, key: PublicKey, kind: type[_S]) -> _S:
    if len(data) > MAX_BYTES:
        raise InputError(f"{len(data)} bytes is too much for a statement")
    note = Note.from_bytes(data)
    if not note.signed_by(key):
        raise InputError(f"not signed by {key.name}", hint="the key must come by a way that you trust")
    first, _, rest = note.text.partition(b"\n")
    if first != what.encode():
        raise InputError(f"not a {what.rpartition(' ')[0]}: {first[:60]!r}")
    try:
        found = msgspec.json.decode(rest, type=kind)
    except msgspec.DecodeError as error:
        raise InputError(f"signed, and not to be read: {error}") from error
    if canonical(found) + b"\n" != rest:
        raise InputError("signed, and not in canonical form")
    return found
