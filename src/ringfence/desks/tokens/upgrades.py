"""Upgrades: what a contract's own events say of its code having been replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ringfence.desks.tokens.effects import topic
from ringfence.desks.tokens.node import NodeError, Refused, octets, quantity
from ringfence.desks.tokens.state import MissingError, State
from ringfence.desks.tokens.world import address as text

EVENTS: Final = {
    "0x" + topic(signature).hex(): signature.partition("(")[0]
    for signature in (
        "Upgraded(address)",
        "BeaconUpgraded(address)",
        "AdminChanged(address,address)",
        "DiamondCut((address,uint8,bytes4[])[],address,bytes)",
    )
}
SPAN: Final = 50_000  # blocks a request; halved where the node finds it too many
MAX_REQUESTS: Final = 200
MAX_LOGS: Final = 2_000


@dataclass(frozen=True)
class Upgrade:
    """One event: its name, where it stands, and the address that it names (the code, or the admin after
    it)."""

    event: str
    block: int
    index: int
    named: int | None


@dataclass(frozen=True)
class Upgrades:
    """The events from ``since`` to the block of the state, oldest first; None where the node does not give
    them, and ``why`` says why."""

    since: int
    found: tuple[Upgrade, ...] | None
    why: str = ""


def upgrades(state: State, address: int, since: int | None = None) -> Upgrades:
    """What the logs say. ``since`` is a block; by default as far back as one request's span reaches."""
    last = state.block.number
    first = max(0, last - SPAN + 1) if since is None else since
    found: list[Upgrade] = []
    at, span = first, SPAN
    for _ in range(MAX_REQUESTS):
        if at > last:
            return Upgrades(first, tuple(sorted(found, key=lambda one: (one.block, one.index))))
        end = min(last, at + span - 1)
        try:
            logs = state.ask(
                "eth_getLogs",
                {
                    "address": text(address), "fromBlock": hex(at), "toBlock": hex(end),
                    "topics": [sorted(EVENTS)],
                },
            )  # fmt: skip
        except Refused as refused:
            if refused.unknown or span <= 128:
                return Upgrades(first, None, f"the node gives no logs: {refused.said}")
            span //= 4  # most nodes bound the range, and each words it differently
            continue
        except MissingError:
            return Upgrades(first, None, "the bundle holds no logs")
        if not isinstance(logs, list) or len(found) + len(logs) > MAX_LOGS:
            return Upgrades(first, None, "the node's logs cannot be read, or are too many")
        for log in logs:
            if isinstance(log, dict):
                found.append(_read(log))
        at = end + 1
    return Upgrades(first, None, f"more than {MAX_REQUESTS} requests for logs")


def _read(log: dict[str, object]) -> Upgrade:
    topics = log.get("topics")
    if not isinstance(topics, list) or not topics or topics[0] not in EVENTS:
        raise NodeError("the node gave logs that were not asked for", hint="name another node")
    data = octets(log.get("data"))
    words = [octets(one, 32) for one in topics[1:]] or [data[at : at + 32] for at in range(0, len(data), 32)]
    event = EVENTS[topics[0]]
    whole = {"AdminChanged": 1, "Upgraded": 0, "BeaconUpgraded": 0}.get(event)
    named = int.from_bytes(words[whole][-20:], "big") if whole is not None and len(words) > whole else None
    return Upgrade(event, quantity(log.get("blockNumber")), quantity(log.get("logIndex")), named)
