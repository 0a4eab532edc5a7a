"""Payments event by event: all eleven typologies on a generated world; rate, delay of single events, memory.

``python -m benchmarks.payments_online [--accounts N] [--days D] [--events N] [--out FILE.md]``
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import Any, cast

SEED = 7  # of development: nothing about accuracy is said here
SINGLE = 20_000  # events pushed one by one
BLOCK = 1_000  # events that come together
TAZAMA = (
    "Tazama publishes 2,497 transactions a second on 1,472 vCPU (1.7 a second each), *including* messaging "
    "and storage, with 23 rules and 6 typologies; published, not measured here, and not the same work."
)


def _events(folder: Path, most: int) -> list[Any]:
    """Payments of a world as `Event`s, read and checked beforehand only as far as a message would be."""
    import pyarrow.parquet as pq

    from ringfence.desks.payments.online.event import Event

    made: list[Any] = []
    with pq.ParquetFile(folder / "transactions.parquet") as file:
        for batch in file.iter_batches(1 << 16):
            rows = batch.to_pylist()
            made += (Event.from_dict(row | {"ts": _iso(row["ts"])}) for row in islice(rows, most - len(made)))
            if len(made) >= most:
                break
    return made


def _iso(ts: Any) -> str:  # noqa: ANN401 (a text or a time)
    return ts if isinstance(ts, str) else ts.isoformat()


def _stream(folder: Path) -> Any:  # noqa: ANN401 (a `Stream`)
    from ringfence.desks.payments.lists import read_contacts, read_exchange_accounts, read_prices
    from ringfence.desks.payments.online.identities import Identities, Listed
    from ringfence.desks.payments.online.stream import Stream
    from ringfence.desks.payments.rules import load_rules

    listed = Listed()
    exchanges = read_exchange_accounts(folder / "exchange_accounts.csv", cast(Any, listed))
    contacts = read_contacts(folder / "contacts.csv", cast(Any, listed))
    names = listed.names
    known = Identities(
        frozenset(names[at] for at in exchanges), {names[at]: ts for at, ts in contacts.items()}, None
    )
    return Stream(load_rules(), known, read_prices(folder / "prices.csv"))


def measured(accounts: int, days: int, most: int) -> dict[str, float]:
    """Figures of one run; times in seconds."""
    import numpy as np

    from ringfence.desks.payments.online.stream import taken
    from ringfence.desks.payments.world.simulate import Asked, simulate

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "world"
        simulate(Asked(SEED, accounts, days), folder)
        events = _events(folder, most)
        # Compiled before the clock runs.
        warm = _stream(folder)
        list(taken(warm, events[:500]))
        stream = _stream(folder)
    split = max(0, len(events) - SINGLE)
    told = 0
    before, began = time.process_time(), time.perf_counter()
    for at in range(0, split, BLOCK):
        told += sum(1 for _ in taken(stream, events[at : min(at + BLOCK, split)]))
    work, wall = time.process_time() - before, time.perf_counter() - began
    delays = []
    for event in events[split:]:
        start = time.perf_counter()
        told += len(stream.push(event))
        delays.append(time.perf_counter() - start)
    p50, p99, p999 = np.quantile(delays, [0.5, 0.99, 0.999]).tolist()
    return {
        "events": len(events), "accounts": len(stream.identities), "told": told, "blocks": split,
        "cpu": work, "wall": wall, "p50": p50, "p99": p99, "p999": p999, "tables": stream.scorer.nbytes,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "engine": _engine(events[:split], stream),
    }  # fmt: skip


def _engine(events: list[Any], stream: Any) -> float:  # noqa: ANN401 (a `Stream`)
    """Seconds of our processor for the typologies alone, on events that are read and signed."""
    import numpy as np

    from ringfence.desks.payments.online.event import checked
    from ringfence.desks.payments.online.scorer import Scorer

    made, ms, within = [], -1, 0
    for row, one in enumerate(filter(lambda one: not isinstance(one, str), map(checked, events))):
        within = within + 1 if one.ts // 1000 == ms else 0
        ms = one.ts // 1000
        payer, payee = stream.identities.number(one.payer), stream.identities.number(one.payee)
        code = stream.currencies[one.currency]
        made.append((row, ms << 20 | within, one.ts, payer, payee, one.amount, code, one.channel, one.memo))
    signed = stream._signer.sign(
        np.array(made, np.int64), stream.identities.exchange, stream.identities.advertised
    )
    scorer = Scorer(stream.rules, list(stream.currencies))
    before = time.process_time()
    for at in range(0, len(signed), BLOCK):
        for _ in scorer.take(signed[at : at + BLOCK]):
            pass
    return time.process_time() - before


def table(accounts: int = 5000, days: int = 14, most: int = 1_000_000) -> list[str]:
    """Markdown."""
    one = measured(accounts, days, most)
    return [
        "### Payments, event by event",
        "",
        f"{one['events']:,.0f} payments of {one['accounts']:,.0f} accounts (seed {SEED}, {days} days), all "
        f"eleven typologies, one process; {one['told']:,.0f} lines told.",
        "",
        "| | |",
        "|---|---|",
        f"| in blocks of {BLOCK:,}: checking, numbering, signing, typologies, words | "
        f"{one['blocks'] / one['cpu']:,.0f} tx/CPU-s, {one['blocks'] / one['wall']:,.0f} tx/s by the clock |",
        f"| the typologies alone | {one['blocks'] / one['engine']:,.0f} tx/CPU-s |",
        f"| a single event, p50 / p99 / p99.9 | {one['p50'] * 1e6:,.0f} / {one['p99'] * 1e6:,.0f} / "
        f"{one['p999'] * 1e6:,.0f} µs |",
        f"| tables / peak of the process | {one['tables'] / 1e6:,.0f} / {one['peak'] / 1e6:,.0f} MB |",
        "",
        TAZAMA,
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=5000)
    options.add_argument("--days", type=int, default=14)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--out", type=Path)
    chosen = options.parse_args()
    text = "\n".join(table(chosen.accounts, chosen.days, chosen.events)) + "\n"
    sys.stdout.write(text)
    if chosen.out:
        chosen.out.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
