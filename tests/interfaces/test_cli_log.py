"""`ringfence log`: what each command prints, and how it ends."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
from pathlib import Path

import pytest

from debian import require
from evidence.logged import authority, stamp
from interfaces.command import people, run
from interfaces.test_cli_publish import active


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


def test_an_order_is_proved_exported_and_verified_without_the_store(store: Path, tmp_path: Path) -> None:
    order = active(store)
    made = run("log", "checkpoint", "--name", "perimeter.example/log", "--store", store, "--json").json
    assert made["origin"] == "perimeter.example/log" and made["number"] == 1
    proof, record = tmp_path / "p.tlog-proof", tmp_path / "record"
    said = run("log", "prove", order, "--out", proof, "--record", record, "--store", store, "--json").json
    assert set(said) == {"id", "index", "size", "leaf", "digest"}
    assert (said["id"], said["size"]) == (order, made["size"])
    assert said["digest"] == "sha256:" + hashlib.sha256(record.read_bytes()).hexdigest()
    assert json.loads(record.read_bytes())["state"] == "active"  # the latest leaf
    exported = run("log", "export", "--out", tmp_path / "e", "--store", store, "--json").json
    assert exported == {
        "size": made["size"],
        "root": made["root"],
        "files": sum(path.is_file() for path in (tmp_path / "e").rglob("*")),
    }
    vkey = tmp_path / "e" / "public.vkey"
    whole = run("log", "verify", tmp_path / "e", "--key", vkey, "--json")
    assert whole.code == 0 and whole.json["holds"] is True and whole.json["size"] == made["size"]
    one = run("log", "verify", proof, "--key", vkey, "--record", record, "--json")
    assert one.code == 0 and one.json["entry"]["id"] == order
    record.write_bytes(record.read_bytes() + b" ")
    assert run("log", "verify", proof, "--key", vkey, "--record", record, "--json").code == 1
    proof.write_bytes(proof.read_bytes().replace(b"index ", b"index 1"))
    changed = run("log", "verify", proof, "--key", vkey, "--json")
    assert changed.code == 1 and changed.json["holds"] is False


def test_a_leaf_that_came_after_the_checkpoint_is_given_a_new_one(store: Path, tmp_path: Path) -> None:
    first = run("log", "checkpoint", "--store", store, "--json").json
    order = active(store)
    said = run("log", "prove", order, "--out", tmp_path / "p", "--store", store, "--json").json
    assert said["size"] > first["size"]


def test_no_leaf_of_that_id_and_no_second_export(store: Path, tmp_path: Path) -> None:
    ended = run("log", "prove", "RF-0000-0000-0000", "--out", tmp_path / "p", "--store", store, "--json")
    assert ended.code == 2 and ended.out == "" and not (tmp_path / "p").exists()
    assert run("log", "export", "--out", tmp_path / "e", "--store", store).code == 0
    ended = run("log", "export", "--out", tmp_path / "e", "--store", store)
    assert ended.code == 2 and "exists" in ended.err


def test_fsck_says_what_is_wrong_and_ends_with_one(store: Path) -> None:
    order = active(store)
    run("log", "checkpoint", "--store", store)
    whole = run("log", "fsck", "--store", store, "--json")
    assert whole.code == 0 and whole.json["problems"] == []
    assert whole.json["entries"] == whole.json["rows"] + 2  # the order's second and third leaf
    assert run("log", "fsck", "--store", store).out.endswith("no problem\n")
    connection = sqlite3.connect(store / "ringfence.sqlite")
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {name}")
    connection.execute("update orders set reasons = 'others'")
    connection.commit()
    connection.close()
    found = run("log", "fsck", "--store", store, "--json")
    assert found.code == 1
    problem = {"where": f"orders {order}.reasons", "what": "it is not what the sealed record says"}
    assert problem in found.json["problems"]


def test_a_witness_from_its_key_to_the_export(store: Path, tmp_path: Path) -> None:
    active(store)
    key = tmp_path / "w.key"
    made = run("log", "witness", "keygen", "witness.example/w1", "--out", key, "--json").json
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and "PRIVATE" not in json.dumps(made)
    run("log", "export", "--out", tmp_path / "e", "--store", store)
    cosign = ("log", "witness", "cosign", tmp_path / "e", "--key", key, "--state", tmp_path / "state")
    assert run(*cosign, "--out", tmp_path / "c").code == 2  # the log's key is not known yet
    done = run(*cosign, "--log", tmp_path / "e" / "public.vkey", "--out", tmp_path / "c", "--json")
    assert done.json["witness"] == "witness.example/w1"
    accept = ("log", "witness", "accept", tmp_path / "c", "--witness", made["public_key"], "--store", store)
    assert run(*accept, "--json").json == {"checkpoint": 1, "witness": made["public"]}
    run("log", "export", "--out", tmp_path / "e2", "--store", store)
    assert (tmp_path / "e2" / "checkpoint").read_bytes() == (tmp_path / "c").read_bytes()
    assert (tmp_path / "e2" / "witness.vkeys").read_text() == made["public"] + "\n"
    verify = ("log", "verify", "--key", tmp_path / "e" / "public.vkey", "--witness", made["public"], "--json")
    assert run(*verify, tmp_path / "e2").code == 0
    assert run(*verify, tmp_path / "e").code == 1
    assert run("log", "fsck", "--store", store).code == 0


def test_a_time_stamp_from_the_query_to_the_export(store: Path, tmp_path: Path) -> None:
    require("openssl", "openssl")
    ca = authority(tmp_path / "tsa")
    assert run("log", "timestamp", "request", "--out", tmp_path / "q.tsq", "--store", store).code == 2
    run("log", "checkpoint", "--store", store)
    run("log", "timestamp", "request", "--out", tmp_path / "q.tsq", "--store", store)
    reply = stamp(ca, tmp_path / "q.tsq")
    ended = run("log", "timestamp", "accept", reply, "--ca", ca / "root.pem", "--store", store, "--json")
    assert ended.json["timestamp"] == 1 and ended.json["checkpoint"] == 1
    run("log", "export", "--out", tmp_path / "e", "--store", store)
    verify = ("log", "timestamp", "verify", tmp_path / "e/timestamps/001-1.tsr", tmp_path / "e/checkpoint")
    held = run(*verify, "--ca", ca / "root.pem", "--json")
    assert held.json["time"] == ended.json["time"]
    assert run(*verify, "--ca", ca / "signer.pem").code == 2
    assert run("log", "fsck", "--store", store).code == 0


@pytest.mark.parametrize("command", ["checkpoint", "fsck"])
def test_a_misspelt_store_makes_none(tmp_path: Path, command: str) -> None:
    assert run("log", command, "--store", tmp_path / "nowhere").code == 2
    assert not (tmp_path / "nowhere").exists()
