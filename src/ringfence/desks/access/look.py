"""Look: one URL with its redirects from one vantage, sealed."""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.desks.access import addresses, url
from ringfence.desks.access.limiter import Limiter
from ringfence.desks.access.session import Sealed, Session
from ringfence.evidence.observation import Exchange, Observation
from ringfence.evidence.vantage import Vantage

Places = dict[str, tuple[tuple[str, int], ...]]


async def look(vantage: Vantage, wanted: str, limiter: Limiter, *, cross: Places | None = None) -> Sealed:
    """Ask for a URL and follow its redirects; every host is asked of all resolvers of the vantage.

    ``cross`` names, by host, the (address, port) pairs that the other side saw (`places`): they are
    connected to from here as well. Raises `InputError` for what is no http(s) URL with a host name, and
    `OutsideError` where the vantage's proxy is not there; never for what the network does.
    """
    _, host, _ = url.split(wanted)
    async with Session(vantage, f"site:{host}", limiter) as session:
        await session.fetch(wanted)
        for name, pairs in (cross or {}).items():
            await session.cross(name, pairs)
        return session.seal()


def places(observation: Observation) -> Places:
    """By host, the (address, port) pairs that a look tried or would have tried: what the other side needs
    to tell a blocked address from a dead one."""
    return places_of(observation.exchanges)


def places_of(exchanges: Iterable[Exchange]) -> Places:
    """The same of exchanges whose session goes on."""
    found: dict[str, dict[tuple[str, int], None]] = {}
    for hop in (hop for exchange in exchanges for hop in exchange.hops):
        if hop.dns is None or not hop.port:
            continue
        seen = [step.address for step in hop.tcp] + list(hop.dns.addresses[: addresses.MAX_ADDRESSES])
        found.setdefault(hop.host, {}).update({(address, hop.port): None for address in seen})
    return {host: tuple(pairs) for host, pairs in found.items()}
