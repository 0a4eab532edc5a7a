"""`ringfence publish live` against a real primary: figures, exit codes, and no secret anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from interfaces.command import Ran, people, run
from interfaces.test_cli_orders import HOST
from interfaces.test_cli_publish import active
from resolvers.daemons import PUBLISHER, Ports, bind_primary, key_file, primary_place
from ringfence.enforce.primary.key import read_key
from ringfence.enforce.primary.transfer import transfer

pytestmark = pytest.mark.debian


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


@pytest.fixture
def ports() -> Iterator[Ports]:
    made = Ports()
    with bind_primary(made):
        yield made


def options(ports: Ports, tmp_path: Path, store: Path) -> list[str]:
    primary = f"127.0.0.1:{ports.primary}"
    key = key_file(tmp_path)
    return ["--primary", primary, "--zone", "rpz.ringfence", "--key", str(key), "--store", str(store)]


def live(ports: Ports, tmp_path: Path, store: Path, *more: object) -> Ran:
    return run("publish", "live", *options(ports, tmp_path, store), "--json", *more)


def test_an_order_goes_out_and_comes_back(ports: Ports, tmp_path: Path, store: Path) -> None:
    order = active(store)
    first = live(ports, tmp_path, store)
    assert first.code == 0
    said = first.json
    assert (said["target"], said["orders"], said["entries"]) == ("live", 1, 2)
    assert said["digest"].startswith("sha256:") and said["serial"] > 1
    assert [made["order"] for made in said["confirmed"]] == [order, None]
    zone = transfer(primary_place(ports), read_key(key_file(tmp_path)))
    assert zone == dict.fromkeys((HOST, f"*.{HOST}"), (f'TXT "order={order}"',))
    again = live(ports, tmp_path, store).json
    assert (again["confirmed"], again["digest"], again["serial"]) == ([], said["digest"], said["serial"])
    run("orders", "revoke", order, "--by", "wang", "--reasons", "it left", "--store", store)
    gone = live(ports, tmp_path, store).json
    assert (gone["orders"], gone["entries"]) == (0, 0)
    assert [made["kind"] for made in gone["confirmed"]] == ["withdrawal"]
    people_read = run("publish", "live", *options(ports, tmp_path, store), "--reconcile")
    assert people_read.out == "" and "0 entries of 0 orders" in people_read.err


def test_a_primary_that_cannot_be_reached_is_exit_3_with_a_hint(tmp_path: Path, store: Path) -> None:
    active(store)
    ended = live(Ports(), tmp_path, store)
    assert (ended.code, ended.out) == (3, "")
    assert "cannot be reached" in ended.err and "hint:" in ended.err


def test_a_wrong_secret_is_exit_3_and_is_not_shown(ports: Ports, tmp_path: Path, store: Path) -> None:
    active(store)
    other = tmp_path / "other"
    other.mkdir()
    wrong = "d3Jvbmctc2VjcmV0LW9mLXRoaXJ0eS10d28tb2N0ZXRz"
    key = key_file(other, secret=wrong)
    ended = live(ports, tmp_path, store, "--key", key)
    assert (ended.code, ended.out) == (3, "")
    assert "TSIG" in ended.err and "hint:" in ended.err and wrong not in ended.err


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--primary", "primary.example:53"], "not an address"),
        (["--zone", "a..b"], "not a zone"),
        (["--redirect", "page.example"], "not an address"),
        (["--notify", "resolver.example"], "not an address"),
        (["--timeout", "0"], "time limit"),
        (["--key", "/none"], "cannot read the key"),
        (["--laboratory"], "not marked"),
    ],
)
def test_what_cannot_be_used_is_exit_2(
    ports: Ports, tmp_path: Path, store: Path, more: list[str], said: str
) -> None:
    ended = live(ports, tmp_path, store, *more)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_a_key_that_others_may_read_is_refused(ports: Ports, tmp_path: Path, store: Path) -> None:
    key = key_file(tmp_path, name="open")
    key.chmod(0o644)
    ended = live(ports, tmp_path, store, "--key", key)
    assert ended.code == 2 and "chmod 600" in ended.err


def test_the_secret_is_nowhere_in_the_store(ports: Ports, tmp_path: Path, store: Path) -> None:
    active(store)
    assert live(ports, tmp_path, store).code == 0
    for file in store.rglob("*"):
        if file.is_file():
            assert PUBLISHER.encode() not in file.read_bytes(), file


def test_watching_carries_out_what_others_decide_and_ends_when_told(
    ports: Ports, tmp_path: Path, store: Path
) -> None:
    active(store, "okex.com")
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "publish", "live", "--watch", "--json"]
    command += options(ports, tmp_path, store)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["orders"] == 1
        order = active(store)
        said = json.loads(process.stdout.readline())
        assert ([made["order"] for made in said["confirmed"]], said["orders"]) == ([order], 2)
        assert PUBLISHER not in Path(f"/proc/{process.pid}/cmdline").read_text()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
