"""The TLS step: a handshake whose chain is kept.

A handshake that does not verify is made again without verification, so that the lying
certificate itself becomes evidence; its page is read but never counts as the service's own.
"""

from __future__ import annotations

import ssl
from functools import lru_cache
from time import perf_counter_ns
from typing import Final

from ringfence.desks.access.connect import Stream
from ringfence.evidence.observation import TLSStep
from ringfence.evidence.vantage import Vantage

WEB: Final = ("h2", "http/1.1")
_SHORTEST_SECONDS: Final = 0.1  # asyncio refuses a handshake limit of nothing


async def handshake(
    vantage: Vantage,
    stream: Stream,
    host: str,
    started_ns: int,
    *,
    verify: bool,
    alpn: tuple[str, ...] = WEB,
) -> tuple[TLSStep, tuple[bytes, ...]]:
    """Start TLS on an open stream. Returns the step and the chain as DER, leaf first."""
    begin = perf_counter_ns()
    _, writer = stream
    outcome, why, version, agreed = "ok", "", None, ""
    chain: tuple[bytes, ...] = ()
    try:
        await writer.start_tls(
            context(vantage.ca_file, verify, alpn),
            server_hostname=host,
            ssl_handshake_timeout=max(vantage.timeout_ms / 1000, _SHORTEST_SECONDS),
        )
        tls = writer.get_extra_info("ssl_object")
        version, agreed = tls.version(), tls.selected_alpn_protocol() or ""
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
        alpn=agreed,
    )
    return step, chain


@lru_cache(maxsize=32)
def context(ca_file: str | None, verify: bool, alpn: tuple[str, ...]) -> ssl.SSLContext:
    """A client's context, made once: loading the system's trust store takes tens of milliseconds."""
    made = ssl.create_default_context(cafile=ca_file)
    if alpn:
        made.set_alpn_protocols(list(alpn))
    if not verify:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    return made


def pem(chain: tuple[bytes, ...]) -> bytes:
    """A chain of DER certificates as PEM."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, chain)).encode("ascii")


def _chain(tls: ssl.SSLObject) -> tuple[bytes, ...]:
    if hasattr(tls, "get_unverified_chain"):  # public from Python 3.13
        return tuple(tls.get_unverified_chain())
    inner = getattr(tls, "_sslobj", None)  # Python 3.11 and 3.12 have it one floor below
    certificates = inner.get_unverified_chain() if inner is not None else None
    if certificates:
        return tuple(ssl.PEM_cert_to_DER_cert(certificate.public_bytes()) for certificate in certificates)
    leaf = tls.getpeercert(binary_form=True)
    return (leaf,) if leaf else ()
