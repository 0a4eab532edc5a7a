"""Answer: screenings in the envelope of the GoPlus token API, with what that API does not say under one key.

``{code, message, result: {address: fields}}``; each address also has ``ringfence``: the block, the digest of
the evidence, every capability with its confidence, and why each absent field is absent. One bad address among
many is told under ``ringfence`` of the envelope, and the others are answered.

Confidence is how a statement was come by, not a number:

- ``shown``: the calls in ``proof`` do it in a real engine, in the storage ``state``;
- ``read``: it stands in the code or in storage at the block (a proxy's place);
- ``searched``: absent, and the search came through everything it had to;
- ``unknown``: neither, and ``why`` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

from ringfence.core.errors import InputError, OutsideError, RingfenceError
from ringfence.desks.tokens.goplus import absent
from ringfence.desks.tokens.onchain import address_of
from ringfence.desks.tokens.screen import VERSION

OK: Final = 1
PENDING: Final = 2
BAD_ADDRESS: Final = 2004
BAD_CHAIN: Final = 2018
NO_CONTRACT: Final = 2020
NOT_FOUND: Final = 2021
RATE: Final = 4029
FAILED: Final = 5000
MESSAGES: Final = {
    OK: "OK",
    PENDING: "Partial data obtained. The rest can be asked for again in about 15 seconds.",
    BAD_ADDRESS: "Contract address format error!",
    BAD_CHAIN: "ChainID not supported",
    NO_CONTRACT: "Non-contract address",
    NOT_FOUND: "No info for this contract",
    RATE: "Request limit reached",
    FAILED: "System error",
}
MAX_ADDRESSES: Final = 100  # of one batch

Confidence = Literal["shown", "read", "searched", "unknown"]
Look = Callable[[int], Any]  # an address to its `fields`, or to their bytes (`msgspec.Raw`)


class NoChainError(InputError):
    """A chain that no node is configured for."""


class NoContractError(InputError):
    """An address without code."""


def envelope(code: int, result: Mapping[str, Any] | None = None, **ours: Any) -> dict[str, Any]:  # noqa: ANN401
    """``{code, message, result}``, and ``ringfence`` where there is anything of ours to say."""
    made: dict[str, Any] = {"code": code, "message": MESSAGES[code], "result": dict(result or {})}
    if ours:
        made["ringfence"] = ours
    return made


def one(address: str, look: Look) -> dict[str, Any]:
    """The envelope for one address."""
    return batch((address,), look)


def batch(addresses: Iterable[str], look: Look) -> dict[str, Any]:
    """The envelope for several. ``code`` is 1 where any was answered and none is to be asked for again, 2
    where some are, and otherwise the code of the first. Raises `InputError` for none or too many."""
    asked = list(dict.fromkeys(text.strip().lower() for text in addresses))
    if not 0 < len(asked) <= MAX_ADDRESSES:
        raise InputError(f"{len(asked)} addresses", hint=f"ask for 1 to {MAX_ADDRESSES} at a time")
    result: dict[str, Any] = {}
    failed: dict[str, dict[str, Any]] = {}
    for text in asked:
        try:
            result[text] = look(address_of(text))
        except RingfenceError as error:
            failed[text] = _failed(_code_of(error, text), error.message, error.hint)
        except Exception as error:  # whatever it is, the others are answered
            failed[text] = _failed(FAILED, f"a mistake of ours ({type(error).__name__})", "report it")
    return envelope(_whole(result, failed), result, **({"failed": failed} if failed else {}))


def fields(screening: Mapping[str, Any]) -> dict[str, Any]:
    """What stands under an address: the GoPlus fields that are known, and ``ringfence``. ``screening`` is one
    as `tokens screen` writes it. Raises `NoContractError`."""
    if screening["code_hash"] == _EMPTY:
        raise NoContractError("no code at the address", hint="is it of another chain?")
    known: Mapping[str, Any] = screening["goplus"]
    return {**known, "ringfence": _extension(screening, known)}


def confidence(capability: Mapping[str, Any]) -> Confidence:
    """How a statement was come by; see the module."""
    if capability["present"] is None:
        return "unknown"
    if capability["present"]:
        return "shown" if capability.get("proof") else "read"
    return "searched"


def _extension(screening: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "block": screening.get("block"),
        "evidence": screening.get("evidence"),
        "code_hash": screening["code_hash"],
        "resolved": screening["resolved"],
        "why": screening["why"],
        "depth": screening["depth"],
        "rules": screening.get("version", VERSION),
        "capabilities": [{**each, "confidence": confidence(each)} for each in screening["capabilities"]],
        "trade": screening["trade"],
        "proxies": screening.get("proxies", []),
        "absent": absent(known, screening),
    }


def _code_of(error: RingfenceError, text: str) -> int:
    if isinstance(error, NoChainError):
        return BAD_CHAIN
    if isinstance(error, NoContractError):
        return NO_CONTRACT
    if isinstance(error, OutsideError):
        return PENDING  # a node that fails now may answer later
    return BAD_ADDRESS if not _is_address(text) else NOT_FOUND


def _is_address(text: str) -> bool:
    try:
        address_of(text)
    except InputError:
        return False
    return True


def _failed(code: int, why: str, hint: str) -> dict[str, Any]:
    return {"code": code, "message": MESSAGES[code], "why": why, "hint": hint}


def _whole(result: Mapping[str, Any], failed: Mapping[str, Mapping[str, Any]]) -> int:
    codes = [each["code"] for each in failed.values()]
    if PENDING in codes:
        return PENDING
    return OK if result else int(codes[0])


_EMPTY: Final = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"  # of no code
