"""Run: a call in the engine on a state that is read as the call asks for it.

The engine cannot ask for storage while it runs; it says afterwards what it looked at (and the tracer what it
forgot, `foresee`). So a call is run, what it looked at and we do not have is read, and it is run again, until
it looks at nothing new.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import pyrevm

from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.foresee import foresee
from ringfence.desks.tokens.node import NodeError
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.trace import Call, Slot
from ringfence.desks.tokens.world import Environment, Outcome, World, address

ROUNDS: Final = 400  # a chain of reads in which each says where the next one is
GAS: Final = 16_000_000
EMPTY: Final = keccak(b"").hex()
_ACCOUNT: Final = re.compile(
    r"0x([0-9a-f]{40}): Account \{ info: AccountInfo \{ balance: (\d+), nonce: \d+, "
    r"code_hash: 0x([0-9a-f]{64})"
)
_SLOT: Final = re.compile(r"(\d+): StorageSlot \{ previous_or_original_value: (\d+), present_value: (\d+)")
_STATUS: Final = re.compile(r"status: AccountStatus\(([^)]*)\)")

_HALTS: Final = {
    "OutOfGas": "out of gas",
    "InvalidFEOpcode": "the invalid instruction, by which older compilers assert",
    "OpcodeNotFound": "an instruction that does not exist",
    "InvalidJump": "a jump to nowhere",
    "StackUnderflow": "an empty stack",
    "StackOverflow": "a full stack",
    "CallTooDeep": "calls too deep",
}

T = TypeVar("T")


@dataclass(frozen=True)
class Touched:
    """An account as a run left it: balance in wei, storage looked at as (before, after), whether it was made
    or removed by the run."""

    balance: int
    has_code: bool
    storage: Mapping[int, tuple[int, int]]
    created: bool
    removed: bool


class Machine:
    """A world over a state. Whatever it looks at that the state does not hold is in `missing`. ``codes`` and
    ``storage`` are put over what the state holds: contracts of ours, and what is assumed."""

    def __init__(
        self,
        state: State,
        environment: Environment,
        money: Mapping[int, int] | None = None,
        codes: Mapping[int, bytes] | None = None,
        storage: Mapping[Slot, int] | None = None,
    ) -> None:
        self.state = state
        self._accounts: set[int] = set()  # foreseen
        self._slots: set[Slot] = set()
        self._called = False
        self._over, self._laid = codes or {}, storage or {}
        known = {who: one.code for who, one in state.accounts.items() if one.code} | dict(self._over)
        balances = {who: one.balance for who, one in state.accounts.items()} | dict(money or {})
        self.world = World(environment, known, {**state.slots, **self._laid}, balances)
        for who, one in state.accounts.items():
            if who in self._over:
                continue
            if one.nonce != (1 if one.code else 0):  # by which new contracts are named
                info = self.world._evm.basic(address(who))
                self.world._evm.insert_account_info(
                    address(who),
                    pyrevm.AccountInfo(  # type: ignore[call-arg]  # its stub leaves the balance out
                        balance=info.balance, nonce=one.nonce, code=info.code
                    ),
                )

    def call(
        self, sender: int, to: int, data: bytes, value: int = 0, gas: int = GAS, *, thorough: bool = False
    ) -> Outcome:
        """See `World.call`. ``thorough``: frames that are undone within it are looked into as well, and not
        only where the whole call is undone."""
        if thorough:
            self._foresee(Call(sender, to, data, value), fresh=not self._called)
        self._called = True
        done = self.world.call(sender, to, data, value, min(gas, self.world.environment.gas_limit))
        if not done.ok and not thorough:
            self._foresee(Call(sender, to, data, value), fresh=False)
        return done

    def _foresee(self, call: Call, *, fresh: bool) -> None:
        now = None if fresh else self.world.slot
        accounts, slots = foresee(self.state, self.world.environment, call, now, self._over, self._laid)
        self._accounts |= accounts
        self._slots |= slots

    def create(self, sender: int, code: bytes, value: int = 0, gas: int = GAS) -> Outcome:
        """A transaction that makes a contract; what is answered is its address as a word."""
        evm = self.world._evm
        try:
            made = evm.deploy(address(sender), code, value, min(gas, self.world.environment.gas_limit))
        except RuntimeError as error:
            result = evm.result
            _, found, rest = str(error).partition("output: 0x")
            data = bytes.fromhex(rest.split(" ")[0].rstrip("}")) if found else b""
            return Outcome(False, data, result.gas_used if result else 0, "revert" if found else "halt")
        done = evm.result
        assert done is not None  # noqa: S101 (a call was made)
        return Outcome(True, int(made, 16).to_bytes(32, "big"), done.gas_used, "", done)

    def halted(self) -> str:
        """Why the last call stopped without an answer, in words; empty where it did not."""
        result = self.world._evm.result
        if result is None or not result.is_halt:
            return ""
        name = result.reason.partition("(")[0]
        return _HALTS.get(name, name)

    def touched(self) -> dict[int, Touched]:
        """Every account that was looked at, from what the engine writes down."""
        text = self.world._evm.journal_str.partition(", transient_storage: {")[0]
        found = list(_ACCOUNT.finditer(text))
        made: dict[int, Touched] = {}
        for at, one in enumerate(found):
            part = text[one.end() : found[at + 1].start() if at + 1 < len(found) else len(text)]
            part = part[max(0, part.rfind("storage: {")) :]  # behind the code, which may be long
            storage = {int(s[1]): (int(s[2]), int(s[3])) for s in _SLOT.finditer(part)}
            status = _STATUS.search(part)
            flags = status[1] if status else ""
            made[int(one[1], 16)] = Touched(
                int(one[2]), one[3] != EMPTY, storage, "Created" in flags, "SelfDestructed" in flags
            )
        return made

    def missing(self) -> tuple[set[int], set[Slot]]:
        """What was looked at and not yet read."""
        accounts, slots = set(self._accounts), set(self._slots)
        for who, one in self.touched().items():
            if who not in self.state.accounts and not one.created:
                accounts.add(who)
            if not one.created:
                slots |= {(who, slot) for slot in one.storage if (who, slot) not in self.state.slots}
        ours = self._over
        return accounts - ours.keys(), {slot for slot in slots - self._laid.keys() if not ours.get(slot[0])}


def settle(
    state: State,
    environment: Environment,
    doing: Callable[[Callable[[], Machine]], T],
    money: Mapping[int, int] | None = None,
    codes: Mapping[int, bytes] | None = None,
    storage: Mapping[Slot, int] | None = None,
) -> T:
    """Do something in machines over a state (each asked for is a fresh one) until nothing is missing; what it
    came to the last time.

    Raises `MissingError` without a node, and `NodeError` where it never ends.
    """
    for _ in range(ROUNDS):
        made: list[Machine] = []

        def machine(made: list[Machine] = made) -> Machine:
            made.append(Machine(state, environment, money, codes, storage))
            return made[-1]

        came = doing(machine)
        accounts: set[int] = set()
        slots: set[Slot] = set()
        for one in made:
            who, where = one.missing()
            accounts |= who
            slots |= where
        if not accounts and not slots:
            return came
        state.fetch(sorted(accounts), sorted(slots))
    raise NodeError(
        f"after {ROUNDS} readings the call still looks at other storage", hint="look at the contract by hand"
    )


def view(state: State, to: int, data: bytes, *, sender: int = 0xF00D << 64, gas: int = GAS) -> Outcome:
    """What a contract answers when it is only asked."""
    state.fetch((sender, to))
    environment = state.block.environment(0)
    return settle(state, environment, lambda machine: machine().call(sender, to, data, 0, gas, thorough=True))


def words(data: bytes) -> Iterator[int]:
    """An answer, word by word."""
    for at in range(0, len(data) - 31, 32):
        yield int.from_bytes(data[at : at + 32], "big")


def addresses(data: bytes, limit: int = 512) -> tuple[int, ...] | None:
    """A single list of addresses in an answer, or None where it holds none."""
    all_words = list(words(data))
    if len(all_words) < 2 or all_words[0] != 32 or all_words[1] > min(limit, len(all_words) - 2):
        return None
    listed = all_words[2 : 2 + all_words[1]]
    return tuple(listed) if all(one < 1 << 160 for one in listed) else None
