"""Peak memory of a process and all its children together, sampled while a block runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

_EVERY = 0.1  # seconds


class Peak:
    """``bytes`` is the largest sum of resident sizes seen so far."""

    def __init__(self) -> None:
        self.bytes = 0

    def sample(self, process: psutil.Process) -> None:
        """Add up once. A child that ends while we look counts as nothing."""
        total = 0
        for one in (process, *process.children(recursive=True)):
            try:
                total += one.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        self.bytes = max(self.bytes, total)


@contextmanager
def peak_memory() -> Iterator[Peak]:
    """Sample this process and its children until the block is left."""
    peak, process, stop = Peak(), psutil.Process(), threading.Event()

    def watch() -> None:
        while not stop.wait(_EVERY):
            peak.sample(process)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()
        peak.sample(process)
