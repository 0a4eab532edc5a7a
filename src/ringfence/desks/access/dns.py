"""The DNS step: A and AAAA from one resolver, and the texts that name an order."""

from __future__ import annotations

from time import perf_counter_ns
from typing import Final

import dns.edns
import dns.message
import dns.rcode
import dns.rdatatype
import msgspec

from ringfence.desks.access.ask import ask, resolver_of
from ringfence.desks.access.transports.reply import Reply
from ringfence.evidence.observation import DNSAnswer, DNSStep
from ringfence.evidence.resolver import Resolver
from ringfence.evidence.vantage import Vantage

_OUTCOMES: Final = {
    dns.rcode.NOERROR: "ok",
    dns.rcode.NXDOMAIN: "dns.nxdomain",
    dns.rcode.SERVFAIL: "dns.servfail",
    dns.rcode.REFUSED: "dns.refused",
}
_KEPT: Final = (dns.rdatatype.A, dns.rdatatype.AAAA, dns.rdatatype.CNAME)
_MAX_EDE: Final = 16
_MAX_EDE_TEXT: Final = 500  # characters; a resolver may write what it likes there


class Resolved(msgspec.Struct, frozen=True):
    """The step, and the answers as they came, by question type."""

    step: DNSStep
    wires: tuple[tuple[str, bytes], ...]


async def lookup(vantage: Vantage, host: str, started_ns: int, resolver: Resolver | None = None) -> Resolved:
    """Ask for A and AAAA, of the vantage's own resolver unless another one is given.

    The outcome is ``ok`` with at least one fetchable address, ``dns.bogon`` if all addresses
    answered are non-public ones that the vantage does not allow, else the failure of the A
    question (the one every resolver must answer).
    """
    resolver = resolver or resolver_of(vantage)
    begin = perf_counter_ns()
    replies = await ask(vantage, resolver, host, (dns.rdatatype.A, dns.rdatatype.AAAA))
    answers = tuple(dict.fromkeys(answer for reply in replies for answer in _records(reply.message)))
    addresses = tuple(dict.fromkeys(record.data for record in answers if record.type in ("A", "AAAA")))
    if not addresses:
        first = _outcome(replies[0])
        outcome = first if first != "ok" else "dns.nodata"
    elif not any(map(vantage.may_fetch, addresses)):
        outcome = "dns.bogon"
    else:
        outcome = "ok"
    step = _step(resolver, outcome, answers, addresses, replies, started_ns, begin)
    wires = zip(("A", "AAAA"), (reply.wire for reply in replies), strict=True)
    return Resolved(step, tuple((kind, wire) for kind, wire in wires if wire is not None))


async def texts(vantage: Vantage, name: str, started_ns: int) -> Resolved:
    """Ask for TXT: where a policy zone names the order behind a block. Texts stand in ``answers``."""
    resolver = resolver_of(vantage)
    begin = perf_counter_ns()
    (reply,) = await ask(vantage, resolver, name, (dns.rdatatype.TXT,))
    answers = tuple(
        DNSAnswer(
            str(rrset.name).rstrip("."), "TXT", rrset.ttl, b"".join(rdata.strings).decode("utf-8", "replace")
        )
        for rrset in (reply.message.answer if reply.message is not None else ())
        if rrset.rdtype == dns.rdatatype.TXT
        for rdata in rrset
    )
    outcome = _outcome(reply)
    outcome = outcome if outcome != "ok" or answers else "dns.nodata"
    step = _step(resolver, outcome, answers, (), [reply], started_ns, begin)
    return Resolved(step, (("TXT", reply.wire),) if reply.wire is not None else ())


def _step(
    resolver: Resolver,
    outcome: str,
    answers: tuple[DNSAnswer, ...],
    addresses: tuple[str, ...],
    replies: list[Reply],
    started_ns: int,
    begin_ns: int,
) -> DNSStep:
    errors = dict.fromkeys(error for reply in replies for error in _extended(reply.message))
    return DNSStep(
        outcome=outcome,
        resolver=resolver.to_text(),
        answers=answers,
        addresses=addresses,
        at_us=(begin_ns - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin_ns) // 1000,
        transport=resolver.transport,
        ede=tuple(errors)[:_MAX_EDE],
        why=next((reply.why for reply in replies if reply.why), ""),
    )


def _outcome(reply: Reply) -> str:
    return reply.outcome if reply.message is None else _OUTCOMES.get(reply.message.rcode(), "dns.servfail")


def _extended(message: dns.message.Message | None) -> list[tuple[int, str]]:
    """Extended errors (RFC 8914) as (code, text)."""
    if message is None:
        return []
    return [(int(error.code), (error.text or "")[:_MAX_EDE_TEXT]) for error in message.extended_errors()]


def _records(message: dns.message.Message | None) -> list[DNSAnswer]:
    return [
        DNSAnswer(
            name=str(rrset.name).rstrip("."),
            type=dns.rdatatype.to_text(rrset.rdtype),
            ttl=rrset.ttl,
            data=rdata.to_text().rstrip("."),
        )
        for rrset in (message.answer if message is not None else ())
        if rrset.rdtype in _KEPT
        for rdata in rrset
    ]
