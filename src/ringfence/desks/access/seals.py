"""Seals: the bytes of one session, each put into its capture as it comes, and named in its step."""

from __future__ import annotations

from datetime import timedelta
from time import perf_counter_ns
from typing import Final

import msgspec

from ringfence import __version__
from ringfence.core.time import now
from ringfence.desks.access.dns import Resolved
from ringfence.desks.access.http import Exchanged
from ringfence.desks.access.tls import pem
from ringfence.evidence.observation import DNSStep, HTTPStep, TLSStep
from ringfence.evidence.vantage import Vantage
from ringfence.evidence.warc import CHAIN_TYPE, DNS_TYPE, Capture

_WARC_REASONS: Final = {
    "length": "length",
    "time": "time",
    "disconnect": "disconnect",
    "decode": "unspecified",
}


class Seals:
    """A session's clock and capture. Steps come in without the digests of their bytes and go out with
    them."""

    def __init__(self, vantage: Vantage) -> None:
        self.started = now()
        self.started_ns = perf_counter_ns()
        self._capture = Capture(
            {
                "software": f"ringfence/{__version__}",
                "vantage": vantage.name,
                "laboratory": str(vantage.laboratory).lower(),
            }
        )

    def answers(self, name: str, resolved: Resolved) -> DNSStep:
        """Seals what a resolver answered, under ``NAME?type=KIND``."""
        at = self.started + timedelta(microseconds=resolved.step.at_us)
        sealed = [
            self._capture.resource(f"{name}?type={kind}", DNS_TYPE, wire, at) for kind, wire in resolved.wires
        ]
        return msgspec.structs.replace(resolved.step, message=sealed[0] if sealed else None)

    def chain(self, tls: TLSStep, chain: tuple[bytes, ...], address: str, port: int) -> TLSStep:
        """Seals the certificates of a handshake, if there were any."""
        if not chain:
            return tls
        at = self.started + timedelta(microseconds=tls.at_us)
        name = f"tls://{tls.server_name}:{port}?address={address}"
        return msgspec.structs.replace(tls, chain=(self._capture.resource(name, CHAIN_TYPE, pem(chain), at),))

    def response(self, url: str, address: str, done: Exchanged) -> HTTPStep:
        """Seals a request and its response, if one came."""
        if done.message is None:
            return done.step
        body = self._capture.http(
            url,
            done.request,
            done.response,
            done.message.body,
            at=done.at,
            address=address,
            cut=_WARC_REASONS.get(done.step.truncated, ""),
            protocol=done.step.protocol,
        )
        return msgspec.structs.replace(done.step, body=body)

    def to_bytes(self) -> bytes:
        """The capture."""
        return self._capture.to_bytes()
