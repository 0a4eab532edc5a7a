"""Write the blind measurement cases: `python tests/access_cases/generate.py OUT_DIR [--seed N]`."""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from access_cases.emulate import strip
from access_cases.worlds import Case, cases

COLUMNS = ["file", "class", "verdict", "stage", "outcome_prefix", "why"]


def stripped(case: Case) -> bytes:
    if case.stripped is not None:
        return case.stripped
    return json.dumps(strip(json.loads(case.content)), ensure_ascii=False).encode()


def write(out: Path, seed: int = 1) -> int:
    """Two files a case, `full/CLASS-NAME.json` and `stripped/OPAQUE.json`, a row each in `expected.csv`."""
    rows: list[list[str]] = []
    for folder in ("full", "stripped"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for case in cases(seed):
        label = f"{case.group}-{case.name.removeprefix(case.group.split('-')[-1] + '-')}"
        opaque = hashlib.sha256(f"{seed}/{label}".encode()).hexdigest()[:16]
        for name, content in (
            (f"full/{label}.json", case.content),
            (f"stripped/{opaque}.json", stripped(case)),
        ):
            (out / name).write_bytes(content)
            rows.append([name, case.group, case.verdict, case.stage, case.outcome, case.why])
    if len({row[0] for row in rows}) != len(rows):
        raise ValueError("two cases share a name")
    with (out / "expected.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(sorted(rows))
    return len(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    sys.stdout.write(f"{write(args.out, args.seed)} files in {args.out}\n")


if __name__ == "__main__":
    main()
