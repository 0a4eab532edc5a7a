"""Honest tokens whose powers are known by construction: what the tokens desk says of each.

``python -m benchmarks.tokens_controls [--half first|second|both] [--depth quick|deep] [--processes N]``. What
was said otherwise than put in is listed, by capability and by token; nothing is left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from desks.tokens.controls.drawing import codes, controls
from desks.tokens.controls.scoring import score, table
from ringfence.desks.tokens.screen import Depth, Screening, screen


def _screened(asked: tuple[bytes, Depth]) -> Screening:
    return screen(*asked)


def main() -> None:
    """Screen and print Markdown."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.tokens_controls", description=__doc__)
    options.add_argument("--half", default="both", choices=["first", "second", "both"])
    options.add_argument("--depth", default="quick", choices=["quick", "deep"])
    options.add_argument("--processes", type=int, default=2)
    asked = options.parse_args()
    wanted = {"first": (False,), "second": (True,), "both": (False, True)}[asked.half]
    chosen = tuple(one for one in controls() if one.held_back in wanted)
    by_name = codes(chosen)
    with multiprocessing.Pool(asked.processes) as pool:
        said = pool.map(_screened, [(by_name[one.name], asked.depth) for one in chosen], chunksize=4)
    for half, name in ((False, "first half"), (True, "second half (held back)")):
        if half not in wanted:
            continue
        mine = [(one, got) for one, got in zip(chosen, said, strict=True) if one.held_back == half]
        made = score(mine)
        head = (
            f"{name}: {made.tokens} tokens, {made.unresolved} unresolved, {len(made.unsellable)} unsellable,"
        )
        lines = [f"{head} {len(made.untold)} not told", "", *table(made), "", *sorted(made.notes)]
        lines += [f"unsellable: {one}" for one in made.unsellable] + [
            f"not told: {one}" for one in made.untold
        ]
        sys.stdout.write("\n".join(lines) + "\n\n")


if __name__ == "__main__":
    main()
