"""`ringfence work --keep`, the outbox and the agenda at the command line; and the way from an order in force
over an appeal to a verified reversal, done by a running worker in the laboratory country."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from interfaces.command import case, people, run
from interfaces.test_cli_process import SMALLER, ordered, said
from lab.world import rows
from mail import mail_server
from ringfence.core.settings import Settings
from ringfence.lab.process import LabHandle, running

HOST = "large-venue.com"


@pytest.fixture
def store(tmp_path: Path, place: Path | str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Once on each engine, for this process and those that it starts."""
    if isinstance(place, str):
        monkeypatch.setenv("RINGFENCE_DATABASE", place)
    return tmp_path / "s"


def lines(store: Path, *words: str) -> list[dict[str, Any]]:
    ended = run(*words, "--store", store, "--json")
    assert ended.code == 0, ended.err
    return ended.lines


def test_a_kept_file_follows_what_is_decided(store: Path, tmp_path: Path) -> None:
    _, order = ordered(store)
    hosts, dnsmasq = tmp_path / "hosts", tmp_path / "ringfence.conf"
    seen = tmp_path / "seen"
    work = (
        "work", "--once", "--keep", f"hosts={hosts}", "--keep", f"dnsmasq={dnsmasq}",
        "--then", f"hosts=cp {hosts} {seen}", "--redirect", "192.0.2.1", "--store", store,
    )  # fmt: skip
    assert run(*work).code == 0
    assert HOST in hosts.read_text() and HOST in dnsmasq.read_text() and HOST in seen.read_text()
    before = hosts.stat().st_ino
    assert run(*work).code == 0 and hosts.stat().st_ino == before  # nothing has changed
    hosts.write_text("somebody was here")
    assert run(*work).code == 0 and HOST in hosts.read_text()
    suspended = said(store, "orders", "suspend", order, "--by", "sun", "--reasons", "while it is heard")
    assert suspended["still_in"] == ["dnsmasq", "hosts"]
    agenda = [(item["kind"], item["what"]) for item in lines(store, "orders", "due")]
    assert ("withdraw", "hosts still has it") in agenda and ("suspended", "resume it, or revoke it") in agenda
    done = run(*work)
    assert done.code == 0 and "0 entries of 0 orders" in done.err
    assert HOST not in hosts.read_text() and HOST not in dnsmasq.read_text() and HOST not in seen.read_text()
    revoked = said(store, "orders", "revoke", order, "--by", "sun", "--reasons", "it left")
    assert revoked["still_in"] == []
    assert not [item for item in lines(store, "orders", "due") if item["kind"] == "withdraw"]


def test_an_upheld_appeal_says_which_lists_still_hold_the_order(store: Path, tmp_path: Path) -> None:
    _, order = ordered(store)
    assert [i["kind"] for i in lines(store, "orders", "due", "--days", "0")] == ["notice"]
    assert run("publish", "--target", "rpz", "--out", tmp_path / "z", "--store", store).code == 0
    filed = said(
        store, "orders", "appeal", "file", order, "--by", "li", "--appellant", "Huobi", "--grounds", "we left"
    )
    rule = (
        "orders",
        "appeal",
        "rule",
        filed["id"],
        "--by",
        "sun",
        "--outcome",
        "upheld",
        "--reasons",
        "it left",
    )
    ended = run(*rule, "--store", store)
    assert ended.code == 0 and "still in: rpz" in ended.err
    (item,) = [item for item in lines(store, "orders", "due") if item["kind"] == "withdraw"]
    assert item["overdue"] and item["do"] == "ringfence publish --target rpz"
    assert "withdraw" in run("orders", "due", "--store", store).out
    assert run("publish", "--target", "rpz", "--out", tmp_path / "z", "--store", store).code == 0
    assert not [item for item in lines(store, "orders", "due") if item["kind"] == "withdraw"]


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--keep", "rpz"), "TARGET=PATH"), (("--keep", "zone=x"), "zone"), (("--keep", "feed=x"), "--key"),
        (("--keep", "rpz=x", "--keep", "rpz=y"), "once"), (("--then", "rpz=true"), "nothing is kept"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_said(store: Path, options: tuple[str, ...], word: str) -> None:
    ordered(store)
    ended = run("work", "--once", *options, "--store", store)
    assert ended.code == 2 and word in ended.err


def test_a_place_or_a_command_that_fails_is_an_outside_matter(store: Path, tmp_path: Path) -> None:
    ordered(store)
    assert run("work", "--once", "--keep", f"rpz={tmp_path}/no/where", "--store", store).code == 2
    ended = run("work", "--once", "--keep", f"rpz={tmp_path}/z", "--then", "rpz=false", "--store", store)
    assert ended.code == 3 and "ended with 1" in ended.err


def test_a_signed_feed_is_kept_too(store: Path, tmp_path: Path) -> None:
    ordered(store)
    key = tmp_path / "k"
    assert run("feed", "keygen", "perimeter.example/cn", "--out", key).code == 0
    work = ("work", "--once", "--keep", f"feed={tmp_path}/web", "--key", key, "--store", store)
    assert run(*work).code == 0
    verified = run("feed", "verify", tmp_path / "web", "--key", f"{key}.pub", "--json")
    assert verified.json["genuine"] and verified.json["entries"] == 2


def test_the_outbox_and_the_mail(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, order = ordered(store)
    (waiting,) = lines(store, "orders", "notice", "outbox")
    assert waiting["by"] == "people" and waiting["order"] == order and waiting["overdue"] is False
    shown = run("orders", "notice", "outbox", "--store", store)
    assert "RINGFENCE_SMTP" in shown.err and "no e-mail address" in " ".join(shown.out.split())
    given = said(
        store, "orders", "notice", "address", waiting["notice"], "legal@large-venue.com", "--by", "li"
    )
    assert given["address"] == "legal@large-venue.com"
    assert lines(store, "orders", "notice", "outbox")[0]["why"].startswith("no mail server")
    with mail_server() as server:
        monkeypatch.setenv("RINGFENCE_SMTP", f"127.0.0.1:{server.port}")
        monkeypatch.setenv("RINGFENCE_SMTP_FROM", "desk@authority.test")
        assert lines(store, "orders", "notice", "outbox")[0]["by"] == "mail"
        with working(store):
            wait(lambda: len(server.mails) == 1 and not lines(store, "orders", "notice", "outbox"), 90)
    sent = said(store, "orders", "notice", "list", order)["notices"][0]["deliveries"]
    assert [fate["fate"] for fate in sent] == ["sent"] and "4711" in sent[0]["why"]
    assert said(store, "log", "fsck")["problems"] == []


# --- the whole way, by a running worker ---------------------------------------------------------
@contextmanager
def working(store: Path, *options: object) -> Iterator[subprocess.Popen[bytes]]:
    """`ringfence work` in a process of its own, ended with the block."""
    command = [sys.executable, "-m", "ringfence.interfaces.cli.main", "work", "--store", store, *options]
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE)
    try:
        yield process
        assert process.poll() is None
    finally:
        process.terminate()
        process.communicate(timeout=20)


def wait(happened: Callable[[], bool], seconds: float) -> float:
    """Seconds until something has happened; it fails if that takes longer than allowed."""
    begun = time.monotonic()
    while not happened():
        assert time.monotonic() - begun < seconds, "it has not happened"
        time.sleep(0.2)
    return time.monotonic() - begun


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabHandle]:
    with running(tmp_path_factory.mktemp("country"), 11, "development", rows()) as made:
        yield made


def text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def checked(store: Path, order: str, purpose: str) -> bool:
    """Whether every expectation of a purpose has been met, as the worker recorded it."""
    from ringfence.evidence.store import Store
    from ringfence.verify.verification import Verification

    house = Store(store, Settings.read().database)
    try:
        room = Verification(house.database, lambda *_: None)
        wanted = {one.id for one in room.expectations(order) if one.purpose == purpose}
        return bool(wanted) and wanted <= {one.expectation for one in room.checks(order) if one.met}
    finally:
        house.close()


def test_from_an_order_in_force_over_an_appeal_to_a_verified_reversal(
    store: Path, country: LabHandle, record_property: Callable[[str, object], None]
) -> None:
    site = next(
        site for site in json.loads(country.files.truth.read_bytes())["sites"]
        if site["positive"] and not site["already_unreachable"] and "upper-venue" not in site["host"]
    )  # fmt: skip
    host = site["host"]
    name = case(store, host, laboratory=True)
    people(store)
    assert run("orders", "people", "add", "sun", "Sun", "appeals_officer", "--store", store).code == 0
    options = (
        "--keep", f"rpz={country.files.rpz}", "--laboratory", "--vantages", country.files.vantages,
        "--vantage", "lab-inside", "--vantage", "lab-outside",
    )  # fmt: skip
    with working(store, *options):
        until = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()
        smaller = [word for text in SMALLER for word in ("--why-not-smaller", text)]
        order = str(
            said(
                store, "orders", "propose", name, "--measure", "block_access", "--by", "li", "--reasons",
                "an order book", "--expires", until, *smaller,
            )["id"]
        )  # fmt: skip
        for person in ("wang", "chen"):
            said(store, "orders", "approve", order, "--by", person)
        wait(lambda: order in text(country.files.rpz), 60)
        wait(lambda: checked(store, order, "name") and checked(store, order, "below"), 180)
        filed = said(
            store,
            "orders",
            "appeal",
            "file",
            order,
            "--by",
            "li",
            "--appellant",
            host,
            "--grounds",
            "we left",
        )
        ruled = said(
            store, "orders", "appeal", "rule", filed["id"], "--by", "sun", "--outcome", "upheld",
            "--reasons", "it left in May",
        )  # fmt: skip
        assert ruled["state"] == "revoked" and ruled["still_in"] == ["rpz (laboratory)"]
        left = wait(lambda: order not in text(country.files.rpz), 60)
        back = wait(lambda: checked(store, order, "lifted"), 180)
        record_property("out of the file after", left)
        record_property("seen lifted after", back)
    assert not [item for item in lines(store, "orders", "due") if item["kind"] == "withdraw"]
