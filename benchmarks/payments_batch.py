"""Payments in batch: a generated world from Parquet to alerts in words, all eleven typologies, by DuckDB.

``python -m benchmarks.payments_batch [--accounts N] [--days D] [--memory 3GB] [--scores] [--world FOLDER]
[--out FILE.md]``; 225,000 accounts over 32 days are about 50 million payments.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

SEED = 7  # of development: nothing about accuracy is said here
LISTS = {
    "--prices": "prices.csv",
    "--exchange-accounts": "exchange_accounts.csv",
    "--contacts": "contacts.csv",
}
OF = ("ringfence", "duckdb", "ibis-framework", "pyarrow", "numpy", "numba")


def measured(world: Path, memory: str, scores: bool) -> dict[str, float | str]:
    """Figures of one run in a process of its own; seconds and bytes."""
    with tempfile.TemporaryDirectory(prefix="ringfence-bench-") as name:
        out = Path(name) / "alerts.jsonl"
        lists = [text for option, file in LISTS.items() for text in (option, str(world / file))]
        more = ["--accounts", str(Path(name) / "accounts.jsonl")] if scores else []
        command = [
            sys.executable, "-m", "ringfence.interfaces.cli.main", "payments", "monitor",
            str(world / "transactions.parquet"), *lists, "--memory", memory, "--out", str(out), *more,
        ]  # fmt: skip
        began = time.perf_counter()
        process = subprocess.Popen(command)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        if status:
            raise SystemExit(f"the command ended with {os.waitstatus_to_exitcode(status)}")
        alerts, digest = 0, hashlib.sha256()
        with out.open("rb") as file:
            for line in file:
                alerts += 1
                digest.update(line)
        return {
            "wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024,
            "written": used.ru_oublock * 512, "alerts": alerts, "digest": digest.hexdigest(),
        }  # fmt: skip


def table(
    accounts: int = 20_000, days: int = 14, memory: str = "3GB", *, scores: bool = False,
    world: Path | None = None,
) -> list[str]:  # fmt: skip
    """Markdown. A ``world`` that is there already is taken as it is."""
    import pyarrow.parquet as pq

    with tempfile.TemporaryDirectory(prefix="ringfence-bench-") as name:
        folder = world or Path(name) / "world"
        if not (folder / "transactions.parquet").exists():
            asked = ("--out", folder, "--seed", SEED, "--accounts", accounts, "--days", days, "--json")
            made = [sys.executable, "-m", "ringfence.interfaces.cli.main", "payments", "simulate"]
            subprocess.run([*made, *map(str, asked)], check=True, stdout=subprocess.DEVNULL)
        rows = pq.read_metadata(folder / "transactions.parquet").num_rows
        one = measured(folder, memory, scores)
    cores = len(os.sched_getaffinity(0))
    told = "from Parquet to alerts in words" + (" and every account's score" if scores else "")
    return [
        "### Payments in batch",
        "",
        f"{rows:,} payments, all eleven typologies, {told}, `--memory {memory}`, {cores} cores, load "
        f"{os.getloadavg()[0]:.1f} at the end; {', '.join(f'{of} {version(of)}' for of in OF)}.",
        "",
        "| | |",
        "|---|---|",
        f"| by the clock | {one['wall']:,.0f} s |",
        f"| of processor | {one['cpu']:,.0f} s ({rows / float(one['cpu']):,.0f} payments a second) |",
        f"| most resident memory | {float(one['peak']) / 1e9:.2f} GB |",
        f"| written to disk | {float(one['written']) / 1e9:.1f} GB |",
        f"| alerts | {one['alerts']:,}, SHA-256 {str(one['digest'])[:16]} |",
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=20_000)
    options.add_argument("--days", type=int, default=14)
    options.add_argument("--memory", default="3GB")
    options.add_argument("--scores", action="store_true", help="every account with its score besides")
    options.add_argument("--world", type=Path, help="where the world stays, or is already")
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    text = "\n".join(
        table(chosen.accounts, chosen.days, chosen.memory, scores=chosen.scores, world=chosen.world)
    )
    sys.stdout.write(text + "\n")
    if chosen.out:
        chosen.out.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
