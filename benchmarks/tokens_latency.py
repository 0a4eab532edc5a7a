"""A verdict on a token: processor seconds, quick and deep, and the memory of a worker.

``python -m benchmarks.tokens_latency``. Screened are the contracts of the tests (tricks, powers, pairs and
their twins) and the tokens that packages ship compiled, each with other bytes behind its code in every round,
so that nothing is remembered. The sample is of small and of library tokens; the figures on tokens of others
are in docs/method/tokens.md.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desks.tokens.solidity import modules, published, tricks
from ringfence.desks.tokens.functions import BALANCE_OF, functions
from ringfence.desks.tokens.screen import Depth, screen

SHIPPED = ("@openzeppelin/contracts", "@uniswap/v2-core", "@uniswap/v2-periphery")
STARTS = 5


def sample() -> list[bytes]:
    """Runtime code of every token of ours and of the packages."""
    codes = {made.runtime for made in tricks().values()}
    for package in SHIPPED:
        for path in sorted((modules() / package / "build").rglob("*.json")):
            made = json.loads(path.read_text())
            if "deployedBytecode" in made or "deployedBytecode" in made.get("evm", {}):
                codes.add(published(package, path.stem).runtime)
    found = sorted(code for code in codes if len(code) > 100)
    return [code for code in found if any(one.selector == BALANCE_OF for one in functions(code))]


def measured(depth: Depth, rounds: int) -> dict[str, Any]:
    """One worker: processor seconds of each screening, and the most memory it took, in MB."""
    spent, wall, stopped, tried = [], [], 0, 0
    for number in range(rounds):
        for code in sample():
            began, clock = time.process_time(), time.perf_counter()
            found = screen(code + number.to_bytes(4, "big"), depth)
            spent.append(time.process_time() - began)
            wall.append(time.perf_counter() - clock)
            pairs = found.searched.get("pairs")
            stopped += not found.searched.get("complete", True) or bool(pairs and not pairs["complete"])
            tried += pairs["tried"] if pairs else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"spent": sorted(spent), "wall": max(wall), "memory": memory, "stopped": stopped, "pairs": tried}


def apart(depth: Depth, rounds: int) -> dict[str, Any]:
    """The same in a fresh process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, depth, rounds).result()


def command() -> float:
    """Least wall seconds of the whole command for one contract, from the shell."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "token.hex"
        path.write_text(tricks()["HonestFee"].runtime.hex())
        asked = [sys.executable, "-m", "ringfence.interfaces.cli.main", "tokens", "screen", "--runtime"]
        spent = []
        for _ in range(STARTS):
            began = time.perf_counter()
            subprocess.run([*asked, str(path)], check=True, capture_output=True)
            spent.append(time.perf_counter() - began)
    return min(spent)


def table() -> list[str]:
    """Lines of Markdown."""
    depths: tuple[tuple[Depth, int], ...] = (("quick", 3), ("deep", 1))
    lines = [
        "| a token screened | n | ms of processor: p50 | p95 | most | longest wall | stopped | pairs | MB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for depth, rounds in depths:
        made = apart(depth, rounds)
        spent = [1000 * one for one in made["spent"]]
        many = len(spent)
        lines.append(
            f"| {depth} | {many} | {spent[many // 2]:.0f} | {spent[int(many * 0.95)]:.0f} | "
            f"{spent[-1]:.0f} | "
            f"{made['wall']:.2f} s | {made['stopped']} | {made['pairs']} | {made['memory']:.0f} |"
        )
    return [*lines, "", f"`ringfence tokens screen` of one contract: {command():.2f} s."]


if __name__ == "__main__":
    sys.stdout.write("\n".join(table()) + "\n")
