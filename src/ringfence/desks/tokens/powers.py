"""Powers: what a run did to others, and who had to be named for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ringfence.desks.tokens.functions import TRANSFER, Function
from ringfence.desks.tokens.mapped import keys
from ringfence.desks.tokens.moves import SUITE, Moves, Watch
from ringfence.desks.tokens.reach import Reached
from ringfence.desks.tokens.synthesis import ACTOR, PEOPLE, TOKEN, Token, settled
from ringfence.desks.tokens.trace import Slot, Trace


@dataclass(frozen=True)
class Power:
    """One capability shown: by which function, from which setting, with which call. ``authority`` are the
    storage slots that had to name the actor; none where anybody may."""

    id: str
    function: Function | None
    reached: Reached
    authority: frozenset[Slot]
    note: str = ""


def authority(run: Reached) -> frozenset[Slot]:
    """The storage that had to name the caller."""
    who = run.call.caller
    slots = set()
    for (kind, key), value in run.change.items():
        if kind != "S":
            continue
        named = any(value >> shift & (1 << 160) - 1 == who for shift in range(0, 97, 8))
        if named or who in keys(run.trace.hashes, key[1]):
            slots.add(key)
    return frozenset(slots)


def effects(watch: Watch, run: Reached, base: Moves, reads: set[Slot]) -> Iterator[tuple[str, str]]:
    """What a run did to others: ids of capabilities, each with a note."""
    token, made = watch.token, run.trace
    if made.how == "selfdestruct" or any(one.kind == "selfdestruct" for one in made.calls):
        yield "selfdestruct", ""
    for one in made.calls:
        drawn = one.kind == "call" and one.sender == TOKEN and one.to != TOKEN and not authority(run)
        # What an owner takes out of a sale's proceeds or rescues is theirs by the token's rules; so is what a
        # record of the caller's own says (a deposit, a share).
        if drawn and run.paid < one.value <= run.setting.balances.get(TOKEN, 0):
            if not any(abs(new - old) == one.value for old, new, _ in made.writes.values()):
                yield "leak", "money"
        elif drawn and one.data[:4] == TRANSFER and not made.writes:
            yield "leak", "tokens"
        if one.kind in ("delegate", "callcode") and one.to_node is not None:
            yield "upgrade", "delegates to what a caller or the state names"
    taken = list(_balances(watch, run))
    yield from taken
    if any(name in ("seize", "burn_others") for name, _ in taken):
        return  # who has nothing left cannot give it: that is no freeze
    touched = {slot for slot, (old, new, _) in made.writes.items() if old != new}
    if base and touched - token.pinned:
        changed = [slot for slot in run.change if slot[0] == "S" and slot[1] in reads]
        if touched & reads or changed:
            yield from transfers(watch, run, None if changed else base)


def _balances(watch: Watch, run: Reached) -> Iterator[tuple[str, str]]:
    token, made = watch.token, run.trace
    delta: dict[int, int] = {}
    if token.base is not None:
        for slot, (old, new, _) in made.writes.items():
            preimage = made.hashes.get(slot[1], b"")
            if len(preimage) == 64 and int.from_bytes(preimage[32:], "big") == token.base:
                delta[int.from_bytes(preimage[:32], "big")] = new - old
    else:
        touched = set(made.writes)
        if any(touched & slots for slots in token.balance_slots.values()):
            after = settled(run.setting, made)
            for who in PEOPLE:
                was, now = watch.balance(run.setting, who), watch.balance(after, who)
                if was is not None and now is not None:
                    delta[who] = now - was
    delta = {who: change for who, change in delta.items() if change}
    if not delta:
        return
    changes = list(delta.values())
    up = sum(change for change in changes if change > 0)
    down = -sum(change for change in changes if change < 0)
    # A fall written down elsewhere (a lock, a claim, the contract's own store) is a fall all the same.
    elsewhere = {
        old - new
        for slot, (old, new, _) in made.writes.items()
        if old > new and slot not in token.supply_slots
    }
    bought = run.paid > 0
    # Of two calls the second may have given some of it up again.
    backed = up - down in elsewhere or (run.first is not None and max(elsewhere, default=0) >= up - down)
    if up > down and not bought and not backed:
        yield "mint", ""
    # Only of somebody whom the caller named: a wallet that the state names may be the caller's own.
    words = b"".join(one.data[4:].ljust(-(-len(one.data) // 32) * 32, b"\0") for one in run.calls)
    # What is put aside for the same holder is locked, not taken.
    locked = {
        new - old
        for slot, (old, new, _) in made.writes.items()
        if new > old and slot not in token.supply_slots and not _held(token, made, slot)
    }
    named = {int.from_bytes(words[at : at + 32], "big") for at in range(0, len(words), 32)} & set(PEOPLE)
    fell = [change for who, change in delta.items() if change < 0 and who != ACTOR and who in named]
    if any(-change not in locked for change in fell) and not token.single:
        if up:
            yield "seize", ""
        else:
            yield "burn_others", ""


def _held(token: Token, made: Trace, slot: Slot) -> bool:
    """Whether a slot is part of somebody's balance."""
    preimage = made.hashes.get(slot[1], b"")
    plain = len(preimage) == 64 and int.from_bytes(preimage[32:], "big") == token.base
    return plain or slot in token.pinned or token.base is None


def transfers(watch: Watch, run: Reached, base: Moves | None = None) -> Iterator[tuple[str, str]]:
    """How transfers go otherwise after a run than before it."""
    before = base or watch.suite(run.setting)[0]
    after, _ = watch.suite(settled(run.setting, run.trace))
    for first, second in ((before, after), (after, before)):
        lost = {name for name in SUITE if first[name][0] and not second[name][0]}
        if not lost:
            continue
        how = "" if first is before else "lifted"
        if {"plain", "other"} <= lost:
            yield "pause_transfers", how
        elif {"plain", "sell"} <= lost and not lost & {"other", "other sell"}:
            # The one who was named, and nobody else: also where the others were stopped all along.
            yield "freeze_account", how
        else:
            yield "limit_transfers", how + " " + ",".join(sorted(lost))
    for name in SUITE:
        if before[name][0] and after[name][0] and after[name][1] != before[name][1]:
            yield "set_fee", name
            break
