"""The signed feed at a million entries: render, snapshot, delta, apply, look-up. Seconds and peak memory.

``python benchmarks/feed.py [ENTRIES]``: each step in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

from ringfence.core.canonical import digest
from ringfence.core.note import PublicKey, SecretKey
from ringfence.enforce.entry import Entry
from ringfence.enforce.feed.check import check
from ringfence.enforce.feed.derive import derive
from ringfence.enforce.feed.folder import Signer, write_folder
from ringfence.enforce.feed.head import Link, Payload
from ringfence.enforce.feed.recipient import Recipient
from ringfence.enforce.reasons.feed import FeedReasons
from ringfence.enforce.targets.feed import render

KEY = SecretKey("bench.example", bytes(range(32)))
AT = datetime(2026, 11, 1, tzinfo=UTC)
UNTIL = "2027-02-20T09:00:00.000000Z"


def order(name: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=name,
        authority="financial authority",
        legal_basis="Announcement of seven authorities, 4 September 2017, paragraph 3",
        form="order",
        addressee="telecom authority",
        appeal=("administrative reconsideration within 60 days", "court within 6 months"),
        activated_at="2026-10-01T08:00:00.000000Z",
    )


def entries(count: int, changed: int) -> list[Entry]:
    made = []
    for number in range(changed, count // 2 + changed):
        reference = f"RF-{number:012d}"
        name = f"venue-{(number * 2654435761) % (1 << 32):08x}.example{number % 97}.com"
        made += [Entry(name, wildcard, reference, "nodata", UNTIL) for wildcard in (False, True)]
    return made


def make(folder: Path, count: int) -> None:
    """Two lists of which the second differs in 1,000 entries."""
    for number, changed in enumerate((0, 250), 1):
        began = time.perf_counter()
        listed = entries(count, changed)
        drawn = time.perf_counter()
        (folder / f"{number}.jsonl").write_bytes(render(listed, order=order))  # type: ignore[arg-type]
        print(f"  drawn in {drawn - began:.1f} s, rendered in {time.perf_counter() - drawn:.1f} s")
        del listed


def links(folder: Path, upto: int) -> list[Link]:
    made: list[Link] = []
    for number in range(1, upto + 1):
        content = (folder / f"{number}.jsonl").read_bytes()
        previous = (made[-1].serial, made[-1].digest) if made else None
        made.append(Link(KEY.name, number, False, Payload(digest(content), len(content)), previous))
    return made


def publish(folder: Path, upto: int) -> None:
    def content(link: Link) -> bytes:
        return (folder / f"{link.serial}.jsonl").read_bytes()

    write_folder(folder / "web", links(folder, upto), content, Signer((KEY,), AT))


def look_up(folder: Path) -> None:
    """What a block page does: verify once, then find names by bisection."""
    began = time.perf_counter()
    reasons = FeedReasons(folder / "state", [KEY.public], lambda: AT)
    ready = time.perf_counter()
    found = 0
    for number in range(20_000):
        host = f"www.venue-{(number * 2654435761) % (1 << 32):08x}.example{number % 97}.com"
        found += bool(reasons.covering(host))
    rate = 20_000 / (time.perf_counter() - ready)
    print(f"  verified in {ready - began:.1f} s; {found} of 20,000 names found, {rate:,.0f} a second")


def step(name: str, folder: Path, count: int) -> None:
    began = time.perf_counter()
    recipient = Recipient(folder / "state", clock=lambda: AT)
    trusted: list[PublicKey] = [KEY.public]
    if name == "render twice":
        make(folder, count)
    elif name == "publish snapshot":
        publish(folder, 1)
    elif name == "apply snapshot":
        recipient.apply(folder / "web", trusted)
    elif name == "publish delta":
        publish(folder, 2)
    elif name == "apply delta":
        recipient.apply(folder / "web" / "delta" / f"{2:010d}.feed")
    elif name == "verify folder":
        check(folder / "web", trusted, AT)
    elif name == "look-up":
        look_up(folder)
    else:
        derive(folder / "state", name, AT)  # type: ignore[arg-type]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:18} {time.perf_counter() - began:6.1f} s  {peak:6.0f} MiB peak")


STEPS = (
    "render twice", "publish snapshot", "apply snapshot", "publish delta", "apply delta", "verify folder",
    "look-up", "names", "hosts", "rpz",
)  # fmt: skip


def main() -> None:
    if len(sys.argv) > 2:
        step(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
        return
    count = int(sys.argv[1]) if len(sys.argv) == 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        for name in STEPS:
            subprocess.run([sys.executable, __file__, name, folder, str(count)], check=True)
        web = Path(folder) / "web"
        for path in sorted(web.rglob("*")):
            if path.is_file():
                print(f"  {path.relative_to(web)}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
