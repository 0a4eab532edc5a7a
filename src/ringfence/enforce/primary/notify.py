"""Notify: tell resolvers that the zone has changed (RFC 1996), where the primary would wait to do it.

Knot DNS 3.2 sends its NOTIFY a second after an update. A NOTIFY is a hint and no more: the resolver asks
its own primary for the serial, so that nothing can be slipped to it here, and one that is lost does no
harm, as the primary sends its own as well.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterable

import dns.flags
import dns.message
import dns.opcode

from ringfence.enforce.primary.place import Place


def tell(place: Place, resolvers: Iterable[tuple[str, int]]) -> None:
    """Send one NOTIFY to each address and port, and wait for no answer."""
    for address, port in resolvers:
        message = dns.message.make_query(place.zone, "SOA", flags=dns.flags.AA)
        message.set_opcode(dns.opcode.NOTIFY)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as sender:
            sender.sendto(message.to_wire(), (address, port))
