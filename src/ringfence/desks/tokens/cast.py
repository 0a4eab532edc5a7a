"""Cast: real accounts of a chain that take the parts of the people whom the search made up.

The one who acts is the one who holds the power; those to whom it happens are holders that the contract's
own log names, with what they have at that block.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ringfence.desks.tokens.effects import TRANSFER
from ringfence.desks.tokens.functions import BALANCE_OF, call
from ringfence.desks.tokens.holder import BURNED
from ringfence.desks.tokens.logs import logs, word
from ringfence.desks.tokens.run import view
from ringfence.desks.tokens.state import State
from ringfence.desks.tokens.synthesis import ACTOR, HOLDER, POOL, THIRD, TOKEN

_LOOKED: Final = 24  # accounts of the log whose balance is asked for
_HELD: Final = 4
_SPAN: Final = 256  # blocks at first: much-used tokens fill them
_ADDRESS: Final = (1 << 160) - 1


@dataclass(frozen=True)
class Cast:
    """By made-up person the real account; ``held`` are balances by real account. Whoever is not in ``parts``
    plays themselves: an account that nobody uses."""

    parts: Mapping[int, int]
    held: Mapping[int, int]

    def of(self, person: int) -> int:
        """Who plays a part."""
        return self.parts.get(person, person)

    def recast(self, data: bytes, amounts: Mapping[int, int]) -> bytes:
        """Calldata with the parts given out, word by word, and amounts exchanged."""
        made = data[:4]
        for at in range(4, len(data), 32):
            part = data[at : at + 32]
            value = int.from_bytes(part, "big")
            new = amounts.get(value, self.parts.get(value, value))
            made += new.to_bytes(32, "big") if len(part) == 32 else part
        return made

    def acted_by(self, who: int) -> Cast:
        """The same with another actor, and holders who are somebody else."""
        others = [one for one in self.held if one not in (who, self.parts.get(POOL))]
        return Cast({**self.parts, ACTOR: who, **dict(zip((HOLDER, THIRD), others, strict=False))}, self.held)

    def without_holders(self) -> Cast:
        """The same with holders that are made up."""
        return Cast({who: one for who, one in self.parts.items() if who not in (HOLDER, THIRD)}, self.held)


def cast(state: State, address: int, pair: int | None = None) -> Cast:
    """Holders of a token, those first that are no contracts; the actor is still nobody in particular."""
    parts: dict[int, int] = {TOKEN: address} | ({POOL: pair} if pair is not None else {})
    topic = int.from_bytes(TRANSFER, "big")
    seen = logs(state, address, [[word(topic)]], 0, 64, span=_SPAN)
    named = dict.fromkeys(
        one & _ADDRESS
        for entry in seen.found
        for one in (*entry.topics[1:3], *_first_words(entry.data)[: 0 if len(entry.topics) > 2 else 2])
    )
    asked = [one for one in named if one not in BURNED and one not in (address, pair) and one >> 64][:_LOOKED]
    state.fetch(asked)
    held: dict[int, int] = {}
    for one in asked:
        if not state.code(one) and (has := view(state, address, call(BALANCE_OF, one)).word()):
            held[one] = has
        if len(held) == _HELD:
            break
    if pair is not None:
        held[pair] = view(state, address, call(BALANCE_OF, pair)).word() or 0
    return Cast(parts, held)


def _first_words(data: bytes) -> list[int]:
    return [int.from_bytes(data[at : at + 32], "big") for at in (0, 32) if len(data) >= at + 32]
