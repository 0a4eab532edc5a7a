"""Learn the weights of the account score from generated worlds of development seeds (1-99).

    python tools/learn_payments_weights.py --worlds DIR --kept DIR --out WEIGHTS.json

Boosted trees (lightgbm, which only learning needs: `uv sync --group learn`), in layers: by what accounts do
themselves, then by their company too. Where more of something speaks for guilt, more must not speak against
it. Worlds are weighted to one guilty account in a hundred; what is printed is by cross-validation over worlds
and, with --authors, over the authors of worlds: what is learned from some, tried on another's.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm
import msgspec
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.payments_accounts import figures, reliability, verdicts
from benchmarks.payments_worlds import Asked, World, made

from ringfence.desks.payments.indicators import COMPANY, LISTS, OWN, Indicator, company, own
from ringfence.desks.payments.trees import LEAF
from ringfence.desks.payments.weights import MISSING, Layer, Weights


def _shapes(author: str, *currencies: str) -> tuple[Asked, ...]:
    """Worlds of many shapes by one author: short, small, in other currencies, with something missing."""
    first, second, third = currencies
    return (
        Asked(author, 1, guilty=0.03, accounts=4000),
        Asked(author, 2, guilty=0.015, accounts=4000, currency=first),
        Asked(author, 3, guilty=0.02, accounts=4000, without="contacts"),
        Asked(author, 4, guilty=0.03, accounts=4000, currency=second),
        Asked(author, 5, days=30, guilty=0.015, accounts=2500, without="exchanges"),
        Asked(author, 6, guilty=0.02, accounts=4000, without="memo+channel"),
        Asked(author, 7, guilty=0.03, accounts=4000, currency=third),
        Asked(author, 8, days=7, guilty=0.015, accounts=4000, without="prices"),
        Asked(author, 9, guilty=0.02, accounts=4000, currency=first),
        Asked(author, 10, guilty=0.03, accounts=4000, without="prices+exchanges+contacts"),
        Asked(author, 11, guilty=0.015, accounts=4000, currency=second),
        Asked(author, 12, guilty=0.02, accounts=4000),
        Asked(author, 13, days=2, guilty=0.03, accounts=4000),
        Asked(author, 14, days=3, guilty=0.02, accounts=4000, currency=third),
        Asked(author, 15, days=5, guilty=0.02, accounts=4000, without="contacts"),
        Asked(author, 16, guilty=0.03, accounts=800),
        Asked(author, 17, days=7, guilty=0.03, accounts=1000),
    )


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
    Asked("ours", 25, "some", 1, 5000, 0.03, "CNY", ""),
    Asked("ours", 26, "some", 2, 5000, 0.02, "CNY", ""),
    Asked("ours", 27, "some", 3, 5000, 0.03, "CNY", ""),
    Asked("ours", 28, "some", 5, 5000, 0.02, "USD", ""),
    Asked("ours", 29, "none", 2, 5000, 0.03, "CNY", ""),
    Asked("ours", 30, "hard", 3, 5000, 0.03, "CNY", "exchanges"),
    Asked("ours", 31, "some", 14, 800, 0.03, "CNY", ""),
    Asked("ours", 32, "some", 7, 1000, 0.03, "CNY", ""),
    Asked("north", 1, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("north", 2, "some", 14, 4000, 0.015, "CNY", ""),
    Asked("north", 3, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("north", 4, "some", 14, 4000, 0.03, "USD", "contacts"),
    Asked("north", 5, "some", 30, 2500, 0.015, "CNY", "exchanges"),
    Asked("north", 6, "some", 14, 4000, 0.02, "CNY", "memo+channel"),
    Asked("north", 7, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("north", 8, "some", 7, 4000, 0.015, "CNY", "prices"),
    Asked("north", 9, "some", 14, 4000, 0.02, "HKD", ""),
    Asked("north", 10, "some", 14, 4000, 0.03, "CNY", "prices+exchanges+contacts"),
    Asked("north", 11, "some", 14, 4000, 0.015, "CNY", ""),
    Asked("north", 12, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("north", 13, "some", 2, 4000, 0.03, "CNY", ""),
    Asked("north", 14, "some", 3, 4000, 0.02, "CNY", ""),
    Asked("north", 15, "some", 5, 4000, 0.02, "CNY", "contacts"),
    Asked("north", 16, "some", 14, 800, 0.03, "CNY", ""),
    Asked("north", 17, "some", 7, 1000, 0.03, "CNY", ""),
    Asked("south", 1, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("south", 2, "some", 14, 4000, 0.015, "CNY", ""),
    Asked("south", 3, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("south", 4, "some", 14, 4000, 0.03, "USD", "contacts"),
    Asked("south", 5, "some", 30, 2500, 0.015, "CNY", "exchanges"),
    Asked("south", 6, "some", 14, 4000, 0.02, "CNY", "memo+channel"),
    Asked("south", 7, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("south", 8, "some", 7, 4000, 0.015, "CNY", "prices"),
    Asked("south", 9, "some", 14, 4000, 0.02, "HKD", ""),
    Asked("south", 10, "some", 14, 4000, 0.03, "CNY", "prices+exchanges+contacts"),
    Asked("south", 11, "some", 14, 4000, 0.015, "CNY", ""),
    Asked("south", 12, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("south", 13, "some", 4, 4000, 0.03, "CNY", ""),
    Asked("south", 14, "some", 3, 4000, 0.02, "CNY", ""),
    Asked("south", 15, "some", 5, 4000, 0.02, "CNY", "contacts"),
    Asked("south", 16, "some", 14, 800, 0.03, "CNY", ""),
    Asked("south", 17, "some", 7, 1000, 0.03, "CNY", ""),
    Asked("centre", 1, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("centre", 2, "some", 14, 4000, 0.015, "CNY", ""),
    Asked("centre", 3, "some", 14, 4000, 0.02, "CNY", "contacts"),
    Asked("centre", 4, "some", 14, 4000, 0.03, "USD", ""),
    Asked("centre", 5, "some", 45, 2000, 0.015, "CNY", "exchanges"),
    Asked("centre", 6, "some", 14, 4000, 0.02, "CNY", "memo+channel"),
    Asked("centre", 7, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("centre", 8, "some", 7, 4000, 0.015, "CNY", "prices"),
    Asked("centre", 9, "some", 14, 4000, 0.02, "EUR", ""),
    Asked("centre", 10, "some", 14, 4000, 0.03, "CNY", "exchanges+prices+contacts"),
    Asked("centre", 11, "some", 14, 4000, 0.015, "CNY", ""),
    Asked("centre", 12, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("centre", 13, "some", 2, 4000, 0.03, "CNY", ""),
    Asked("centre", 14, "some", 3, 4000, 0.02, "CNY", ""),
    Asked("centre", 15, "some", 5, 4000, 0.02, "CNY", "contacts"),
    Asked("centre", 16, "some", 14, 800, 0.03, "CNY", ""),
    Asked("centre", 17, "some", 7, 1000, 0.03, "CNY", ""),
    Asked("west", 1, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("west", 2, "some", 14, 4000, 0.015, "NGN", ""),
    Asked("west", 3, "some", 14, 4000, 0.02, "CNY", "contacts"),
    Asked("west", 4, "some", 14, 4000, 0.03, "USD", ""),
    Asked("west", 5, "some", 30, 2000, 0.015, "CNY", "exchanges"),
    Asked("west", 6, "some", 14, 4000, 0.02, "INR", "memo+channel"),
    Asked("west", 7, "some", 14, 4000, 0.03, "CNY", ""),
    Asked("west", 8, "some", 7, 4000, 0.015, "CNY", "prices"),
    Asked("west", 9, "some", 14, 4000, 0.02, "BRL", ""),
    Asked("west", 10, "some", 14, 4000, 0.03, "CNY", "exchanges+prices+contacts"),
    Asked("west", 11, "some", 14, 4000, 0.015, "EUR", ""),
    Asked("west", 12, "some", 14, 4000, 0.02, "CNY", ""),
    Asked("west", 13, "some", 2, 4000, 0.03, "CNY", ""),
    Asked("west", 14, "some", 3, 4000, 0.02, "CNY", ""),
    Asked("west", 15, "some", 5, 4000, 0.02, "CNY", "contacts"),
    Asked("west", 16, "some", 14, 800, 0.03, "CNY", ""),
    Asked("west", 17, "some", 7, 1000, 0.03, "CNY", ""),
    *_shapes("hills", "KES", "BDT", "IDR"),
    *_shapes("river", "GBP", "BRL", "INR"),
    *_shapes("coast", "USD", "AED", "EUR"),
)
AUTHORS = ("ours", "north", "south", "centre", "west", "hills", "river", "coast")
APART = ("exchange", "bank")  # not judged, and not learned from
PRIOR = 0.01
_THIN = 4
SETTINGS = {
    "objective": "binary", "learning_rate": 0.08, "num_leaves": 24, "min_data_in_leaf": 20,
    "feature_fraction": 0.4, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 5, "max_bin": 63,
    "verbose": -1, "seed": 1, "deterministic": True, "force_row_wise": True, "num_threads": 2,
}  # fmt: skip
ROUNDS = 300
_MOST = 10_000_000
CUTS = {"review": 300, "limit": 600, "refuse": 950, "exit": 995}
LAYERS = 3
MOST = 10  # thousandths of the accounts
SUSPECT = -405  # thousandths of a logit: two in five
# More of these never speaks for innocence. Of others it may: who pays nobody but an exchange is a customer.
UP = frozenset({one.name for one in OWN if one.name.startswith("seen_")} | {"words"})


class Sample:
    """A world's accounts, and what is learned from."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.values = own(world.history, world.seen)
        self.guilty = np.array(world.guilty)
        self.active = self.values["payers"] + self.values["payees"] > 0
        self.active[list(world.exchanges)] = False
        self.used = self.active & ~np.isin(world.roles, APART)
        # Of the honest whom no alert names one in four is learned from, and counts for four.
        plain = ~self.guilty & (
            sum(self.values[name] for name in self.values if name.startswith("seen_")) == 0
        )
        left = plain & (np.random.default_rng(0).random(len(plain)) >= 1 / _THIN)
        self.times = np.where(plain, _THIN, 1.0)
        self.learned = self.used & ~left

    def columns(self, of: Sequence[Indicator]) -> np.ndarray:
        missing = [np.full(len(self.guilty), name not in self.world.given) for name in LISTS]
        whole = np.stack([*missing, *(self.values[one.name] for one in of)], 1)
        return np.minimum(whole, _MOST).astype(np.float32)  # which holds such numbers exactly

    def weight(self) -> np.ndarray:
        bad, good = (self.guilty & self.used).sum(), (~self.guilty & self.used).sum()
        each = np.where(self.guilty, PRIOR * good / ((1 - PRIOR) * max(1, bad)), self.times)
        return np.where(self.learned, each, 0.0)

    def meet(self, before: Layer) -> None:
        """Work out the company of every account: of those that a layer suspects."""
        logits = before.logits(self.values, self.world.given)
        suspects = Weights("", SUSPECT, MOST, CUTS, ()).suspects(logits, self.active)
        self.values |= company(self.world.history, suspects, self.world.exchanges)


def layer(samples: Sequence[Sample], of: Sequence[Indicator]) -> Layer:
    """Fitted."""
    names = (*(f"{MISSING}:{one}" for one in LISTS), *(one.name for one in of))
    x = np.concatenate([one.columns(of)[one.learned] for one in samples])
    guilty = np.concatenate([one.guilty[one.learned] for one in samples])
    weight = np.concatenate([one.weight()[one.learned] for one in samples])
    asked = SETTINGS | {"monotone_constraints": [int(name in UP) for name in names]}
    booster = lightgbm.train(asked, lightgbm.Dataset(x, guilty, weight=weight), ROUNDS)
    trees = [Rows(one["tree_structure"]).rows() for one in booster.dump_model()["tree_info"]]
    return Layer(names, tuple(trees))


class Rows:
    """A tree of lightgbm as rows of knots: who says no is the next."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self._asked: list[int] = []
        self._least: list[int] = []
        self._yes: list[int] = []
        self._known: list[int] = []
        self._add(tree)

    def _add(self, knot: dict[str, Any]) -> tuple[float, float]:
        at = len(self._asked)
        for row in (self._asked, self._least, self._yes, self._known):
            row.append(0)
        if "leaf_value" in knot:
            value, weight = float(knot["leaf_value"]), float(knot.get("leaf_weight", 1.0))
            self._asked[at] = LEAF
        else:
            # lightgbm goes left where a value is at most the threshold; values are whole numbers.
            self._asked[at], self._least[at] = knot["split_feature"], math.floor(knot["threshold"]) + 1
            no = self._add(knot["left_child"])
            self._yes[at] = len(self._asked)
            yes = self._add(knot["right_child"])
            weight = no[1] + yes[1]
            value = (no[0] * no[1] + yes[0] * yes[1]) / weight
        self._known[at] = round(1000 * value)
        return value, weight

    def rows(self) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        return tuple(self._asked), tuple(self._least), tuple(self._yes), tuple(self._known)


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
    return Weights(version, SUSPECT, MOST, CUTS, tuple(layers))


def crossed(samples: Sequence[Sample], folds: int = 3) -> list[tuple[World, Weights]]:
    """Each world with weights learned from others."""
    made = []
    for fold in range(folds):
        held = [one for at, one in enumerate(samples) if at % folds == fold]
        weights = learned([one for one in samples if one not in held], "crossed")
        made += [(one.world, weights) for one in held]
    return made


def by(world: World) -> str:
    """Whose world it is."""
    return world.name.partition("-")[0]


def written(weights: Weights) -> str:
    """As JSON, a line for each tree."""
    whole = msgspec.to_builtins(weights)
    layers = whole.pop("layers")
    rows = [
        '{"names": ' + json.dumps(layer["names"]) + ', "trees": [\n'
        + ",\n".join(json.dumps(one, separators=(",", ":")) for one in layer["trees"]) + "\n]}"
        for layer in layers
    ]  # fmt: skip
    return json.dumps(whole)[:-1] + ', "layers": [\n' + ",\n".join(rows) + "\n]}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=Path, required=True)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--version", default="1")
    parser.add_argument("--authors", action="store_true", help="print the figures without each author")
    parser.add_argument("--crossed", action="store_true", help="print the figures of cross-validation")
    asked = parser.parse_args()
    samples = []
    for one in PLAN:
        samples.append(Sample(made(one, asked.worlds, asked.kept)))
        print(samples[-1].world.name, file=sys.stderr)
    if asked.crossed:
        pairs = [(world, verdicts(world, weights)) for world, weights in crossed(samples)]
        for author in AUTHORS:
            print(json.dumps({author: figures([one for one in pairs if by(one[0]) == author])}, indent=1))
        print(json.dumps(reliability(pairs), indent=1))
    if asked.authors:
        for author in AUTHORS:
            weights = learned([one for one in samples if by(one.world) != author], "without")
            held = [one.world for one in samples if by(one.world) == author]
            told = figures([(world, verdicts(world, weights)) for world in held])
            print(json.dumps({f"without {author}": told}, indent=1))
    weights = learned(samples, asked.version)
    if asked.out:
        asked.out.write_text(written(weights), encoding="utf-8")
    print(weights.digest)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
