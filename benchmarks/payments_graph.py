"""Graph features of payments: rates over a long stream, memory, what was cut; beside snapml where installed.

python -m benchmarks.payments_graph [--rows N] [--accounts N] [--per-second R] [--fan-hours H] [--path-hours H]

The stream: accounts drawn by a power law (weight of the k-th is (k + 10) ** -0.9, payers and payees ranked apart),
a rate that follows the day (1 + 0.8 sin, mean ``per-second``), lognormal amounts, one payment in three a round
sum, and one in ten handing on 0.95 to 1 of what the payer was lately paid, so that there are chains and cycles.
"""

from __future__ import annotations

import argparse
import importlib.util
import time

import numpy as np

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
BATCH = 10_000


def stream(rows: int, accounts: int, per_second: float, seed: int = 6) -> tuple[np.ndarray, ...]:
    """o, payer, payee, amount of ``rows`` payments in order."""
    random = np.random.default_rng(seed)
    # Uniform over a length of time, then bent so that the rate follows the day.
    even = np.sort(random.random(rows)) * rows / per_second * 1000
    ms = even - 0.8 * DAY_MS / (2 * np.pi) * (1 - np.cos(2 * np.pi * even / DAY_MS)) * 0.999
    ms = np.sort(ms).astype(np.int64) + 1_700_000_000_000
    begins = np.flatnonzero(np.diff(ms, prepend=-1))
    index = np.arange(rows) - np.repeat(begins, np.diff(np.append(begins, rows)))
    shares = np.cumsum((np.arange(accounts) + 10.0) ** -0.9)
    ranks = [np.searchsorted(shares, random.random(rows) * shares[-1]).astype(np.int32) for _ in range(2)]
    payer, payee = (random.permutation(accounts).astype(np.int32)[rank] for rank in ranks)
    amount = np.maximum(random.lognormal(9, 1.5, rows), 1).astype(np.int64)
    round_sum = random.random(rows) < 1 / 3
    amount[round_sum] = (amount[round_sum] // 1000 + 1) * 1000
    # Handing on: the payer is who was paid up to 2,000 payments before, its amount a little less.
    later = np.flatnonzero(random.random(rows) < 0.1)
    later = later[later > 2000]
    source = later - random.integers(1, 2000, len(later))
    payer[later] = payee[source]
    amount[later] = np.maximum(amount[source] * random.integers(950, 1001, len(later)) // 1000, 1)
    same = payer == payee
    payee[same] = (payee[same] + 1) % accounts
    return (ms << 20) | index, payer, payee, amount


def ours(data: tuple[np.ndarray, ...], fan_ms: int, path_ms: int, steps: int) -> list[str]:
    """Rates of each tenth, and the state."""
    from ringfence.desks.payments.graph.features import CUTS, Graph

    Graph().push(*(column[:2] for column in data))  # compiled before anything is measured
    graph = Graph(fan_ms, path_ms, steps=steps)
    rows, spent, waits = len(data[0]), [], []
    cut = dict.fromkeys(CUTS, 0)
    sums = {"cycles_2": 0, "cycles_3": 0, "cycles_4": 0, "kept_4": 0}
    most = {"payee_fan_in": 0, "payer_fan_out": 0, "between": 0, "scatter_gather": 0, "hops": 0}
    in_path = 0
    for begin in range(0, rows, BATCH):
        began, waited = time.process_time(), time.perf_counter()
        said = graph.push(*(column[begin : begin + BATCH] for column in data))
        spent.append(time.process_time() - began)
        waits.append(time.perf_counter() - waited)
        for name, bit in CUTS.items():
            cut[name] += int((said["cut"] & bit > 0).sum())
        for name in sums:
            sums[name] += int((said[name] > 0).sum())
        for name in most:
            most[name] = max(most[name], int(said[name].max()))
        in_path = max(in_path, graph.rows)
    per = np.array(spent)
    parts = np.array_split(per, 10)
    rates = [BATCH * len(part) / part.sum() for part in parts]
    saved = len(graph.save())
    return [
        f"Ringfence: {rows / per.sum():,.0f} tx/CPU-s; each tenth: " + ", ".join(f"{rate:,.0f}" for rate in rates),
        f"last tenth against the second: {rates[-1] / rates[1]:.2f}",
        f"state {graph.state_bytes / 1e6:.0f} MB, checkpoint {saved / 1e6:.0f} MB, at most {in_path:,} payments held",
        f"cut at {steps:,} steps a search: {cut}",
        f"payments that close: {sums}; greatest: {most}",
    ]


def main() -> None:
    """Print what was measured."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.payments_graph")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--accounts", type=int, default=500_000)
    options.add_argument("--per-second", type=float, default=5.8)
    options.add_argument("--fan-hours", type=float, default=6)
    options.add_argument("--path-hours", type=float, default=1)
    options.add_argument("--steps", type=int, default=10_000)
    chosen = options.parse_args()
    data = stream(chosen.rows, chosen.accounts, chosen.per_second)
    fan, path = (int(hours * HOUR_MS) for hours in (chosen.fan_hours, chosen.path_hours))
    print("\n".join(ours(data, fan, path, chosen.steps)))


if __name__ == "__main__":
    main()
