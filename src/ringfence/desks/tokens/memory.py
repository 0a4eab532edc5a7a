"""Memory: the bytes of one frame, and what the words written there depend on."""

from __future__ import annotations

from typing import Final

from ringfence.desks.tokens.expression import Node, Operand

MAX_MEMORY: Final = 1 << 16


class Limit(Exception):  # noqa: N818 (how a run ends)
    """Too many steps or too much memory."""


class Memory:
    """``data`` as the chain has it; ``nodes`` by the place of a whole word that was stored there."""

    __slots__ = ("_step", "data", "nodes")

    def __init__(self) -> None:
        self.data = bytearray()
        self.nodes: dict[int, Node] = {}
        # Of the places in `nodes` modulo a word, where it is the same for all: then none overlap. -1: not so.
        self._step: int | None = None

    def grow(self, to: int) -> None:
        """Make room up to a place. Raises `Limit`."""
        if to > MAX_MEMORY:
            raise Limit
        if to > len(self.data):
            self.data.extend(bytes(to - len(self.data) + 31 & ~31))

    def store(self, at: int, word: Operand) -> None:
        """Put a word."""
        end = at + 32
        data = self.data
        if end > len(data):
            self.grow(end)
        value, node = (word, None) if isinstance(word, int) else (word[1], word)
        data[at:end] = value.to_bytes(32, "big")
        if self.nodes:
            if self._step == at & 31:
                self.nodes.pop(at, None)
            else:
                self.forget(at, 32)
        if node is not None:
            self._step = at & 31 if self._step is None or self._step == at & 31 else -1
            self.nodes[at] = node

    def load(self, at: int) -> Operand:
        """A word."""
        end = at + 32
        if end > len(self.data):
            self.grow(end)
        node = self.nodes.get(at) if self.nodes else None
        return int.from_bytes(self.data[at:end], "big") if node is None else node

    def read(self, at: int, size: int) -> bytes:
        """Bytes."""
        self.grow(at + size)
        return bytes(self.data[at : at + size])

    def write(self, at: int, data: bytes, nodes: dict[int, Node] | None = None) -> None:
        """Put bytes; ``nodes`` by their place in them."""
        self.grow(at + len(data))
        self.data[at : at + len(data)] = data
        self.forget(at, len(data))
        if nodes:
            self._step = -1
            for place, node in nodes.items():
                self.nodes[at + place] = node

    def forget(self, at: int, size: int) -> None:
        """What was known of these bytes is known no more."""
        if self.nodes and size:
            if size < len(self.nodes):
                for place in range(at - 31, at + size):
                    self.nodes.pop(place, None)
                return
            for place in [place for place in self.nodes if at - 32 < place < at + size]:
                del self.nodes[place]

    def within(self, at: int, size: int) -> dict[int, Node]:
        """The nodes of whole words in a part, by their place in it."""
        return within(self.nodes, at, size)


def within(nodes: dict[int, Node], at: int, size: int) -> dict[int, Node]:
    """The nodes of whole words in a part of some bytes, by their place in it."""
    last = at + size - 32
    return {place - at: node for place, node in nodes.items() if at <= place <= last} if nodes else {}
