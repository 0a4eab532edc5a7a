"""`make bench`: the demonstration over several seeds, what starting costs, answers about tokens, payments.

python -m benchmarks [--seeds 201,202,203,204,205] [--designs reporting] [--payments] [--out FILE.md]
"""

from __future__ import annotations

import argparse
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import demonstration, payments_graph, start, tokens_cache


def main() -> None:
    """Run everything and print Markdown."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("--seeds", default="201,202,203,204,205")
    options.add_argument("--designs", default="reporting", choices=["reporting", "development"])
    options.add_argument("--out", type=Path)
    options.add_argument("--payments", action="store_true", help="payments event by event, besides")
    chosen = options.parse_args()
    seeds = [int(seed) for seed in chosen.seeds.split(",")]
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {platform.machine()}, Python {platform.python_version()}.",
        "",
        *start.table(),
        "",
        *tokens_cache.table(),
        "",
        *payments_graph.table(),
        "",
        *demonstration.tables(seeds, chosen.designs),
    ]
    if chosen.payments:
        from benchmarks import payments_online  # which needs the extra

        lines += ["", *payments_online.table()]
    text = "\n".join(lines) + "\n"
    sys.stdout.write(text)
    if chosen.out:
        chosen.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
