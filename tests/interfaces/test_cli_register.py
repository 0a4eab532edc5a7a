"""`ringfence register`: good rows are kept, bad ones reported, repetition changes nothing."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from interfaces.command import run

ROWS = (
    "name,host,countries\nHuobi,https://www.huobi.pro,CN\nNobody,,US\nOKEx,okex.com,HK\nBad,not a host,US\n"
)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(ROWS, "utf-8")
    return path


def test_bad_rows_are_reported_with_their_lines_and_the_others_imported(listed: Path, tmp_path: Path) -> None:
    ended = run("register", "import", listed, "--store", tmp_path / "s", "--json", "--on", "2018-08-24")
    assert ended.code == 0
    assert {key: ended.json[key] for key in ("new", "changed", "unchanged", "problems")} == {
        "new": 2,
        "changed": 0,
        "unchanged": 0,
        "problems": 2,
    }
    assert f"{listed}:3: " in ended.err and f"{listed}:5: " in ended.err


def test_importing_again_changes_nothing_and_a_correction_one_subject(listed: Path, tmp_path: Path) -> None:
    store = tmp_path / "s"
    run("register", "import", listed, "--store", store)
    again = run("register", "import", listed, "--store", store, "--json").json
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    listed.write_text(ROWS.replace("OKEx,okex.com,HK", "OKEx,okex.com,MT"), "utf-8")
    changed = run("register", "import", listed, "--store", store, "--json").json
    assert (changed["new"], changed["changed"], changed["unchanged"]) == (0, 1, 1)
    shown = run("register", "show", "www.okex.com", "--store", store, "--json").json
    assert shown["id"] == "site:okex.com" and shown["countries"] == ["HK", "MT"]
    assert [version["version"] for version in shown["history"]] == [1, 2]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"name,host\nA,not a host\n", "nothing in"),
        (b"this is no register\n", "header"),
        ("name,host\n火币,huobi.pro\n".encode("gb18030"), "encoding"),
    ],
)
def test_a_file_with_nothing_usable_is_an_error(content: bytes, word: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    ended = run("register", "import", path, "--store", tmp_path / "s")
    assert ended.code == 2 and word in ended.err and "Traceback" not in ended.err


def test_a_file_that_cannot_be_read_leaves_no_store(tmp_path: Path) -> None:
    assert run("register", "import", tmp_path / "absent.csv", "--store", tmp_path / "s").code == 2
    (tmp_path / "x.csv").write_text("nothing")
    assert run("register", "import", tmp_path / "x.csv", "--store", tmp_path / "s").code == 2
    assert not (tmp_path / "s").exists()


@pytest.mark.parametrize("form", ["csv", "ftm"])
def test_what_is_exported_is_read_back_the_same(form: str, listed: Path, tmp_path: Path) -> None:
    run("register", "import", listed, "--store", tmp_path / "s", "--laboratory")
    out = tmp_path / f"out.{form}"
    made = run("register", "export", "--format", form, "--out", out, "--store", tmp_path / "s", "--json")
    assert made.json["subjects"] == 2
    assert (
        run("register", "export", "--format", form, "--store", tmp_path / "s").out.encode()
        == out.read_bytes()
    )
    read = run("register", "import", out, "--format", form, "--store", tmp_path / "t", "--json").json
    assert (read["new"], read["problems"]) == (2, 0)
    subjects = run("register", "list", "--store", tmp_path / "t", "--json").lines
    assert [subject["host"] for subject in subjects] == ["huobi.pro", "okex.com"]
    # The mark of the laboratory is not washed off by a round trip.
    assert all(subject["laboratory"] for subject in subjects)


def test_a_volume_rank_is_read_and_written(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("name,host,volume_rank\nA,a-venue.com,3\nB,b-venue.com,third\n")
    read = run("register", "import", tmp_path / "r.csv", "--store", tmp_path / "s", "--json")
    assert (read.json["new"], read.json["problems"]) == (2, 1) and "no volume rank: 'third'" in read.err
    rows = list(csv.DictReader(io.StringIO(run("register", "export", "--store", tmp_path / "s").out)))
    assert [row["volume_rank"] for row in rows] == ["3", ""]


def test_the_bundled_registers(tmp_path: Path) -> None:
    store = ("--store", tmp_path / "s")
    assert run("register", "bundled", "2018-07", *store, "--json").json["new"] == 126
    assert run("register", "bundled", "2018-07", *store, "--json").json["unchanged"] == 126
    names = [subject["id"] for subject in run("register", "search", "HUOBI", *store, "--json").lines]
    assert names == ["site:huobi.com", "site:huobi.pro"]
    assert "Huobi Pro" in run("register", "show", "site:huobi.pro", *store).out
    unknown = run("register", "bundled", "2019-01", *store)
    assert unknown.code == 2 and "2018-07" in unknown.err


def test_what_is_not_on_the_register_is_an_error_and_a_search_without_result_is_none(tmp_path: Path) -> None:
    store = ("--store", tmp_path / "s")
    run("register", "bundled", "2018-07", *store)
    shown = run("register", "show", "nobody.example.org", *store)
    assert shown.code == 2 and "not on the register" in shown.err
    searched = run("register", "search", "nobody at all", *store, "--json")
    assert (searched.code, searched.out) == (0, "")


def test_an_export_that_cannot_be_written_leaves_the_old_file(listed: Path, tmp_path: Path) -> None:
    run("register", "import", listed, "--store", tmp_path / "s")
    ended = run("register", "export", "--out", tmp_path / "none" / "x.csv", "--store", tmp_path / "s")
    assert ended.code == 2 and "cannot write" in ended.err
    folder = tmp_path / "folder"
    folder.mkdir()
    assert run("register", "export", "--out", folder, "--store", tmp_path / "s").code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "list.csv", "s"]
