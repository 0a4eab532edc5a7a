"""Bulk work behind one seam: batches through local processes, results in the order of the input.

Files of rows go through `ringfence.core.parquet`, on these processes or on Spark.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Process(SpawnProcess):
    """A child that Ctrl-C does not reach, not even while it is still starting."""

    def start(self) -> None:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Process


@contextmanager
def workers(prepare: Callable[..., None], arguments: tuple[object, ...], most: int = 2) -> Iterator[Executor]:
    """A pool of processes, each prepared once (reference data loaded); ``most`` bounds memory.

    Started by *spawn*: a child shares neither sockets nor database connections with us. It leaves
    Ctrl-C to us, and does not outlive us, however we end.
    """
    count = max(1, min(most, os.cpu_count() or 1))
    pool = ProcessPoolExecutor(
        count, mp_context=_Context(), initializer=_begin, initargs=(prepare, arguments)
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(prepare: Callable[..., None], arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    prepare(*arguments)


def _end_with_parent() -> None:
    # A worker waits for work on a pipe that it holds itself, so the pipe never tells of our death.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def map_batches(
    pool: Executor, function: Callable[[T], R], batches: Iterable[T], ahead: int = 4
) -> Iterator[R]:
    """Apply a function to batches in the pool, at most ``ahead`` of them in memory; results in order."""
    waiting: deque[Future[R]] = deque()
    for batch in batches:
        waiting.append(pool.submit(function, batch))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
