"""`ringfence lab` end to end: brought up, looked at, ordered in, verified by replay, and ended."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interfaces.command import people, run
from interfaces.test_cli_orders import propose

RINGFENCE = (sys.executable, "-m", "ringfence.interfaces.cli.main")


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("lab")
    with subprocess.Popen(
        [*RINGFENCE, "lab", "up", "--seed", "5", "--dir", str(folder), "--json"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == 0


@pytest.fixture(scope="module")
def venues(lab: dict[str, Any]) -> list[str]:
    sites = json.loads((Path(lab["directory"]) / "truth.json").read_bytes())["sites"]
    return [
        site["host"]
        for site in sites
        if site["positive"] and not site["already_unreachable"] and not site["shared_with"]
    ]


def test_from_the_register_to_a_zone_in_force_and_back(
    lab: dict[str, Any], venues: list[str], tmp_path: Path
) -> None:
    store = tmp_path / "s"
    looked = run(
        "screen", *venues[:2], "--vantages", lab["vantages"], "--vantage", "lab-outside", "--vantage",
        "lab-inside", "--countries", lab["countries"], "--as-of", "2018-08-24", "--store", store, "--json",
    )  # fmt: skip
    assert [line["assessment"] for line in looked.lines] == ["made_out", "made_out"], looked.err
    name = looked.lines[0]["case"]
    assert run("cases", "show", name, "--store", store, "--json").json["laboratory"] is True
    people(store)
    order = propose(store, name).json["id"]
    for person in ("wang", "chen"):
        run("orders", "approve", order, "--by", person, "--store", store)
    assert run("publish", "--target", "rpz", "--store", store).code == 2
    zone = tmp_path / "rpz.zone"
    made = run("publish", "--target", "rpz", "--laboratory", "--out", zone, "--store", store, "--json").json
    given = run("lab", "publish", zone, "--dir", lab["directory"], "--json").json
    assert given["serial"] == made["serial"]
    assert run("lab", "status", "--dir", lab["directory"], "--json").json["serial"] == made["serial"]
    # In a process of its own: closing the network is for good.
    replayed = subprocess.run(
        [*RINGFENCE, "replay", "--store", str(store), "--json"], capture_output=True, check=True
    )
    said = json.loads(replayed.stdout)
    assert (said["subjects"], said["identical"], said["different"]) == (2, True, [])


def test_a_second_laboratory_in_one_folder_is_refused(lab: dict[str, Any]) -> None:
    ended = run("lab", "up", "--dir", lab["directory"])
    assert ended.code == 2 and "is up in" in ended.err
    assert run("lab", "status", "--dir", lab["directory"], "--json").json["running"] is True


def test_interference_is_set_and_taken_back(lab: dict[str, Any], venues: list[str]) -> None:
    where = ("--dir", lab["directory"])
    set_ = run("lab", "interfere", venues[3], "dns.nxdomain", "tls.reset", *where, "--json").json
    taken = run("lab", "interfere", venues[3], *where, "--json").json
    assert taken["revision"] == set_["revision"] + 1
    unknown = run("lab", "interfere", venues[3], "dns.wrong", *where)
    assert unknown.code == 2 and "dns.nxdomain" in unknown.err
    assert "no host of this laboratory" in run("lab", "interfere", "nobody.org", *where).err


def test_hosts_are_listed_without_labels(lab: dict[str, Any], venues: list[str]) -> None:
    listed = run("lab", "hosts", "--dir", lab["directory"], "--json").lines
    assert len(listed) > 500 and set(venues) <= {row["host"] for row in listed}
    assert set(listed[0]) == {"name", "host", "countries", "volume_rank", "laboratory"}


def test_a_real_zone_does_not_go_in(lab: dict[str, Any], tmp_path: Path) -> None:
    zone = tmp_path / "real.zone"
    zone.write_text(
        "$ORIGIN rpz.ringfence.\n@ IN SOA localhost. h.localhost. 1 1 1 1 1\n@ IN NS localhost.\n"
    )
    ended = run("lab", "publish", zone, "--dir", lab["directory"])
    assert ended.code == 2 and "nothing else goes in" in ended.err


def test_a_laboratory_that_is_not_up_says_so(tmp_path: Path) -> None:
    for arguments in (("status",), ("hosts",), ("interfere", "a-venue.com")):
        ended = run("lab", *arguments, "--dir", tmp_path / "none")
        assert ended.code == 2 and "no laboratory in" in ended.err
    (tmp_path / "file").write_text("")
    assert run("lab", "up", "--dir", tmp_path / "file").code == 2
