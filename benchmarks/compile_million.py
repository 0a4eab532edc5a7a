"""A million names through the guard into a list, side by side with hostlist-compiler.

python benchmarks/compile_million.py [--names N] [--store] [--out FILE.md]

Both read one file of names, a line each, and write one list. The peer drops what it holds dangerous with
its own transformations (RemoveComments, Compress, Validate, TrimLines, Deduplicate); we write an RPZ zone
of the names that the guard allows. Each runs in a process of its own, on one core. The peer is fetched
into a temporary folder, with its diff-builder pinned as its release needs it; without node it is left out.
``--store`` measures the real way as well: a store with as many active orders, published twice.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEER = {"@adguard/hostlist-compiler": "2.1.1"}
PEER_NEEDS = {"@adguard/diff-builder": "1.1.7"}
TOPS = ("com", "net", "org", "xyz", "top", "io", "cc", "co.uk", "com.cn", "vip", "info", "ru", "de", "app")
SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"
# What must not come through; some of it does, in the peer's list.
DANGEROUS = ("com.cn", "co.uk", "github.io", "cloudflare.com", "theguardian.com", "1.1.1.1", "localhost")
ORDER = "RF-AAAA-AAAA-AAAA"
UNTIL = "2027-11-22T00:00:00.000000Z"


def main() -> None:
    """Run what is asked for and print Markdown."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--names", type=int, default=1_000_000)
    options.add_argument("--store", action="store_true")
    options.add_argument("--out", type=Path)
    options.add_argument("--run", nargs=2, type=Path, help=argparse.SUPPRESS)
    options.add_argument("--both", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--publish", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.run:
        compile_list(*chosen.run, below=chosen.both)
        return
    if chosen.publish:
        publish(chosen.publish)
        return
    with tempfile.TemporaryDirectory() as folder:
        text = "\n".join(table(Path(folder), chosen.names, store=chosen.store)) + "\n"
    sys.stdout.write(text)
    if chosen.out:
        chosen.out.write_text(text, "utf-8")


def table(folder: Path, count: int, *, store: bool) -> list[str]:
    """The rows of the comparison."""
    names = folder / "names.txt"
    names.write_text("\n".join([*some_names(count), *DANGEROUS]) + "\n", "ascii")
    ours = measured(run_ours(names, folder / "names.zone"), folder / "names.zone")
    both = measured(run_ours(names, folder / "both.zone", "--both"), folder / "both.zone")
    lines = [
        f"{count:,} names and {len(DANGEROUS)} dangerous rules, one core each.",
        "",
        "| | processor seconds | peak MB | lines | dangerous rules that came through |",
        "|---|---|---|---|---|",
        row("Ringfence, RPZ zone of the names", ours),
        row("Ringfence, RPZ zone of the names and their wildcards", both),
    ]
    peer = run_peer(names, folder)
    if isinstance(peer, str):
        lines += ["", f"hostlist-compiler was not run: {peer}."]
    else:
        version, figures = peer
        lines.append(row(f"hostlist-compiler {version}", figures))
        times, memory = figures[0] / ours[0], figures[1] / ours[1]
        lines += ["", f"Ringfence takes 1/{times:.1f} of the time and 1/{memory:.1f} of the memory."]
    if store:
        lines += ["", *real_way(folder, count)]
    return lines


Figures = tuple[float, float, int, list[str]]


def row(what: str, figures: Figures) -> str:
    """A line of the table."""
    seconds, memory, lines, through = figures
    return f"| {what} | {seconds:.1f} | {memory:.0f} | {lines:,} | {', '.join(through) or 'none'} |"


def some_names(count: int) -> list[str]:
    """Names as block lists have them: invented, one in five with www."""
    draw = random.Random(20181)
    made: dict[str, None] = {}
    while len(made) < count:
        label = "".join(draw.choices(SIGNS, k=draw.randint(6, 16)))
        www = "www." if draw.random() < 0.2 else ""
        made[f"{www}{label}.{draw.choice(TOPS)}"] = None
    return list(made)


def compile_list(names: Path, zone: Path, *, below: bool = False) -> None:
    """A file of names into a zone, as one order would have it."""
    from ringfence.enforce.compile import Sieve
    from ringfence.enforce.guard import Context
    from ringfence.enforce.targets import rpz
    from ringfence.enforce.wish import Wish

    with names.open(encoding="ascii") as stream:
        hosts = sorted(set(stream.read().split()))
    wishes = (Wish(ORDER, f"site:{host}", host, below, "nodata", UNTIL, False) for host in hosts)
    sieve = Sieve(Context())
    with zone.open("wb") as out:
        out.writelines(rpz.target().chunks(sieve.entries(wishes), 1, False))
    print(f"left out: {len(sieve.refused)}", file=sys.stderr)


def run_ours(names: Path, zone: Path, *more: str) -> list[str]:
    """The command of our run."""
    return [sys.executable, __file__, "--run", str(names), str(zone), *more]


def measured(command: list[str], out: Path, folder: Path | None = None) -> Figures:
    """Seconds, peak MB, lines of a run on one core, and the dangerous rules that came through."""
    said = out.with_suffix(".log")
    before = time.monotonic()
    with said.open("wb") as stream:
        process = subprocess.Popen(
            command, preexec_fn=one_core, stdout=subprocess.DEVNULL, stderr=stream, cwd=folder
        )
        _, status, used = os.wait4(process.pid, 0)
    # Processor seconds of the one core: others may be at work on the machine.
    seconds = used.ru_utime + used.ru_stime
    print(f"{' '.join(command[:3])}: {time.monotonic() - before:.1f} s by the clock", file=sys.stderr)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed: {said.read_text('utf-8', 'replace')[-500:]}")
    lines = out.read_text("utf-8").splitlines()
    # A zone's rule is its first word; the peer writes names as ||name^.
    rules = {line.partition(" ")[0].removeprefix("||").removesuffix("^") for line in lines}
    return seconds, used.ru_maxrss / 1024, len(lines), [rule for rule in DANGEROUS if rule in rules]


def run_peer(names: Path, folder: Path) -> tuple[str, Figures] | str:
    """Its version and figures, or why it was not run."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return "node and npm are missing"
    package = {"name": "bench", "private": True, "dependencies": PEER, "overrides": PEER_NEEDS}
    (folder / "package.json").write_text(json.dumps(package), "utf-8")
    fetched = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, capture_output=True, check=False
    )
    if fetched.returncode:
        return f"it could not be fetched: {fetched.stderr.decode()[-200:].strip()}"
    (folder / "rules.txt").write_text(
        "".join(f"||{name}^\n" for name in names.read_text("ascii").split()), "ascii"
    )
    wanted = ["RemoveComments", "Compress", "Validate", "TrimLines", "Deduplicate", "InsertFinalNewLine"]
    config = {"name": "bench", "sources": [{"source": "rules.txt"}], "transformations": wanted}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    found = folder / "node_modules/@adguard/hostlist-compiler"
    script = json.loads((found / "package.json").read_text("utf-8"))
    entry = script["bin"] if isinstance(script["bin"], str) else next(iter(script["bin"].values()))
    out = folder / "peer.txt"
    command = [node, str(found / entry), "-c", "config.json", "-o", str(out)]
    return script["version"], measured(command, out, folder)


def real_way(folder: Path, count: int) -> list[str]:
    """A store with as many active orders, published to RPZ twice."""
    from benchmarks.million_orders import fill

    store = folder / "store"
    begun = time.monotonic()
    fill(store, some_names(count), UNTIL)
    filled = time.monotonic() - begun
    lines = [
        f"A store with {count:,} active orders (filled in {filled:.0f} s, triggers off), each a name and its"
        f" wildcard; database {(store / 'ringfence.sqlite').stat().st_size / 1e9:.1f} GB.",
        "",
        "| | processor seconds | peak MB | artefact MB |",
        "|---|---|---|---|",
    ]
    for what in ("first publication, sealed and stored", "again, nothing changed"):
        log = folder / "published.txt"
        seconds, memory, _, _ = measured([sys.executable, __file__, "--publish", str(store)], log)
        size = int(log.with_suffix(".log").read_text().rsplit("size:", 1)[1])
        lines.append(f"| {what} | {seconds:.1f} | {memory:.0f} | {size / 1e6:.0f} |")
    return lines


def publish(store: Path) -> None:
    """Publish a store to RPZ."""
    from ringfence.enforce.guard import Context
    from ringfence.enforce.publish import Publisher
    from ringfence.enforce.targets import rpz
    from ringfence.evidence import log
    from ringfence.evidence.store import Store

    house = Store(store)
    made = Publisher(house.database, log.seal).publish(rpz.target(), Context())
    (store.parent / "published.txt").write_text("", "ascii")
    print(f"entries:{made.artefact.entries} new:{made.new} size:{made.artefact.size}", file=sys.stderr)


def one_core() -> None:
    """Keep a child on one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    main()
