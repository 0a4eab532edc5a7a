"""The laboratory's certificate authority: real chains, trusted by nobody outside the laboratory."""

from __future__ import annotations

import ssl
import tempfile
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

KEPT = 160  # contexts kept per process: about 60 KB each


class Authority:
    """Issues certificates when they are first asked for, and keeps the latest used.

    Each site has a key of its own, as real sites have: a shared key would join them all.
    """

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="Ringfence laboratory", key_type=trustme.KeyType.ECDSA)
        self._other = trustme.CA(organization_name="Nobody in particular", key_type=trustme.KeyType.ECDSA)
        self._contexts: OrderedDict[tuple[str, str], ssl.SSLContext] = OrderedDict()
        self._leaves: dict[tuple[str, str], trustme.LeafCert] = {}

    @property
    def pem(self) -> bytes:
        """The root certificate."""
        return self._ca.cert_pem.bytes()

    def context(self, host: str, fault: str = "", alpn: tuple[str, ...] = ("http/1.1",)) -> ssl.SSLContext:
        """A server context for a name and ``www.`` before it, that agrees on the first of ``alpn`` that
        the client knows.

        ``fault``: empty, ``expired`` (ended yesterday), ``self-signed`` (another authority,
        which nobody trusts) or ``other-name``.
        """
        key = (host, fault)
        context = self._contexts.get(key)
        if context is None:
            context = self._make(key, alpn)
            self._contexts[key] = context
            if len(self._contexts) > KEPT:
                self._contexts.popitem(last=False)
        else:
            self._contexts.move_to_end(key)
        return context

    def _make(self, key: tuple[str, str], alpn: tuple[str, ...]) -> ssl.SSLContext:
        leaf = self._leaves.get(key)
        if leaf is None:
            leaf = self._leaves[key] = self._issue(*key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(list(alpn))
        _load(context, leaf)
        return context

    def _issue(self, host: str, fault: str) -> trustme.LeafCert:
        ca = self._other if fault == "self-signed" else self._ca
        name = "somebody-else.example" if fault == "other-name" else host
        names = (name,) if name.startswith("www.") else (name, f"www.{name}")
        expires = datetime.now(UTC) - timedelta(days=1) if fault == "expired" else None
        return ca.issue_cert(*names, key_type=trustme.KeyType.ECDSA, not_after=expires)


def _load(context: ssl.SSLContext, leaf: trustme.LeafCert) -> None:
    # The ssl module reads certificates from files only.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leaf.pem"
        path.write_bytes(leaf.private_key_and_cert_chain_pem.bytes())
        context.load_cert_chain(path)
