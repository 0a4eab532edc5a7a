"""Answers about tokens from the cache: how many a second, and the memory that they take.

``python -m benchmarks.tokens_cache [--tokens N] [--seconds S]``. A node on loopback (anvil, as the tests
install it) has N tokens of several kinds; each is screened once. Then addresses are drawn at random and asked
as a wallet's server would: chain and address in, the whole envelope as JSON bytes out, in one thread.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desks.tokens.anvil import CHAIN, running
from desks.tokens.solidity import tricks
from ringfence.core.cache import Cache
from ringfence.desks.tokens.service import Service

KINDS = ("HonestPlain", "HonestFee", "PowerPause", "PowerFee", "SizeGate", "EndlessSale")
MEMORY = 64 << 20


def table(tokens: int = 60, seconds: float = 3.0) -> list[str]:
    """Lines of Markdown."""
    with running() as node:
        made = [node.deploy(tricks()[KINDS[number % len(KINDS)]]) for number in range(tokens)]
        asked = [f"0x{one:040x}" for one in made]
        cache = Cache(MEMORY)
        service = Service({CHAIN: node.url}, cache, fresh=3_600.0)
        began = time.perf_counter()
        sizes = [len(service.one(CHAIN, one)) for one in asked]
        first = (time.perf_counter() - began) / tokens
        rate, slow = _rate(service, asked, seconds)
        service.fresh = 0.0
        node.rpc("anvil_mine", "0x1")
        began = time.perf_counter()
        for one in asked[:50]:
            service.one(CHAIN, one)
        checked = (time.perf_counter() - began) / min(50, tokens)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        "| cached answers about tokens, one process and thread | |",
        "|---|---|",
        f"| answers a second, drawn at random from {tokens} tokens | {rate:,.0f} (asked for: 10,000) |",
        f"| the slowest of a thousand of them | {1e6 * slow:,.0f} microseconds |",
        f"| an answer | {statistics.median(sizes):,.0f} bytes |",
        f"| memory of the cache: in use; bound | {cache.recent.size / 2**20:.1f}; {MEMORY >> 20} MiB |",
        f"| a token never seen, at a node ({service.analyses.done} codes) | {1e3 * first:.1f} ms |",
        f"| a new block, nothing changed: read again | {1e3 * checked:.1f} ms |",
        f"| peak memory of the process | {peak:.0f} MB |",
    ]


def _rate(service: Service, asked: list[str], seconds: float) -> tuple[float, float]:
    """Answers a second, and the time that one in a thousand takes longer than."""
    draw = random.Random(1)
    order = [draw.choice(asked) for _ in range(10_000)]
    many, until = 0, time.perf_counter() + seconds
    began = time.perf_counter()
    while time.perf_counter() < until:
        for one in order:
            service.one(CHAIN, one)
        many += len(order)
    rate = many / (time.perf_counter() - began)
    spent = []
    for one in order:
        start = time.perf_counter()
        service.one(CHAIN, one)
        spent.append(time.perf_counter() - start)
    return rate, statistics.quantiles(spent, n=1000)[-1]


def main() -> None:
    """Print a table."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.tokens_cache", description=__doc__)
    options.add_argument("--tokens", type=int, default=60)
    options.add_argument("--seconds", type=float, default=3.0)
    chosen = options.parse_args()
    sys.stdout.write("\n".join(table(chosen.tokens, chosen.seconds)) + "\n")


if __name__ == "__main__":
    main()
