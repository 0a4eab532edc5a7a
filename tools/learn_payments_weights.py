"""Learn the weights of the account score from generated worlds of development seeds (1-99).

    python tools/learn_payments_weights.py --worlds DIR --kept DIR --out WEIGHTS.json

A logistic regression with a ridge, twice: by what accounts do themselves, then by their company too. Where a
step says more of guilt, more of it must not say less: steps with the wrong sign are left out. Worlds are
weighted to one guilty account in a hundred; what is printed is by cross-validation over worlds.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.payments_accounts import figures, reliability, verdicts
from benchmarks.payments_worlds import Asked, World, made

from ringfence.desks.payments.indicators import COMPANY, LISTS, OWN, Indicator, company, own
from ringfence.desks.payments.weights import Layer, Weights

PLAN = (
    Asked("ours", 1, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("ours", 2, "hard", 14, 4000, 0.03, "CNY", ""),
    Asked("ours", 3, "none", 14, 4000, 0.02, "CNY", ""),
    Asked("ours", 4, "some", 14, 4000, 0.03, "USD", ""),
    Asked("ours", 5, "some", 45, 2000, 0.03, "CNY", ""),
    Asked("ours", 6, "hard", 14, 4000, 0.03, "EUR", ""),
    Asked("ours", 7, "some", 14, 5000, 0.01, "CNY", ""),
    Asked("ours", 8, "hard", 45, 2000, 0.04, "CNY", ""),
    Asked("ours", 9, "none", 14, 3000, 0.03, "HKD", "contacts"),
    Asked("ours", 10, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("ours", 11, "hard", 14, 4000, 0.02, "CNY", "prices"),
    Asked("ours", 12, "some", 7, 4000, 0.03, "CNY", ""),
    Asked("ours", 13, "some", 14, 5000, 0.01, "CNY", ""),
    Asked("ours", 14, "hard", 14, 4000, 0.03, "SGD", "exchanges+contacts"),
    Asked("ours", 15, "some", 28, 3000, 0.03, "CNY", "exchanges"),
    Asked("ours", 16, "some", 14, 4000, 0.04, "CNY", "memo+channel"),
    Asked("ours", 17, "hard", 14, 4000, 0.02, "USD", "memo+channel+contacts"),
    Asked("ours", 18, "none", 14, 4000, 0.02, "CNY", "prices+memo+channel+contacts"),
    Asked("ours", 19, "some", 14, 5000, 0.01, "CNY", ""),
    Asked("ours", 20, "hard", 14, 5000, 0.01, "CNY", ""),
    Asked("ours", 21, "some", 14, 4000, 0.03, "CNY", "exchanges"),
    Asked("ours", 22, "some", 45, 2000, 0.03, "USD", "contacts+prices"),
    Asked("ours", 23, "hard", 14, 4000, 0.03, "CNY", ""),
    Asked("ours", 24, "some", 14, 4000, 0.03, "CNY", "prices+exchanges+contacts+memo+channel"),
)
APART = ("exchange", "bank")  # not judged, and not learned from
PRIOR = 0.01
RIDGE = 1.0
CUTS = {"review": 200, "limit": 500, "refuse": 950, "exit": 995}
LAYERS = 3
SUSPECT = 500  # thousandths of a logit
# More of these never speaks for innocence.
UP = frozenset(
    {one.name for one in OWN if one.name.startswith("seen_")} | {one.name for one in COMPANY}
    | {"through", "same_day", "to_exchange", "from_exchange", "coin_in", "coin_out", "words", "returned"}
    | {"turns", "ring"}
)  # fmt: skip


class Sample:
    """A world's accounts as ones and noughts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.values = own(world.history, world.seen)
        self.guilty = np.array(world.guilty)
        active = self.values["payers"] + self.values["payees"] > 0
        self.used = active & ~np.isin(world.roles, APART)
        self.used[list(world.exchanges)] = False

    def ones(self, of: Sequence[Indicator]) -> np.ndarray:
        missing = [np.full(len(self.guilty), name not in self.world.given) for name in LISTS]
        return np.stack([*missing, *(self.values[one.name] >= step for one in of for step in one.steps)], 1)

    def weight(self) -> np.ndarray:
        bad, good = (self.guilty & self.used).sum(), (~self.guilty & self.used).sum()
        each = np.where(self.guilty, PRIOR * good / ((1 - PRIOR) * max(1, bad)), 1.0)
        return np.where(self.used, each, 0.0)

    def meet(self, before: Layer) -> None:
        """Work out the company of every account: of those that a layer suspects."""
        suspects = before.logits(self.values, self.world.given) >= SUSPECT
        suspects[list(self.world.exchanges)] = False
        self.values |= company(self.world.history, suspects, self.world.exchanges)


def layer(samples: Sequence[Sample], of: Sequence[Indicator], ridge: float = RIDGE) -> Layer:
    """Fitted."""
    ones = np.concatenate([one.ones(of)[one.used] for one in samples]).astype(np.float32)
    guilty = np.concatenate([one.guilty[one.used] for one in samples])
    weight = np.concatenate([one.weight()[one.used] for one in samples])
    only_up = np.array([False] * len(LISTS) + [one.name in UP for one in of for _ in one.steps])
    beta = logistic(ones, guilty, weight, ridge, only_up)
    whole = [round(1000 * float(one)) for one in beta]
    at, steps = 1 + len(LISTS), {}
    for one in of:
        steps[one.name] = tuple(whole[at : at + len(one.steps)])
        at += len(one.steps)
    return Layer(whole[0], steps, dict(zip(LISTS, whole[1:], strict=False)))


def logistic(
    ones: np.ndarray, guilty: np.ndarray, weight: np.ndarray, ridge: float, only_up: np.ndarray
) -> np.ndarray:
    """Newton's method; (base, coefficients). Coefficients that must not be below zero and would be are 0."""
    k = ones.shape[1]
    # Rows that look alike count together: most accounts do nothing remarkable.
    codes = np.concatenate([ones.astype(np.uint8), guilty[:, None].astype(np.uint8)], 1)
    packed = np.packbits(codes, axis=1)
    _, first, back = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    w = np.bincount(back.ravel(), weight)
    x = np.concatenate([np.ones((len(first), 1)), ones[first]], 1).astype(float)
    y = guilty[first].astype(float)
    free = np.ones(k + 1, bool)
    beta = np.zeros(k + 1)
    beta[0] = np.log(PRIOR / (1 - PRIOR))
    penalty = np.full(k + 1, ridge)
    penalty[0] = 1e-6

    def cost(at: np.ndarray) -> float:
        z = x @ at
        return float(w @ (np.logaddexp(0, z) - y * z) + penalty @ at**2 / 2)

    now = cost(beta)
    for step in range(60):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        slope = x.T @ (w * (y - p)) - penalty * beta
        free |= (slope > 1e-3) & (beta == 0)  # may come back
        here = x[:, free]
        bend = (here * (w * p * (1 - p) + 1e-9)[:, None]).T @ here + np.diag(penalty[free])
        move = np.zeros(k + 1)
        move[free] = np.linalg.solve(bend, slope[free])
        size = 1.0
        while True:  # half the way where the whole way leads up
            there = beta + size * move
            there[1:][only_up] = np.maximum(there[1:][only_up], 0)
            then = cost(there)
            if then <= now or size < 1e-3:
                break
            size /= 2
        free = ~(np.concatenate([[False], only_up]) & (there == 0))
        done = now - then < 1e-4 * max(1.0, now) and step > 3
        beta, now = there, then
        if done:
            break
    return beta


def learned(samples: Sequence[Sample], version: str) -> Weights:
    """Each layer learns with suspects named by a layer before it that had not seen their world."""
    folds = [[one for at, one in enumerate(samples) if at % 3 == fold] for fold in range(3)]
    layers: list[Layer] = []
    for at in range(LAYERS):
        of = (*OWN, *COMPANY) if at else OWN
        layers.append(layer(samples, of))
        if at + 1 < LAYERS:
            named = [layer([one for one in samples if one not in fold], of) for fold in folds]
            for fold, before in zip(folds, named, strict=True):
                for one in fold:
                    one.meet(before)
    return Weights(version, SUSPECT, CUTS, tuple(layers))


def crossed(samples: Sequence[Sample], folds: int = 3) -> list[tuple[World, Weights]]:
    """Each world with weights learned from others."""
    made = []
    for fold in range(folds):
        held = [one for at, one in enumerate(samples) if at % folds == fold]
        weights = learned([one for one in samples if one not in held], "crossed")
        made += [(one.world, weights) for one in held]
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--version", default="1")
    parser.add_argument("--crossed", action="store_true", help="print the figures of cross-validation")
    asked = parser.parse_args()
    samples = []
    for one in PLAN:
        samples.append(Sample(made(one, asked.worlds, asked.kept)))
        print(samples[-1].world.name, file=sys.stderr)
    if asked.crossed:
        pairs = [(world, verdicts(world, weights)) for world, weights in crossed(samples)]
        print(json.dumps(figures(pairs), indent=1))
        print(json.dumps(reliability(pairs), indent=1))
    weights = learned(samples, asked.version)
    if asked.out:
        text = json.dumps(msgspec.to_builtins(weights), indent=1)
        asked.out.write_text(text + "\n", encoding="utf-8")
    print(weights.digest)
    return 0


Learner = Callable[[Sequence[Sample]], Weights]

if __name__ == "__main__":
    raise SystemExit(main())
