"""Logs: what a contract wrote to the log, newest first, as far back as a node can be asked.

Nodes bound a request by blocks or by answers, and each words it differently: the span grows while answers are
short and is halved where one is refused. What was asked is kept with the state, so that a bundle answers the
same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ringfence.desks.tokens.node import NodeError, Refused, octets, quantity
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.world import address as text

SPAN: Final = 50_000  # blocks of the first request
MAX_REQUESTS: Final = 60  # of one look
MAX_LOGS: Final = 2_000  # enough to tell by
MAX_AT_ONCE: Final = 5_000  # so that a bundle stays small
_SHORT: Final = 500  # answers after which a longer span is tried

Topics = list[list[str] | None]  # by place; None: anything


@dataclass(frozen=True)
class Entry:
    """One entry: the block, its place in it, the transaction, topics and data."""

    block: int
    index: int
    transaction: str
    topics: tuple[int, ...]
    data: bytes


@dataclass(frozen=True)
class Logs:
    """Entries, newest first, of all blocks from ``since`` on; ``why`` says why it is not from where it was
    asked for. ``since`` None: nothing could be read."""

    found: tuple[Entry, ...]
    since: int | None
    why: str = ""


def logs(
    state: State,
    address: int,
    topics: Topics,
    since: int = 0,
    enough: int = MAX_LOGS,
    last: int | None = None,
    span: int = SPAN,
) -> Logs:
    """Entries of a contract with these topics, from block ``last`` (the state's) back to block ``since`` or
    until there are ``enough``; ``span`` blocks in the first request."""
    found: list[Entry] = []
    newest = last = state.block.number if last is None else last
    bound = 1 << 62
    for _ in range(MAX_REQUESTS):
        if last < since:
            return Logs(tuple(found), since)
        if len(found) >= enough:
            return Logs(tuple(found), last + 1, f"more than {enough} entries")
        first = max(since, last - span + 1)
        asked = {"address": text(address), "fromBlock": hex(first), "toBlock": hex(last), "topics": topics}
        try:
            got = state.ask("eth_getLogs", asked, most=MAX_AT_ONCE)
        except Refused as refused:
            if refused.unknown or first == last:
                return _stopped(found, last, newest, f"the node gives no logs: {refused.said}")
            bound = (last - first + 1) // 2  # never as many again
            span = max(1, bound)
            continue
        except MissingError:
            return _stopped(found, last, newest, "the bundle holds no logs")
        if not isinstance(got, list):
            raise NodeError("the node's logs cannot be read", hint="name another node")
        part = [_entry(one, address, topics, first, last) for one in got]
        found += sorted(part, key=lambda one: (one.block, one.index), reverse=True)
        last = first - 1
        if len(part) < _SHORT:
            span = min(span * 8, max(1, bound))
    return _stopped(found, last, newest, f"not in {MAX_REQUESTS} requests")


def _stopped(found: list[Entry], last: int, newest: int, why: str) -> Logs:
    return Logs(tuple(found), None if last == newest else last + 1, why)


def _entry(one: Any, address: int, topics: Topics, first: int, last: int) -> Entry:  # noqa: ANN401
    if not isinstance(one, dict) or not isinstance(one.get("topics"), list):
        raise NodeError("the node's logs cannot be read", hint="name another node")
    made = Entry(
        quantity(one.get("blockNumber"), 63),
        quantity(one.get("logIndex"), 63),
        "0x" + octets(one.get("transactionHash"), 32).hex(),
        tuple(int.from_bytes(octets(each, 32), "big") for each in one["topics"]),
        octets(one.get("data")),
    )
    wanted = (
        len(made.topics) > at and word(made.topics[at]) in some for at, some in enumerate(topics) if some
    )
    who = int.from_bytes(octets(one.get("address"), 20), "big")
    if who != address or not first <= made.block <= last or not all(wanted):
        raise NodeError("the node gave logs that were not asked for", hint="name another node")
    return made


def word(value: int) -> str:
    """A topic as JSON-RPC writes it."""
    return f"0x{value:064x}"


@dataclass(frozen=True)
class Sent:
    """A transaction: who sent it, to whom (None: it made a contract), and with what."""

    sender: int
    to: int | None
    data: bytes


def sent(state: State, transaction: str) -> Sent | None:
    """A transaction by its hash; None where the node does not give it."""
    try:
        got = state.ask("eth_getTransactionByHash", transaction)
    except (Refused, MissingError):
        return None
    if not isinstance(got, dict):
        return None
    to = got.get("to")
    return Sent(
        int.from_bytes(octets(got.get("from"), 20), "big"),
        None if to is None else int.from_bytes(octets(to, 20), "big"),
        octets(got.get("input") or "0x"),
    )


def born(state: State, address: int) -> int | None:
    """The block in which a contract was made, by its nonce, which is one from then on; None where the node
    keeps no old state, or the contract is older than that rule (EIP-161)."""
    if not state.account(address).nonce:
        return None
    low, high = 0, state.block.number
    try:
        while low < high:
            at = (low + high) // 2
            if quantity(state.ask("eth_getTransactionCount", text(address), hex(at)), 64):
                high = at
            else:
                low = at + 1
    except (Refused, MissingError):
        return None
    return low
