"""Interference: what the border does to the traffic of a host or an address, switchable at run time.

The settings are a JSON file that a person can edit while the laboratory runs::

    {"revision": 3, "hosts": {"a.test": ["dns.nxdomain"]}, "addresses": {"127.20.0.4": ["tcp.timeout"]}}
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from ringfence.core.errors import InputError
from ringfence.lab.files import write_atomically

MODES = frozenset(
    """dns.nxdomain dns.nodata dns.servfail dns.refused dns.timeout dns.forged dns.bogon tcp.refused
    tcp.timeout tls.reset tls.timeout tls.eof http.blockpage http.throttled http.reset http.eof
    http.timeout""".split()
)
ADDRESS_MODES = frozenset(mode for mode in MODES if not mode.startswith("dns."))


class Interference(msgspec.Struct, frozen=True):
    """What is interfered with. A host's modes also hold for every name below it; a mode ``tcp.*``
    acts on the host's address, and so hits whoever shares it: that is how the real ones work.

    ``revision`` is echoed in the laboratory's status once these settings are in force.
    """

    revision: int = 0
    hosts: dict[str, tuple[str, ...]] = {}
    addresses: dict[str, tuple[str, ...]] = {}

    @classmethod
    def from_json(cls, data: bytes) -> Interference:
        """Reads the file's bytes. Raises `InputError` for a syntax error or an unknown mode."""
        try:
            settings = msgspec.json.decode(data, type=cls)
        except msgspec.MsgspecError as error:
            raise InputError(
                f"cannot read the interference settings: {error}", hint='{"hosts": {"a.test": ["tls.reset"]}}'
            ) from error
        for modes, known in (
            *((modes, MODES) for modes in settings.hosts.values()),
            *((modes, ADDRESS_MODES) for modes in settings.addresses.values()),
        ):
            if unknown := set(modes) - known:
                raise InputError(
                    f"no such interference: {', '.join(sorted(unknown))}", hint=f"one of {sorted(known)}"
                )
        return settings

    def to_json(self) -> bytes:
        """The file's bytes."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    def modes(self, host: str | None, address: str | None = None) -> frozenset[str]:
        """Every mode in force for a name (or one above it) at an address."""
        found: set[str] = set(self.addresses.get(address, ())) if address else set()
        if host and self.hosts:
            for name in _name_and_parents(host.lower().rstrip(".")):
                found.update(self.hosts.get(name, ()))
        return frozenset(found)

    def with_host(self, host: str, modes: tuple[str, ...]) -> Interference:
        """The next revision, in which a host has these modes (none: it is left alone)."""
        hosts = {name: kept for name, kept in self.hosts.items() if name != host}
        if modes:
            hosts[host] = modes
        return Interference(self.revision + 1, hosts, self.addresses)

    def save(self, path: Path) -> None:
        """Writes the file in one step, so that the laboratory never reads half of it."""
        write_atomically(path, self.to_json())


def _name_and_parents(name: str) -> Iterator[str]:
    while name:
        yield name
        _, _, name = name.partition(".")
