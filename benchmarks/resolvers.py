"""From a recorded approval to the first blocked answer, with a million names there already.

    python -m benchmarks.resolvers [--names 1000000] [--changes 50] [--others 25]
        [--resolvers unbound,bind,pdns,kresd] [--folder DIR] [--out RAW.jsonl]

All on loopback, all with the configurations in docs/guide/examples: BIND as the primary, one resolver at a
time, `ringfence publish live --watch` as its own process. An approval is
`Cases.approve` by another process; the clock starts before it and stops at the first blocked answer.
Uncached names are asked for below the name, a new label each time; cached ones are asked for twice before,
with a TTL of a day, and then by themselves. The baseline is each resolver's own way with files: the zone
is written anew and read again. ``--folder`` keeps the store (minutes to build) for the next time.

Prints Markdown; every single figure goes to ``--out``.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import dns.exception

from benchmarks import reload_paths
from benchmarks.bulk_orders import build, name, zone
from benchmarks.decisions import Decisions
from resolvers import daemons
from resolvers.daemons import GENUINE, RESOLVERS, Daemon, Ports, answers, bind_primary, key_file, world
from ringfence.interfaces.cli.common import ROOMS

LOOK = 0.002  # seconds between two questions to a resolver
GIVE_UP = 60.0


def main() -> None:
    """Run everything and print Markdown."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.resolvers", description=__doc__)
    options.add_argument("--names", type=int, default=1_000_000)
    options.add_argument("--changes", type=int, default=50)
    options.add_argument(
        "--others", type=int, default=25, help="changes where they take seconds (not Unbound)"
    )
    options.add_argument("--batch", type=int, default=500)
    options.add_argument("--reloads", type=int, default=3)
    options.add_argument("--resolvers", default=",".join(RESOLVERS))
    options.add_argument(
        "--twins", action="store_true", help="a wildcard beside every name: twice the records"
    )
    options.add_argument("--folder", type=Path)
    options.add_argument("--out", type=Path, default=Path("resolvers.jsonl"))
    chosen = options.parse_args()
    daemons.PATIENCE = 900.0
    for room in ROOMS:
        importlib.import_module(room)
    with contextlib.ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = folder / "ringfence.sqlite"
        folder.mkdir(parents=True, exist_ok=True)
        raw = stack.enter_context(chosen.out.open("a", encoding="utf-8"))

        def keep(what: str, **facts: object) -> None:
            line = {"what": what, "at": datetime.now(UTC).isoformat(), "load": os.getloadavg()[0], **facts}
            raw.write(json.dumps(line) + "\n")
            raw.flush()
            print(json.dumps(line)[:240], file=sys.stderr, flush=True)

        if not store.exists():
            keep("store", names=chosen.names, seconds=round(build(store, chosen.names), 1))
        keep("store", megabytes=store.stat().st_size // 1_000_000)
        print(f"Measured {datetime.now(UTC):%Y-%m-%d} on {platform.machine()}, {os.cpu_count()} cores.\n")
        measure(store, chosen, keep)


def measure(store: Path, chosen: argparse.Namespace, keep: Callable[..., None]) -> None:
    """One primary and one publisher; one resolver after another, and then their own ways to reload."""
    ports = Ports()
    content = zone(store, serial=int(time.time()), twins=chosen.twins)
    kinds = chosen.resolvers.split(",")
    with world() as upstream, bind_primary(ports, content=content) as primary:
        keep("primary", rss_mb=memory(primary), records=content.count(b"\n") - 4)
        with publishing(store, ports, keep), Decisions(store) as decisions:
            for kind in kinds:
                began = time.monotonic()
                with RESOLVERS[kind](ports, upstream) as resolver:
                    for number in (chosen.names - 1, 0):
                        resolver.until(lambda d, n=number: GENUINE not in answers(d.ask(name(n))), "loads")
                    seconds = round(time.monotonic() - began, 1)
                    keep("loaded", resolver=kind, seconds=seconds, rss_mb=memory(resolver))
                    rounds(kind, resolver, decisions, chosen, keep)
                    keep("after", resolver=kind, rss_mb=memory(resolver), primary_rss_mb=memory(primary))
    for kind in kinds if chosen.reloads else ():
        for seconds in reload_paths.measure(kind, content, chosen.reloads, chosen.names):
            keep("reload", resolver=kind, seconds=round(seconds, 3))


def rounds(
    kind: str, resolver: Daemon, decisions: Decisions, chosen: argparse.Namespace, keep: Callable[..., None]
) -> None:
    """Changes of every sort, one after another."""
    found: dict[str, list[float]] = {"uncached": [], "cached": [], "withdrawn": []}
    changes = chosen.changes if kind == "unbound" else chosen.others
    ready = decisions.proposed(2 * changes)
    for number, (order, host) in enumerate(ready):
        cached = number % 2 == 1
        if cached:
            for _ in range(2):
                resolver.ask(host)
        began = time.monotonic()
        decisions.approve(order)
        committed = time.monotonic() - began
        seconds = waited(resolver, host, began, blocked=True, fresh=not cached)
        found["cached" if cached else "uncached"].append(seconds)
        keep("change", resolver=kind, cached=cached, seconds=round(seconds, 4), commit=round(committed, 4))
    for order, host in ready[:changes]:
        began = time.monotonic()
        decisions.revoke(order)
        seconds = waited(resolver, host, began, blocked=False, fresh=True)
        found["withdrawn"].append(seconds)
        keep("withdrawal", resolver=kind, seconds=round(seconds, 4))
    batch = decisions.proposed(chosen.batch)
    began = time.monotonic()
    for order, _ in batch:
        decisions.approve(order)
    decided = time.monotonic() - began
    for _, host in reversed(batch):
        waited(resolver, host, began, blocked=True, fresh=True)
    seconds = time.monotonic() - began
    keep("batch", resolver=kind, names=len(batch), decided=round(decided, 3), seconds=round(seconds, 3))
    print(f"{kind}: " + "; ".join(f"{what} {summary(values)}" for what, values in found.items()), flush=True)


def waited(resolver: Daemon, host: str, began: float, *, blocked: bool, fresh: bool) -> float:
    """Seconds from ``began`` until an answer is as it should be."""
    for number in range(1 << 30):
        asked = f"x{time.monotonic_ns():x}-{number}.{host}" if fresh else host
        with contextlib.suppress(dns.exception.Timeout, OSError):
            answer = answers(resolver.ask(asked))
            if (answer == set()) if blocked else (answer == {GENUINE}):
                return time.monotonic() - began
        if time.monotonic() - began > GIVE_UP:
            return float("inf")
        time.sleep(LOOK)
    raise AssertionError


@contextlib.contextmanager
def publishing(store: Path, ports: Ports, keep: Callable[..., None]) -> Iterator[None]:
    """`ringfence publish live --watch` in its own process, once it has compared the whole zone."""
    with (
        tempfile.TemporaryDirectory() as place,
        (Path(place) / "log").open("w+") as log,
        (Path(place) / "said").open("w+") as out,  # a file and no pipe: nobody reads all of it
    ):
        command = [
            sys.executable, "-m", "ringfence.interfaces.cli.main", "publish", "live", "--watch", "--json",
            "--primary", f"127.0.0.1:{ports.primary}", "--zone", "rpz.ringfence",
            "--key", str(key_file(Path(place))), "--store", str(store.parent),
        ]  # fmt: skip
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=out, stderr=log)
        try:
            while not (first := (Path(place) / "said").read_text().partition("\n"))[1]:
                if process.poll() is not None:
                    raise SystemExit(f"publish live ended: {(Path(place) / 'log').read_text()}")
                time.sleep(0.1)
            said: dict[str, Any] = json.loads(first[0])
            keep(
                "compared", seconds=round(time.monotonic() - began, 1), rss_mb=resident(process.pid),
                orders=said["orders"], entries=said["entries"],
            )  # fmt: skip
            yield
            keep("publisher", rss_mb=resident(process.pid), cpu_seconds=spent(process.pid))
        finally:
            process.terminate()
            process.wait(30)


def memory(daemon: Daemon) -> int:
    return resident(daemon.process.pid)


def resident(pid: int) -> int:
    """Resident megabytes of a process."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def spent(pid: int) -> float:
    """Processor seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def summary(values: list[float]) -> str:
    """Median, 95th percentile and maximum."""
    ordered = sorted(values)
    at = max(0, -(-len(ordered) * 95 // 100) - 1)
    middle = statistics.median(ordered)
    return f"n={len(ordered)} median {middle:.3f} p95 {ordered[at]:.3f} max {ordered[-1]:.3f} s"


if __name__ == "__main__":
    main()
