"""What starting the command costs."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 9


def table() -> list[str]:
    """Median wall seconds of ``ringfence --help`` over `RUNS` runs, after one that warms the caches."""
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "--help"]
    seconds = []
    for run in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        if run:
            seconds.append(time.perf_counter() - began)
    worst = max(seconds)
    return [f"`ringfence --help`: {statistics.median(seconds):.2f} s median, {worst:.2f} s worst of {RUNS}."]
