"""The generator keeps its promises: same seed, same bytes; stripped is stripped; labels from agreed words."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from access_cases.emulate import CONCLUSIONS
from access_cases.generate import COLUMNS, write

VERDICTS = {"accessible", "blocked", "down", "inconclusive", "error"}
STAGES = {"", "dns", "tcp", "tls", "http"}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cases")
    write(path, 1)
    return path


def rows(out: Path) -> list[dict[str, str]]:
    with (out / "expected.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(item)


def test_same_seed_same_bytes(out: Path, tmp_path: Path) -> None:
    write(tmp_path, 1)
    for row in rows(out):
        assert (tmp_path / row["file"]).read_bytes() == (out / row["file"]).read_bytes()
    write(tmp_path / "other", 2)
    assert (tmp_path / "other" / "expected.csv").read_text() != (out / "expected.csv").read_text()


def test_labels(out: Path) -> None:
    found = rows(out)
    assert list(found[0]) == COLUMNS
    assert len(found) >= 2 * 120
    for row in found:
        assert set(row["verdict"].split("|")) <= VERDICTS
        assert set(row["stage"].split("|")) <= STAGES
        assert row["why"]
        assert (row["stage"] == "") == ("blocked" not in row["verdict"]) or "accessible" in row["verdict"]


def test_both_variants_observe_the_same(out: Path) -> None:
    found = rows(out)
    assert sum(r["file"].startswith("full/") for r in found) * 2 == len(found)
    for row in found:
        if row["class"] == "hostile":
            continue
        document = json.loads((out / row["file"]).read_bytes())
        has = {k for k in CONCLUSIONS if k in set(keys(document["test_keys"]))}
        assert has == (set(CONCLUSIONS) if row["file"].startswith("full/") else set())


def test_requests_are_newest_first(out: Path) -> None:
    for row in rows(out):
        if row["class"] == "hostile":
            continue
        requests = json.loads((out / row["file"]).read_bytes())["test_keys"]["requests"] or []
        times = [r["t"] for r in requests]
        assert times == sorted(times, reverse=True)
