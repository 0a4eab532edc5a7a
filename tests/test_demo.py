"""The demonstration as the command gives it: every promise of its closing object, on a seed of its own."""

import json
import sqlite3
import subprocess
import sys

import pytest

FIGURES = {
    "subjects",
    "innocents",
    "seconds",
    "peak_rss_mb",
    "true_positives",
    "false_positives",
    "false_negatives",
    "orders_active",
    "orders_verified",
    "innocents_blocked",
    "collateral",
    "replay_identical",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "demo", "--json", "--seed", "31"]
    command += ["--designs", "development", "--store", str(folder / "store")]
    command += ["--report", str(folder / "report")]
    done = subprocess.run(command, capture_output=True, timeout=600)
    assert done.returncode == 0, done.stderr.decode()
    return folder, json.loads(done.stdout.splitlines()[-1])


def test_it_ends_with_one_object_of_every_figure(ran):
    _, figures = ran
    assert figures.keys() >= FIGURES
    assert figures["subjects"] >= 126 + 400 and figures["innocents"] >= 400
    assert figures["true_positives"] + figures["false_negatives"] > 100


def test_every_active_order_is_verified_and_no_innocent_is_hit(ran):
    _, figures = ran
    assert figures["orders_active"] > 90
    assert figures["orders_verified"] == figures["orders_active"]
    assert figures["innocents_blocked"] == 0 and figures["collateral"] == 0
    assert figures["collateral_probes"] > 0


def test_it_finds_what_is_there_and_replays_to_the_same_bytes(ran):
    _, figures = ran
    # Development designs: the rules were tuned on them, so this says that they work, not how well.
    assert figures["recall"] >= 0.95 and figures["precision"] >= 0.95
    assert figures["replay_identical"] is True


def test_the_store_holds_a_waiting_order_and_a_log_of_every_kind(ran):
    folder, figures = ran
    store = sqlite3.connect(folder / "store" / "ringfence.sqlite")
    waiting = store.execute("select id from orders where state = 'proposed'").fetchall()
    assert waiting
    approvals = store.execute("select count(*) from approvals where order_id = ?", waiting[0]).fetchone()
    assert approvals == (0,)
    kinds = dict(store.execute("select kind, count(*) from leaves group by kind"))
    assert kinds.keys() >= {"evidence", "finding", "assessment", "order", "approval", "artefact"}
    assert sum(kinds.values()) == figures["log_entries"] >= 200
    for table in ("observations", "findings", "assessments", "orders"):
        assert store.execute(f"select count(*) from {table} where not laboratory").fetchone() == (0,)
    with pytest.raises(sqlite3.DatabaseError):
        store.execute("update orders set state = 'active' where id = ?", waiting[0])
    store.close()


def test_the_report_has_a_dossier_for_each_case(ran):
    folder, _ = ran
    store = sqlite3.connect(folder / "store" / "ringfence.sqlite")
    cases = {name for (name,) in store.execute("select id from cases")}
    store.close()
    assert {page.stem for page in (folder / "report" / "cases").glob("*.html")} == cases
    assert "aboratory" in (folder / "report" / "index.html").read_text("utf-8")
