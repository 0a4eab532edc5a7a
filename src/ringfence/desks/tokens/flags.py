"""Flags: finer questions than capabilities, as wallets ask them: lists of the exempt, caps that can be set, a
rate of one's own.

They are answered from what the search found and the engine made again. None where it cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ringfence.desks.tokens import replay
from ringfence.desks.tokens.capability import Capability
from ringfence.desks.tokens.expression import Leaf
from ringfence.desks.tokens.functions import TRANSFER, call
from ringfence.desks.tokens.reach import explore
from ringfence.desks.tokens.search import Power, Searched, suite
from ringfence.desks.tokens.synthesis import HOLDER, PART, SECOND, THIRD, TOKEN, Token, agreed, settled
from ringfence.desks.tokens.trace import Call, Setting, Trace, trace

STOPS = 3  # states in which transfers stop that are looked into
RUNS = 8


@dataclass(frozen=True)
class Flags:
    """``exempt``: somebody whom storage lists may transfer where others may not. ``capped``: a large
    transfer fails where a small one goes through; ``cap_set``: such a cap can be set. ``own_rate``: a fee
    can be set for one account alone."""

    exempt: bool | None = None
    capped: bool | None = None
    cap_set: bool | None = None
    own_rate: bool | None = None


def flags(token: Token, searched: Searched, found: Iterable[Capability]) -> Flags:
    """The flags of a token whose search is done. ``found`` are its capabilities: what the engine did not
    make again counts for nothing."""
    if not token.transfers:
        return Flags()
    present = {one.id: one.present for one in found}
    shown = [one for one in searched.powers if present.get(one.id)]
    limits = [one for one in shown if one.id == "limit_transfers" and _by_size(one)]
    complete = searched.complete and not searched.proxied

    def known(seen: bool, *ids: str) -> bool | None:
        sure = complete and all(present.get(one) is not None for one in ids)
        return True if seen else False if sure else None

    return Flags(
        exempt=known(_exempt(token, shown), "pause_transfers", "limit_transfers"),
        capped=known(bool(limits), "limit_transfers"),
        cap_set=known(any(one.function is not None for one in limits), "limit_transfers"),
        own_rate=known(any(_one_alone(token, one) for one in _of(shown, "set_fee")), "set_fee"),
    )


def _of(powers: Iterable[Power], name: str) -> Iterator[Power]:
    return (one for one in powers if one.id == name)


def _by_size(power: Power) -> bool:
    """Whether what stopped (or was let go) is the large transfer and not the small one like it."""
    lost = set(power.note.replace("as it stands:", "").replace("lifted", "").replace(",", " ").split())
    return "all" in lost and not lost & {"plain", "other"}


def _one_alone(token: Token, power: Power) -> bool:
    """Whether using a power changes what one pays and not what another does."""
    run = power.reached
    before, after = suite(token, run.setting)[0], suite(token, settled(run.setting, run.trace))[0]
    for mine, others in (("plain", "other"), ("sell", "other sell")):
        went = all(one[name][0] for one in (before, after) for name in (mine, others))
        if went and before[mine] != after[mine] and before[others] == after[others]:
            return True
    return False


def _stopped(token: Token, shown: Iterable[Power]) -> Iterator[Setting]:
    """States in which a plain transfer stops: as somebody with power can leave it, or not yet opened."""
    plain = Call(HOLDER, TOKEN, call(TRANSFER, SECOND, PART))
    made = [settled(one.reached.setting, one.reached.trace) for one in _of(shown, "pause_transfers")]
    made += [one.reached.setting for one in _of(shown, "pause_transfers")]  # a switch that was off
    if token.gates:
        closed = {key for kind, key in token.gates if kind == "S"}
        storage = {slot: value for slot, value in token.setting.storage.items() if slot not in closed}
        made.append(replace(token.setting, storage=storage))
    yield from [one for one in made if not agreed(trace(one, plain))][:STOPS]


def _exempt(token: Token, shown: Iterable[Power]) -> bool:
    """Whether an entry of the holder's own opens what is stopped for everybody."""
    plain = Call(HOLDER, TOKEN, call(TRANSFER, SECOND, PART))
    other = Call(THIRD, TOKEN, call(TRANSFER, SECOND, PART))

    def may(leaf: Leaf, value: int, made: Trace) -> bool:
        kind, key = leaf
        if kind != "S" or key in token.pinned:
            return False
        preimage = made.hashes.get(key[1])
        return preimage is not None and int.from_bytes(preimage[:32], "big") == HOLDER

    for stopped in _stopped(token, list(shown)):
        for run in explore(stopped, plain, may=may, runs=RUNS):
            if run.change and agreed(run.trace) and not agreed(trace(run.setting, other)):
                there = replay.world(run.setting, [run.trace])
                if replay.agrees(there, run.call, run.trace):
                    return True
    return False
