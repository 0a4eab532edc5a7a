"""OONI's failure strings and our outcome words, both ways.

Source: ooni/spec df-007-errors (names of failures). The control spells its errors differently from the
probe (``dns_name_error``, ``connection_refused_error``).
"""

from __future__ import annotations

from typing import Final

_DNS: Final = {
    "dns_nxdomain_error": "dns.nxdomain",
    "dns_name_error": "dns.nxdomain",
    "dns_no_answer": "dns.nodata",
    "android_dns_cache_no_data": "dns.nodata",
    "dns_refused_error": "dns.refused",
    "dns_bogon_error": "dns.bogon",
}
_UNREACHABLE: Final = (
    "host_unreachable", "network_unreachable", "network_down", "address_not_available",
    "address_family_not_supported",
)  # fmt: skip
_RESET: Final = ("connection_reset", "connection_aborted", "broken_pipe")
_REDIRECT: Final = (
    "stopped after", "too many redirects", "no host in request url", "unsupported protocol scheme",
    "failed to parse location", "invalid url", "missing port", "invalid port", "invalid character",
)  # fmt: skip
# Where a failure says by itself which layer it belongs to, whatever part of the file it stands in.
_LAYER: Final = (
    ("dns_", "dns"), ("android_dns", "dns"), ("ssl_", "tls"), ("tls_", "tls"),
    ("connection_refused", "tcp"), ("host_unreachable", "tcp"), ("network_unreachable", "tcp"),
)  # fmt: skip


def outcome(failure: str | None, stage: str) -> str:
    """The outcome word for a failure at a stage; ``ok`` for None."""
    if failure is None:
        return "ok"
    text = failure.lower()
    if stage == "dns":
        return _DNS.get(text, "dns.timeout" if _timeout(text) else "dns.servfail")
    if _timeout(text):
        return f"{stage}.timeout"
    if stage == "tcp":
        return "tcp.unreachable" if text.startswith(_UNREACHABLE) else "tcp.refused"
    if text.startswith(_RESET):
        return f"{stage}.reset"
    if "eof" in text:
        return f"{stage}.eof"
    if stage == "tls":
        known = text.startswith(("ssl_", "x509")) and "handshake" not in text
        return "tls.cert" if known or "certificate" in text else "tls.eof"
    if any(mark in text for mark in _REDIRECT):
        return "http.redirect"
    return "http.protocol"


def layer(failure: str, default: str = "http") -> str:
    """The stage that a failure names by itself."""
    text = failure.lower()
    return next((stage for prefix, stage in _LAYER if text.startswith(prefix)), default)


def failure(word: str) -> str | None:
    """OONI's string for an outcome word; None for ``ok``."""
    if word == "ok":
        return None
    return _FAILURES.get(word) or (
        "generic_timeout_error" if word.endswith(("timeout", "throttled")) else f"unknown_failure: {word}"
    )


_FAILURES: Final = {
    "dns.nxdomain": "dns_nxdomain_error",
    "dns.nodata": "dns_no_answer",
    "dns.servfail": "dns_servfail_error",
    "dns.refused": "dns_refused_error",
    "dns.bogon": "dns_bogon_error",
    "tcp.refused": "connection_refused",
    "tcp.unreachable": "host_unreachable",
    "tls.reset": "connection_reset",
    "tls.eof": "eof_error",
    "tls.cert": "ssl_invalid_certificate",
    "http.reset": "connection_reset",
    "http.eof": "eof_error",
}


def _timeout(text: str) -> bool:
    return "timeout" in text or "timed_out" in text or "deadline" in text
