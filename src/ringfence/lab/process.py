"""Starting the laboratory as a child process, steering it, and ending it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from ringfence.core.canonical import digest
from ringfence.core.errors import OutsideError
from ringfence.lab.country import Status
from ringfence.lab.files import LabFiles, write_atomically
from ringfence.lab.interference import Interference
from ringfence.lab.population import RegisterRow
from ringfence.lab.rpz import Policy

START_SECONDS = 30.0
CHANGE_SECONDS = 10.0
_STEP_SECONDS = 0.01


class LabHandle:
    """A running laboratory: where its files are, and how to steer it."""

    def __init__(self, files: LabFiles, process: subprocess.Popen[bytes]) -> None:
        self.files = files
        self._process = process

    @property
    def pid(self) -> int:
        """The laboratory's process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether the laboratory still runs."""
        return self._process.poll() is None

    def status(self) -> Status:
        """What is in force now."""
        return msgspec.json.decode(self.files.status.read_bytes(), type=Status)

    def publish(self, zone: bytes) -> int:
        """Publishes a policy zone and waits until the inside resolver has loaded it.

        Returns its serial. Raises `InputError` for a zone that cannot be read (and leaves the
        one in force), `OutsideError` if the laboratory does not take it over.
        """
        serial = Policy.from_text(zone).serial
        write_atomically(self.files.rpz, zone)
        self._wait(lambda status: status.zone == digest(zone), f"load the zone {serial}")
        return serial

    def withdraw(self) -> None:
        """Removes the policy zone altogether and waits until it is out of force."""
        self.files.rpz.unlink(missing_ok=True)
        self._wait(lambda status: status.serial is None, "drop the zone")

    def interfere(self, host: str, *modes: str) -> None:
        """Sets a host's interference (none given: it is left alone) and waits until it is in force.

        Raises `InputError` for an unknown mode.
        """
        settings = Interference.from_json(self.files.interference.read_bytes()).with_host(host, modes)
        Interference.from_json(settings.to_json())
        settings.save(self.files.interference)
        self._wait(lambda status: status.revision == settings.revision, f"interfere with {host}")

    def _wait(self, done: Callable[[Status], bool], what: str) -> None:
        deadline = time.monotonic() + CHANGE_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            status = self.status()
            if done(status):
                return
            time.sleep(_STEP_SECONDS)
        raise OutsideError(f"the laboratory did not {what}", hint=f"see {self.files.status}")


@contextmanager
def running(directory: Path, seed: int, designs: str, rows: Sequence[RegisterRow]) -> Iterator[LabHandle]:
    """A laboratory in a child process, ready to be looked at; ended when the block is left.

    Raises `OutsideError`, with what the child said, if it does not start.
    """
    files = LabFiles(directory)
    directory.mkdir(parents=True, exist_ok=True)
    files.status.unlink(missing_ok=True)
    files.rows.write_bytes(msgspec.json.encode(list(rows)))
    command = [sys.executable, "-m", "ringfence.lab.serve", "--directory", str(directory)]
    command += ["--seed", str(seed), "--designs", designs, "--with-parent"]
    log = directory / "lab.log"
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not files.status.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                raise OutsideError(
                    f"the laboratory did not start: {log.read_text('utf-8', 'replace')[-2000:].strip()}",
                    hint=f"see {log}",
                )
            time.sleep(_STEP_SECONDS)
        yield LabHandle(files, process)
    finally:
        if process.stdin:
            process.stdin.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
