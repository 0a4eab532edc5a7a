"""Hosts of the laboratory with IPv6: one with both families, one with IPv6 alone. They are in no register.

All the rest of the laboratory lives in 127.0.0.0/8, where every site can have an address of its own;
IPv6 has one loopback address, so both hosts share it, and neither is there where a machine has no IPv6.
"""

from __future__ import annotations

import socket
from functools import cache
from typing import Final

from ringfence.lab import mark
from ringfence.lab.answers import Answer, Request
from ringfence.lab.dns import Name

ADDRESS: Final = "127.30.0.6"
ADDRESS6: Final = "::1"
DUAL: Final = "dual.lab.example"
SIX: Final = "six.lab.example"
_PAGE: Final = b"<html><head><title>Two families</title></head><body><h1>Two families</h1></body></html>"


@cache
def available() -> bool:
    """Whether this machine has the loopback address of IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind((ADDRESS6, 0))
    except OSError:
        return False
    return True


def names() -> dict[str, Name]:
    """What the resolvers know of them."""
    if not available():
        return {}
    return {DUAL: Name(addresses=(ADDRESS, ADDRESS6)), SIX: Name(addresses=(ADDRESS6,))}


def addresses() -> set[str]:
    """Where they are."""
    return {ADDRESS, ADDRESS6} if available() else set()


def answer(_: Request) -> Answer:
    """The same page for whatever is asked."""
    return Answer(200, (("Content-Type", "text/html"),), mark.marked(_PAGE))
