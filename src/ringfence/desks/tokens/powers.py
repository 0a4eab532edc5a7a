"""Powers: what a run did to others, and who had to be named for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from ringfence.desks.tokens.expression import leaves
from ringfence.desks.tokens.functions import TRANSFER, Function, call
from ringfence.desks.tokens.grants import held, paid
from ringfence.desks.tokens.mapped import names
from ringfence.desks.tokens.moves import SUITE, Moves, Watch
from ringfence.desks.tokens.proxy import BEACON, IMPLEMENTATION
from ringfence.desks.tokens.reach import Reached
from ringfence.desks.tokens.synthesis import ACTOR, HOLDER, PEOPLE, THIRD, TOKEN, Token, agreed, settled
from ringfence.desks.tokens.trace import Call, Setting, Slot
from ringfence.desks.tokens.waits import AGAIN, again

CLAIM: Final = "claim"  # coins made as a record of somebody's fell: a power only where records are granted
CAPPED: Final = "all but the least"
PLACES: Final = frozenset({IMPLEMENTATION, BEACON})  # code behind a proxy writes there too
EMPTY: Final = THIRD ^ 1  # somebody who has nothing


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
        if named or names(run.trace.hashes, key[1], who):
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
    for slot, (old, new, node) in made.writes.items():
        chosen = node is not None and any(kind == "A" for kind, _ in leaves(node))
        if slot[0] == TOKEN and slot[1] in PLACES and old != new and chosen:
            yield "upgrade", "writes where proxies keep the address of their code"
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
    # Of two calls the second may have given some of it up again.
    backed = up - down in elsewhere or (run.first is not None and max(elsewhere, default=0) >= up - down)
    if up > down and not paid(run):
        yield (CLAIM if backed else "mint"), ""
    # Only of somebody whom the caller named: a wallet that the state names may be the caller's own.
    words = b"".join(one.data[4:].ljust(-(-len(one.data) // 32) * 32, b"\0") for one in run.calls)
    # What is put aside for the same holder is locked, not taken.
    locked = {
        new - old
        for slot, (old, new, _) in made.writes.items()
        if new > old and slot not in token.supply_slots and not held(token, made, slot)
    }
    named = {int.from_bytes(words[at : at + 32], "big") for at in range(0, len(words), 32)} & set(PEOPLE)
    fell = [change for who, change in delta.items() if change < 0 and who != ACTOR and who in named]
    if any(-change not in locked for change in fell) and not token.single:
        if up:
            yield "seize", ""
        else:
            yield "burn_others", ""


def _supplied(token: Token, run: Reached, setting: Setting) -> Setting:
    """A setting with the supply as it was before the search chose one: a call that burns the last coin of a
    supply made so small shows nothing."""
    chosen = [slot for slot in token.supply_slots if ("S", slot) in run.change]
    back = {slot: token.setting.storage.get(slot, 0) for slot in chosen}
    return replace(setting, storage=setting.storage | back) if back else setting


def _made_up(token: Token, run: Reached, *, by_size: bool) -> bool:
    """Whether the state before was one that only the search would make: a number, no switch, that it set and
    the call then set to another. A cap on amounts that a call always sets to the same (the supply, the most
    there is) is one that a constructor had set."""
    for slot, (old, new, node) in run.trace.writes.items():
        if by_size and (node is None or all(kind == "S" for kind, _ in leaves(node))):
            continue
        turned = _nameless(old, run.call.caller) ^ token.setting.storage.get(slot, 0)
        if ("S", slot) in run.change and old != new and turned:
            low = (turned & -turned).bit_length() - 1
            if turned >> low - low % 8 > 0xFF:
                return True
    return False


def _nameless(value: int, who: int) -> int:
    """A word without somebody's address, whatever it is packed with."""
    for shift in range(0, 97, 8):
        if value >> shift & (1 << 160) - 1 == who:
            return value ^ who << shift
    return value


def transfers(watch: Watch, run: Reached, base: Moves | None = None) -> Iterator[tuple[str, str]]:
    """How transfers go otherwise after a run than before it."""
    token = watch.token
    met, left = (_supplied(token, run, one) for one in (run.setting, settled(run.setting, run.trace)))
    before = base or watch.suite(met)[0]
    after, _ = watch.suite(left)
    for first, second in ((before, after), (after, before)):
        lost = {name for name in SUITE if first[name][0] and not second[name][0]}
        if not lost:
            continue
        how = "" if first is before else "lifted"
        if how and _made_up(token, run, by_size=not lost & {"plain", "other"}):
            continue
        if {"plain", "other"} <= lost:
            # One unit to somebody who has none passes every cap that is not nothing.
            there = left if first is before else met
            if agreed(watch.recall.trace(there, Call(HOLDER, TOKEN, call(TRANSFER, EMPTY, 1)))):
                yield "limit_transfers", f"{how} {CAPPED}"
            else:
                yield "pause_transfers", how
        elif {"plain", "sell"} <= lost and not lost & {"other", "other sell"}:
            # The one who was named, and nobody else: also where the others were stopped all along.
            yield "freeze_account", how
        else:
            yield "limit_transfers", how + " " + ",".join(sorted(lost))
    both = before["plain"][0] and after["plain"][0]
    if both and not again(watch, met) and again(watch, left):
        yield "limit_transfers", AGAIN
    for name in SUITE:
        if before[name][0] and after[name][0] and after[name][1] != before[name][1]:
            yield "set_fee", name
            break
