"""The TCP and TLS steps: a connection to one address, and a handshake whose chain is kept.

A handshake that does not verify is made again without verification, so that the lying
certificate itself becomes evidence; its page is read but never counts as the service's own.
"""

from __future__ import annotations

import asyncio
import ssl
from functools import lru_cache
from time import perf_counter_ns

import msgspec
from python_socks import ProxyConnectionError, ProxyError
from python_socks.async_.asyncio import Proxy

from ringfence.core.errors import OutsideError
from ringfence.evidence.observation import TCPStep, TLSStep
from ringfence.evidence.vantage import Vantage

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Connected(msgspec.Struct):
    """What the steps gave: a stream if all went well, and the steps either way."""

    tcp: TCPStep
    tls: TLSStep | None = None
    stream: Stream | None = None


async def connect(vantage: Vantage, address: str, port: int, started_ns: int) -> Connected:
    """Open a connection to an address that the vantage may fetch. Raises `OutsideError` if the vantage's
    proxy is down: its failure says nothing about the address."""
    begin = perf_counter_ns()
    stream: Stream | None = None
    try:
        async with asyncio.timeout(vantage.timeout_ms / 1000):
            stream = await _open(vantage, address, vantage.port(port))
        outcome = "ok"
    except TimeoutError:
        outcome = "tcp.timeout"
    except ConnectionRefusedError:
        outcome = "tcp.refused"
    except ProxyConnectionError as error:
        raise OutsideError(
            f"the proxy of vantage {vantage.name} cannot be reached",
            hint="nothing can be said from there: start the proxy, or choose another vantage",
        ) from error
    except (OSError, ProxyError):
        outcome = "tcp.unreachable"
    step = TCPStep(
        outcome=outcome,
        address=address,
        port=port,
        at_us=(begin - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin) // 1000,
    )
    return Connected(tcp=step, stream=stream)


async def handshake(
    vantage: Vantage, stream: Stream, host: str, started_ns: int, *, verify: bool
) -> tuple[TLSStep, tuple[bytes, ...]]:
    """Start TLS on an open stream. Returns the step and the chain as DER, leaf first."""
    begin = perf_counter_ns()
    _, writer = stream
    context = _context(vantage.ca_file, verify)
    outcome, why, version = "ok", "", None
    chain: tuple[bytes, ...] = ()
    try:
        await writer.start_tls(
            context, server_hostname=host, ssl_handshake_timeout=max(vantage.timeout_ms / 1000, 0.1)
        )
        tls = writer.get_extra_info("ssl_object")
        version = tls.version()
        chain = _chain(tls)
    except ssl.SSLCertVerificationError as error:
        outcome, why = "tls.cert", error.verify_message
    except (ConnectionResetError, BrokenPipeError) as error:
        # asyncio says "reset", without an error number, of a connection that was ended in good form.
        reset = error.errno is not None
        outcome = "tls.reset" if reset else "tls.eof"
        why = f"the connection was {'reset' if reset else 'ended'} during the handshake"
    except (TimeoutError, ConnectionAbortedError):
        # asyncio aborts a handshake that takes too long with ConnectionAbortedError.
        outcome, why = "tls.timeout", "the handshake did not end in time"
    except (ssl.SSLError, EOFError, OSError) as error:
        outcome, why = "tls.eof", str(getattr(error, "reason", "") or error)
    step = TLSStep(
        outcome=outcome,
        server_name=host,
        version=version,
        verified=verify and outcome == "ok",
        why=why,
        chain=(),
        at_us=(begin - started_ns) // 1000,
        took_us=(perf_counter_ns() - begin) // 1000,
    )
    return step, chain


async def close(stream: Stream | None) -> None:
    """Close without waiting for the other side's goodbye."""
    if stream is not None:
        stream[1].transport.abort()


async def _open(vantage: Vantage, address: str, port: int) -> Stream:
    if vantage.proxy:
        proxy = Proxy.from_url(vantage.proxy)
        sock = await proxy.connect(address, port, timeout=vantage.timeout_ms / 1000)
        return await asyncio.open_connection(sock=sock)
    source = (vantage.source, 0) if vantage.source and (":" in vantage.source) == (":" in address) else None
    return await asyncio.open_connection(address, port, local_addr=source)


@lru_cache(maxsize=16)
def _context(ca_file: str | None, verify: bool) -> ssl.SSLContext:
    # Loading the system's trust store takes tens of milliseconds: once per vantage, not per host.
    context = ssl.create_default_context(cafile=ca_file)
    context.set_alpn_protocols(["http/1.1"])
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    if hasattr(tls, "get_unverified_chain"):  # public from Python 3.13
        return tuple(tls.get_unverified_chain())
    inner = getattr(tls, "_sslobj", None)  # Python 3.11 and 3.12 have it one floor below
    certificates = inner.get_unverified_chain() if inner is not None else None
    if certificates:
        return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in certificates)
    leaf = tls.getpeercert(binary_form=True)
    return (leaf,) if leaf else ()
