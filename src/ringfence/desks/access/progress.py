"""Progress: how the body of a response came in, as a few samples of time and bytes."""

from __future__ import annotations

from typing import Final

MOST: Final = 32

Samples = tuple[tuple[int, int], ...]


class Progress:
    """Takes every arrival and keeps at most `MOST` samples: when it is full, every second one goes, so
    that they stay spread over the whole transfer. The first and the last are always kept."""

    def __init__(self) -> None:
        self._kept: list[tuple[int, int]] = []
        self._last: tuple[int, int] | None = None
        self._count = 0
        self._step = 1

    def add(self, at_us: int, size: int) -> None:
        """So many bytes of the body in all, at a time since the request."""
        self._last = (at_us, size)
        if self._count % self._step == 0:
            self._kept.append(self._last)
        self._count += 1
        if len(self._kept) == MOST:
            self._kept = self._kept[::2]
            self._step *= 2

    def samples(self) -> Samples:
        """(microseconds since the request, bytes so far), in order."""
        if self._last is None or self._kept[-1] == self._last:
            return tuple(self._kept)
        return (*self._kept, self._last)


def trickled(samples: Samples, end_us: int) -> bool:
    """Whether a body that did not come in time was still coming: bytes arrived after those that came
    with the head, and the last of them in the second half of the wait. What stopped earlier is a stall."""
    if len(samples) < 2:
        return False
    (head_us, first), (last_us, last) = samples[0], samples[-1]
    return last > first and 2 * (last_us - head_us) >= end_us - head_us
