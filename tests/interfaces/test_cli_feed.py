"""`ringfence feed` and `publish --target feed`: from an order to a recipient who has no store."""

from __future__ import annotations

import stat
from pathlib import Path

import dns.zone
import pytest

from interfaces.command import people, run
from interfaces.test_cli_publish import active

HOST = "large-venue.com"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k")
    return tmp_path / "k"


def publish(store: Path, key: Path, out: Path, *more: object):
    return run("publish", "--target", "feed", "--key", key, "--out", out, *more, "--store", store, "--json")


def test_a_key_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    made = run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k", "--json")
    secret, public = (tmp_path / "k").read_text(), (tmp_path / "k.pub").read_text()
    assert stat.S_IMODE((tmp_path / "k").stat().st_mode) == 0o600
    assert made.json["public"] == public.strip() and public.startswith("feed.example/cn+")
    assert secret.startswith("PRIVATE+KEY+feed.example/cn+") and secret.strip() not in made.out + made.err
    again = run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k")
    assert again.code == 2 and (tmp_path / "k").read_text() == secret
    assert run("feed", "keygen", "two words", "--out", tmp_path / "other").code == 2


def test_from_an_order_to_a_recipient(store: Path, key: Path, tmp_path: Path) -> None:
    order = active(store)
    web, state = tmp_path / "web", tmp_path / "state"
    first = publish(store, key, web).json
    assert (first["target"], first["serial"], first["entries"], first["new"]) == ("feed", 1, 2, True)
    done = run("feed", "apply", web, "--to", state, "--key", f"{key}.pub", "--format", "rpz", "--json").json
    assert (done["changed"], done["before"], done["serial"], done["entries"]) == (True, None, 1, 2)
    assert done["digest"] == first["digest"]
    zone = dns.zone.from_text((state / "rpz.zone").read_text())
    assert f'"order={order}"' in {str(data) for data in zone.get_rdataset(f"*.{HOST}", "TXT")}
    active(store, "other-venue.com")
    publish(store, key, web)
    run("orders", "revoke", order, "--by", "wang", "--reasons", "it left", "--store", store)
    assert publish(store, key, web).json["serial"] == 3
    again = run("feed", "apply", web, "--to", state, "--format", "names", "--json").json
    assert (again["before"], again["serial"], again["steps"], again["snapshot"]) == (1, 3, 2, False)
    assert (state / "state.feed").read_bytes() == (web / "snapshot.feed").read_bytes()
    assert (state / "names.txt").read_text().split() == ["other-venue.com", "*.other-venue.com"]
    idle = run("feed", "apply", web, "--to", state, "--json").json
    assert (idle["changed"], idle["steps"]) == (False, 0)
    text = (web / "snapshot.feed").read_text()
    for words in ("Art 50", "行政复议", "feed.example/cn", "previous 2 sha256:"):
        assert words in text


def test_verify_says_why_not(store: Path, key: Path, tmp_path: Path) -> None:
    active(store)
    publish(store, key, tmp_path / "web")
    public = (tmp_path / "k.pub").read_text().strip()
    fine = run("feed", "verify", tmp_path / "web", "--key", public, "--json")
    assert fine.code == 0 and fine.json["genuine"] and fine.json["keys"] == [public]
    run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k2")
    wrong = run("feed", "verify", tmp_path / "web", "--key", tmp_path / "k2.pub", "--json")
    assert (wrong.code, wrong.json["genuine"], wrong.json["reason"]) == (1, False, "key")
    plain = run("feed", "verify", tmp_path / "web", "--key", tmp_path / "k2.pub")
    assert plain.code == 1 and "not signed by the key" in plain.err and plain.out == ""
    snapshot = tmp_path / "web" / "snapshot.feed"
    old = snapshot.read_bytes()
    run("feed", "apply", snapshot, "--to", tmp_path / "state", "--key", public)
    active(store, "other-venue.com")
    publish(store, key, tmp_path / "web")
    newer = run("feed", "verify", snapshot, "--key", public, "--after", tmp_path / "state", "--json")
    assert newer.json["serial"] == 2
    run("feed", "apply", tmp_path / "web", "--to", tmp_path / "state")
    snapshot.write_bytes(old)
    for after in (tmp_path / "state", tmp_path / "web" / "head", tmp_path / "web"):
        back = run("feed", "verify", snapshot, "--key", public, "--after", after, "--json")
        assert (back.code, back.json["reason"]) == (1, "rollback")
    applied = run("feed", "apply", snapshot, "--to", tmp_path / "state", "--json")
    assert (applied.code, applied.json["applied"], applied.json["reason"]) == (1, False, "rollback")


def test_one_file_and_two_keys(store: Path, key: Path, tmp_path: Path) -> None:
    active(store)
    run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k2")
    out = tmp_path / "list.feed"
    publish(store, key, out, "--key", tmp_path / "k2", "--days", 2)
    for name in ("k", "k2"):
        found = run("feed", "verify", out, "--key", tmp_path / f"{name}.pub", "--json").json
        assert len(found["keys"]) == 2 and found["kind"] == "snapshot"


def test_what_is_refused_before_anything_is_published(store: Path, key: Path, tmp_path: Path) -> None:
    active(store)
    assert run("publish", "--target", "feed", "--out", tmp_path / "w", "--store", store).code == 2
    assert run("publish", "--target", "feed", "--key", key, "--store", store).code == 2
    assert run("publish", "--target", "rpz", "--key", key, "--store", store).code == 2
    key.chmod(0o644)
    loose = publish(store, key, tmp_path / "web")
    assert loose.code == 2 and "others can read" in loose.err
    key.chmod(0o600)
    run("feed", "keygen", "other.example", "--out", tmp_path / "k2")
    mixed = publish(store, key, tmp_path / "web", "--key", tmp_path / "k2")
    assert mixed.code == 2 and "one name" in mixed.err
    assert not (tmp_path / "web").exists()
    assert publish(store, key, tmp_path / "web").json["new"] is True


def test_a_store_put_back_cannot_publish_a_second_history(store: Path, key: Path, tmp_path: Path) -> None:
    active(store)
    publish(store, key, tmp_path / "web")
    people(tmp_path / "s2")
    active(tmp_path / "s2", "other-venue.com")
    refused = publish(tmp_path / "s2", key, tmp_path / "web")
    assert refused.code == 2 and "recipients would see a fork" in refused.err


def test_the_laboratory_stays_in_the_laboratory(store: Path, key: Path, tmp_path: Path) -> None:
    active(store, laboratory=True)
    assert publish(store, key, tmp_path / "web").code == 2
    assert publish(store, key, tmp_path / "web", "--laboratory").json["laboratory"] is True
    options = ("--to", tmp_path / "state", "--key", f"{key}.pub", "--json")
    refused = run("feed", "apply", tmp_path / "web", *options)
    assert (refused.code, refused.json["reason"]) == (1, "laboratory")
    assert run("feed", "apply", tmp_path / "web", *options, "--laboratory").json["laboratory"] is True


def test_bad_usage(tmp_path: Path, key: Path) -> None:
    (tmp_path / "f").write_bytes(b"\x00" * 70_000)
    for path in (tmp_path / "f", tmp_path):
        ended = run("feed", "verify", path, "--key", f"{key}.pub")
        assert ended.code == 2 and len(ended.err.splitlines()) <= 2
    assert run("feed", "verify", tmp_path / "f", "--key", "nothing").code == 2
    assert run("feed", "verify", tmp_path / "f", "--key", "a+b+c").code == 2
    assert run("feed", "apply", tmp_path / "f", "--to", tmp_path / "s", "--redirect", "192.0.2.1").code == 2
    (tmp_path / "file").write_text("")
    assert run("feed", "apply", tmp_path / "f", "--to", tmp_path / "file" / "s").code == 2
