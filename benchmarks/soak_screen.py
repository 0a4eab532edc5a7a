"""Screen many names that nobody knows, and watch the memory: ``python benchmarks/soak_screen.py [10000]``.

Every name is answered NXDOMAIN by a resolver of our own, so that the time is that of screening and
not of the network. Prints one JSON object; exits with 1 if the second half needed more memory than
the first by more than 25 MB.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desks.small_world import Names, vantage
from ringfence.evidence.store import Store
from ringfence.pipeline import Plan, Target, screen

ALLOWED_KB = 25_000


async def soak(folder: Path, many: int) -> list[int]:
    """Resident kilobytes of all our processes, at every twentieth of the way."""
    house, day, me = Store(folder), date(2018, 8, 24), psutil.Process()
    names, sizes, count = Names({}), [], 0
    async with names.serving() as resolver:
        plan = Plan("cn", day, day, vantage(resolver, 9), None)
        targets = (Target(f"site:h{n}.example", f"h{n}.example", "") for n in range(many))
        async for _ in screen(house, targets, plan):
            count += 1
            names.asked.clear()
            names.peers.clear()
            if count % max(1, many // 20) == 0:
                sizes.append(sum(process.memory_info().rss for process in (me, *me.children())) // 1024)
    house.close()
    return sizes


def main() -> int:
    """Runs and reports."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        sizes = asyncio.run(soak(Path(folder) / "store", many))
    half = len(sizes) // 2
    growth = max(sizes[half:]) - max(sizes[:half])
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"subjects": many, "seconds": seconds, "growth_kb": growth, "rss_kb": sizes}))
    return int(growth > ALLOWED_KB)


if __name__ == "__main__":
    sys.exit(main())
