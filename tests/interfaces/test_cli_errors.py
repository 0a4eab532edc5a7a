"""What goes wrong at the door: one line, a hint, the documented exit code, and no half state."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from interfaces.command import case, run
from ringfence.core import sqlite as database
from ringfence.evidence.store import DATABASE_FILE

READERS = [
    ("register", "list"),
    ("register", "export"),
    ("cases", "list"),
    ("orders", "list"),
    ("publish", "--target", "rpz"),
]


@pytest.mark.parametrize("arguments", READERS)
def test_a_command_that_reads_makes_no_store(arguments: tuple[str, ...], tmp_path: Path) -> None:
    ended = run(*arguments, "--store", tmp_path / "misspelt")
    assert ended.code == 2 and "no store at" in ended.err and "hint:" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    content = b"this is no database " * 100
    (tmp_path / DATABASE_FILE).write_bytes(content)
    ended = run("orders", "list", "--store", tmp_path)
    assert ended.code == 2 and "not a database" in ended.err and len(ended.err.splitlines()) == 2
    assert (tmp_path / DATABASE_FILE).read_bytes() == content


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    ended = run("register", "bundled", "2018-07", "--store", tmp_path / "file")
    assert ended.code == 2 and (tmp_path / "file").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    # No permission stops root; a path below a file stops everybody.
    (tmp_path / "file").write_text("")
    ended = run("register", "bundled", "2018-07", "--store", tmp_path / "file" / "store")
    assert ended.code == 2 and "cannot make a store" in ended.err


def test_a_store_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case(tmp_path, "a-venue.com")
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(tmp_path / DATABASE_FILE, isolation_level=None)
    try:
        holder.execute("begin exclusive")
        ended = run("orders", "list", "--store", tmp_path)
    finally:
        holder.close()
    assert ended.code == 2 and "another process is writing" in ended.err


def test_vantages_that_are_not_there(tmp_path: Path) -> None:
    unknown = run("screen", "a-venue.com", "--vantage", "moon", "--store", tmp_path / "s")
    assert unknown.code == 2 and "no vantage 'moon'" in unknown.err
    missing = run("screen", "a-venue.com", "--vantages", tmp_path / "none.toml", "--store", tmp_path / "s")
    assert missing.code == 2 and "does not exist" in missing.err
    (tmp_path / "v.toml").write_text("[vantage.x]\nrole = 'above'\n")
    bad = run("screen", "a-venue.com", "--vantages", tmp_path / "v.toml", "--vantage", "x")
    assert bad.code == 2 and "cannot read vantages" in bad.err
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("arguments", [("nonsense",), ("orders", "nonsense"), ("register", "import")])
def test_bad_usage(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert ended.code == 2 and "Traceback" not in ended.err and ended.out == ""


def test_a_setting_that_cannot_be_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGFENCE_DATABASE", "postgresql://somewhere")
    ended = run("orders", "list")
    assert ended.code == 2 and "RINGFENCE_DATABASE" in ended.err


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    case(tmp_path, "a-venue.com")
    listing = [sys.executable, "-m", "ringfence.interfaces.cli.main", "register", "bundled", "2018-07"]
    subprocess.run([*listing, "--store", str(tmp_path)], check=True, capture_output=True)
    listing[-2:] = ["export", "--store"]
    with subprocess.Popen(
        [*listing, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert b"Traceback" not in said


def test_what_is_left_of_a_database_is_no_empty_one(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"x")
    ended = run("cases", "list", "--store", tmp_path)
    assert ended.code == 2 and "not a database" in ended.err
    assert (tmp_path / DATABASE_FILE).read_bytes() == b"x"


def test_targets_that_are_no_hosts_are_refused_and_nothing_is_kept(tmp_path: Path) -> None:
    bad = ("foo bar", "", "10.0.0.1", "ftp://x", "xn--" + "9" * 4000 + ".com")
    ended = run("screen", *bad, "--store", tmp_path / "store")
    assert ended.code == 2 and ended.out == ""
    assert len(ended.err.splitlines()) == len(bad) + 2 and "no target could be read" in ended.err
    assert not (tmp_path / "store").exists()


def test_a_register_without_rows_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("name,host\n")
    ended = run("screen", "--register", tmp_path / "empty.csv", "--store", tmp_path / "store")
    assert ended.code == 2 and "no target could be read" in ended.err


def test_a_closed_pipe_is_no_negative_answer(tmp_path: Path) -> None:
    (tmp_path / "a.hex").write_text("00")
    here, there = os.pipe()
    os.close(here)  # nobody reads
    ran = subprocess.run(
        [sys.executable, "-c", "from ringfence.interfaces.cli.main import main; main()",
         "tokens", "screen", "--runtime", tmp_path / "a.hex"],
        stdout=there, stderr=subprocess.PIPE, check=False, timeout=60,
    )  # fmt: skip
    os.close(there)
    assert ran.returncode == 0 and ran.stderr == b""
