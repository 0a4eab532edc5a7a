"""Trust: what the answers of one hop's resolver are worth, before anything is asked of them. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec

from ringfence.desks.access.sides import Control, Lookup, Probe, Step, is_address

# matched: an address or a network in common with outside or with a resolver nobody can answer for.
# unmatched: there is something to compare with and nothing in common. unknown: nothing to compare with.
Match = Literal["none", "matched", "unmatched", "unknown"]


class Trust(msgspec.Struct, frozen=True):
    """``proven``: a handshake at an answered address verified for the name. ``own_network``: the answers
    lie in the probe's own network, those of everybody else do not."""

    match: Match
    proven: bool
    own_network: bool = False

    @property
    def forged(self) -> bool:
        """Nothing in common with anybody, and no proof: not shown to be the service."""
        return self.match == "unmatched" and not self.proven


def trust(step: Step, probe: Probe, control: Control | None) -> Trust:
    """What the answer of the system's resolver for this hop is worth."""
    proven = is_proven(step, probe)
    system = step.system
    if is_address(step.host) or system is None:
        return Trust("none", proven)
    references = [
        lookup for lookup in (_outside(step, control), step.encrypted) if lookup and lookup.resolved
    ]
    if not references or not system.resolved:
        return Trust("unknown", proven)
    own = set(system.addresses)
    networks = {system.networks[a] for a in own if system.networks.get(a)}
    for lookup in references:
        theirs = {lookup.networks[a] for a in lookup.addresses if lookup.networks.get(a)}
        if own & set(lookup.addresses) or networks & theirs:
            return Trust("matched", proven)
    # A cache of a content network inside a provider looks alike, so this names no block by itself.
    home = probe.network is not None and networks == {probe.network}
    return Trust("unmatched", proven, own_network=home)


def is_proven(step: Step, probe: Probe) -> bool:
    """Whether a certificate verified for this host at an address that the visitor's resolver gave, at
    this hop or, on a connection that was kept, at another of the same host."""
    own = set(step.system.addresses) if step.system is not None else None
    steps = (other for other in probe.steps if other.host == step.host)
    made = [handshake for other in steps for handshake in other.handshakes] + list(probe.handshakes)
    return any(
        handshake.outcome == "ok"
        and handshake.name.rstrip(".").lower() == step.host
        and (own is None or handshake.address in own)
        for handshake in made
    )


def _outside(step: Step, control: Control | None) -> Lookup | None:
    return control.lookups.get(step.host) if control is not None else None
