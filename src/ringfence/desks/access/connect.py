"""The TCP step: a connection to one address, straight or through the vantage's proxy."""

from __future__ import annotations

import asyncio
from time import perf_counter_ns
from typing import Final

import msgspec
from python_socks import ProxyConnectionError, ProxyError
from python_socks.async_.asyncio import Proxy

from ringfence.core.errors import OutsideError
from ringfence.evidence.observation import TCPStep
from ringfence.evidence.vantage import Vantage

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_SOCKS_REFUSED: Final = 5  # RFC 1928 section 6


class Connected(msgspec.Struct):
    """The step, and a stream if all went well."""

    tcp: TCPStep
    stream: Stream | None = None


async def connect(vantage: Vantage, address: str, port: int, started_ns: int) -> Connected:
    """Open a connection to an address that the vantage may fetch. Raises `OutsideError` if the vantage's
    proxy is down: its failure says nothing about the address."""
    begin = perf_counter_ns()
    stream: Stream | None = None
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            stream = await open_stream(vantage, address, vantage.port(port))
        outcome = "ok"
    except TimeoutError:
        outcome = "tcp.timeout"
    except ConnectionRefusedError:
        outcome = "tcp.refused"
    except OSError:
        outcome = "tcp.unreachable"
    except ProxyError as error:
        outcome = "tcp.refused" if error.error_code == _SOCKS_REFUSED else "tcp.unreachable"
    step = TCPStep(
        outcome=outcome,
        address=address,
        port=port,
        at_us=(begin - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin) // 1000,
    )
    return Connected(tcp=step, stream=stream)


def forbidden(address: str, port: int, started_ns: int) -> TCPStep:
    """The step of an address that the vantage may not fetch: nothing was sent."""
    return TCPStep("tcp.forbidden", address, port, (perf_counter_ns() - started_ns) // 1000, 0)


async def open_stream(vantage: Vantage, place: str, port: int) -> Stream:
    """A connection to an address (or, for a resolver, a name) and port. Raises `OSError`, `ProxyError` for
    what the proxy could not reach, and `OutsideError` where the proxy itself is not there."""
    if vantage.proxy:
        # A name is the proxy's to look up: what this machine knows of it is not what is known there.
        proxy = Proxy.from_url(vantage.proxy, rdns=True)
        try:
            sock = await proxy.connect(place, port, timeout=vantage.timeout_ms / 1000)
        except ProxyConnectionError as error:
            raise OutsideError(
                f"the proxy of vantage {vantage.name} cannot be reached",
                hint="nothing can be said from there: start the proxy, or choose another vantage",
            ) from error
        return await asyncio.open_connection(sock=sock)
    source = (vantage.source, 0) if vantage.source and (":" in vantage.source) == (":" in place) else None
    return await asyncio.open_connection(place, port, local_addr=source)


async def close(stream: Stream | None) -> None:
    """Close without waiting for the other side's goodbye."""
    if stream is not None:
        stream[1].transport.abort()
