"""Analysis: what is known from code alone, done once for all codes that behave alike.

The key has the code's likeness, the rules' version, the engines' versions and the depth: whatever else an
analysis stands on would have to be in it too.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from importlib.metadata import version
from typing import Final

import msgspec

from ringfence import __version__
from ringfence.core.cache import Cache
from ringfence.desks.tokens.bytecode import keccak
from ringfence.desks.tokens.likeness import likeness
from ringfence.desks.tokens.screen import VERSION, Depth, Read, Screening, read, screen

READ: Final = 64  # readings that are kept; of 40 the median took 0.2 MB, the largest 0.8
ENGINES: Final = ("pyrevm", "evmole")


def engines() -> str:
    """What decides an answer besides the code: our release, the rules, and the engines."""
    return " ".join(
        [f"ringfence {__version__}", f"rules {VERSION}", *(f"{one} {version(one)}" for one in ENGINES)]
    )


class Analyses:
    """`screen` of code alone with a cache in front, and `read` with a memory of its own. What comes from them
    is the same to the byte."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.done = 0  # analyses that had to be made
        self._engines = engines().encode()
        self._read: OrderedDict[bytes, Read] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, code: bytes, depth: Depth = "quick") -> Screening:
        """What is known from code alone."""
        key = self.key(code, depth)
        held = self.cache.get(key)
        if held is not None:
            found = _read(held)
            if found is not None:
                return msgspec.structs.replace(found, code_hash="0x" + keccak(code).hex())
        made = screen(code, depth, reading=self.read)
        self.cache.put(key, msgspec.json.encode(made))
        return made

    def read(self, code: bytes, depth: Depth = "quick") -> Read:
        """What was read in code, for a screening on a chain; the last few are kept in this process."""
        key = self.key(code, depth)
        with self._lock:
            found = self._read.get(key)
            if found is not None:
                self._read.move_to_end(key)
                return found
        self.done += 1
        made = read(code, depth)
        with self._lock:
            self._read[key] = made
            while len(self._read) > READ:
                self._read.popitem(last=False)
        return made

    def key(self, code: bytes, depth: Depth) -> bytes:
        """32 bytes."""
        return hashlib.sha256(
            b"analysis\0" + self._engines + b"\0" + depth.encode() + b"\0" + likeness(code)
        ).digest()


def _read(held: bytes) -> Screening | None:
    try:
        return msgspec.json.decode(held, type=Screening)
    except msgspec.MsgspecError:
        return None  # of another form: it is made again
