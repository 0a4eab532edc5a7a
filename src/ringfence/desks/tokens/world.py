"""World: accounts, code and storage in a real engine (revm), private and thrown away afterwards.

What a call did is told; nothing is judged here. Every call is bounded by gas, and gas bounds time and memory:
thirty million gas are about a tenth of a second and four megabytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import pyrevm

from ringfence.desks.tokens.bytecode import Program
from ringfence.desks.tokens.meter import CALL, GAS, owe, pay
from ringfence.desks.tokens.trace import Slot

SPEC: Final = "CANCUN"  # an unknown name is silently taken for the latest, and this is the latest it has
CALL_GAS: Final = 12_000_000
RICH: Final = 10**24
BLOCK_SECONDS: Final = 12
_BASEFEE, _GASPRICE = 0x48, 0x3A


@dataclass(frozen=True)
class Environment:
    """What a contract may ask about the chain it stands on. Fees in wei, time in seconds since 1970."""

    chain: int = 1
    number: int = 18_000_000
    time: int = 1_700_000_000
    base_fee: int = 10**10
    gas_price: int = 10**10
    coinbase: int = 0x95222290DD7278AA3DDD389CC1E1D165CC4BAFE5
    gas_limit: int = 30_000_000
    random: int = 0x5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED5EED

    def later(self, seconds: int, blocks: int | None = None) -> Environment:
        """The same chain after a while; blocks come every 12 seconds unless told."""
        many = -(-seconds // BLOCK_SECONDS) if blocks is None else blocks
        return replace(self, time=self.time + seconds, number=self.number + many)


@dataclass(frozen=True)
class Log:
    """An event: who wrote it, its topics and its data."""

    address: int
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True)
class Outcome:
    """How a call ended. ``gas`` used; ``why`` is empty where it went through, else the engine's word."""

    ok: bool
    data: bytes
    gas: int
    why: str = ""
    result: pyrevm.ExecutionResult | None = field(default=None, repr=False, compare=False)

    @property
    def logs(self) -> tuple[Log, ...]:
        """The events in order, read when they are asked for."""
        return tuple(
            Log(int(one.address, 16), tuple(bytes.fromhex(t[2:]) for t in one.topics), bytes(one.data[1]))
            for one in (self.result.logs if self.result is not None else ())
        )

    def word(self) -> int | None:
        """The first word returned, or None."""
        return int.from_bytes(self.data[:32], "big") if self.ok and len(self.data) >= 32 else None


@lru_cache(4096)
def address(who: int) -> str:
    """An account as the engine writes it."""
    return f"0x{who:040x}"


@lru_cache(512)
def _with_fee(code: bytes) -> bytes:
    """Code in which BASEFEE reads the gas price. The engine binding runs every call with a base fee of zero,
    by which code could tell it; both instructions cost the same and stand at the same place."""
    if _BASEFEE not in code:
        return code
    ops = Program(code)
    made = bytearray(code)
    pc = 0
    while pc < len(code):
        if code[pc] == _BASEFEE:
            made[pc] = _GASPRICE
        pc = ops.after[pc]
    return bytes(made)


class World:
    """One machine. Storage is put in before anything reads it: afterwards it would be ignored."""

    def __init__(
        self,
        environment: Environment,
        codes: Mapping[int, bytes],
        storage: Mapping[Slot, int],
        balances: Mapping[int, int],
    ) -> None:
        self.environment = environment
        self._evm = pyrevm.EVM(
            pyrevm.Env(cfg=pyrevm.CfgEnv(chain_id=environment.chain), block=_block(environment)),
            gas_limit=environment.gas_limit,
            spec_id=SPEC,
        )
        for who in {*codes, *balances, *(slot[0] for slot in storage)}:
            code = codes.get(who, b"")
            info = pyrevm.AccountInfo(  # type: ignore[call-arg]  # its stub leaves the balance out
                balance=balances.get(who, 0),
                nonce=1 if code else 0,
                code=_with_fee(code) if environment.base_fee else code,
            )
            self._evm.insert_account_info(address(who), info)
        for (who, slot), value in storage.items():
            if value:
                self._evm.insert_account_storage(address(who), slot, value)

    def call(self, sender: int, to: int, data: bytes, value: int = 0, gas: int = CALL_GAS) -> Outcome:
        """A transaction's call by an account without code. Never raises for what the code does, but
        `SpentError` where calls are metered."""
        evm = self._evm
        pay(CALL)
        evm.reset_transient_storage()
        try:
            data = evm.message_call(
                address(sender), address(to), data, value, gas, self.environment.gas_price
            )
        except RuntimeError as error:
            result = None if "Transaction(" in str(error) else evm.result  # that of the call before
            used = result.gas_used if result is not None else 0
            owe(used // GAS)
            return Outcome(False, _revert_data(str(error)), used, _why(str(error), used, gas))
        except OverflowError as error:  # more money than there is
            return Outcome(False, b"", 0, str(error)[:80])
        result = evm.result
        assert result is not None  # noqa: S101 (a call was made)
        owe(result.gas_used // GAS)
        return Outcome(True, data, result.gas_used, "", result)

    def create(self, sender: int, code: bytes, value: int = 0, gas: int = CALL_GAS) -> Outcome:
        """A transaction that makes a contract; what is answered is its address as a word."""
        try:
            made = self._evm.deploy(address(sender), code, value, gas)
        except RuntimeError as error:
            result = self._evm.result
            _, found, _ = str(error).partition("output: 0x")
            used = result.gas_used if result else 0
            return Outcome(False, _revert_data(str(error)), used, "revert" if found else "halt")
        done = self._evm.result
        assert done is not None  # noqa: S101 (a call was made)
        return Outcome(True, int(made, 16).to_bytes(32, "big"), done.gas_used, "", done)

    def number(self, who: int, nonce: int) -> None:
        """Set how many transactions an account has made, by which new contracts are named."""
        info = self._evm.basic(address(who))
        self._evm.insert_account_info(
            address(who),
            pyrevm.AccountInfo(  # type: ignore[call-arg]  # its stub leaves the balance out
                balance=info.balance, nonce=nonce, code=info.code
            ),
        )

    def halted(self) -> str:
        """Why the last call stopped without an answer, in the engine's word; empty where it did not."""
        result = self._evm.result
        return result.reason.partition("(")[0] if result is not None and result.is_halt else ""

    def journal(self) -> str:
        """All that the last calls looked at and left, as the engine writes it."""
        return str(self._evm.journal_str)

    def balance(self, who: int) -> int:
        """Native coin, in wei."""
        return int(self._evm.get_balance(address(who)))

    def slot(self, who: int, slot: int) -> int:
        """A word of storage."""
        return int(self._evm.storage(address(who), slot))

    def wait(self, seconds: int, blocks: int | None = None) -> None:
        """Let time pass."""
        self.move(self.environment.later(seconds, blocks))

    def move(self, environment: Environment) -> None:
        """Another block (the chain's number cannot be changed in a world that is there)."""
        self.environment = replace(environment, chain=self.environment.chain)
        self._evm.set_block_env(_block(self.environment))

    @contextmanager
    def trial(self) -> Iterator[None]:
        """Whatever is done inside is undone."""
        mark, environment = self._evm.snapshot(), self.environment
        try:
            yield
        finally:
            self._evm.revert(mark)
            if environment != self.environment:
                self.move(environment)


def _block(environment: Environment) -> pyrevm.BlockEnv:
    return pyrevm.BlockEnv(
        number=environment.number,
        coinbase=address(environment.coinbase),
        timestamp=environment.time,
        prevrandao=environment.random.to_bytes(32, "big"),
        basefee=environment.base_fee,
        gas_limit=environment.gas_limit,
    )


def _revert_data(text: str) -> bytes:
    _, found, rest = text.partition("output: 0x")
    return bytes.fromhex(rest.split(" ")[0].rstrip("}")) if found else b""


def _why(text: str, used: int, gas: int) -> str:
    if "OutOfGas" in text or used > gas * 9 // 10:
        return "gas"  # also where a frame within ran dry and the one above it could still say no
    data = _revert_data(text)
    if data[:4] == b"\x08\xc3\x79\xa0" and len(data) >= 68:
        size = int.from_bytes(data[36:68], "big")
        return "revert: " + data[68 : 68 + min(size, 80)].decode("utf-8", "replace")
    return "revert" if "Revert" in text else text.split("{")[0].strip()[:80] or "halt"
