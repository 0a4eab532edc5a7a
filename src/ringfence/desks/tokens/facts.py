"""Facts: what a token says of itself when it is only asked: name, symbol, decimals, supply, owner.

At a node or from a bundle the contract is asked. From code alone a fact is known only where the code itself
fixes it: the view goes through without looking at storage, at the chain or at anybody else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ringfence.desks.tokens.functions import BALANCE_OF, OWNERS, TOTAL_SUPPLY, call, functions
from ringfence.desks.tokens.maker import NOT_ASKED, Maker
from ringfence.desks.tokens.run import view
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.synthesis import SECOND, TOKEN
from ringfence.desks.tokens.trace import Call, Setting, program, trace
from ringfence.desks.tokens.world import RICH, Environment, World

NAME: Final = bytes.fromhex("06fdde03")
SYMBOL: Final = bytes.fromhex("95d89b41")
DECIMALS: Final = bytes.fromhex("313ce567")
MAX_TEXT: Final = 256  # bytes of a name; what is longer is no name
MAX_DECIMALS: Final = 77  # ten to more than that is no word

Asked = Callable[[bytes], bytes | None]  # calldata to answer; None where there is none


@dataclass(frozen=True)
class Facts:
    """Each None where it is not known, and ``why`` (by field) then says why. ``owner`` is the empty text
    where the contract has no function that names one, else an address."""

    name: str | None = None
    symbol: str | None = None
    decimals: int | None = None
    supply: int | None = None
    owner: str | None = None
    owner_balance: int | None = None
    creator: str | None = None
    creator_balance: int | None = None
    why: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As `tokens screen` writes it: amounts in the smallest unit, as digits."""

        def digits(value: int | None) -> str | None:
            return None if value is None else str(value)

        return {
            "name": self.name,
            "symbol": self.symbol,
            "decimals": self.decimals,
            "supply": digits(self.supply),
            "owner": self.owner,
            "owner_balance": digits(self.owner_balance),
            "creator": self.creator,
            "creator_balance": digits(self.creator_balance),
            "why": dict(self.why),
        }


def fixed(code: bytes) -> Facts:
    """What the code itself fixes."""
    return _asked(lambda data: _constant(code, data), _names_nobody(code), "storage decides it")


def at(state: State, address: int, codes: tuple[bytes, ...], made_by: Maker | None = None) -> Facts:
    """What a contract answers at a block. ``codes`` is all code that runs at the address, for whether any of
    it names an owner; ``made_by`` is who made it, where that was looked for. Raises `NodeError`."""
    ownerless = bool(codes) and all(_names_nobody(code) for code in codes)
    ask = asking(state, address)
    found = _asked(ask, ownerless, "the contract does not answer")
    if made_by is None or made_by.address is None:
        told = made_by.why if made_by is not None else NOT_ASKED
        why = {"creator": told, "creator_balance": "the creator is not known"}
        return replace(found, why=found.why | why)
    balance = _word(ask(call(BALANCE_OF, made_by.address)))
    why = {} if balance is not None else {"creator_balance": "the contract does not answer"}
    return replace(found, creator=f"0x{made_by.address:040x}", creator_balance=balance, why=found.why | why)


def shares(state: State, pair: int) -> tuple[int | None, int | None]:
    """How many shares a pair has given out, and their decimals."""
    ask = asking(state, pair)
    return _word(ask(TOTAL_SUPPLY)), _word(ask(DECIMALS))


def asking(state: State, address: int) -> Asked:
    """Ask a contract at a block. What is asked raises `NodeError`."""

    def ask(data: bytes) -> bytes | None:
        try:
            done = view(state, address, data)
        except MissingError:  # a bundle that was made before this was asked
            return None
        return done.data if done.ok else None

    return ask


def owner(ask: Asked) -> str | None:
    """Whom owner() or getOwner() names; None where neither answers."""
    for selector in OWNERS:
        told = _word(ask(selector))
        if told is not None and told < 1 << 160:
            return f"0x{told:040x}"
    return None


def _asked(ask: Asked, ownerless: bool, silent: str) -> Facts:
    named = "" if ownerless else owner(ask)
    decimals = _word(ask(DECIMALS))
    found: dict[str, object] = {
        "name": _text(ask(NAME)),
        "symbol": _text(ask(SYMBOL)),
        "decimals": decimals if decimals is not None and decimals <= MAX_DECIMALS else None,
        "supply": _word(ask(TOTAL_SUPPLY)),
        "owner": named,
        "owner_balance": _word(ask(call(BALANCE_OF, int(named, 16)))) if named else None,
    }
    why = {name: silent for name, value in found.items() if value is None}
    if named == "":
        why["owner_balance"] = "it names no owner"
    return Facts(**found, why=why)  # type: ignore[arg-type]


def _names_nobody(code: bytes) -> bool:
    return bool(code) and not {one.selector for one in functions(code)} & set(OWNERS)


def _constant(code: bytes, data: bytes) -> bytes | None:
    """An answer that no storage, no chain and nobody else has a part in; made again in the engine."""
    asked = Call(SECOND, TOKEN, data)
    made = trace(Setting({TOKEN: program(code)}, people=frozenset({SECOND})), asked)
    if not made.ok or not made.data or made.reads or made.calls or made.environment:
        return None
    done = World(Environment(), {TOKEN: code}, {}, {SECOND: RICH}).call(SECOND, TOKEN, data)
    return done.data if done.ok and done.data == made.data else None


def _word(data: bytes | None) -> int | None:
    return int.from_bytes(data[:32], "big") if data is not None and len(data) >= 32 else None


def _text(data: bytes | None) -> str | None:
    """A text as the ABI writes it, or as the first tokens did (one word, filled up with zeros)."""
    if data is None:
        return None
    raw = b""
    if len(data) == 32:
        raw = data.rstrip(b"\0")
    elif len(data) >= 64 and int.from_bytes(data[:32], "big") == 32:
        size = int.from_bytes(data[32:64], "big")
        raw = data[64 : 64 + size] if size <= min(MAX_TEXT, len(data) - 64) else b""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return text if text and text.isprintable() else None
