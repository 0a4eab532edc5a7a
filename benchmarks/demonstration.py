"""The demonstration over several seeds: pooled figures with intervals, and the confusion table."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
from sqlalchemy import select

from ringfence.core.work import run_items
from ringfence.evidence.store import Store
from ringfence.lab.demo import register_rows
from ringfence.lab.interval import wilson
from ringfence.lab.population import build
from ringfence.pipeline import Screened


def tables(seeds: list[int], designs: str) -> list[str]:
    """Run the command once a seed; returns Markdown tables."""
    runs, kinds, residents = [], Counter(), Counter()
    for seed in seeds:
        with tempfile.TemporaryDirectory() as scratch:
            store = Path(scratch) / "store"
            figures = _run(seed, designs, store)
            runs.append(figures)
            _confuse(store, seed, designs, kinds, residents)
        sys.stderr.write(f"seed {seed}: {figures['seconds']} s\n")
    return [*_pooled(runs), "", *_each(runs), "", *_kinds(kinds), "", *_residents(residents)]


def _run(seed: int, designs: str, store: Path) -> dict:
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "demo", "--json", "--seed", str(seed)]
    command += ["--designs", designs, "--store", str(store)]
    done = subprocess.run(command, check=True, capture_output=True)
    return json.loads(done.stdout.splitlines()[-1])


def _confuse(folder: Path, seed: int, designs: str, kinds: Counter, residents: Counter) -> None:
    truth = {site.host: site for site in build(register_rows(), seed, designs).truth()}
    house = Store(folder)
    with house.database.begin() as connection:
        results = connection.execute(select(run_items.c.result)).scalars().all()
    house.close()
    for result in results:
        said = msgspec.json.decode(result, type=Screened)
        site = truth[said.host]
        venue = next(f.state for f in said.findings if f.element == "token_token_exchange")
        money = next(f.state for f in said.findings if f.element == "fiat_token_exchange")
        service = "met" if "met" in (venue, money) else venue if venue == money else "unclear"
        kinds[site.kind, service] += 1
        if site.kind.endswith("exchange"):
            state = next(f.state for f in said.findings if f.element == "serves_residents")
            residents[site.kind, state] += 1


def _pooled(runs: list[dict]) -> list[str]:
    hits = sum(run["true_positives"] for run in runs)
    missed = sum(run["false_negatives"] for run in runs)
    wrong = sum(run["false_positives"] for run in runs)
    recall, precision = wilson(hits, hits + missed), wilson(hits, hits + wrong)
    verified, active = (sum(run[name] for run in runs) for name in ("orders_verified", "orders_active"))
    blocked, innocents = (sum(run[name] for run in runs) for name in ("innocents_blocked", "innocents"))
    hit, probed = (sum(run[name] for run in runs) for name in ("collateral", "collateral_probes"))
    return [
        f"| pooled over {len(runs)} seeds | | 95 % interval |",
        "| --- | --- | --- |",
        f"| recall | {hits / max(hits + missed, 1):.4f} ({hits}/{hits + missed}) "
        f"| {recall[0]:.4f}–{recall[1]:.4f} |",
        f"| precision | {hits / max(hits + wrong, 1):.4f} ({hits}/{hits + wrong}) "
        f"| {precision[0]:.4f}–{precision[1]:.4f} |",
        f"| active orders verified | {verified}/{active} | |",
        f"| innocents blocked | {blocked}/{innocents} | up to {wilson(blocked, innocents)[1]:.4f} |",
        f"| neighbours hit | {hit}/{probed} | |",
        f"| replay identical | {sum(run['replay_identical'] for run in runs)}/{len(runs)} | |",
        f"| seconds, worst | {max(run['seconds'] for run in runs)} | |",
        f"| peak memory of all processes, worst | {max(run['peak_rss_mb'] for run in runs)} MB | |",
    ]


def _each(runs: list[dict]) -> list[str]:
    names = (
        "seed",
        "true_positives",
        "false_positives",
        "false_negatives",
        "orders_active",
        "orders_verified",
        "innocents_blocked",
        "collateral",
        "seconds_to_block_median",
        "seconds_to_block_max",
        "seconds",
        "peak_rss_mb",
    )
    head = ["| " + " | ".join(name.replace("_", " ") for name in names) + " |", "| --- " * len(names) + "|"]
    return head + ["| " + " | ".join(str(run[name]) for name in names) + " |" for run in runs]


def _kinds(counts: Counter) -> list[str]:
    return _crossed(counts, "truth", "*provides an exchange service* found")


def _residents(counts: Counter) -> list[str]:
    return _crossed(counts, "truth (venues)", "*serves residents* found")


def _crossed(counts: Counter, what: str, found: str) -> list[str]:
    states = ("met", "unclear", "not_met")
    lines = [f"| {what} | {found}: met | unclear | not met |", "| --- | --- | --- | --- |"]
    for kind in sorted({kind for kind, _ in counts}):
        lines.append(
            f"| {kind.replace('_', ' ')} | " + " | ".join(str(counts[kind, s]) for s in states) + " |"
        )
    return lines
