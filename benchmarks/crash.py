"""A thousand kill -9 on each store: ``python benchmarks/crash.py [1000] [--servers 50] [--seed N]``.

Kills the writer at a random moment of its work, on SQLite and on PostgreSQL, and then the PostgreSQL
server itself (all its processes at once, with fsync on). Prints one JSON object a store and exits with 1
if anything acknowledged is lost, an order is half issued, or an artefact is there that no active order backs.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from crash import Crash
from engines import Server

STORE = 50  # rounds a store: each round judges the whole of it


def clients(rounds: int, seed: int, server: Server | None) -> dict[str, object]:
    """Kill the writer, ``rounds`` times."""
    return run("postgresql" if server else "sqlite", rounds, seed, server, None)


def servers(rounds: int, seed: int, server: Server) -> dict[str, object]:
    """Kill the server under the writer, ``rounds`` times."""

    def kill(child: int) -> None:
        server.stop(signal.SIGKILL)
        server.start()

    return run("postgresql, the server killed", rounds, seed, server, kill)


def run(
    name: str, rounds: int, seed: int, server: Server | None, kill: Callable[[int], None] | None
) -> dict[str, object]:
    began, total = time.monotonic(), {"kills": 0, "acknowledged": 0, "seed": seed}
    counts: dict[str, int] = {}
    problems: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(0, rounds, STORE):
            address = server.create() if server else None
            crash = Crash(Path(folder) / str(number), address, seed + number)
            for at in range(min(STORE, rounds - number)):
                problems += crash.round(kill, longest=None if kill is None else 1)
                if sys.stderr.isatty() or (number + at) % 100 == 99:
                    print(f"\r{name}: {number + at + 1} of {rounds}", end="", file=sys.stderr)
            total["kills"] += crash.rounds
            total["acknowledged"] += crash.acknowledged
            for kind, count in crash.seen.items():
                counts[kind] = counts.get(kind, 0) + count
            if server:
                server.drop(address)
    print(file=sys.stderr)
    seconds = round(time.monotonic() - began)
    return {"store": name, **total, "by_kind": counts, "problems": problems, "seconds": seconds}


def main() -> int:
    """Run all three; print what came of each."""
    options = argparse.ArgumentParser()
    options.add_argument("rounds", type=int, nargs="?", default=1000)
    options.add_argument("--servers", type=int, default=50)
    options.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"))
    options.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = options.parse_args()
    results = []
    if asked.only != "postgresql":
        results.append(clients(asked.rounds, asked.seed, None))
        print(json.dumps(results[-1]), flush=True)
    if asked.only != "sqlite":
        server = Server(durable=True)
        try:
            for result in (
                clients(asked.rounds, asked.seed, server),
                servers(asked.servers, asked.seed, server),
            ):
                results.append(result)
                print(json.dumps(result), flush=True)
        finally:
            server.close()
    return int(any(result["problems"] for result in results))


if __name__ == "__main__":
    sys.exit(main())
