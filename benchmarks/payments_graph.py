"""Graph features of payments: rates over a long stream, memory, what was cut; beside snapml where installed.

python -m benchmarks.payments_graph [--rows N] [--accounts N] [--per-second R] [--fan-hours H]
                                    [--path-hours H] [--steps N] [--opponent-rows N]

The stream: accounts drawn by a power law (the k-th weighs (k + 10) ** -0.9, payers and payees ranked apart),
a rate that follows the day (1 + 0.8 sin, mean ``per-second``), lognormal amounts, one in three a round sum,
and one payment in ten handing on 0.95 to 1 of what its payer was lately paid, a third of those back to an
earlier owner of the money, so that there are chains and cycles.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import time

import numpy as np

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
BATCH = 5_000
OPPONENT_BATCH = 2_048
SECONDS = 120

Data = tuple[np.ndarray, ...]


def stream(rows: int, accounts: int, per_second: float, seed: int = 6) -> Data:
    """o, payer, payee, amount of ``rows`` payments in order."""
    random = np.random.default_rng(seed)
    # Uniform over a length of time, then bent so that the rate follows the day.
    even = np.sort(random.random(rows)) * rows / per_second * 1000
    ms = even - 0.8 * DAY_MS / (2 * np.pi) * (1 - np.cos(2 * np.pi * even / DAY_MS))
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
    # A third of those goes back to where the money came from, one to three hands before.
    came = np.full(rows, -1)
    came[later] = source
    back = random.permutation(later)[: len(later) // 3]
    origin = came[back]
    for _ in range(2):
        further = came[origin]
        origin = np.where((random.random(len(back)) < 0.5) & (further >= 0), further, origin)
    payee[back] = payer[origin]
    same = payer == payee
    payee[same] = (payee[same] + 1) % accounts
    return (ms << 20) | index, payer, payee, amount


def ours(data: Data, fan_ms: int, path_ms: int, steps: int) -> list[str]:
    """Rates of each tenth, what one payment at a time takes, the state, and what was found and cut."""
    from ringfence.desks.payments.graph.features import CUTS, Graph

    Graph().push(*(column[:2] for column in data))  # compiled before anything is measured
    graph = Graph(fan_ms, path_ms, steps=steps)
    singly = min(20_000, len(data[0]) // 10)
    rows, spent = len(data[0]) - singly, []
    cut = dict.fromkeys(CUTS, 0)
    closed = dict.fromkeys(("cycles_2", "cycles_3", "cycles_4", "kept_2", "kept_3", "kept_4"), 0)
    greatest = dict.fromkeys(("payee_fan_in", "payer_fan_out", "between", "scatter_gather", "hops"), 0)
    held = 0
    for begin in range(0, rows, BATCH):
        batch = [column[begin : min(begin + BATCH, rows)] for column in data]
        began = time.process_time()
        said = graph.push(*batch)
        spent.append((len(batch[0]), time.process_time() - began))
        for name, bit in CUTS.items():
            cut[name] += int((said["cut"] & bit > 0).sum())
        for name in closed:
            closed[name] += int((said[name] > 0).sum())
        for name in greatest:
            greatest[name] = max(greatest[name], int(said[name].max()))
        held = max(held, graph.rows)
    waits = []
    for at in range(rows, rows + singly):
        one = [column[at : at + 1] for column in data]
        waited = time.perf_counter()
        graph.push(*one)
        waits.append(time.perf_counter() - waited)
    parts = [np.array(part).sum(0) for part in np.array_split(np.array(spent), 10)]
    rates = [count / seconds for count, seconds in parts]
    count, seconds = np.array(spent).sum(0)
    middle, slow, slowest = np.quantile(waits, [0.5, 0.99, 0.999]) * 1e6
    return [
        f"Ringfence, {rows:,} payments: {count / seconds:,.0f} tx/CPU-s",
        "- each tenth: " + ", ".join(f"{rate:,.0f}" for rate in rates),
        f"- last tenth / second: {rates[-1] / rates[1]:.2f}",
        f"- one at a time (wall): p50 {middle:.0f} us, p99 {slow:.0f} us, p99.9 {slowest:.0f} us",
        f"- state {graph.state_bytes / 1e6:.0f} MB for at most {held:,} payments in the windows;"
        f" checkpoint {len(graph.save()) / 1e6:.0f} MB",
        f"- cut at {steps:,} steps a search: {cut}",
        f"- payments that close cycles: {closed}; greatest: {greatest}",
    ]


def opponent(data: Data, fan_ms: int, path_ms: int, patterns: bool) -> None:
    """Print the CPU rate of snapml's graph features on the same payments; parameters from its manual."""
    from snapml import GraphFeaturePreprocessor

    o, payer, payee, amount = data
    rows = len(o)
    edges = np.column_stack([np.arange(rows), payer, payee, (o >> 20) / 1000, amount]).astype(np.float64)
    fan, path, bins = fan_ms // 1000, path_ms // 1000, [2, 4, 8, 16]
    params = {
        "num_threads": 2, "time_window": max(fan, path),
        "vertex_stats": True, "vertex_stats_cols": [4], "vertex_stats_feats": [0, 1, 2, 3],
        "fan": True, "fan_tw": fan, "fan_bins": bins, "degree": True, "degree_tw": fan, "degree_bins": bins,
        "scatter-gather": patterns, "scatter-gather_tw": path, "scatter-gather_bins": bins,
        "temp-cycle": patterns, "temp-cycle_tw": path, "temp-cycle_bins": bins, "lc-cycle": False,
    }  # fmt: skip
    features = GraphFeaturePreprocessor()
    features.set_params(params)
    began, done = time.process_time(), 0
    name = "with scatter-gather and cycles" if patterns else "fan, degree, statistics"
    while done < rows:
        features.transform(np.ascontiguousarray(edges[done : done + OPPONENT_BATCH]))
        done = min(done + OPPONENT_BATCH, rows)
        if done == rows or done // OPPONENT_BATCH % 10 == 0:
            rate = done / (time.process_time() - began)
            print(f"snapml, {name}, first {done:,} payments: {rate:,.0f} tx/CPU-s", flush=True)


def beside(data: Data, fan_ms: int, path_ms: int, steps: int) -> list[str]:
    """Both on the same payments where snapml is installed, else nothing; snapml prints its own lines."""
    if importlib.util.find_spec("snapml") is None:
        return []
    for patterns in (False, True):
        arguments = (data, fan_ms, path_ms, patterns)
        worker = multiprocessing.get_context("spawn").Process(target=opponent, args=arguments)
        worker.start()
        worker.join(SECONDS)
        if worker.is_alive():
            worker.kill()
            print(f"snapml: unfinished after {SECONDS} s", flush=True)
    return ["On the payments given to snapml:", *ours(data, fan_ms, path_ms, steps)]


def table(rows: int = 500_000) -> list[str]:
    """For `make bench`: 6 h and 1 h windows; nothing where the payments extra is not installed."""
    if importlib.util.find_spec("numba") is None:
        return ["Graph features: the payments extra is not installed."]
    return ours(stream(rows, rows // 2, 5.8), 6 * HOUR_MS, HOUR_MS, 100_000)


def main() -> None:
    """Print what was measured."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.payments_graph")
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--accounts", type=int, default=500_000)
    options.add_argument("--per-second", type=float, default=5.8)
    options.add_argument("--fan-hours", type=float, default=6)
    options.add_argument("--path-hours", type=float, default=1)
    options.add_argument("--steps", type=int, default=100_000)
    options.add_argument("--opponent-rows", type=int, default=200_000)
    chosen = options.parse_args()
    data = stream(chosen.rows, chosen.accounts, chosen.per_second)
    windows = [int(hours * HOUR_MS) for hours in (chosen.fan_hours, chosen.path_hours)]
    print("\n".join(ours(data, *windows, chosen.steps)), flush=True)
    few = tuple(column[: chosen.opponent_rows] for column in data)
    print("\n".join(beside(few, *windows, chosen.steps)))


if __name__ == "__main__":
    main()
