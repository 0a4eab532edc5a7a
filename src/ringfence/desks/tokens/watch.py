"""Watch: look at tokens again and again, and screen one anew only when something that matters changed.

A node that fails, lags or shows a chain that was reorganised is said and waited for; nothing is concluded
from it. A change is told with the block at which it was seen first, and counts as known only once whoever is
told has taken it: after a crash it is told again rather than not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import msgspec

from ringfence.core.errors import InputError, OutsideError
from ringfence.desks.tokens.analysis import Analyses
from ringfence.desks.tokens.block import chain_id
from ringfence.desks.tokens.node import quantity
from ringfence.desks.tokens.observe import Sealed, observe
from ringfence.desks.tokens.onchain import screen_at, subject_of
from ringfence.desks.tokens.pinned import LagError
from ringfence.desks.tokens.screen import Depth
from ringfence.desks.tokens.sight import Sight, differences, see
from ringfence.desks.tokens.state import State

LONGEST: Final = 900.0  # seconds between tries, however long a node has failed
PATIENCE: Final = 2  # subjects in a row that fail before the rest waits for the next round


class Seen(msgspec.Struct, frozen=True):
    """What is to be told of one subject. ``changed`` is empty for the first look at it; ``reorganised`` is
    the block that was seen before and is in the chain no more."""

    subject: str
    block: int
    changed: tuple[dict[str, Any], ...]
    screening: dict[str, Any]
    sealed: Sealed
    sight: Sight
    reorganised: dict[str, Any] | None = None

    def to_dict(self) -> dict[str, Any]:
        """The line that `tokens watch` writes."""
        made = {
            "subject": self.subject,
            "block": self.block,
            "changed": list(self.changed),
            "screening": self.screening,
        }
        return made | ({"reorganised": self.reorganised} if self.reorganised else {})


class Watch:
    """Several tokens of one chain. ``known`` is what was seen before, by subject, and is kept up to date;
    ``say`` is told, in words, whatever stood in the way."""

    def __init__(
        self,
        url: str,
        chain: str,
        addresses: tuple[int, ...],
        analyse: Analyses,
        *,
        known: Mapping[str, Sight] | None = None,
        second: str | None = None,
        block: str = "latest",
        depth: Depth = "quick",
        say: Callable[[str], None] = lambda text: None,
        per_second: float = 25.0,
    ) -> None:
        self.url, self.chain, self.second, self.block = url, chain, second, block
        number = chain_id(chain)
        self.subjects = {subject_of(number, one): one for one in addresses}
        self.known: dict[str, Sight] = dict(known or {})
        self.failed = 0  # rounds in a row in which something failed
        self._analyse, self._depth, self._say, self._per_second = analyse, depth, say, per_second
        self._met = False  # the node has answered, and is of the chain

    def round(self) -> Iterator[Seen]:
        """Look at each once. Raises `InputError` only for what was wrong from the beginning (another chain,
        an address of a node that is none)."""
        failures = row = 0
        for subject, address in self.subjects.items():
            if row >= PATIENCE:
                break
            try:
                found, sight = self._look(subject, address)
                row = 0
            except OutsideError as error:
                self._say(f"{subject}: {error.message}")
                failures, row = failures + 1, row + 1
                continue
            except InputError as error:
                if not self._met:
                    raise
                self._say(f"{subject}: {error.message}")
                failures, row = failures + 1, row + 1
                continue
            self._met = True
            if found is None:
                self.known[subject] = sight
            else:
                yield found
        self.failed = self.failed + 1 if failures else 0

    def took(self, seen: Seen) -> None:
        """What was told is known now. Without this it is told again in the next round."""
        self.known[seen.subject] = seen.sight

    def pause(self, every: float) -> float:
        """Seconds until the next round: twice as long after each that failed, up to a quarter of an hour."""
        return min(every * 2.0 ** min(self.failed, 20), max(every, LONGEST))

    def _look(self, subject: str, address: int) -> tuple[Seen | None, Sight]:
        old = self.known.get(subject)

        def look(
            state: State,
        ) -> tuple[Sight, list[dict[str, Any]], dict[str, Any] | None, dict[str, Any] | None]:
            block = state.block
            if old is not None and block.number < old.block:
                raise LagError(
                    f"the node is at block {block.number}, and {old.block} was seen before",
                    hint="it lags, or its chain was begun anew",
                )
            sight = see(state, address, self._analyse, self._depth, old.places if old is not None else ())
            changed = differences(old, sight) if old is not None else []
            if old is not None and not changed:
                return sight, changed, None, None
            gone = _gone(state, old) if old is not None else None
            return sight, changed, screen_at(state, address, self._depth, reading=self._analyse.read), gone

        seen = observe(
            subject, self.url, self.chain, look,
            block=self.block, second=self.second, per_second=self._per_second,
        )  # fmt: skip
        sight, changed, screening, gone = seen.result
        if screening is None:
            return None, sight
        if gone is not None:
            self._say(f"{subject}: the chain was reorganised after block {gone['number']} was seen")
        screening["evidence"] = seen.sealed.observation.capture
        return Seen(subject, sight.block, tuple(changed), screening, seen.sealed, sight, gone), sight


def _gone(state: State, old: Sight) -> dict[str, Any] | None:
    """The block of an earlier look, if it is in the chain no more."""
    header = state.ask("eth_getBlockByNumber", hex(old.block), False)
    if not isinstance(header, dict) or quantity(header.get("number"), 63) != old.block:
        return None  # the node does not know it any more: nothing is said of it
    return None if header.get("hash") == old.hash else {"number": old.block, "hash": old.hash}
