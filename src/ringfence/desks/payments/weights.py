"""Weights: how much each step of each indicator says, as data with a version and a digest.

Learned by tools/learn_payments_weights.py on worlds of development seeds only; docs/method/payments.md says
how well. Logits in thousandths, so that every machine adds up the same number.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from ringfence.core.canonical import canonical, digest
from ringfence.core.errors import InputError
from ringfence.desks.payments.indicators import COMPANY, LISTS, OWN, Indicator, Ints

_SCORES: Final = tuple(round(1000 * math.log((one - 0.5) / (1000.5 - one))) for one in range(1, 1001))


class Layer(msgspec.Struct, frozen=True):
    """A logistic regression: ``base``, and for each indicator what each of its steps adds. ``missing`` is
    added where a list was not given."""

    base: int
    steps: dict[str, tuple[int, ...]]
    missing: dict[str, int]

    def points(self, indicator: Indicator, values: Ints) -> Ints:
        """What an indicator adds, by account."""
        made = np.zeros(len(values), np.int64)
        for step, weight in zip(indicator.steps, self.steps[indicator.name], strict=True):
            made += weight * (values >= step)
        return made

    def logits(self, values: Mapping[str, Ints], given: frozenset[str]) -> Ints:
        """The sum of all points, by account."""
        start = self.base + sum(weight for name, weight in self.missing.items() if name not in given)
        whole = np.full(len(next(iter(values.values()))), start, np.int64)
        for one in (*OWN, *COMPANY):
            if one.name in self.steps:
                whole += self.points(one, values[one.name])
        return whole


class Weights(msgspec.Struct, frozen=True):
    """The first of ``layers`` judges an account by its own doing; each other by its company too, which is of
    those that the layer before suspects (from the logit ``suspect`` on). ``cuts`` are the scores of the
    recommendations."""

    version: str
    suspect: int
    cuts: dict[str, int]
    layers: tuple[Layer, ...]

    @property
    def digest(self) -> str:
        return digest(canonical(msgspec.to_builtins(self)))


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
    for at, layer in enumerate(made.layers):
        known = (*OWN, *COMPANY) if at else OWN
        if {one.name: len(one.steps) for one in known} != {k: len(v) for k, v in layer.steps.items()}:
            raise InputError(f"{name}: weights for other indicators", hint="learn them again")
        if set(layer.missing) != set(LISTS):
            raise InputError(f"{name}: missing must name {', '.join(LISTS)}")
    if list(made.cuts) != ["review", "limit", "refuse", "exit"] or sorted(made.cuts.values()) != list(
        made.cuts.values()
    ):
        raise InputError(f"{name}: cuts must rise from review over limit and refuse to exit")
    return made
