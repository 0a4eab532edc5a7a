"""Transaction: one that nobody has signed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ringfence.core.errors import InputError
from ringfence.desks.tokens.block import chain_id

_KNOWN: Final = frozenset(
    """from to value data input chain chainId block gas gasLimit gasPrice maxFeePerGas maxPriorityFeePerGas
    nonce type accessList""".split()
)
MAX_DATA: Final = 1 << 20


@dataclass(frozen=True)
class Transaction:
    """``to`` None makes a contract of ``data``. ``value`` and ``gas_price`` in wei; ``block`` a number, a
    hash or a name such as latest."""

    sender: int
    to: int | None
    value: int = 0
    data: bytes = b""
    chain: str | None = None
    block: int | str | None = None
    gas: int | None = None
    gas_price: int | None = None

    @classmethod
    def from_json(cls, made: Any) -> Transaction:  # noqa: ANN401
        """From the fields that wallets write: numbers plain, decimal or ``0x…``. Raises `InputError` for any
        that is wrong or unknown."""
        if not isinstance(made, Mapping):
            raise InputError("a transaction is a JSON object", hint=_HINT)
        unknown = sorted(set(made) - _KNOWN)
        if unknown:
            raise InputError(f"unknown in a transaction: {', '.join(unknown)[:120]}", hint=_HINT)
        if "data" in made and "input" in made and made["data"] != made["input"]:
            raise InputError("data and input differ", hint="write one of them")
        chain = made.get("chain", made.get("chainId"))
        if isinstance(chain, str) and ":" in chain:
            chain_id(chain)
        elif chain is not None:
            chain = f"eip155:{_number('chain', chain)}"
        block = made.get("block")
        if block is not None and not (isinstance(block, str) and (len(block) == 66 or block in NAMES)):
            block = _number("block", block)
        to = made.get("to")
        price = made.get("gasPrice", made.get("maxFeePerGas"))
        gas = made.get("gas", made.get("gasLimit"))
        return cls(
            sender=_address("from", made.get("from")),
            to=None if to in (None, "", "0x") else _address("to", to),
            value=_number("value", made.get("value", 0)),
            data=_data(made.get("data", made.get("input", "0x"))),
            chain=chain,
            block=block,
            gas=None if gas is None else _number("gas", gas),
            gas_price=None if price is None else _number("gasPrice", price),
        )

    def to_rpc(self) -> dict[str, str]:
        """As a node takes a call."""
        made = {"from": f"0x{self.sender:040x}", "value": hex(self.value), "data": "0x" + self.data.hex()}
        return made | ({} if self.to is None else {"to": f"0x{self.to:040x}"})


_HINT: Final = "write {from, to, value, data, chain, block}"
NAMES: Final = frozenset({"latest", "safe", "finalized"})


def _number(name: str, value: Any) -> int:  # noqa: ANN401
    try:
        if isinstance(value, str) and value.isascii() and len(value) < 80 and "_" not in value:
            value = int(value, 16) if value[:2] in ("0x", "0X") else int(value)
    except ValueError:
        value = None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 256:
        return value
    raise InputError(f"{name} is no number", hint="write wei as an integer, or 0x and hexadecimal digits")


def _address(name: str, value: Any) -> int:  # noqa: ANN401
    try:
        if isinstance(value, str) and len(value) == 42 and value[:2] == "0x":
            return int.from_bytes(bytes.fromhex(value[2:]), "big")
    except ValueError:
        pass
    raise InputError(f"{name} is no address", hint="write 0x and 40 hexadecimal digits")


def _data(value: Any) -> bytes:  # noqa: ANN401
    try:
        if isinstance(value, str) and len(value) <= 2 * MAX_DATA + 2:
            return bytes.fromhex(value.removeprefix("0x"))
    except ValueError:
        pass
    raise InputError("data is no hexadecimal text", hint="write 0x and pairs of hexadecimal digits")
