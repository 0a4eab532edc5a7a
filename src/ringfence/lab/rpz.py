"""A response policy zone as the inside resolver applies it (draft-vixie-dnsop-dns-rpz-00).

QNAME triggers only, ``name`` and ``*.name``; actions NXDOMAIN (``CNAME .``), NODATA
(``CNAME *.``), PASSTHRU (``CNAME rpz-passthru.``) and local data.
"""

from __future__ import annotations

import re
from typing import Literal

import dns.exception
import dns.name
import dns.node
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.SOA
import dns.rrset
import dns.zone
import msgspec

from ringfence.core.errors import InputError

Action = Literal["nxdomain", "nodata", "passthru", "local"]
_PASSTHRU = dns.name.from_text("rpz-passthru.")
_SOA_OWNER = re.compile(rb"^(\S+)\s+(?:\d+\s+)?(?:IN\s+)?(?:\d+\s+)?SOA\s", re.MULTILINE | re.IGNORECASE)
_ORIGIN = re.compile(rb"^\$ORIGIN\s", re.MULTILINE | re.IGNORECASE)


class Hit(msgspec.Struct, frozen=True):
    """What the policy says about a question: the action, and the records of local data that answer it."""

    action: Action
    records: tuple[dns.rrset.RRset, ...] = ()


class Policy:
    """A loaded zone."""

    def __init__(self, origin: dns.name.Name, serial: int, nodes: dict[dns.name.Name, dns.node.Node]) -> None:
        self.origin = origin
        self.serial = serial
        self._nodes = nodes

    @classmethod
    def from_text(cls, data: bytes) -> Policy:
        """Reads a master file; its origin is ``$ORIGIN`` or the owner of the SOA. Raises `InputError`."""
        owner = _SOA_OWNER.search(data)
        if not _ORIGIN.search(data) and owner is None:
            raise InputError(
                "the zone names no origin", hint="begin it with $ORIGIN or an absolute SOA owner"
            )
        origin = None if _ORIGIN.search(data) or owner is None else dns.name.from_text(owner[1].decode())
        try:
            zone = dns.zone.from_text(
                data.decode("utf-8"), origin=origin, relativize=True, check_origin=False
            )
            soa = zone.get_rdataset(dns.name.empty, dns.rdatatype.SOA)
        except (dns.exception.DNSException, UnicodeDecodeError, ValueError) as error:
            raise InputError(
                f"the zone cannot be read: {error}", hint="check it with a zone checker"
            ) from error
        if soa is None or zone.origin is None:
            raise InputError("the zone has no SOA", hint="its serial says which version is in force")
        first = soa[0]
        assert isinstance(first, dns.rdtypes.ANY.SOA.SOA)  # noqa: S101 (narrowing for the type checker)
        nodes = {name.canonicalize(): node for name, node in zone.nodes.items() if name != dns.name.empty}
        return cls(zone.origin, first.serial, nodes)

    def hit(self, name: dns.name.Name, kind: dns.rdatatype.RdataType) -> Hit | None:
        """What applies to a question. An exact owner wins over the longest matching wildcard."""
        node = self._node(name)
        if node is None:
            return None
        for rdataset in node:
            if rdataset.rdtype == dns.rdatatype.CNAME:
                target = rdataset[0].target
                target = target.derelativize(self.origin) if not target.is_absolute() else target
                if target == dns.name.root:
                    return Hit("nxdomain")
                if target == dns.name.from_text("*."):
                    return Hit("nodata")
                if target == _PASSTHRU:
                    return Hit("passthru")
                return Hit("local", (dns.rrset.from_rdata(name, rdataset.ttl, rdataset[0]),))
        found = node.get_rdataset(dns.rdataclass.IN, kind)
        if found is None:
            return Hit("nodata")
        return Hit("local", (dns.rrset.from_rdata_list(name, found.ttl, list(found)),))

    def _node(self, name: dns.name.Name) -> dns.node.Node | None:
        if not self._nodes:
            return None
        labels = name.canonicalize().relativize(dns.name.root).labels
        exact = self._nodes.get(dns.name.Name(labels))
        if exact is not None:
            return exact
        for cut in range(1, len(labels)):
            wildcard = self._nodes.get(dns.name.Name((b"*", *labels[cut:])))
            if wildcard is not None:
                return wildcard
        return None
