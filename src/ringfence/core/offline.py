"""Closing the network for this process, so that a replay can prove that it needs none."""

from __future__ import annotations

import sys

from ringfence.core.errors import RefusedError

_REFUSED = frozenset(
    f"socket.{call}"
    for call in "connect bind sendto sendmsg getaddrinfo gethostbyname gethostbyaddr getnameinfo".split()
)


def close_network() -> None:
    """From now on every attempt to use a socket or a resolver in this process raises `RefusedError`.

    An audit hook cannot be removed again: call it in a process of its own.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: object) -> None:
    if event in _REFUSED:
        raise RefusedError(f"the network is closed in this process ({event})")
