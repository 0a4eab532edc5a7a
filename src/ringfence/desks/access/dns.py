"""The DNS step: A and AAAA from the vantage's resolver, over UDP with fallback to TCP."""

from __future__ import annotations

import asyncio
from functools import cache
from time import perf_counter_ns
from typing import Final

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.resolver

from ringfence.core.errors import OutsideError
from ringfence.evidence.observation import DNSAnswer, DNSStep
from ringfence.evidence.vantage import Vantage

TRIES: Final = 2
_OUTCOMES: Final = {
    dns.rcode.NXDOMAIN: "dns.nxdomain",
    dns.rcode.SERVFAIL: "dns.servfail",
    dns.rcode.REFUSED: "dns.refused",
}


@cache
def _system_resolver() -> tuple[str, int]:
    try:
        resolver = dns.resolver.Resolver()
    except dns.resolver.NoResolverConfiguration as error:
        raise OutsideError(
            "this system has no DNS resolver configured", hint="name one in the vantage: resolver = '…'"
        ) from error
    return str(resolver.nameservers[0]), resolver.port


def resolver_of(vantage: Vantage) -> tuple[str, int]:
    """Address and port of the vantage's resolver."""
    if vantage.resolver is None:
        return _system_resolver()
    address, _, port = vantage.resolver.rpartition(":")
    return (address.strip("[]"), int(port)) if address else (vantage.resolver, 53)


async def lookup(vantage: Vantage, host: str, started_ns: int) -> tuple[DNSStep, list[tuple[str, bytes]]]:
    """Ask for A and AAAA; returns the step and the wire answers by question type.

    The outcome is ``ok`` with at least one fetchable address, ``dns.bogon`` if all addresses
    answered are non-public ones that the vantage does not allow, else the failure of the A
    question (the one every resolver must answer).
    """
    where, port = resolver_of(vantage)
    begin = perf_counter_ns()
    results = await asyncio.gather(
        *(_ask(vantage, where, port, host, kind) for kind in (dns.rdatatype.A, dns.rdatatype.AAAA))
    )
    answers: list[DNSAnswer] = []
    wires: list[tuple[str, bytes]] = []
    failures: list[str] = []
    for kind, (outcome, message) in zip(("A", "AAAA"), results, strict=True):
        failures.append(outcome)
        if message is not None:
            wires.append((kind, message.to_wire()))
            answers.extend(_records(message))
    addresses = tuple(dict.fromkeys(record.data for record in answers if record.type in ("A", "AAAA")))
    if not addresses:
        outcome = failures[0] if failures[0] != "ok" else "dns.nodata"
    elif not any(map(vantage.may_fetch, addresses)):
        outcome = "dns.bogon"
    else:
        outcome = "ok"
    step = DNSStep(
        outcome=outcome,
        resolver=f"{where}:{port}",
        answers=tuple(dict.fromkeys(answers)),
        addresses=addresses,
        at_us=(begin - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin) // 1000,
    )
    return step, wires


async def texts(vantage: Vantage, name: str, started_ns: int) -> tuple[DNSStep, bytes | None]:
    """Ask for TXT: where a policy zone names the order behind a block. Texts stand in ``answers``."""
    where, port = resolver_of(vantage)
    begin = perf_counter_ns()
    outcome, message = await _ask(vantage, where, port, name, dns.rdatatype.TXT)
    answers = tuple(
        DNSAnswer(
            str(rrset.name).rstrip("."), "TXT", rrset.ttl, b"".join(rdata.strings).decode("utf-8", "replace")
        )
        for rrset in (message.answer if message is not None else ())
        if rrset.rdtype == dns.rdatatype.TXT
        for rdata in rrset
    )
    step = DNSStep(
        outcome=outcome if outcome != "ok" or answers else "dns.nodata",
        resolver=f"{where}:{port}",
        answers=answers,
        addresses=(),
        at_us=(begin - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin) // 1000,
    )
    return step, message.to_wire() if message is not None else None


async def _ask(
    vantage: Vantage, where: str, port: int, host: str, kind: dns.rdatatype.RdataType
) -> tuple[str, dns.message.Message | None]:
    question = dns.message.make_query(host, kind)
    timeout = vantage.timeout_ms / 1000 / (TRIES + 1)
    source = vantage.source if vantage.source and (":" in vantage.source) == (":" in where) else None
    for _ in range(TRIES):
        try:
            answer, _tcp = await dns.asyncquery.udp_with_fallback(
                question, where, timeout=timeout, port=port, source=source
            )
        except (dns.exception.Timeout, TimeoutError):
            continue
        except (dns.exception.DNSException, OSError, EOFError):
            return "dns.servfail", None  # a resolver that cannot be reached or talks nonsense
        rcode = answer.rcode()
        if rcode == dns.rcode.NOERROR:
            return "ok", answer
        return _OUTCOMES.get(rcode, "dns.servfail"), answer
    return "dns.timeout", None


def _records(message: dns.message.Message) -> list[DNSAnswer]:
    kept = (dns.rdatatype.A, dns.rdatatype.AAAA, dns.rdatatype.CNAME)
    return [
        DNSAnswer(
            name=str(rrset.name).rstrip("."),
            type=dns.rdatatype.to_text(rrset.rdtype),
            ttl=rrset.ttl,
            data=rdata.to_text().rstrip("."),
        )
        for rrset in message.answer
        if rrset.rdtype in kept
        for rdata in rrset
    ]
