"""Transfer: how fast a response came, from the network events of its connection. Pure."""

from __future__ import annotations

from typing import Any

_READS = frozenset({"read", "bytes_received_cumulative"})


def of(keys: dict[str, Any], request: dict[str, Any]) -> int | None:
    """Octets a second from the first to the last sign of the connection on which a request was made, or
    to the request's end; None where no events were kept."""
    transaction = request.get("transaction_id")
    events = keys.get("network_events")
    if not isinstance(events, list) or not isinstance(transaction, int) or not transaction:
        return None
    begun, ended, octets, cumulative = request.get("t0"), request.get("t"), 0, 0
    times = []
    for event in events[:20_000]:
        if not isinstance(event, dict) or event.get("transaction_id") != transaction:
            continue
        size, at = event.get("num_bytes"), event.get("t")
        if event.get("operation") not in _READS or not isinstance(at, (int, float)):
            continue
        times.append(float(at))
        if isinstance(size, int) and size > 0:
            if event["operation"] == "read":
                octets += size
            else:
                cumulative = max(cumulative, size)
    if not times:
        return None
    start = float(begun) if isinstance(begun, (int, float)) else min(times)
    end = float(ended) if isinstance(ended, (int, float)) and ended > 0 else max(times)
    seconds = max(end, max(times)) - min(start, min(times))
    return round(max(octets, cumulative) / seconds) if seconds > 0 else None
