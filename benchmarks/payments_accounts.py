"""How well accounts are judged on worlds that nothing was learned or tuned on.

    python -m benchmarks.payments_accounts --worlds DIR --kept DIR

Guilty is what the generator made guilty, exchanges apart: these are subjects of the register, and counted by
themselves. Flagged at a level is recommended that or more; a wrongful halt is an honest account that would be
limited, refused or made to leave. The rate of wrongful halts stands beside recall, and by role.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.payments_worlds import Asked, World, made
from ringfence.desks.payments.recommend import LADDER
from ringfence.desks.payments.score import Account, accounts
from ringfence.desks.payments.weights import Weights, bundled

Judged = tuple[World, list[Account]]
PLAN = {
    "ours, some": tuple(Asked("ours", seed, "some", guilty=0.01) for seed in range(1101, 1111)),
    "ours, none": tuple(Asked("ours", seed, "none", guilty=0.01) for seed in range(1111, 1114)),
    "ours, hard": tuple(Asked("ours", seed, "hard", guilty=0.01) for seed in range(1114, 1119)),
    # Their authors saw neither the detector nor the other worlds; nothing was learned from them.
    "isle": tuple(Asked("isle", seed) for seed in range(1101, 1113)),
    "east": tuple(Asked("east", seed) for seed in range(1101, 1113)),
    # Days 1 to 5, and few accounts.
    "ours, short": tuple(
        Asked("ours", 1118 + days, "some", days, guilty=0.01) for days in range(1, 6)
    ),
    "ours, small": tuple(Asked("ours", seed, "some", 14, 1000, 0.02) for seed in range(1124, 1134)),
    "isle, short": tuple(Asked("isle", 1112 + days, days=days) for days in range(1, 6)),
    **{  # designs learned from, other seeds
        author: tuple(Asked(author, seed) for seed in range(1101, 1105))
        for author in ("north", "south", "centre", "west", "hills", "river", "coast")
    },
}


def verdicts(world: World, weights: Weights | None = None) -> list[Account]:
    return accounts(world.seen, world.history, world.exchanges, world.given, weights)


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Recall, precision and wrongful halts, at each level and by role."""
    told: dict[str, Any] = {}
    rows = [
        (role, guilty, LADDER.index(one.recommend), one.score, one.account in world.exchanges)
        for world, found in judged
        for role, guilty, one in zip(world.roles, world.guilty, found, strict=True)
    ]
    plain = [row for row in rows if row[0] != "exchange"]
    bad = sum(row[1] for row in plain)
    honest = len(plain) - bad
    told |= {"worlds": len(judged), "guilty": bad, "honest": honest}
    for at, level in enumerate(LADDER[1:], 1):
        hit = sum(row[1] and row[2] >= at for row in plain)
        wrong = sum(not row[1] and row[2] >= at for row in plain)
        told[level] = {
            "recall": _of(hit, bad), "precision": _of(hit, hit + wrong), "wrong": wrong,
            "wrong_percent_of_honest": _of(100 * wrong, honest),
        }  # fmt: skip
    told["auc"], told["average_precision"] = ranked([row[3] for row in plain], [row[1] for row in plain])
    by: dict[str, Counter[str]] = defaultdict(Counter)
    for role, _, level_at, _, _ in rows:
        by[role]["accounts"] += 1
        for at, level in enumerate(LADDER[1:3], 1):
            by[role][level] += level_at >= at
    guilty_roles = {row[0] for row in plain if row[1]}
    told["recall_by_role"] = {
        role: {
            "accounts": by[role]["accounts"],
            **{n: _of(by[role][n], by[role]["accounts"]) for n in LADDER[1:3]},
        }
        for role in sorted(guilty_roles)
    }
    told["wrong_by_role"] = {
        role: {"accounts": count["accounts"], "review": count["review"], "halts": count["limit"]}
        for role, count in sorted(by.items())
        if role not in guilty_roles and role != "exchange" and count["review"]
    }
    unlisted = [row for row in rows if row[0] == "exchange" and not row[4]]
    told["exchanges_unlisted"] = {"accounts": len(unlisted), "limit": sum(row[2] >= 2 for row in unlisted)}
    return told


def ranked(scores: Sequence[int], guilty: Sequence[bool]) -> tuple[float, float]:
    """(area under the ROC curve, average precision), ties shared."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    s, y = np.asarray(scores)[order], np.asarray(guilty, float)[order]
    ends = np.flatnonzero(np.append(np.diff(s) != 0, True))
    hit, seen = np.cumsum(y)[ends], ends + 1.0
    if not hit[-1] or hit[-1] == len(y):
        return 0.0, 0.0
    recall, wrong = hit / hit[-1], (seen - hit) / (len(y) - hit[-1])
    steps = np.diff(np.concatenate([[0.0], recall]))
    area = float(np.sum(np.diff(np.concatenate([[0.0], wrong])) * (recall - steps / 2)))
    return round(area, 4), round(float(np.sum(steps * hit / seen)), 4)


def reliability(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """By range of scores: accounts, the mean score, and the share of the guilty (thousandths); each world
    weighted to one guilty in a hundred, as the weights are."""
    edges = (0, 10, 50, 200, 500, 800, 950, 1001)
    rows, told = [], []
    for world, found in judged:
        every = zip(world.roles, world.guilty, found, strict=True)
        plain = [(one.score, guilty) for role, guilty, one in every if role not in ("exchange", "bank")]
        bad = sum(guilty for _, guilty in plain)
        each = 0.01 * (len(plain) - bad) / (0.99 * max(1, bad))
        rows += [(score, guilty, each if guilty else 1.0) for score, guilty in plain]
    for low, high in pairwise(edges):
        inside = [row for row in rows if low <= row[0] < high]
        weight = sum(row[2] for row in inside)
        if weight:
            told.append({
                "from": low, "below": high, "accounts": len(inside),
                "mean_score": round(sum(row[0] * row[2] for row in inside) / weight),
                "guilty_thousandths": round(1000 * sum(row[2] for row in inside if row[1]) / weight),
            })  # fmt: skip
    return told


def _of(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    asked = parser.parse_args()
    judged: dict[str, list[Judged]] = defaultdict(list)
    for name, plan in PLAN.items():
        for one in plan:
            world = made(one, asked.worlds, asked.kept)
            judged[name].append((world, verdicts(world)))
    told = {"weights": bundled().digest, **{name: figures(of) for name, of in judged.items()}}
    print(json.dumps(told, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
