"""The rules of the verdict, as data: ``rules.toml`` beside this file, first match per layer wins."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Final, Literal

import msgspec

Level = Literal["none", "discarded", "scored"]


class Rule(msgspec.Struct, frozen=True, array_like=True):
    """``id``, ``version``, the layer it judges, its evidence level, weights in thousandths, and why it is
    so. ``confidence`` is the weight of the word that the last rule gives, no probability."""

    id: str
    version: int
    layer: Literal["control", "dns", "tcp", "tls", "http"]
    level: Level
    blocked: int
    down: int
    ok: int
    why: str


def _read() -> dict[str, Rule]:
    path = resources.files("ringfence.desks.access") / "rules.toml"
    rows = tomllib.loads(path.read_text("utf-8"))["rules"]
    return {rule.id: rule for rule in msgspec.convert(rows, list[Rule])}


RULES: Final = _read()
