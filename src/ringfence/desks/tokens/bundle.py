"""Bundle: everything that was read of a chain, and nothing else, as bytes that can be read again anywhere.

Canonical JSON: the block, the accounts, the storage and the node's own answers, and a digest over all of it.
Read strictly: an unknown field, a wrong digest or code that is not what its hash says is an error.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.desks.tokens.block import Block
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.state import Account, State
from ringfence.desks.tokens.world import address

VERSION: Final = 1
MAX_BYTES: Final = 64 << 20
_HINT: Final = "make the bundle again, or restore it from where it was sealed"


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An account: wei and nonce as decimal digits, the hash of its code and the code, in hexadecimal."""

    balance: str
    nonce: int
    code_hash: str
    code: str


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a node answered to a method, with the block in the parameters written as ``here``."""

    method: str
    params: list[Any]
    result: Any


class Bundle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """See the module. ``slots`` is by address, then slot; words are 0x and 64 hex digits, addresses 0x and
    40. ``about`` is the subject that was looked at."""

    version: int
    block: Block
    accounts: dict[str, Held]
    slots: dict[str, dict[str, str]]
    answers: tuple[Answer, ...]
    about: str = ""
    digest: str = ""

    @classmethod
    def of(cls, state: State, about: str = "") -> Bundle:
        """What a state has read, looking at a subject."""
        slots: dict[str, dict[str, str]] = {}
        for who, slot in sorted(state.slots):
            slots.setdefault(address(who), {})[_word(slot)] = _word(state.slots[who, slot])
        answers = []
        for key, result in sorted(state.answers.items()):
            method, params = msgspec.json.decode(key)
            answers.append(Answer(method, params, result))
        accounts = {address(who): _held(one) for who, one in sorted(state.accounts.items())}
        made = cls(VERSION, state.block, accounts, slots, tuple(answers), about)
        return msgspec.structs.replace(made, digest=made._digest())

    def to_bytes(self) -> bytes:
        """Canonical bytes. Raises `InputError` where they would be more than 64 MiB."""
        made = canonical(self)
        if len(made) > MAX_BYTES:
            raise InputError(
                f"a bundle of {len(made)} bytes is too large",
                hint="read less: fewer contracts, or fewer logs",
            )
        return made

    @classmethod
    def from_bytes(cls, data: bytes) -> Bundle:
        """Read back. Raises `InputError` for bytes that `to_bytes` did not write, or changed since."""
        if len(data) > MAX_BYTES:
            raise InputError(f"a bundle of {len(data)} bytes is too large", hint=_HINT)
        try:
            made = msgspec.json.decode(data, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"not a bundle: {error}", hint=_HINT) from error
        if made.version != VERSION:
            raise InputError(
                f"a bundle of version {made.version}, not {VERSION}", hint="use the release that wrote it"
            )
        if made.digest != made._digest():
            raise InputError("the bundle was changed: its digest is another", hint=_HINT)
        if canonical(made) != data:
            raise InputError("the bundle was changed: its bytes are not in their form", hint=_HINT)
        made.state()  # whatever does not fit together is said now
        return made

    def state(self) -> State:
        """The state, with no node behind it. Raises `InputError` where a part is no number or code is not
        what its hash says."""
        try:
            accounts = {int(who, 16): _account(who, held) for who, held in self.accounts.items()}
            slots = {
                (int(who, 16), int(slot, 16)): int(value, 16)
                for who, words in self.slots.items()
                for slot, value in words.items()
            }
            answers = {canonical([one.method, one.params]): one.result for one in self.answers}
        except (ValueError, TypeError) as error:
            raise InputError(f"not a bundle: {error}", hint=_HINT) from error
        return State(self.block, None, accounts, slots, answers)

    def _digest(self) -> str:
        return digest(canonical(msgspec.structs.replace(self, digest="")))


def _word(value: int) -> str:
    return f"0x{value:064x}"


def _held(one: Account) -> Held:
    return Held(str(one.balance), one.nonce, "0x" + keccak(one.code).hex(), "0x" + one.code.hex())


def _account(who: str, held: Held) -> Account:
    code = bytes.fromhex(held.code.removeprefix("0x"))
    if "0x" + keccak(code).hex() != held.code_hash:
        raise InputError(f"the code of {who} in the bundle is not what its hash says", hint=_HINT)
    return Account(int(held.balance), held.nonce, code)
