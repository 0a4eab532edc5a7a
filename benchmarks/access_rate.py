"""Measurements a minute against the laboratory: ``python benchmarks/access_rate.py [4000]``.

A measurement is what `access measure` does for a URL: its landing page from inside and from outside,
redirects and all, each look sealed as a WARC file, kept durably, and written into the log. The
laboratory runs in a process of its own and takes its share of the same cores; that share is printed.
Every site is looked at once before the clock starts, so that the laboratory's drawing of pages and
making of keys is not counted. Prints one JSON object; exits with 1 below 2,000 a minute or above 300 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import ssl
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from lab.world import rows
from ringfence.desks.access.observe import Limiter, Sealed, look
from ringfence.evidence import store
from ringfence.evidence.log import head
from ringfence.evidence.store import Store
from ringfence.evidence.vantage import Vantage, load_vantages
from ringfence.lab.process import LabHandle, running

WANTED, ALLOWED_MB = 2_000, 300
CONCURRENT, BATCH = 32, 64
MEGABYTE = 1 << 20


class Bench:
    """One store, two vantages, and the looks between them."""

    def __init__(self, sides: tuple[Vantage, Vantage], folder: Path) -> None:
        self.sides, self.house = sides, Store(folder)
        self.limiter, self.gate = Limiter(), asyncio.Semaphore(CONCURRENT)
        self.outcomes: dict[str, int] = {}

    async def one(self, host: str) -> list[Sealed]:
        """Both sides of a measurement."""
        async with self.gate:
            return await asyncio.gather(
                *(look(side, f"https://{host}/", self.limiter) for side in self.sides)
            )

    def keep(self, looked: list[list[Sealed]]) -> None:
        """What was seen, durably and in one transaction."""
        sealed = [one for pair in looked for one in pair]
        self.house.blobs.put_many(one.capture for one in sealed)
        with self.house.database.begin() as connection:
            for one in sealed:
                store.keep(connection, one.observation)
                outcome = one.observation.exchanges[0].outcome
                self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    async def run(self, hosts: list[str], many: int) -> None:
        """So many measurements; a batch is kept while the next is looked at."""
        kept: asyncio.Future[None] | None = None
        for start in range(0, many, BATCH):
            wanted = (hosts[n % len(hosts)] for n in range(start, min(start + BATCH, many)))
            looked = await asyncio.gather(*map(self.one, wanted))
            if kept is not None:
                await kept
            kept = asyncio.ensure_future(asyncio.to_thread(self.keep, list(looked)))
        if kept is not None:
            await kept

    def leaves(self) -> int:
        """How many entries the log has."""
        with self.house.database.read() as connection:
            return head(connection)[0]


async def measure(country: LabHandle, folder: Path, many: int) -> dict[str, object]:
    """Runs against a laboratory; returns the figures."""
    known = load_vantages(country.files.vantages)
    sites = json.loads(country.files.truth.read_bytes())["sites"]
    hosts = [s["host"] for s in sites if not s["down"] and not s["already_unreachable"]]
    bench = Bench((known["lab-inside"], known["lab-outside"]), folder)
    await bench.run(hosts, len(hosts))
    bench.outcomes.clear()
    before = bench.leaves()
    me, laboratory = psutil.Process(), psutil.Process(country.pid)
    ours, theirs, began = _cpu(me), _cpu(laboratory), time.monotonic()
    await bench.run(hosts, many)
    seconds = time.monotonic() - began
    ours, theirs = _cpu(me) - ours, _cpu(laboratory) - theirs
    lab_bytes = laboratory.memory_info().rss
    leaves = bench.leaves() - before
    bench.house.close()
    assert leaves == 2 * many, "every look is in the log"
    return {
        "measurements": many,
        "sites": len(hosts),
        "seconds": round(seconds, 1),
        "per_minute": round(many / seconds * 60),
        "peak_rss_mb": round(_peak_kb() / 1024),
        "lab_rss_mb": round(lab_bytes / MEGABYTE),
        "cpu_ms_each": round(ours / many * 1000, 2),
        "lab_cpu_ms_each": round(theirs / many * 1000, 2),
        "lab_share_of_cpu": round(theirs / (ours + theirs), 2),
        "cores_busy": round((ours + theirs) / seconds, 2),
        "outcomes": dict(sorted(bench.outcomes.items())),
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _peak_kb() -> int:
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0])


def main() -> int:
    """Runs and reports."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("measurements", nargs="?", type=int, default=4000)
    chosen = options.parse_args()
    load = round(os.getloadavg()[0], 2)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with running(folder / "lab", 11, "development", rows()) as country:
            figures = asyncio.run(measure(country, folder / "store", chosen.measurements))
    libraries = {name: version(name) for name in ("dnspython", "h11", "h2", "msgspec", "SQLAlchemy")}
    machine = {
        "cores": os.cpu_count(),
        "load_before": load,
        "python": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION,
        **libraries,
    }
    print(json.dumps({**figures, **machine}))
    return int(int(str(figures["per_minute"])) < WANTED or int(str(figures["peak_rss_mb"])) > ALLOWED_MB)


if __name__ == "__main__":
    sys.exit(main())
