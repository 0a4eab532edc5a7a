"""State: accounts, code and storage at one block, read when they are needed and remembered.

What was read, and nothing else, is what a bundle holds. A state that comes from a bundle has no node behind
it: what it does not hold is missing, and missing is an error, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from ringfence.core.canonical import canonical
from ringfence.core.errors import InputError
from ringfence.desks.tokens.block import Block
from ringfence.desks.tokens.bytecode import Program
from ringfence.desks.tokens.node import JSON, Ask, NodeError, Refused, TooMuchError, octets, quantity
from ringfence.desks.tokens.pinned import HERE, Pinned
from ringfence.desks.tokens.trace import Slot, program
from ringfence.desks.tokens.world import address

MAX_SLOTS: Final = 50_000
MAX_ACCOUNTS: Final = 2_000
MAX_CODE: Final = 1 << 20  # bytes of one account; chains of their own rules have some above 24 KiB


class MissingError(InputError):
    """The state was read before, and this was not: ``what`` says which."""

    def __init__(self, what: str) -> None:
        super().__init__(f"the bundle does not hold {what}", hint="make the bundle again, from a node")
        self.what = what


@dataclass(frozen=True)
class Account:
    """Native coin in wei, number of transactions, runtime code."""

    balance: int
    nonce: int
    code: bytes


class Source(Protocol):
    """Where a state is read from (`Pinned`)."""

    def ask_many(self, asked: Sequence[Ask]) -> list[Any]: ...


Answers = dict[bytes, JSON]  # by the canonical bytes of [method, params]


@dataclass
class State:
    """A state at ``block``. ``source`` None: nothing more is read. Raises `MissingError` then, and what
    `pinned` raises otherwise; `NodeError` where more is asked for than fits."""

    block: Block
    source: Source | None = None
    accounts: dict[int, Account] = field(default_factory=dict)
    slots: dict[Slot, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)

    def account(self, who: int) -> Account:
        """An account; one that never was is empty."""
        if who not in self.accounts:
            self.fetch((who,))
        return self.accounts[who]

    def code(self, who: int) -> bytes:
        """Runtime code, empty where there is none."""
        return self.account(who).code

    def slot(self, who: int, slot: int) -> int:
        """A word of storage."""
        if (who, slot) not in self.slots:
            self.fetch((), ((who, slot),))
        return self.slots[who, slot]

    def fetch(self, accounts: Iterable[int] = (), slots: Iterable[Slot] = ()) -> None:
        """Read accounts and storage in as few requests as they fit in; what is there is not read again."""
        who = [one for one in dict.fromkeys(accounts) if one not in self.accounts]
        where = [one for one in dict.fromkeys(slots) if one not in self.slots]
        if not who and not where:
            return
        if self.source is None:
            raise MissingError(
                f"the account {address(who[0])}"
                if who
                else f"storage {where[0][1]:#x} of {address(where[0][0])}"
            )
        if len(self.slots) + len(where) > MAX_SLOTS or len(self.accounts) + len(who) > MAX_ACCOUNTS:
            raise NodeError(
                f"more than {MAX_SLOTS} words of storage or {MAX_ACCOUNTS} accounts are asked for",
                hint="this is more than one screening reads; look at the contract by hand",
            )
        asked: list[Ask] = []
        for one in who:
            for method in ("eth_getBalance", "eth_getTransactionCount", "eth_getCode"):
                asked.append((method, [address(one), HERE]))
        for one, slot in where:
            asked.append(("eth_getStorageAt", [address(one), f"0x{slot:064x}", HERE]))
        answers = self.source.ask_many(asked)
        for answer in answers:
            if isinstance(answer, Refused):
                raise answer
        rest = iter(answers)
        for one in who:
            balance, nonce, code = quantity(next(rest)), quantity(next(rest), 64), octets(next(rest))
            if len(code) > MAX_CODE:
                raise NodeError(f"{len(code)} bytes of code at {address(one)}", hint="name another node")
            self.accounts[one] = Account(balance, nonce, code)
        for place in where:
            self.slots[place] = quantity(next(rest))

    def ask(self, method: str, *params: JSON, most: int | None = None) -> JSON:
        """A node's own answer (logs, a simulation), kept with the state. Raises `Refused` where the node does
        not give it, or more than ``most`` of it; that is kept too."""
        key = canonical([method, ["here" if one is HERE else one for one in params]])
        if key not in self.answers:
            if self.source is None:
                raise MissingError(f"the answer to {method}")
            try:
                (answer,) = self.source.ask_many([(method, list(params))])
            except TooMuchError as error:
                if most is None:
                    raise
                answer = Refused("the node", method, str(error), 0)
            if most is not None and isinstance(answer, list) and len(answer) > most:
                answer = Refused("the node", method, f"more than {most} at once", 0)
            if isinstance(answer, Refused):
                answer = {"refused": answer.said, "code": answer.code, "data": answer.data}
            self.answers[key] = answer
        answer = self.answers[key]
        if isinstance(answer, dict) and "refused" in answer:
            raise Refused("the node", method, answer["refused"], answer["code"], answer["data"])
        return answer

    def warm(self, call: dict[str, str]) -> str:
        """Read what a call (``from``, ``to``, ``data``, ``value``) will need: in one request where the node
        can trace, else by an access list; returns the method that gave it, or an empty text.

        A trace is one node's word. Where two nodes are asked, it says only what to look at.
        """
        if not isinstance(self.source, Pinned):
            return ""
        node, sure = self.source.node, self.source.second is None
        if node.offers("debug_traceCall"):
            got = self._once("debug_traceCall", call, HERE, {"tracer": "prestateTracer"})
            if isinstance(got, dict):
                self._prestate(got, sure)
                return "debug_traceCall"
            node.lacks("debug_traceCall")
        if node.offers("eth_createAccessList"):
            got = self._once("eth_createAccessList", call, HERE)
            listed = got.get("accessList") if isinstance(got, dict) else None
            if isinstance(listed, list):
                pairs = [(_address(one.get("address")), one.get("storageKeys") or ()) for one in listed]
                self.fetch(
                    (who for who, _ in pairs), ((who, quantity(k)) for who, keys in pairs for k in keys)
                )
                return "eth_createAccessList"
            node.lacks("eth_createAccessList")
        return ""

    def _once(self, method: str, *params: JSON) -> JSON:
        assert isinstance(self.source, Pinned)  # noqa: S101
        (got,) = Pinned(self.source.node, self.block).ask_many([(method, list(params))])
        return None if isinstance(got, Refused) else got

    def _prestate(self, got: dict[str, JSON], sure: bool) -> None:
        accounts: list[int] = []
        slots: list[Slot] = []
        for name, one in got.items():
            who = _address(name)
            if not isinstance(one, dict):
                raise NodeError("the node's trace cannot be read", hint="name another node")
            accounts.append(who)
            for key, value in (one.get("storage") or {}).items():
                place = (who, quantity(key))
                slots.append(place)
                if sure and len(self.slots) < MAX_SLOTS:
                    self.slots.setdefault(place, quantity(value))
        # Balances in a trace may be those after the fee, and empty fields are left out: they are read apart.
        self.fetch(accounts, slots)

    def setting_storage(self) -> Storage:
        """Storage for the tracer's `Setting`: what is missing is read when it is asked for."""
        return Storage(self)

    def setting_codes(self, also: Mapping[int, Program] | None = None) -> Codes:
        """Code for the tracer's `Setting`: read when it is asked for; ``also`` stands above it."""
        made = Codes(self)
        made.update(also or {})
        return made

    def frozen(self) -> State:
        """Exactly what was read so far, without the node."""
        return State(self.block, None, dict(self.accounts), dict(self.slots), dict(self.answers))


class Storage(dict[Slot, int]):
    """Words by (contract, slot): those put in, and below them the state's. A copy made with ``|`` or `copy`
    reads on; one made with ``dict(…)`` holds what was put in and read until then."""

    def __init__(self, state: State, over: Mapping[Slot, int] | None = None) -> None:
        super().__init__(over or {})
        self.state = state

    def get(self, slot: Slot, default: Any = 0) -> Any:  # noqa: ANN401
        """The word; read if it has to be. ``default`` is what nobody needs here."""
        if slot not in self:
            self[slot] = self.state.slot(*slot)
        return self[slot]

    def copy(self) -> Storage:
        """Another one that reads on."""
        return Storage(self.state, self)

    def __or__(self, other: Mapping[Slot, int]) -> Storage:  # type: ignore[override]
        return Storage(self.state, {**self, **other})


class Codes(dict[int, Program]):
    """Decoded code by address, read when it is asked for; an account without code is not in it."""

    def __init__(self, state: State) -> None:
        super().__init__()
        self.state = state

    def get(self, who: int, default: Any = None) -> Any:  # noqa: ANN401
        """The code, or None where there is none."""
        if not dict.__contains__(self, who):
            code = self.state.code(who)
            if not code:
                return default
            self[who] = program(code)
        return self[who]

    def __contains__(self, who: object) -> bool:
        return self.get(who) is not None if isinstance(who, int) else False

    def __iter__(self) -> Iterator[int]:
        return iter(list(super().__iter__()))


def _address(text: JSON) -> int:
    return int.from_bytes(octets(text, 20), "big")
