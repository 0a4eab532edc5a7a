"""Grants: what stands on record for somebody besides balances, and who paid for it."""

from __future__ import annotations

from ringfence.desks.tokens.functions import TRANSFER_FROM
from ringfence.desks.tokens.reach import Reached
from ringfence.desks.tokens.synthesis import TOKEN, Token
from ringfence.desks.tokens.trace import Slot, Trace


def granted(token: Token, made: Trace, sign: int) -> set[int]:
    """The mappings, besides balances, of which a run raised (``sign`` 1) or lowered (-1) an entry."""
    found = set()
    for slot, (old, new, _) in made.writes.items():
        preimage = made.hashes.get(slot[1], b"")
        if (new - old) * sign > 0 and len(preimage) == 64 and slot not in token.pinned:
            base = int.from_bytes(preimage[32:], "big")
            if base != token.base:
                found.add(base)
    return found


def free(token: Token, run: Reached) -> bool:
    """Whether no balance fell in a run and its caller paid nothing."""
    writes = run.trace.writes.items()
    return not paid(run) and not any(
        new < old and held(token, run.trace, slot) for slot, (old, new, _) in writes
    )


def held(token: Token, made: Trace, slot: Slot) -> bool:
    """Whether a slot is part of somebody's balance."""
    preimage = made.hashes.get(slot[1], b"")
    plain = len(preimage) == 64 and int.from_bytes(preimage[32:], "big") == token.base
    return plain or slot in token.pinned or token.base is None


def paid(run: Reached) -> bool:
    """Whether the caller paid: with money, or with another token that was taken from them."""
    caller = run.call.caller
    return run.paid > 0 or any(
        one.kind == "call" and one.to != TOKEN and one.data[:4] == TRANSFER_FROM and len(one.data) >= 100
        and int.from_bytes(one.data[4:36], "big") == caller
        and int.from_bytes(one.data[36:68], "big") == TOKEN
        and any(one.data[68:100])
        for one in run.trace.calls
    )  # fmt: skip
