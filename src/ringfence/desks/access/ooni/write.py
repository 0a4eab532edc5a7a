"""Write: two of our observations as one OONI web_connectivity measurement. Pure.

The inside is the probe, the outside the control. Format: ooni/spec data format 0.2.0 (df-001 HTTP,
df-002 DNS, df-005 TCP, df-006 TLS, df-008 network events) and ts-017 web_connectivity. What we do not
know (AS numbers, the probe's address) is written as OONI writes what it leaves out.
"""

from __future__ import annotations

import base64
import ssl
from collections.abc import Mapping
from typing import Any, Final

from ringfence import __version__
from ringfence.core.time import parse_stamp
from ringfence.desks.access.ooni import words
from ringfence.desks.access.ours import Bodies, alike_landing, landing
from ringfence.desks.access.page import title
from ringfence.desks.access.sides import Answer
from ringfence.desks.access.verdict import Verdict
from ringfence.evidence.observation import (
    Cross,
    DNSAnswer,
    DNSStep,
    Exchange,
    Hop,
    HTTPStep,
    Observation,
    TCPStep,
    TLSStep,
)

TEST_VERSION: Final = "0.5.28"
Row = dict[str, Any]


def write(
    url: str, inside: Observation, outside: Observation | None, bodies: Bodies, verdict: Verdict
) -> dict[str, Any]:
    """The measurement. ``bodies`` holds decoded bodies and certificate chains by digest."""
    theirs = landing(outside)
    ours = alike_landing(inside, theirs)
    keys = _Keys(bodies)
    if ours is not None:
        for depth, hop in enumerate(ours.hops):
            keys.hop(hop, depth)
    for cross in inside.cross:
        keys.cross(cross)
    keys.requests.reverse()  # newest first
    resolver = next((hop.dns.resolver for hop in (ours.hops if ours else ()) if hop.dns is not None), "")
    started = f"{parse_stamp(inside.started):%Y-%m-%d %H:%M:%S}"
    return {
        "annotations": {
            "capture": inside.capture,
            "control_capture": outside.capture if outside is not None else "",
            "laboratory": str(inside.laboratory).lower(),
            "vantage": inside.vantage,
        },
        "data_format_version": "0.2.0",
        "input": url,
        "measurement_start_time": started,
        "probe_asn": "AS0",
        "probe_cc": inside.country or "ZZ",
        "probe_ip": "127.0.0.1",
        "probe_network_name": "",
        "report_id": "",
        "resolver_asn": "AS0",
        "resolver_ip": _authority(resolver)[0] or "127.0.0.2",
        "resolver_network_name": "",
        "software_name": "ringfence",
        "software_version": __version__,
        "test_keys": {
            "agent": "redirect",
            "client_resolver": _authority(resolver)[0],
            "network_events": keys.events,
            "queries": keys.queries,
            "requests": keys.requests,
            "retries": None,
            "socksproxy": None,
            "tcp_connect": keys.connections,
            "tls_handshakes": keys.handshakes,
            "control": _control(theirs, outside, bodies),
            "control_failure": None if theirs is not None else "unknown_failure: no control",
            **_conclusions(verdict),
        },
        "test_name": "web_connectivity",
        "test_runtime": inside.took_us / 1e6,
        "test_start_time": started,
        "test_version": TEST_VERSION,
    }


class _Keys:
    """Gathers the lists of a measurement; a transaction is one connection."""

    def __init__(self, bodies: Mapping[str, bytes]) -> None:
        self.bodies = bodies
        self.queries: list[Row] = []
        self.connections: list[Row] = []
        self.handshakes: list[Row] = []
        self.requests: list[Row] = []
        self.events: list[Row] = []
        self._transaction = 0

    def hop(self, hop: Hop, depth: int) -> None:
        """One hop with all its layers."""
        tags = ["classic", f"depth={depth}", "fetch_body=true"]
        if hop.dns is not None:
            self._query(hop.host, hop.dns, tags, system=True)
        for other in hop.other_dns:
            self._query(hop.host, other, [f"depth={depth}"], system=False)
        for step in hop.tcp:
            self._connection(step, tags)
        if hop.tls is not None and hop.tcp:
            self._handshake(hop.tcp[-1], hop.tls, tags)
        if hop.http is not None:
            # A kept connection has no steps of its own: it is the one before.
            self._request(hop, hop.http, tags)

    def cross(self, cross: Cross) -> None:
        """A connection to an address seen outside."""
        self._connection(cross.tcp, ["tcptls_experiment"])
        if cross.tls is not None:
            self._handshake(cross.tcp, cross.tls, ["tcptls_experiment"])

    def _query(self, host: str, step: DNSStep, tags: list[str], *, system: bool) -> None:
        address, port = _authority(step.resolver)
        for kind in ("A", "AAAA"):
            answers = [_record(one) for one in step.answers if one.type in (kind, "CNAME")]
            failed = words.failure(step.outcome)
            if not any(one["answer_type"] == kind for one in answers):
                answers, failed = [], failed or "dns_no_answer"
            doh = step.transport == "doh"
            self.queries.append(
                {
                    "answers": answers or None,
                    "engine": "getaddrinfo" if system else step.transport or "udp",
                    "failure": failed,
                    "hostname": host,
                    "query_type": kind,
                    "resolver_address": step.resolver if doh else f"{address}:{port}" if address else "",
                    "resolver_hostname": None,
                    "resolver_port": None,
                    "t0": step.at_us / 1e6,
                    "t": (step.at_us + step.took_us) / 1e6,
                    "tags": tags,
                    "transaction_id": 0,
                }
            )

    def _connection(self, step: TCPStep, tags: list[str]) -> None:
        self._transaction += 1
        failed = words.failure(step.outcome)
        self.connections.append(
            {
                "ip": step.address,
                "port": step.port,
                "status": {"failure": failed, "success": failed is None},
                "t0": step.at_us / 1e6,
                "t": (step.at_us + step.took_us) / 1e6,
                "tags": tags,
                "transaction_id": self._transaction,
            }
        )

    def _handshake(self, tcp: TCPStep, step: TLSStep, tags: list[str]) -> None:
        outcome = "tls.cert" if step.outcome == "ok" and not step.verified else step.outcome
        self.handshakes.append(
            {
                "address": _endpoint(tcp),
                "cipher_suite": "",
                "failure": words.failure(outcome),
                "negotiated_protocol": step.alpn,
                "network": "tcp",
                "no_tls_verify": False,
                "peer_certificates": [_packed(one) for one in self._chain(step)],
                "server_name": step.server_name,
                "t0": step.at_us / 1e6,
                "t": (step.at_us + step.took_us) / 1e6,
                "tags": tags,
                "tls_version": step.version or "",
                "transaction_id": self._transaction,
            }
        )

    def _chain(self, step: TLSStep) -> list[bytes]:
        pem = b"".join(self.bodies.get(one, b"") for one in step.chain).decode("ascii", "replace")
        mark = "-----END CERTIFICATE-----"
        return [ssl.PEM_cert_to_DER_cert(part + mark) for part in pem.split(mark) if "BEGIN" in part]

    def _request(self, hop: Hop, step: HTTPStep, tags: list[str]) -> None:
        body = self.bodies.get(step.body or "", b"")
        self.requests.append(
            {
                "address": _endpoint(hop.tcp[-1]) if hop.tcp else "",
                "alpn": "" if step.protocol == "http/1.1" else step.protocol,
                "failure": words.failure(step.outcome),
                "network": "tcp",
                "request": {
                    "body": "",
                    "body_is_truncated": False,
                    "headers": {},
                    "headers_list": [],
                    "method": "GET",
                    "tor": {"exit_ip": None, "exit_name": None, "is_tor": False},
                    "url": hop.url,
                    "x_transport": "tcp",
                },
                "response": {
                    "body": _text(body),
                    "body_is_truncated": bool(step.truncated),
                    "code": step.status or 0,
                    "headers": dict(step.headers),
                    "headers_list": [list(pair) for pair in step.headers],
                },
                "t0": step.at_us / 1e6,
                "t": (step.at_us + step.took_us) / 1e6,
                "tags": tags,
                "transaction_id": self._transaction,
            }
        )
        before = 0
        for at, octets in step.progress:
            self.events.append(
                {
                    "address": _endpoint(hop.tcp[-1]) if hop.tcp else "",
                    "failure": None,
                    "num_bytes": octets - before,
                    "operation": "read",
                    "proto": "tcp",
                    "t": (step.at_us + at) / 1e6,
                    "tags": tags,
                    "transaction_id": self._transaction,
                }
            )
            before = octets


def _control(theirs: Exchange | None, outside: Observation | None, bodies: Bodies) -> Row | None:
    if theirs is None or outside is None or not theirs.hops:
        return None
    first, last = theirs.hops[0], theirs.hops[-1]
    tried = [(step, hop.tls, hop.host) for hop in theirs.hops[:1] for step in hop.tcp]
    tried += [(one.tcp, one.tls, one.host) for one in outside.cross]
    names = first.dns
    return {
        "dns": {
            "addrs": list(names.addresses) if names is not None else [],
            "failure": words.failure(names.outcome) if names is not None else None,
        },
        "http_request": _control_request(last.http, bodies) if last.http is not None else _unasked(theirs),
        "tcp_connect": {
            _endpoint(step): {"failure": words.failure(step.outcome), "status": step.outcome == "ok"}
            for step, _, _ in tried
        },
        "tls_handshake": {
            _endpoint(step): {
                "failure": words.failure(tls.outcome if tls.outcome != "ok" or tls.verified else "tls.cert"),
                "server_name": host,
                "status": tls.verified,
            }
            for step, tls, host in tried
            if tls is not None
        },
    }


def _control_request(step: HTTPStep, bodies: Bodies) -> Row:
    body = bodies.get(step.body or "", b"")
    answer = Answer(step.outcome, step.status, step.headers, body)
    return {
        "body_length": step.body_bytes if step.outcome == "ok" else -1,
        "failure": words.failure(step.outcome),
        "headers": dict(step.headers),
        "status_code": step.status if step.status is not None else -1,
        "title": title(answer),
    }


def _unasked(theirs: Exchange) -> Row:
    return {
        "body_length": -1,
        "failure": words.failure(theirs.outcome) or "unknown_error",
        "headers": {},
        "status_code": -1,
        "title": "",
    }


def _conclusions(verdict: Verdict) -> Row:
    """Our verdict in the fields that readers of the format look at."""
    word = {"dns": "dns", "tcp": "tcp_ip", "tls": "http-failure", "http": "http-failure"}
    blocking: str | bool | None = None
    if verdict.verdict == "blocked":
        page = verdict.outcome in ("http.blockpage", "http.diff")
        blocking = "http-diff" if page else word.get(verdict.stage or "", "http-failure")
    elif verdict.verdict in ("accessible", "down"):
        blocking = False
    accessible = {"accessible": True, "blocked": False, "down": False}.get(verdict.verdict)
    return {"accessible": accessible, "blocking": blocking}


def _record(answer: DNSAnswer) -> Row:
    field = {"A": "ipv4", "AAAA": "ipv6", "CNAME": "hostname"}[answer.type]
    return {"answer_type": answer.type, field: answer.data, "ttl": answer.ttl}


def _endpoint(step: TCPStep) -> str:
    return f"[{step.address}]:{step.port}" if ":" in step.address else f"{step.address}:{step.port}"


def _authority(resolver: str) -> tuple[str, str]:
    """Address and port of a resolver, whatever transport it is asked by."""
    place = resolver.partition("://")[2].partition("/")[0] or resolver
    address, _, port = place.rpartition(":")
    return address.strip("[]"), port


def _packed(data: bytes) -> Row:
    return {"format": "base64", "data": base64.b64encode(data).decode("ascii")}


def _text(body: bytes) -> str | Row:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _packed(body)
