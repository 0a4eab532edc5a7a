"""Weights: what each indicator says of an account, as data with a version and a digest.

Learned by tools/learn_payments_weights.py on worlds of development seeds only; docs/method/payments.md says
how well. Logits in thousandths, so that every machine adds up the same number.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.desks.payments.counterparties import Ints
from ringfence.desks.payments.indicators import COMPANY, LISTS, OWN, Indicator
from ringfence.desks.payments.trees import LEAF, walked

MISSING: Final = "missing"
_SCORES: Final = tuple(round(1000 * math.log((one - 0.5) / (1000.5 - one))) for one in range(1, 1001))


class Layer(msgspec.Struct, frozen=True):
    """Trees (`trees`) over the values of ``names``: indicators, and of each list whether it was ``missing:``.

    A tree is four rows of as many numbers as it has knots: what a knot asks for (a place in ``names``, -1:
    nothing), from which value on it says yes, where it goes on then, and what is known there of the logit.
    """

    names: tuple[str, ...]
    trees: tuple[tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]

    def logits(self, values: Mapping[str, Ints], given: frozenset[str]) -> Ints:
        """What is known of each account."""
        return walked(self._table(values, given), self._flat(), told=False)[1]

    def points(self, values: Mapping[str, Ints], given: frozenset[str]) -> tuple[dict[str, Ints], Ints]:
        """(what each of ``names`` adds, by account; the logits). What is left is the same for all."""
        told, logits = walked(self._table(values, given), self._flat(), told=True)
        return {name: told[:, at] for at, name in enumerate(self.names)}, logits

    def _table(self, values: Mapping[str, Ints], given: frozenset[str]) -> Ints:
        rows = len(next(iter(values.values())))
        made = np.zeros((rows, len(self.names)), np.int64)
        for at, name in enumerate(self.names):
            kind, _, of = name.partition(":")
            made[:, at] = (of not in given) if kind == MISSING else values[name]
        return made

    def _flat(self) -> tuple[Ints, Ints, Ints, Ints, Ints]:
        ends = np.cumsum([0, *(len(one[0]) for one in self.trees)])
        asked, least, _, known = (
            np.array([x for one in self.trees for x in one[row]], np.int64) for row in range(4)
        )
        yes = np.array(
            [x + start for one, start in zip(self.trees, ends, strict=False) for x in one[2]], np.int64
        )
        return ends[:-1].astype(np.int64), asked, least, yes, known

    def check(self, of: Sequence[Indicator] = (*OWN, *COMPANY)) -> None:
        """Raises `ValueError` for trees that cannot be walked by the indicators there are."""
        known = {one.name for one in of} | {f"{MISSING}:{name}" for name in LISTS}
        if unknown := set(self.names) - known:
            raise ValueError(f"no such indicator: {', '.join(sorted(unknown))}")
        for number, (asked, least, yes, value) in enumerate(self.trees):
            size = len(asked)
            good = size > 0 and len(least) == len(yes) == len(value) == size and asked[-1] == LEAF
            # Only forward, so that every walk ends.
            good = good and all(
                one == LEAF or (0 <= one < len(self.names) and at + 1 < yes[at] < size)
                for at, one in enumerate(asked)
            )
            if not good:
                raise ValueError(f"tree {number} cannot be walked")


class Weights(msgspec.Struct, frozen=True):
    """The first of ``layers`` judges an account by its own doing; each other by its company too, which is of
    those that the layer before suspects: from the logit ``suspect`` on (in thousandths), and of the accounts
    in ``most`` thousandths at most, so that an error about many does not feed itself. ``cuts`` are the scores
    of the recommendations."""

    version: str
    suspect: int
    most: int
    cuts: dict[str, int]
    layers: tuple[Layer, ...]

    @property
    def digest(self) -> str:
        return digest(canonical(msgspec.to_builtins(self)))

    def suspects(self, logits: Ints, active: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Who is suspected by a layer's logits, of those who are ``active``. Who ties with the last is in."""
        made: npt.NDArray[np.bool_] = active & (logits >= self.suspect)
        room = max(1, int(active.sum()) * self.most // 1000)
        if int(made.sum()) > room:
            made &= logits >= np.partition(logits[made], -room)[-room]
        return made


def score(logits: Ints) -> list[int]:
    """Probabilities in thousandths, from 0 to 1000."""
    return [bisect_right(_SCORES, int(one)) for one in logits]


@cache
def bundled() -> Weights:
    """The weights that come with the package."""
    text = resources.files("ringfence.desks.payments").joinpath("weights.json").read_text("utf-8")
    return weights_of(json.loads(text), "weights.json")


def load_weights(path: Path | None = None) -> Weights:
    """The bundled weights, or a file's. Raises `InputError`."""
    if path is None:
        return bundled()
    try:
        return weights_of(json.loads(path.read_text("utf-8")), str(path))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="check the path") from error
    except ValueError as error:
        raise InputError(f"{path} is no JSON: {error}", hint="as weights.json of the package") from error


def weights_of(given: Any, name: str) -> Weights:  # noqa: ANN401 (JSON)
    """Raises `InputError` for weights that do not fit the indicators."""
    try:
        made = msgspec.convert(given, Weights)
    except msgspec.ValidationError as error:
        raise InputError(f"{name}: {error}", hint="as weights.json of the package") from error
    if len(made.layers) < 2:
        raise InputError(f"{name}: fewer than two layers", hint="learn them again")
    try:
        made.layers[0].check(OWN)  # nobody has company yet
        for layer in made.layers[1:]:
            layer.check()
    except ValueError as error:
        raise InputError(f"{name}: {error}", hint="learn them again") from error
    if list(made.cuts) != ["review", "limit", "refuse", "exit"] or sorted(made.cuts.values()) != list(
        made.cuts.values()
    ):
        raise InputError(f"{name}: cuts must rise from review over limit and refuse to exit")
    return made
