"""`ringfence publish`: what is in force and past the guard, written whole, laboratory and real apart."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interfaces.command import case, people, run
from interfaces.test_cli_orders import HOST, propose
from ringfence.enforce.targets import hosts, rpz


def active(store: Path, host: str = HOST, *more: str, laboratory: bool = False) -> str:
    order = propose(store, case(store, host, laboratory=laboratory), *more).json["id"]
    for person in ("wang", "chen"):
        ended = run("orders", "approve", order, "--by", person, "--store", store, "--json")
    assert ended.json["state"] == "active"
    return order


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


def test_the_artefact_goes_to_standard_output_or_into_a_file(store: Path, tmp_path: Path) -> None:
    order = active(store)
    said = run("publish", "--target", "rpz", "--store", store)
    assert [entry.rule for entry in rpz.parse(said.out.encode())] == [HOST, f"*.{HOST}"]
    assert "serial 1 (new)" in said.err
    out = tmp_path / "rpz.zone"
    plain = run("publish", "--target", "rpz", "--out", out, "--store", store, "--json").json
    assert out.read_text() == said.out
    assert plain["digest"] == "sha256:" + hashlib.sha256(out.read_bytes()).hexdigest()
    counts = {
        key: plain[key] for key in ("target", "orders", "entries", "serial", "refused", "order_ids", "new")
    }
    assert counts == {
        "target": "rpz",
        "orders": 1,
        "entries": 2,
        "serial": 1,
        "refused": [],
        "order_ids": [order],
        "new": False,
    }
    listed = run("publish", "--target", "hosts", "--store", store).out.encode()
    assert [entry.name for entry in hosts.parse(listed)] == [HOST]


def test_a_revoked_order_is_gone_with_the_next_serial(store: Path) -> None:
    order = active(store)
    run("publish", "--target", "rpz", "--store", store)
    run("orders", "revoke", order, "--by", "wang", "--reasons", "it left", "--store", store)
    plain = run("publish", "--target", "rpz", "--store", store, "--json").json
    assert (plain["entries"], plain["serial"], plain["new"]) == (0, 2, True)


def test_laboratory_orders_never_reach_a_real_target(store: Path) -> None:
    order = active(store, laboratory=True)
    refused = run("publish", "--target", "rpz", "--store", store)
    assert refused.code == 2 and "laboratory orders only" in refused.err and refused.out == ""
    marked = run("publish", "--target", "rpz", "--laboratory", "--store", store)
    assert rpz.MARK in marked.out
    active(store, "other-venue.com")
    real = run("publish", "--target", "rpz", "--store", store, "--json").json
    assert real["entries"] == 2
    assert real["refused"] == [{"order": order, "rule": HOST, "reasons": ["laboratory.order"]}]


def test_what_the_guard_learned_since_is_left_out_and_said(store: Path, tmp_path: Path) -> None:
    order = active(store)
    (tmp_path / "r.csv").write_text(f"name,host\nNews,news.{HOST}\n")
    run("register", "import", tmp_path / "r.csv", "--store", store)
    said = run("publish", "--target", "rpz", "--store", store, "--json")
    assert said.json["entries"] == 1
    reasons = ["others.wildcard_covers_another_subject"]
    assert said.json["refused"] == [{"order": order, "rule": f"*.{HOST}", "reasons": reasons}]
    assert f"left out: *.{HOST}" in said.err


def test_a_redirect_without_a_block_page_is_nodata_and_said(store: Path) -> None:
    active(store, HOST, "--policy", "redirect")
    without = run("publish", "--target", "rpz", "--store", store, "--json")
    assert without.code == 0 and without.json["entries"] == 2 and "redirect.no_page" in without.err
    assert [
        (item["rule"], item["reason"], item["written"]) for item in without.json["weaker"]["entries"]
    ] == [(rule, "redirect.no_page", True) for rule in (HOST, f"*.{HOST}")]
    assert "A 192.0.2.1" not in run("publish", "--target", "rpz", "--store", store).out
    assert "A 192.0.2.1" in run("publish", "--target", "rpz", "--redirect", "192.0.2.1", "--store", store).out
    assert run("publish", "--target", "rpz", "--redirect", "here", "--store", store).code == 2


def test_a_path_that_cannot_be_written_publishes_nothing(store: Path, tmp_path: Path) -> None:
    active(store)
    refused = run("publish", "--target", "rpz", "--out", tmp_path / "none" / "z", "--store", store)
    assert refused.code == 2 and "cannot write" in refused.err
    assert run("publish", "--target", "rpz", "--store", store, "--json").json["new"] is True


def test_the_guard_judges_every_line_without_a_store(tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_bytes(b"huobi.pro\r\n\nco.uk\n1.1.1.1\n\xff\xfe\n*.okex.com")
    said = run("publish", "guard", rules)
    assert [line["rule"] for line in said.lines[:4]] == ["huobi.pro", "", "co.uk", "1.1.1.1"]
    assert [line["allowed"] for line in said.lines] == [True, False, False, False, False, True]
    assert all(bool(line["reasons"]) != line["allowed"] for line in said.lines)
    assert not Path("store").exists()


def test_the_guard_with_a_store_knows_whose_host_is_whose(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("name,host\nA,a.shared-venue.com\nB,b.shared-venue.com\n")
    run("register", "import", tmp_path / "r.csv", "--store", tmp_path / "s")
    (tmp_path / "rules").write_text("*.shared-venue.com\n")
    said = run("publish", "guard", tmp_path / "rules", "--store", tmp_path / "s").json
    assert said["reasons"] == ["others.wildcard_covers_another_subject"]
    assert json.loads(run("publish", "guard", tmp_path / "rules").out)["allowed"]


def test_a_target_must_be_named(tmp_path: Path) -> None:
    ended = run("publish", "--store", tmp_path)
    assert ended.code == 2 and "rpz, hosts" in ended.err


def test_what_a_format_cannot_express_is_counted_and_listed(store: Path) -> None:
    order = active(store)
    said = run("publish", "--target", "hosts", "--store", store, "--json")
    assert said.json["weaker"] == {
        "count": 1,
        "entries": [{"order": order, "rule": f"*.{HOST}", "reason": "hosts.no_wildcard", "written": False}],
    }
    assert "hosts cannot express 1 entries" in said.err


def test_every_target_is_published(store: Path) -> None:
    active(store)
    counts = {"rpz": 2, "hosts": 1, "dnsmasq": 2, "nftables": 0}
    for target, entries in counts.items():
        assert run("publish", "--target", target, "--store", store, "--json").json["entries"] == entries


def test_an_override_is_proposed_approved_published_and_named(store: Path) -> None:
    ground = "the whole of this site is the venue, nothing else is served"
    refused = propose(store, case(store, "reddit.com"))
    assert refused.code == 2 and "protected.popular" in refused.err
    order = active(store, "reddit.com", "--override", "protected.popular", "--ground", ground)
    said = run("publish", "--target", "rpz", "--store", store, "--json")
    assert [(item["order"], item["rule"]) for item in said.json["overridden"]] == [
        (order, "reddit.com"), (order, "*.reddit.com"),
    ]  # fmt: skip
    assert said.json["overridden"][0]["grounds"] == [ground] and "against the guard" in said.err


@pytest.mark.parametrize(
    "options",
    [
        ("--override", "protected.press", "--ground", "a long enough ground for it"),
        ("--override", "protected.popular", "--ground", "short"),
        ("--override", "protected.popular"),
        ("--override", "protected.popular", "--ground", "a long enough ground for it"),
    ],
)
def test_an_override_that_may_not_be_or_overrides_nothing_is_refused(
    store: Path, options: tuple[str, ...]
) -> None:
    ended = propose(store, case(store, HOST), *options)
    assert ended.code == 2


def test_the_guard_reads_a_cohosting_export(tmp_path: Path) -> None:
    today = datetime.now(UTC).date().isoformat()
    lines = [f"45.155.205.233,huobi.pro,{source},{today}" for source in ("alpha", "beta")]
    (tmp_path / "c.csv").write_text("\n".join(["address,name,source,seen", *lines]) + "\n")
    (tmp_path / "rules").write_text("45.155.205.233\n104.21.16.1\n")
    guard = ("publish", "guard", tmp_path / "rules", "--cohosts", tmp_path / "c.csv")
    shown = run(*guard, "--subject", "huobi.pro").lines
    assert [line["allowed"] for line in shown] == [True, False]
    assert [line["allowed"] for line in run(*guard).lines] == [False, False]
    assert run("publish", "guard", tmp_path / "rules", "--cohosts", tmp_path / "rules").code == 2
