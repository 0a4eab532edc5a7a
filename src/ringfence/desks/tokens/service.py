"""Service: answers about tokens as bytes, for whoever mounts them behind a door of their own.

Three layers. Within ``fresh`` seconds of the last look an answer comes from memory. After that the places it
stood on are read again, in one request; where none changed it still stands. Else the token is screened anew,
and what depends on code alone comes from the analyses that were made before. An answer older than ``age``
seconds is made again in any case.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import msgspec

from ringfence.core.cache import Cache
from ringfence.desks.tokens import answer
from ringfence.desks.tokens.analysis import Analyses, engines
from ringfence.desks.tokens.block import chain_id
from ringfence.desks.tokens.footprint import Footprint
from ringfence.desks.tokens.observe import Sealed, observe
from ringfence.desks.tokens.onchain import screen_at, subject_of
from ringfence.desks.tokens.screen import Depth
from ringfence.desks.tokens.state import State

FRESH: Final = 12.0  # seconds, about a block
AGE: Final = 3_600.0
_LOCKS: Final = 64
# When it was looked at last, when it was made, the block of the last look, and what it stands on.
_NOW: Final = struct.Struct(">ddQ32s")


class Service:
    """Answers of several chains. ``nodes`` are addresses of nodes by chain (``eip155:1``); ``keep`` is given
    what was read for each new screening, to be stored as evidence. ``creators``: the
    transaction that made each is looked for, at nodes that keep old states. Safe for threads."""

    def __init__(
        self,
        nodes: Mapping[str, str],
        cache: Cache,
        *,
        depth: Depth = "quick",
        fresh: float = FRESH,
        age: float = AGE,
        per_second: float = 0.0,
        creators: bool = False,
        keep: Callable[[Sealed], object] | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.nodes = dict(nodes)
        self.cache = cache
        self.depth: Depth = depth
        self.fresh, self.age = fresh, age
        self.analyses = Analyses(cache)
        self.screened = self.checked = 0
        self._per_second = per_second
        self._keep = keep
        self._creators = creators
        self._clock = clock
        self._engines = engines().encode()
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def one(self, chain: str, address: str) -> bytes:
        """The envelope for one address, as JSON."""
        return self.batch(chain, (address,))

    def batch(self, chain: str, addresses: Iterable[str]) -> bytes:
        """The envelope for several, as JSON; see `answer.batch`. Raises `InputError` for none or too many."""
        blocks: dict[str, int] = {}

        def look(who: int) -> msgspec.Raw:
            made, blocks[f"0x{who:040x}"] = self._fields(chain, who)
            return made

        made = answer.batch(addresses, look)
        if blocks:
            made.setdefault("ringfence", {})["unchanged_at"] = blocks
        return msgspec.json.encode(made)

    def _fields(self, chain: str, who: int) -> tuple[msgspec.Raw, int]:
        """The bytes of `answer.fields`, and the block at which nothing they stand on had changed."""
        place = self._key(b"now", chain, who)
        held = self._held(place, chain, who)
        if held is not None:
            return held
        with self._locks[place[0] % _LOCKS]:  # who asks for the same waits for the same
            held = self._held(place, chain, who)
            if held is not None:
                return held
            if chain not in self.nodes:
                raise answer.NoChainError(f"no node of {chain}", hint=f"there are: {', '.join(self.nodes)}")
            return self._still(place, chain, who) or self._anew(place, chain, who)

    def _held(self, place: bytes, chain: str, who: int) -> tuple[msgspec.Raw, int] | None:
        now = self.cache.recent.get(place)
        if now is None:
            return None
        looked, made, block, stood = _NOW.unpack(now)
        clock = self._clock()
        if clock - looked > self.fresh or clock - made > self.age:
            return None
        found = self.cache.get(self._key(b"answer", chain, who, stood))
        return None if found is None else (_raw(found), block)

    def _still(self, place: bytes, chain: str, who: int) -> tuple[msgspec.Raw, int] | None:
        """The answer that was given, if nothing that it stood on changed."""
        now = self.cache.get(place)
        if now is None:
            return None
        _, made, _, stood = _NOW.unpack(now)
        print_ = self.cache.get(self._key(b"footprint", chain, who, stood))
        found = self.cache.get(self._key(b"answer", chain, who, stood))
        if print_ is None or found is None or self._clock() - made > self.age:
            return None
        before = msgspec.json.decode(print_, type=Footprint)
        seen = self._observe(chain, who, lambda state: (before.again(state).digest(), state.block.number))
        self.checked += 1
        digest, block = seen.result
        if digest != stood:
            return None
        self.cache.put(place, _NOW.pack(self._clock(), made, block, stood))
        return _raw(found), block

    def _anew(self, place: bytes, chain: str, who: int) -> tuple[msgspec.Raw, int]:
        def look(state: State) -> tuple[dict[str, Any], Footprint, int]:
            made = screen_at(state, who, self.depth, reading=self.analyses.read, creator=self._creators)
            return made, Footprint.of(state), state.block.number

        seen = self._observe(chain, who, look)
        self.screened += 1
        if self._keep is not None:
            self._keep(seen.sealed)
        made, stood, block = seen.result
        made["evidence"] = seen.sealed.observation.capture
        try:
            written = msgspec.json.encode(answer.fields(made))
        except answer.NoContractError:
            written = b""
        digest = stood.digest()
        self.cache.put(self._key(b"footprint", chain, who, digest), msgspec.json.encode(stood))
        self.cache.put(self._key(b"answer", chain, who, digest), written)
        now = self._clock()
        self.cache.put(place, _NOW.pack(now, now, block, digest))
        return _raw(written), block

    def _observe(self, chain: str, who: int, look: Callable[[State], Any]) -> Any:  # noqa: ANN401
        subject = subject_of(chain_id(chain), who)
        return observe(subject, self.nodes[chain], chain, look, per_second=self._per_second)

    def _key(self, what: bytes, chain: str, who: int, stood: bytes = b"") -> bytes:
        parts = (what, self._engines, self.depth.encode(), chain.encode(), who.to_bytes(20, "big"), stood)
        return hashlib.sha256(b"\0".join(parts)).digest()


def _raw(found: bytes) -> msgspec.Raw:
    if not found:
        raise answer.NoContractError("no code at the address", hint="is it of another chain?")
    return msgspec.Raw(found)
