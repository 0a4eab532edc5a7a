"""Control: what OONI's helper saw from outside, as the judge compares it. Pure."""

from __future__ import annotations

from ringfence.desks.access.ooni import values, words
from ringfence.desks.access.ooni.lookup import lookup
from ringfence.desks.access.ooni.values import MAX_ITEMS, Table, text
from ringfence.desks.access.sides import Answer, Control, Endpoint, Lookup, is_address


def control_of(keys: Table, url: str, *, laboratory: bool = False) -> Control | None:
    """None where no control was tried; the outcome ``control.failed`` where it gave nothing."""
    control = keys.get("control")
    if not isinstance(control, dict) or not control:
        return Control("control.failed") if keys.get("control_failure") is not None else None
    host = values.host(url)
    lookups = {} if is_address(host) else _lookups(control, host, laboratory)
    attempts = _endpoints(control.get("tcp_connect"), "tcp")
    handshakes = _endpoints(control.get("tls_handshake"), "tls")
    answer = _answer(control.get("http_request"))
    outcome, stage = _state(url, lookups.get(host), attempts, handshakes, answer)
    return Control(outcome, stage, lookups, attempts, handshakes, answer)


def _lookups(control: Table, host: str, laboratory: bool) -> dict[str, Lookup]:
    names = control.get("dns")
    if not isinstance(names, dict):
        return {}
    listed = names.get("addrs")
    addresses = [
        one for one in (listed if isinstance(listed, list) else [])[:MAX_ITEMS] if is_address(text(one))
    ]
    networks = {
        address: row["asn"]
        for address, row in values.items(control.get("ip_info"))
        if address in addresses
        and isinstance(row, dict)
        and isinstance(row.get("asn"), int)
        and row["asn"] > 0
    }
    word = "ok" if addresses else words.outcome(values.failure(names), "dns")
    return {host: lookup("control", word, addresses, networks, laboratory=laboratory)}


def _endpoints(table: object, stage: str) -> dict[Endpoint, str]:
    found: dict[Endpoint, str] = {}
    for place, row in values.items(table):
        address, port = values.endpoint(place)
        if address is not None:
            failed = values.failure(row) if isinstance(row, dict) else "unknown_failure"
            if failed is None and row.get("status") is False:
                failed = "unknown_failure"
            found[address, port] = words.outcome(failed, stage)
    return found


def _answer(request: object) -> Answer | None:
    if not isinstance(request, dict):
        return None
    failed = values.failure(request)
    length, title, status = (
        request.get("body_length"),
        request.get("title"),
        values.status(request, "status_code"),
    )
    if failed is None and status is None:
        return None
    return Answer(
        outcome=words.outcome(failed, "http"),
        status=status,
        headers=values.headers(request),
        length=length if isinstance(length, int) and length >= 0 else None,
        title=title if isinstance(title, str) else "",
    )


def _state(
    url: str,
    looked: Lookup | None,
    attempts: dict[Endpoint, str],
    handshakes: dict[Endpoint, str],
    answer: Answer | None,
) -> tuple[str, str | None]:
    """Where the control's own way ended: it is told layer by layer too, its response last."""
    if answer is not None and answer.outcome == "ok":
        return "ok", None
    if looked is not None and looked.outcome != "ok":
        return looked.outcome, "dns"
    own = set(looked.addresses) if looked is not None else {values.host(url)}
    port = values.port(url)
    for stage, made in (("tcp", attempts), ("tls", handshakes if url.startswith("https:") else {})):
        tried = [word for (address, p), word in made.items() if address in own and p == port]
        if tried and "ok" not in tried:
            return tried[0], stage
    return ("control.failed", None) if answer is None else (answer.outcome, "http")
