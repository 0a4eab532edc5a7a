"""Read: a web_connectivity measurement as the sides that the judge compares. Pure.

Only raw observations are read, never the probe's own conclusions (``blocking``, ``accessible`` …).
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin

import msgspec

from ringfence.core.errors import InputError
from ringfence.desks.access.content import followable
from ringfence.desks.access.ooni import transfer, values, words
from ringfence.desks.access.ooni.control import control_of
from ringfence.desks.access.ooni.lookup import lookups_of
from ringfence.desks.access.ooni.values import Table, text
from ringfence.desks.access.page import REDIRECTS
from ringfence.desks.access.sides import Answer, Attempt, Control, Handshake, Probe, Step, is_address

MAX_STEPS: Final = 32


class Measurement(msgspec.Struct, frozen=True):
    """``url`` as it was asked for; ``control`` None where no control was tried, and with the outcome
    ``control.failed`` where it gave nothing. ``laboratory``: made by us, inside a laboratory."""

    url: str
    probe: Probe
    control: Control | None
    laboratory: bool = False


class _Rows(msgspec.Struct):
    """The rows of a file by the hop they belong to; None where they do not say."""

    attempts: list[tuple[int | None, Attempt]]
    handshakes: list[tuple[int | None, Handshake]]
    answers: dict[int, Answer]
    refused: dict[int, str]
    bare: bool  # an older file, without a list of handshakes


def read(record: object) -> Measurement:
    """Raises `InputError` for what is no web_connectivity measurement."""
    if not isinstance(record, dict):
        raise InputError("not a measurement: a JSON object is expected")
    keys, asked = record.get("test_keys"), record.get("input")
    if not isinstance(keys, dict) or not isinstance(asked, str) or not asked:
        raise InputError("not a measurement: no test_keys or no input")
    if record.get("test_name") not in (None, "web_connectivity"):
        raise InputError(f"not a web_connectivity measurement: {str(record.get('test_name'))[:60]!r}")
    url = values.canonical(asked)
    if not values.host(url) or values.port(url) == 0:
        raise InputError(f"the input is no URL: {asked[:120]!r}")
    notes = record.get("annotations")
    laboratory = isinstance(notes, dict) and notes.get("laboratory") == "true"
    control = control_of(keys, url, laboratory=laboratory)
    return Measurement(asked, _probe(record, keys, url, laboratory), control, laboratory)


def _probe(record: Table, keys: Table, url: str, laboratory: bool) -> Probe:
    lookups = lookups_of(keys, laboratory=laboratory)
    found = _rows(keys)
    steps: list[Step] = []
    target: str | None = url
    while target is not None and len(steps) < MAX_STEPS:
        own = lookups.get(values.host(target), ())
        known = own or len(steps) in found.answers or is_address(values.host(target))
        if steps and not known:
            break  # nothing was kept of this hop
        steps.append(_step(target, len(steps), Step(target, own), found))
        target = _next(steps[-1])
    asn = text(record.get("probe_asn")).removeprefix("AS")
    return Probe(
        steps=tuple(steps),
        network=int(asn) if asn.isdecimal() and 0 < int(asn[:11]) < 1 << 32 else None,
        handshakes=tuple(one for _, one in found.handshakes),
        attempts=tuple(one for _, one in found.attempts),
    )


def _step(target: str, depth: int, names: Step, found: _Rows) -> Step:
    """One hop with what was tried at the addresses that a visitor's resolver gave: what the probe reached
    at an address from another resolver is no visitor's experience."""
    host, port = names.host, values.port(target)
    system = names.system
    given = {host} if is_address(host) or system is None else set(system.addresses)
    answer = found.answers.get(depth)
    if answer is not None and answer.address is not None and answer.address not in given:
        answer = None
    handshakes = [one for at, one in found.handshakes if at in (None, depth)]
    if found.bare and names.https and (answer is not None or depth in found.refused):
        # A page over HTTPS had a handshake that verified.
        address = (answer.address if answer else None) or min(given, default="")
        handshakes.append(Handshake(address, port, host, found.refused.get(depth, "ok")))

    def here(one: Attempt | Handshake) -> bool:
        return one.address in given and one.port == port

    return Step(
        url=target,
        lookups=names.lookups,
        attempts=tuple(one for at, one in found.attempts if at in (None, depth) and here(one)),
        handshakes=tuple(one for one in handshakes if here(one) and one.name == host),
        answer=answer,
    )


def _next(step: Step) -> str | None:
    answer = step.answer
    if answer is None or answer.outcome != "ok" or answer.status not in REDIRECTS:
        return None
    if not followable(step.url, answer):
        return None
    location = next(value for name, value in answer.headers if name.lower() == "location")
    return values.canonical(urljoin(step.url, location.strip()).partition("#")[0])


def _rows(keys: Table) -> _Rows:
    found = _Rows([], [], {}, {}, bare=not any(values.rows(keys, "tls_handshakes")))
    for row in values.rows(keys, "tcp_connect"):
        attempt = _attempt(row)
        if attempt is not None:
            found.attempts.append((values.depth(row), attempt))
    for row in values.rows(keys, "tls_handshakes"):
        handshake = _handshake(row)
        if handshake is not None:
            found.handshakes.append((values.depth(row), handshake))
    _answers(keys, found)
    return found


def _attempt(row: Table) -> Attempt | None:
    status = row.get("status")
    address, port = text(row.get("ip")), row.get("port")
    if not isinstance(status, dict) or not isinstance(port, int) or not is_address(address):
        return None
    failed = values.failure(status)
    if failed is None and status.get("success") is False:
        failed = "unknown_failure"
    return Attempt(address, port, words.outcome(failed, "tcp"))


def _handshake(row: Table) -> Handshake | None:
    address, port = values.endpoint(text(row.get("address")))
    if address is None or row.get("no_tls_verify") is True:
        return None
    name = text(row.get("server_name")).rstrip(".").lower()
    return Handshake(address, port, name, words.outcome(values.failure(row), "tls"))


def _answers(keys: Table, found: _Rows) -> None:
    """The responses by hop. Requests stand newest first; of several at one hop the one that came counts."""
    depth, last = 0, None
    for row in list(values.rows(keys, "requests"))[::-1]:
        place = values.depth(row)
        if place is None:
            # Older files have no tags: another URL is another hop.
            request = row.get("request")
            asked = values.canonical(text(request.get("url"))) if isinstance(request, dict) else ""
            depth += last is not None and asked != last
            place, last = depth, asked
        answer = _answer(row, keys)
        if answer is not None and (place not in found.answers or found.answers[place].outcome != "ok"):
            found.answers[place] = answer
        failed = values.failure(row)
        if failed is not None and words.layer(failed) == "tls":
            found.refused[place] = words.outcome(failed, "tls")


def _answer(row: Table, keys: Table) -> Answer | None:
    response = row.get("response")
    response = response if isinstance(response, dict) else {}
    status, failed = values.status(response, "code"), values.failure(row)
    if failed is not None and words.layer(failed) != "http":
        return None  # an older probe's word for a layer that has its own list
    if failed is None and status is None:
        return None
    outcome = words.outcome(failed, "http")
    if outcome == "http.timeout" and status is not None:
        outcome = "http.throttled"  # the head came, and the body did not in time
    body = values.body(response.get("body"))
    headers = values.headers(response)
    cut = response.get("body_is_truncated") is True
    length = values.declared_length(headers) if cut else len(body)
    address, _ = values.endpoint(text(row.get("address")))
    return Answer(
        outcome=outcome,
        status=status,
        headers=headers,
        body=body,
        length=length if outcome == "ok" else None,
        address=address,
        rate=transfer.of(keys, row),
    )
