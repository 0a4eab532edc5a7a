"""Bulk work behind one seam: batches through local processes, results in the order of the input.

Spark comes behind the same seam with the desks that need it (docs/decisions).
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


@contextmanager
def workers(prepare: Callable[..., None], arguments: tuple[object, ...], most: int = 2) -> Iterator[Executor]:
    """A pool of processes, each prepared once (reference data loaded); ``most`` bounds memory.

    Started by *spawn*: a child shares neither sockets nor database connections with us.
    """
    count = max(1, min(most, os.cpu_count() or 1))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=prepare, initargs=arguments)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
