"""Single changes of a small store, its export and a proof: how many are found. None may be missed.

``python benchmarks/log_mutations.py [CHANGES] [SEED]``: that many of the store (rows, leaves, checkpoints,
time stamps, blobs, tiles; by `log fsck`), a fifth as many of the export and of a proof (by the independent
verifier, which needs Go; of the proof by our own as well), and a tenth of rows and leaves on PostgreSQL. It
ends with 1 if one was missed. Every other change is looked for in the way that fsck takes with large tables.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import engines
from evidence import auditors, logged, mutate
from ringfence.core.errors import RingfenceError
from ringfence.core.note import PublicKey
from ringfence.evidence import check_walk
from ringfence.evidence.backup import backup, restore
from ringfence.evidence.export import export
from ringfence.evidence.fsck import fsck
from ringfence.evidence.proof import Proof
from ringfence.evidence.prove import prove
from ringfence.evidence.store import Store
from ringfence.interfaces.cli.common import opened

FEW = check_walk.FEW


def of_the_store(pristine: Path, place: Path, changes: int, draw: random.Random) -> list[str]:
    """What fsck missed."""
    bench = mutate.Bench(pristine, place)
    missed = []
    kinds: Counter[str] = Counter()
    began = time.perf_counter()
    for number in range(1, changes + 1):
        done = mutate.store(bench.place, draw)
        kinds[mutate.kind_of(done)] += 1
        check_walk.FEW = number % 2 * FEW
        with opened(bench.place) as house:
            if not fsck(house).problems:
                missed.append(done)
                print("MISSED", done[:300], flush=True)
        bench.restore()
        if number % 500 == 0:
            took = time.perf_counter() - began
            print(f"  {number:,} changes of the store in {took:.0f} s, {len(missed)} missed", flush=True)
    check_walk.FEW = FEW
    print("  of", ", ".join(f"{name} {count}" for name, count in kinds.most_common()))
    return missed


def of_postgresql(backup: Path, changes: int, draw: random.Random) -> list[str]:
    """What fsck missed of changes of rows and leaves."""
    missed = []
    with engines.server() as server:
        restore(backup, backup.with_name("shared"), server.create("pristine", template="template1"))
        for number in range(changes):
            address = server.create("changed", template="pristine")
            done = mutate.postgresql(server.plain("changed"), draw)
            check_walk.FEW = number % 2 * FEW
            house = Store(backup.with_name("shared"), address)
            if not fsck(house).problems:
                missed.append(done)
                print("MISSED", done[:300], flush=True)
            house.close()
            server.drop(address)
    check_walk.FEW = FEW
    return missed


def of_the_export(folder: Path, auditor: auditors.Auditor, changes: int, draw: random.Random) -> list[str]:
    """What the independent verifier missed; time stamps are not its matter."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and "timestamps" not in path.parts]
    key = (folder / "public.vkey").read_text().strip()
    missed = []
    for _ in range(changes):
        path = draw.choice(files)
        kept = path.read_bytes()
        done = mutate.file(path, draw)
        if auditor.holds("export", folder, key):
            missed.append(done)
        path.write_bytes(kept)
    return missed


def of_the_proof(
    data: bytes, folder: Path, auditor: auditors.Auditor, changes: int, draw: random.Random
) -> list[str]:
    """What either verifier missed."""
    key = PublicKey.from_text((folder / "public.vkey").read_text())
    path = folder.with_name("proof")
    missed = []
    for _ in range(changes):
        changed = mutate.bytes_of(data, draw)
        path.write_bytes(changed)
        try:
            Proof.from_bytes(changed).verified(key)
            missed.append("ours: " + repr(changed))
        except RingfenceError:
            pass
        if auditor.holds("proof", path, key.to_text()):
            missed.append("independent: " + repr(changed))
    return missed


def main() -> None:
    """Print what was found and what was missed."""
    changes = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 2018)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logged.build(folder / "built" / "s")
        pristine = folder / "built" / "s"
        shutil.copytree(pristine, folder / "copy")
        with opened(folder / "copy") as house:
            export(house, folder / "e")
            backup(house, folder / "backup")
            with house.database.read() as connection:
                order = connection.exec_driver_sql("select id from orders order by id limit 1").scalar()
            proof = prove(house, str(order)).proof.to_bytes()
            entries = fsck(house).entries
        auditor = auditors.build(folder)
        missed = of_the_export(folder / "e", auditor, changes // 5, draw)
        said = "missed by the independent verifier"
        print(f"export: {changes // 5:,} changes, {len(missed)} {said}", flush=True)
        more = of_the_proof(proof, folder / "e", auditor, changes // 5, draw)
        print(f"proof: {changes // 5:,} changes, {len(more)} missed by either verifier", flush=True)
        last = of_the_store(pristine, folder / "work", changes, draw)
        print(f"store of {entries} entries: {changes:,} changes, {len(last)} missed by fsck")
        shared = of_postgresql(folder / "backup", changes // 10, draw)
        print(f"rows and leaves on PostgreSQL: {changes // 10:,} changes, {len(shared)} missed by fsck")
        for done in missed + more:
            print("MISSED", done[:300])
    sys.exit(1 if missed or more or last or shared else 0)


if __name__ == "__main__":
    main()
