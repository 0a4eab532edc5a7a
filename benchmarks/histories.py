"""Random histories of decisions: never an order in force that lacks what it needs.

python -m benchmarks.histories [--count 100000] [--seed 1] [--workers 2] [--accounts] [--database URL]

Each history is one case: proposals, approvals, notices, replies, deferrals, appeals, rulings, findings, roles
and time, by the docket (one act in eight is written by hand past it). After every act that changed anything
what must hold is read from the sealed records and judged in plain Python (`tests/cases/histories.py`). With
--accounts the cases are of payment accounts, with rules for holds, payments held, and the list that is
published (`account_histories.py`). On SQLite in memory, 250 histories a database; with a URL all of them in
that (empty) database.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cases.account_histories import AccountHistory, Accounts
from cases.histories import History, World, run
from ringfence.core.database import Database

CHUNK = 250
Counts = tuple[Counter[str], Counter[str], Counter[str]]


def main() -> None:
    """Run them and print figures in Markdown. A broken promise ends in a traceback with the order."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.histories", description=__doc__)
    options.add_argument("--count", type=int, default=100_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--database", default="")
    options.add_argument("--accounts", action="store_true")
    chosen = options.parse_args()
    began, total = time.monotonic(), (Counter[str](), Counter[str](), Counter[str]())
    for done, counts in _counted(chosen):
        for kept, new in zip(total, counts, strict=True):
            kept.update(new)
        seconds = time.monotonic() - began
        print(f"\r{done:,} histories, {done / seconds:.0f}/s", end="", file=sys.stderr, flush=True)
    tried, made, reached = total
    print(file=sys.stderr)
    print(
        f"{chosen.count:,} histories, {sum(tried.values()):,} acts tried, {sum(made.values()):,} done, ",
        end="",
    )
    print(f"{time.monotonic() - began:,.0f} s on {chosen.workers} workers: no promise broken.\n")
    print("| act | tried | done |\n|---|---|---|")
    for act, count in sorted(tried.items()):
        print(f"| {act} | {count:,} | {made[act]:,} |")
    print("\n| reached | |\n|---|---|")
    for what, count in sorted(reached.items()):
        print(f"| {what} | {count:,} |")


def _counted(chosen: argparse.Namespace) -> Iterator[tuple[int, Counts]]:
    if chosen.database:
        # One database takes them all: its triggers let nothing be emptied in between.
        world, of = _world(Database(chosen.database), chosen.accounts)
        for first in range(0, chosen.count, CHUNK):
            for counter in (world.tried, world.done, world.reached):
                counter.clear()
            size = min(CHUNK, chosen.count - first)
            run(world, first, size, seed=chosen.seed, of=of)
            yield first + size, (world.tried, world.done, world.reached)
        return
    with ProcessPoolExecutor(chosen.workers) as pool:
        firsts = range(0, chosen.count, CHUNK)
        sizes = [min(CHUNK, chosen.count - first) for first in firsts]
        done = 0
        for size, counts in zip(
            sizes, pool.map(_chunk, firsts, sizes, repeat(chosen.seed), repeat(chosen.accounts)), strict=True
        ):
            done += size
            yield done, counts


def _world(database: Database, accounts: bool) -> tuple[World, type[History]]:
    return (Accounts(database), AccountHistory) if accounts else (World(database), History)


def _chunk(first: int, size: int, seed: int, accounts: bool) -> Counts:
    world, of = _world(Database(Path(":memory:")), accounts)
    run(world, first, size, seed=seed, of=of)
    world.database.close()
    return world.tried, world.done, world.reached


if __name__ == "__main__":
    main()
