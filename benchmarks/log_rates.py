"""The log at a million entries: append in batches, checkpoint, proofs, fsck, export, independent check.

``python benchmarks/log_rates.py [ENTRIES] [sqlite|postgresql]`` prints Markdown. Every leaf has its row:
small findings, whose columns fsck compares with their records. The independent check needs Go (see
docs/guide/audit.md). Processor times are of our processes, not of a database server.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import engines
from ringfence.core.canonical import canonical
from ringfence.evidence import log
from ringfence.evidence.export import export
from ringfence.evidence.fsck import fsck
from ringfence.evidence.prove import prove
from ringfence.evidence.publish import checkpoint, published, shelf_of
from ringfence.evidence.shelf import Reader
from ringfence.evidence.store import Store
from ringfence.evidence.tree import root_of_path
from ringfence.rulebook.finding import Finding
from ringfence.rulebook.records import findings

BATCH = 50_000
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of wall clock, and the result."""
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def finding(number: int) -> Finding:
    """A small finding."""
    return Finding(
        subject=f"site:venue-{number}.example", element="serves_residents", state="met", reason="as measured",
        features=(), author="instrument:bench", rule="bench", version="1", observations=(), references={},
    )  # fmt: skip


def append(house: Store, count: int) -> tuple[float, float]:
    """Append ``count`` leaves in committed batches, each with its row; seconds of the leaves alone, by the
    clock and of our processor."""
    seconds = 0.0
    work = 0.0
    for start in range(0, count, BATCH):
        made = [(one.id, canonical(one)) for one in map(finding, range(start, min(count, start + BATCH)))]
        rows = [
            {
                "id": name, "subject": f"site:venue-{start + at}.example", "element": "serves_residents",
                "state": "met", "author": "instrument:bench", "laboratory": False, "record": record,
            }
            for at, (name, record) in enumerate(made)
        ]  # fmt: skip
        with house.database.begin() as connection:
            connection.execute(findings.insert(), rows)
        records = [("finding", name, record) for name, record in made]

        def commit(records: list[tuple[str, str, bytes]] = records) -> None:
            with house.database.begin() as connection:
                log.append_many(connection, records)

        before = time.process_time()
        seconds += timed(commit)[0]
        work += time.process_time() - before
    return seconds, work


def proofs(house: Store, count: int, many: int) -> float:
    """Seconds for one proof, made and checked, over ``many`` leaves drawn at random."""
    with house.database.read() as connection:
        last = published(connection)[-1].checkpoint
    reader = Reader(shelf_of(house), last.size)
    drawn = [random.Random(1).randrange(count) for _ in range(many)]

    def work() -> None:
        for index in drawn:
            found = root_of_path(reader.leaf(index), index, last.size, reader.path(index))
            if found != last.root:
                raise AssertionError(index)

    return timed(work)[0] / many


def cold(house: Store, count: int) -> float:
    """Seconds for one path from tiles that nobody has read yet."""
    with house.database.read() as connection:
        size = published(connection)[-1].checkpoint.size
    drawn = [random.Random(2).randrange(count) for _ in range(200)]
    return timed(lambda: [Reader(shelf_of(house), size).path(index) for index in drawn])[0] / len(drawn)


def auditor(folder: Path) -> str:
    """The independent verifier, built."""
    source = Path(__file__).parents[1] / "tests" / "evidence" / "auditor"
    environment = os.environ | {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}
    subprocess.run(["go", "build", "-o", folder / "auditor", "."], cwd=source, env=environment, check=True)
    return str(folder / "auditor")


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    shared = sys.argv[2:] == ["postgresql"]
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        address = stack.enter_context(engines.server()).create() if shared else None
        house = Store(folder / "store", address)
        stack.callback(house.close)
        lines = []

        def say(what: str, value: str) -> None:
            lines.append(f"| {what} | {value} |")
            print(lines[-1], flush=True)

        load = os.getloadavg()[0]
        print(f"Load of the machine when it began: {load:.1f} on {os.cpu_count()} cores.\n")
        print(f"| {count:,} entries, each with its row | |\n|---|---|")
        seconds, work = append(house, count)
        rate = f"{count / seconds:,.0f} entries/s, {work:.1f} s of processor"
        say(f"append, committed in batches of {BATCH:,}", rate)
        seconds, _ = timed(lambda: checkpoint(house))
        say("first checkpoint: tiles, root, signature", f"{seconds:.1f} s")
        append_one = finding(count)
        with house.database.begin() as connection:
            log.append(connection, "finding", append_one.id, canonical(append_one))
            connection.execute(
                findings.insert().values(
                    id=append_one.id, subject=append_one.subject, element=append_one.element, state="met",
                    author=append_one.author, laboratory=False, record=canonical(append_one),
                )
            )  # fmt: skip
        seconds, _ = timed(lambda: checkpoint(house))
        say("next checkpoint, one entry later", f"{seconds * 1000:.0f} ms")
        say("path from tiles nobody has read", f"{cold(house, count) * 1000:.2f} ms")
        say("proof, made and checked", f"{proofs(house, count, 20_000) * 1000:.2f} ms")
        seconds, _ = timed(lambda: prove(house, append_one.id))
        say("`prove` whole, with checkpoint and record", f"{seconds * 1000:.1f} ms")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds, found = timed(lambda: fsck(house))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        if found.problems or found.entries != count + 1 or found.rows != count + 1:
            raise AssertionError(found)
        rate = f"{seconds:.1f} s, {count / seconds:,.0f} entries/s"
        say("fsck of entries, rows, tiles and checkpoints", rate)
        say("processor time of that, over both processes", f"{work:.1f} s")
        say("peak memory of an fsck process", f"{after.ru_maxrss // 1024} MB")
        seconds, out = timed(lambda: export(house, folder / "export"))
        say(f"export, {out.files:,} files, checked", f"{seconds:.1f} s")
        if shutil.which("go"):
            command = [auditor(folder), "export", str(folder / "export")]
            seconds, _ = timed(lambda: subprocess.run(command, check=True, capture_output=True))
            say("independent check of the export (Go)", f"{seconds:.1f} s")
        print(f"\nLoad when it ended: {os.getloadavg()[0]:.1f}.")


if __name__ == "__main__":
    main()
