"""`ringfence blockpage serve`: the real command, its store or feed, and what changes while it runs."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from interfaces.blockpage.serving import Reply, get
from interfaces.command import people, run
from interfaces.test_cli_publish import active

HOST, OTHER = "large-venue.com", "other-venue.com"
START = "from ringfence.interfaces.cli.main import main; main()"


@contextmanager
def served(tmp_path: Path, *options: object) -> Iterator[SimpleNamespace]:
    """The command in a process of its own; its port, and what it says."""
    said = tmp_path / "said"
    with said.open("wb") as file:
        arguments = ["blockpage", "serve", "--listen", "127.0.0.1:0", *map(str, options)]
        process = subprocess.Popen([sys.executable, "-c", START, *arguments], stdout=file, stderr=file)
    try:
        found = None
        until = time.monotonic() + 20
        while found is None and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
            found = re.search(r"listening on http://127\.0\.0\.1:(\d+)/", said.read_text())
        assert found is not None, said.read_text()
        yield SimpleNamespace(port=int(found[1]), said=said, process=process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait(10)


def becomes(port: int, host: str, status: int, seconds: float = 10) -> Reply:
    until = time.monotonic() + seconds
    while (reply := get(port, host)).status != status and time.monotonic() < until:
        time.sleep(0.1)
    assert reply.status == status
    return reply


@pytest.fixture
def store(tmp_path: Path) -> Path:
    people(tmp_path / "s")
    return tmp_path / "s"


def test_from_the_store_and_as_it_changes(store: Path, tmp_path: Path) -> None:
    order = active(store, HOST, "--policy", "redirect")
    options = ("--store", store, "--provider", "Example Net", "--blocked-by", "https://provider.example/")
    with served(tmp_path, *options) as page:
        first = get(page.port, f"www.{HOST}")
        assert first.status == 451 and order in first.text and "Art 50" in first.text
        assert "Example Net" in first.text and first.headers["link"].endswith('rel="blocked-by"')
        assert get(page.port, OTHER).status == 421
        second = active(store, OTHER)
        assert second in becomes(page.port, OTHER, 451, 2).text
        run("orders", "revoke", order, "--by", "wang", "--reasons", "it left", "--store", store)
        becomes(page.port, HOST, 421, 2)
        assert page.said.read_text().splitlines() == [f"listening on http://127.0.0.1:{page.port}/"]


def test_the_server_itself_carries_the_block_out_where_nobody_else_is_named(
    store: Path, tmp_path: Path
) -> None:
    active(store)
    with served(tmp_path, "--store", store) as page:
        own = f'<http://127.0.0.1:{page.port}/>; rel="blocked-by"'
        assert get(page.port, HOST).headers["link"] == own


def test_from_a_recipient_s_state_and_as_it_changes(store: Path, tmp_path: Path) -> None:
    active(store)
    run("feed", "keygen", "feed.example/cn", "--out", tmp_path / "k")

    def publish() -> None:
        options = ("--key", tmp_path / "k", "--out", tmp_path / "web", "--store", store)
        assert run("publish", "--target", "feed", *options).code == 0
        applied = run("feed", "apply", tmp_path / "web", "--to", state, "--key", tmp_path / "k.pub")
        assert applied.code == 0

    state = tmp_path / "state"
    publish()
    with served(tmp_path, "--feed", state, "--language", "zh") as page:
        reply = get(page.port, f"a.b.{HOST}")
        assert reply.status == 451 and reply.headers["content-language"] == "zh-Hans"
        assert "行政复议" in reply.text
        active(store, OTHER)
        publish()
        becomes(page.port, OTHER, 451)
        whole = (state / "state.feed").read_bytes()
        (tmp_path / "bad").write_bytes(whole.replace(b"venue", b"menue"))
        (tmp_path / "bad").replace(state / "state.feed")
        until = time.monotonic() + 10
        while "is not used" not in page.said.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        assert page.said.read_text().count("the new feed is not used") == 1
        assert get(page.port, OTHER).status == 451


def test_the_laboratory_and_the_real_one(store: Path, tmp_path: Path) -> None:
    active(store, laboratory=True)
    with served(tmp_path, "--store", store) as page:
        assert get(page.port, HOST).status == 421
    with served(tmp_path, "--store", store, "--laboratory") as page:
        reply = get(page.port, HOST)
        assert reply.status == 451 and "Laboratory" in reply.text


def test_on_a_socket_that_was_handed_over(store: Path, tmp_path: Path) -> None:
    active(store)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        # What a service manager does: the socket as number 3, and the process named in the environment.
        script = f"import os; os.environ['LISTEN_PID'] = str(os.getpid()); {START}"
        program = [
            sys.executable,
            "-c",
            script,
            "blockpage",
            "serve",
            "--listen",
            "systemd",
            "--store",
            store,
        ]

        def hand_over() -> None:
            os.dup2(listening.fileno(), 3)

        process = subprocess.Popen(
            program, env={**os.environ, "LISTEN_FDS": "1"}, preexec_fn=hand_over, close_fds=False,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert get(port, HOST).status == 451
        finally:
            process.terminate()
            assert process.wait(10) == 0


def test_usage(store: Path, tmp_path: Path) -> None:
    def refused(*options: object) -> str:
        ended = run("blockpage", "serve", *options)
        assert ended.code in (2, 3) and ended.out == ""
        return ended.err

    for place in ("80", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:99999", ":80"):
        assert "ADDR:PORT" in refused("--listen", place, "--store", store)
    for link in ("javascript:alert(1)", 'https://a/>; rel="x', "https://", "https://a b/", "//a"):
        assert "--blocked-by" in refused("--listen", "127.0.0.1:0", "--store", store, "--blocked-by", link)
    assert "no socket" in refused("--listen", "systemd", "--store", store)
    assert "key" in refused("--listen", "127.0.0.1:0", "--feed", tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        assert "cannot listen" in refused("--listen", place, "--store", store)
