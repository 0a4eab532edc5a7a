"""An offering on the way through: what a node said is found, assessed, kept, and comes out again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from interfaces.command import run

from .anvil import CHAIN, Anvil
from .solidity import tricks


def test_a_sale_is_assessed_kept_and_replayed(anvil: Anvil, tmp_path: Path) -> None:
    store = tmp_path / "store"
    sold, plain = (f"0x{anvil.deploy(tricks()[name]):040x}" for name in ("OfferingSale", "HonestPlain"))
    ran = run(
        "tokens", "screen", "--rpc", anvil.url, "--chain", CHAIN, sold, plain,
        "--store", store, "--as-of", "2018-09-01",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    first, second = (json.loads(line) for line in ran.out.splitlines())
    found = {one["element"]: one["state"] for one in first["findings"]}
    assert found == {"raises_by_tokens": "met", "serves_residents": "unclear", "journalism": "not_met"}
    assert first["assessment"]["provision"] == "cn-2017-p1-offering"
    assert first["assessment"]["state"] == "unclear", "to whom it is sold is not in the code"
    assert first["case"] is None
    assert second["findings"][0]["state"] == "unclear" and second["offering"] is None
    # In a process of its own: it closes the network for good.
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "replay", "--store", store, "--json"]
    again = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert again["identical"] is True
    assert (again["subjects"], again["findings"]) == (2, 6)
    assert run("log", "fsck", "--store", store, "--json").json["problems"] == []
